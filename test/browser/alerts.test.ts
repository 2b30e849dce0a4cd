/** Alerts in the console, on a real box: a member's clock goes wrong, and the people in front of it see and tend it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askWithClockOff, payInTwoCountries, presentTwice } from '../stories/incidents.ts'
import { type ConsoleSite, openConsole } from './console-site.ts'
import { closeWell, faultsIn, sticksOut } from './pages.ts'

let site: ConsoleSite
beforeAll(async () => {
  site = await openConsole()
}, 120_000)
afterAll(() => site.stop(), 60_000)

/** The alert about this member's clock, in a list that is open. */
const alertOf = (page: Page, member: string) =>
  page.locator('.alerts li', { hasText: `The clock of ${member} is off` })

describe('an alert', () => {
  it('comes up by itself in the list and in the bar, and says what, how sure, and what to do', async () => {
    const page = await site.as('viet', 'alerts')
    await askWithClockOff(site.box, 'wallet-vn', 120_000)
    await alertOf(page, 'wallet-vn').waitFor()
    const calling = page.locator('.views .calling')
    expect(Number(await calling.innerText())).toBeGreaterThan(0)
    await alertOf(page, 'wallet-vn').getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'The clock of wallet-vn is off' }).waitFor()
    const said = await page.locator('main').innerText()
    expect(said).toMatch(/Its requests are signed by a clock \d+ s ahead of ours/)
    expect(said).toContain('Within a second or two')
    expect(said).toMatch(/\d% that it is no chance/)
    expect(said).toContain('Tell wallet-vn to set its clock by NTP')
    // Who only looks on has nothing to press.
    expect(await page.getByRole('button', { name: 'Take it over' }).count()).toBe(0)

    await page.evaluate(() => {
      location.hash = '#/overview'
    })
    const figure = page.locator('.figures > div', { hasText: 'Alerts' })
    await figure.waitFor()
    expect(Number(await figure.getByRole('link').innerText())).toBeGreaterThan(0)
    await closeWell(page)
  })

  it('is taken over, noted and resolved by keyboard alone, and another one sees it at once', async () => {
    await askWithClockOff(site.box, 'wallet-de', -90_000)
    const watcher = await site.as('viet', 'alerts')
    const row = alertOf(watcher, 'wallet-de')
    await row.waitFor()

    const page = await site.as('mei', 'alerts')
    await alertOf(page, 'wallet-de').getByRole('link').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Take it over' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.marks', { hasText: 'acknowledged · with mei@' }).waitFor()
    await row.getByText('acknowledged · with mei@').waitFor()

    const note = page.getByLabel('What others should know')
    await note.focus()
    await page.keyboard.type('They were told by telephone.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.notes', { hasText: 'They were told by telephone.' }).waitFor()
    expect(await note.inputValue()).toBe('')

    await page.getByRole('button', { name: 'Resolve' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.marks', { hasText: 'resolved · by mei@' }).waitFor()
    await row.waitFor({ state: 'detached' })
    await watcher.getByRole('link', { name: 'Resolved', exact: true }).click()
    await row.waitFor()
    await closeWell(page)
    await closeWell(watcher)
  })

  it('leads to the payments behind it', async () => {
    const [first = '', second = ''] = await payInTwoCountries(site.box)
    const page = await site.as('mei', 'alerts')
    await page
      .locator('.alerts li', { hasText: 'One payer in TH and ID' })
      .getByRole('link')
      .click()
    for (const id of [first, second]) {
      await page.locator('.ids a', { hasText: id.slice(-8) }).waitFor()
    }
    await page.locator('.ids a', { hasText: second.slice(-8) }).click()
    await page.getByRole('heading', { name: 'Liability clock' }).waitFor()
    expect(await page.locator('main').innerText()).toContain(second)
    await closeWell(page)
  })

  it('about a code that came twice is about the payment that has it, and names no payer', async () => {
    const id = await presentTwice(site.box)
    for (const person of ['mei', 'regulator']) {
      const page = await site.as(person, 'alerts')
      const title = `A code was presented twice: payment …${id.slice(-8)}`
      await page.locator('.alerts').getByRole('link', { name: title }).click()
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      const about = page.locator('.facts > div', { hasText: 'About' }).getByRole('link')
      expect(await about.innerText()).toBe(id)
      expect(await page.getByRole('button', { name: 'Show the payer' }).count()).toBe(0)
      expect(await page.locator('main').innerText()).not.toMatch(/a payer/)
      expect(await faultsIn(page)).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      await expect.poll(() => sticksOut(page)).toBe(0)
      await about.click()
      await page.getByRole('heading', { name: 'Liability clock' }).waitFor()
      await closeWell(page)
    }
  })

  it('is muted for a while with a reason, calls nobody meanwhile, and is heard again after it', async () => {
    await askWithClockOff(site.box, 'wallet-my', 100_000)
    const page = await site.as('mei', 'alerts')
    await alertOf(page, 'wallet-my').getByRole('link').click()
    await page.getByText('Mute it for a while').click()
    await page.getByLabel('Reason').fill('They know, and mend it.')
    await page.getByLabel('For so many minutes').fill('30')
    await page.getByRole('button', { name: 'Mute', exact: true }).click()
    await page.locator('.marks', { hasText: 'muted until' }).waitFor()

    await page.getByRole('navigation').getByRole('link', { name: 'Alerts' }).click()
    const muted = alertOf(page, 'wallet-my')
    await muted.getByText('muted until').waitFor()
    const mute = page.getByRole('row', { name: /A clock that is off, at wallet-my/ })
    expect(await mute.innerText()).toContain('They know, and mend it.')
    await mute.getByRole('button', { name: 'End it' }).click()
    await mute.waitFor({ state: 'detached' })
    await muted.getByText('muted until').waitFor({ state: 'detached' })
    await closeWell(page)
  })

  it.each(['light', 'dark'] as const)('has no barrier, in the %s', async colorScheme => {
    const page = await site.as('mei', 'alerts', { colorScheme })
    await alertOf(page, 'wallet-my').waitFor()
    expect(await faultsIn(page)).toEqual([])
    await alertOf(page, 'wallet-my').getByRole('link').click()
    await page.getByText('Mute it for a while').click()
    expect(await faultsIn(page)).toEqual([])
    await closeWell(page)
  })

  it('fits a phone, and speaks Chinese', async () => {
    const page = await site.as('mei', 'alerts', { viewport: { width: 390, height: 844 } })
    // Which one is the first depends on what else is not as it should be by then.
    await alertOf(page, 'wallet-my').waitFor()
    expect(await sticksOut(page)).toBe(0)
    await alertOf(page, 'wallet-my').getByRole('link').click()
    await page.getByText('Mute it for a while').click()
    expect(await sticksOut(page)).toBe(0)
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { level: 1, name: /的时钟有偏差/ }).waitFor()
    await closeWell(page)
  })
})
