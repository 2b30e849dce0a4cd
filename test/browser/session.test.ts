/** How the console begins and how its session ends: behind another page, with the gateway away, signed out meanwhile. */
import { SignJWT } from 'jose'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BOX_AUDIENCE } from '../../src/local/issuer.ts'
import { staff } from '../../src/local/staff.ts'
import { signingKey } from '../../src/trust/keys.ts'
import { deskOf } from '../stories/ops.ts'
import { type ConsoleSite, openConsole } from './console-site.ts'
import { faultsIn } from './pages.ts'

let site: ConsoleSite
beforeAll(async () => {
  site = await openConsole()
}, 120_000)
afterAll(() => site.stop(), 60_000)

/** Another page of the same person; `prepare` is done before it is opened. */
async function beside(page: Page, view: string, prepare: (tab: Page) => Promise<unknown>) {
  const tab = await page.context().newPage()
  await prepare(tab)
  await tab.goto(`${site.box.gateway.url}/console#/${view}`)
  return tab
}

const line = (page: Page) => () => page.locator('.liveness').innerText()
const banner = (page: Page) => page.getByRole('alert').filter({ hasText: 'no longer signed in' })
const noPreparation = async () => undefined

describe('a page that is opened behind another one', () => {
  /** Here every page counts as looked at, so this one says of itself that it is not. */
  const hide = (tab: Page) =>
    tab.addInitScript(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    })
  const look = (tab: Page) =>
    tab.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => false })
      document.dispatchEvent(new Event('visibilitychange'))
    })

  it('has what it asks for once before it is looked at', async () => {
    const desk = await deskOf(site.box.gateway, 'viet')
    const path = '/payments?institution=acquirer-cn'
    const known = async () => (await desk.get(path)).body.data.length
    await expect.poll(known, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0)
    const page = await site.as('viet', 'payments')
    const tab = await beside(page, 'payments?institution=acquirer-cn', hide)
    await tab.locator('tbody tr').first().waitFor({ state: 'attached' })
    expect(await tab.evaluate(() => document.hidden)).toBe(true)
    await page.context().close()
  })

  it('asks no further until it is looked at, and then at once', async () => {
    const page = await site.as('viet', 'payments')
    const asked: string[] = []
    const tab = await beside(page, 'payments', async each => {
      await hide(each)
      each.on('request', request => {
        if (request.url().includes('/ops/v1/payments')) asked.push(request.url())
      })
    })
    const first = tab.locator('tbody tr').first()
    await first.waitFor({ state: 'attached' })
    const before = await first.innerText()
    // The page in front goes on meanwhile, three times.
    for (let lists = 0; lists < 3; lists += 1) {
      await page.waitForResponse(answer => answer.url().includes('/ops/v1/payments'))
    }
    expect(asked).toHaveLength(1)
    await look(tab)
    await expect.poll(() => first.innerText(), { timeout: 30_000 }).not.toBe(before)
    await page.context().close()
  })
})

describe('a console that begins while the gateway is away', () => {
  // What the browser says of a request that was broken off is no fault of the page, so these do not look at it.
  it.each(['me', 'centers'])(
    'goes on asking for /ops/v1/%s',
    async path => {
      const page = await site.as('viet', 'overview')
      const pattern = `**/ops/v1/${path}`
      let broken = 0
      const tab = await beside(page, 'overview', each =>
        each.route(pattern, route => {
          broken += 1
          return route.abort()
        }),
      )
      const says = path === 'me' ? 'The gateway cannot be reached' : 'Connection lost'
      await tab.getByText(says).waitFor()
      await expect.poll(() => broken, { timeout: 30_000 }).toBeGreaterThan(1)
      await tab.unroute(pattern)
      await expect.poll(line(tab), { timeout: 60_000 }).toBe('Live')
      await page.context().close()
    },
    120_000,
  )
})

describe('a session that has ended', () => {
  /** Signs in where the page offers it, as this person. */
  async function signInAgain(page: Page, person: string) {
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      banner(page).getByRole('link', { name: 'Sign in' }).click(),
    ])
    await tab.locator(`button[value="${person}"]`).click()
    await tab.getByRole('navigation', { name: 'Console' }).waitFor()
    await tab.close()
  }

  it('is said, and goes on when the same person has signed in beside the page', async () => {
    const page = await site.as('viet', 'payments')
    await page.getByLabel('Find', { exact: true }).fill('half a wo')
    const first = page.locator('tbody tr').first()
    await first.waitFor()
    await page.context().clearCookies()
    await banner(page).waitFor()
    await expect.poll(line(page), { timeout: 20_000 }).toBe('Signed out')
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    expect(await faultsIn(page)).toEqual([])
    const before = await first.innerText()
    await signInAgain(page, 'viet')
    await banner(page).waitFor({ state: 'detached' })
    await expect.poll(() => first.innerText(), { timeout: 30_000 }).not.toBe(before)
    // It went on, and did not begin anew.
    expect(await page.getByLabel('Find', { exact: true }).inputValue()).toBe('half a wo')
    await expect.poll(line(page), { timeout: 30_000 }).toBe('Live')
    await page.context().close()
  }, 120_000)

  it('leaves nothing of one person to another', async () => {
    const page = await site.as('viet', 'payments')
    await page.context().clearCookies()
    await banner(page).waitFor()
    await signInAgain(page, 'mei')
    await page.locator('.who').getByText('Mei Lin').waitFor()
    await page.context().close()
  }, 120_000)

  it('is noticed by a page that asks for nothing, because its lines are closed', async () => {
    const page = await site.as('viet', 'overview')
    const token = await tokenFor('viet', 5)
    const url = site.box.gateway.url
    await page.context().addCookies([{ name: 'CF_Authorization', value: token, url }])
    const tab = await beside(page, 'payments?q=nobody', noPreparation)
    await tab.getByText('No payment fits.').waitFor()
    // Tokens count for half a minute longer than they say, because clocks differ.
    await banner(tab).waitFor({ timeout: 120_000 })
    expect(await line(tab)()).toBe('Signed out')
    await page.context().close()
  }, 180_000)
})

/** As the issuer of the box makes them, for a few seconds only. */
async function tokenFor(person: string, seconds: number): Promise<string> {
  const who = staff.find(({ id }) => id === person)
  if (who === undefined) throw new Error('the staff has changed')
  const { access } = site.box.keys
  const { key } = await signingKey(access)
  const now = Math.floor(Date.now() / 1_000)
  return new SignJWT({
    email: who.email,
    type: 'app',
    custom: { name: who.name, groups: who.groups },
  })
    .setProtectedHeader({ alg: 'ES256', kid: access.id, typ: 'JWT' })
    .setIssuer(site.box.issuerUrl)
    .setAudience([BOX_AUDIENCE])
    .setSubject(who.id)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + seconds)
    .sign(key)
}
