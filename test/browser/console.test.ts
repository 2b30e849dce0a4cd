/** The console in a real browser, on a real box: what the people in front of it see and do. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acquirers } from '../../src/members/cast.ts'
import { type ConsoleSite, openConsole, views } from './console-site.ts'
import { closeWell, faultsIn, sticksOut } from './pages.ts'

let site: ConsoleSite
beforeAll(async () => {
  site = await openConsole()
}, 120_000)
afterAll(() => site.stop(), 60_000)

const shop = acquirers.find(({ id }) => id === 'acquirer-th')?.merchants[0]
/** A purchase that went well. A busy machine makes the acquirer late; then the code is simply scanned again. */
async function purchase() {
  const buyer = site.box.wallets.get('wallet-my')
  if (buyer === undefined || shop === undefined) throw new Error('the cast has changed')
  for (;;) {
    const { requestId, payment } = await buyer.wallet.purchase({ code: shop.dynamicCode })
    if (payment?.result === 'S') return { requestId, payment }
  }
}

const look = async (page: Page, view: string) => {
  await page.evaluate(to => {
    location.hash = to
  }, `#/${view}`)
  await page.locator(`.views [aria-current="page"][href="#/${view}"]`).waitFor()
  await page.locator('main h1').waitFor()
  // What is looked at is the view with what it has loaded.
  await expect.poll(() => page.getByText('Loading …').count(), { timeout: 30_000 }).toBe(0)
}

/** Tables of which something is seen only by scrolling sideways. */
const cutTables = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.scroll')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(table => `${table.getAttribute('aria-label')}: ${table.scrollWidth}`),
  )

const figure = (page: Page, name: string) =>
  page.locator('.figures > div', { hasText: name }).locator('dd')

describe('the overview', () => {
  it('moves with the traffic', async () => {
    const page = await site.as('viet', 'overview')
    await expect
      .poll(async () => Number(await figure(page, 'Payments a second').innerText()), {
        timeout: 30_000,
      })
      .toBeGreaterThan(0)
    const newest = page.locator('.feed li').first()
    await newest.waitFor()
    const before = await newest.innerText()
    await expect.poll(() => newest.innerText(), { timeout: 30_000 }).not.toBe(before)
    expect(await page.locator('.map .flow').count()).toBeGreaterThan(0)
    expect(await page.locator('.chart canvas').count()).toBe(2)
    await closeWell(page)
  })

  it('says that its line is lost, and goes on when it is back', async () => {
    const page = await site.as('viet', 'overview')
    const line = page.locator('.liveness')
    await expect.poll(() => line.innerText(), { timeout: 30_000 }).toBe('Live')
    // Kept by the page itself: whoever only looks now and then may look too late.
    const said = await line.evaluateHandle(element => {
      const words: string[] = []
      const keep = () => words.push(element.textContent ?? '')
      new MutationObserver(keep).observe(element, {
        childList: true,
        characterData: true,
        subtree: true,
      })
      return words
    })
    process.kill(site.box.gateway.pid(), 'SIGKILL')
    const wasLost = () => said.evaluate(words => words.some(each => /Connection lost/.test(each)))
    await expect.poll(wasLost, { timeout: 30_000 }).toBe(true)
    await expect.poll(() => line.innerText(), { timeout: 60_000 }).toBe('Live')
    const newest = page.locator('.feed time').first()
    const before = await newest.innerText()
    await expect.poll(() => newest.innerText(), { timeout: 30_000 }).not.toBe(before)
    // What the browser said of the line that broke is no fault of the page.
    await page.context().close()
  })
})

describe('the figures', () => {
  it('are counted by what is asked for, sorted by any of them, drawn for one, and kept in the address', async () => {
    await purchase()
    const page = await site.as('viet', 'overview')
    // Monitors hear of it a moment later, and hours are not asked for every second.
    const isCounted = () =>
      page.evaluate(async () => {
        const path = '/ops/v1/monitor/figures?window=hour&dimension=institution&name=wallet-my'
        const { data } = (await (await fetch(path)).json()) as { data: { committed: number }[] }
        return data[0]?.committed ?? 0
      })
    await expect.poll(isCounted, { timeout: 30_000 }).toBeGreaterThan(0)
    await page.evaluate(() => {
      location.hash = '#/figures?window=hour&last=6&by=institution'
    })
    const table = page.getByRole('region', { name: 'Member', exact: true })
    const row = table.locator('tr', { hasText: 'wallet-my' })
    await row.waitFor()
    const committed = Number(await row.locator('td').nth(2).innerText())
    expect(committed).toBeGreaterThan(0)

    await table.getByRole('button', { name: 'Committed' }).click()
    await table.locator('[aria-sort="descending"]').waitFor()
    const sorted = await table.locator('tbody tr td:nth-child(3)').allInnerTexts()
    expect(sorted.map(Number)).toEqual(sorted.map(Number).sort((one, other) => other - one))

    await row.getByRole('link').click()
    await page.getByRole('heading', { level: 2, name: /^wallet-my/ }).waitFor()
    await page.getByText('Period by period').click()
    const each = page.getByRole('region', { name: 'Period by period' })
    await each.locator('tbody tr').first().waitFor()
    const parts = await each.locator('tbody td:nth-child(3)').allInnerTexts()
    const sum = parts.reduce((all, part) => all + Number(part), 0)
    expect(sum).toBeGreaterThanOrEqual(committed)
    expect(await page.locator('.chart canvas').count()).toBe(3)

    await page.getByLabel('Window').selectOption('day')
    await page.waitForURL(/window=day/)
    await page.reload()
    await page.getByRole('heading', { level: 2, name: /^wallet-my/ }).waitFor()
    expect(await page.getByLabel('Window').inputValue()).toBe('day')
    expect(page.url()).toContain('sort=committed')
    expect(await faultsIn(page)).toEqual([])
    await closeWell(page)
  })
})

describe('a payment', () => {
  it('is found by its request, and shows its ladder, its clock and its timeline', async () => {
    const { requestId } = await purchase()
    const page = await site.as('mei', 'payments')
    const find = async () => {
      await page.getByLabel('Find', { exact: true }).fill(requestId)
      await page.getByRole('button', { name: 'Find payments' }).click()
      return page.locator('tbody tr').count()
    }
    await expect.poll(find, { timeout: 30_000, interval: 1_000 }).toBe(1)
    await page.locator('tbody a').first().click()
    await page.getByRole('heading', { name: 'Liability clock' }).waitFor()
    await page.locator('.ladder .rung').first().waitFor()
    const timeline = page.getByRole('region', { name: /Timeline/ }).locator('tbody')
    await timeline.getByText('committed').first().waitFor()
    await page.getByRole('button', { name: 'Show the payer' }).click()
    await page.getByText('The payer, in the wallet’s own word').waitFor()
    await closeWell(page)
  })

  it('that has come since is found when the same question is asked again', async () => {
    const requestId = `again-${crypto.randomUUID()}`
    const page = await site.as('viet', `payments?q=${requestId}`)
    await page.getByText('No payment fits.').waitFor()
    const buyer = site.box.wallets.get('wallet-my')?.wallet
    // Where the acquirer was late with the quote, nothing has been asked for under this request.
    const isRefused = async () =>
      (await buyer?.purchase({ code: shop?.dynamicCode ?? '', requestId }))?.quote === null
    while (await isRefused());
    const find = async () => {
      await page.getByRole('button', { name: 'Find payments' }).click()
      return page.locator('tbody tr').count()
    }
    await expect.poll(find, { timeout: 30_000, interval: 1_000 }).toBe(1)
    await closeWell(page)
  })

  it('may be searched for in one’s own time: what is typed stays while the list goes on', async () => {
    const page = await site.as('viet', 'payments')
    const field = page.getByLabel('Find', { exact: true })
    await field.fill('half a wo')
    for (let lists = 0; lists < 2; lists += 1) {
      await page.waitForResponse(answer => answer.url().includes('/ops/v1/payments'))
    }
    const first = page.locator('tbody tr').first()
    const before = await first.innerText()
    await expect.poll(() => first.innerText(), { timeout: 30_000 }).not.toBe(before)
    expect(await field.inputValue()).toBe('half a wo')
    await closeWell(page)
  })

  it.each(['light', 'dark'] as const)(
    'has no barrier on its page, in the %s',
    async colorScheme => {
      const { payment } = await purchase()
      const page = await site.as('mei', `payments/${payment.paymentId}`, { colorScheme })
      await page.locator('.ladder .rung').first().waitFor()
      expect(await faultsIn(page)).toEqual([])
      await closeWell(page)
    },
  )

  it('fits a phone, and is told in Chinese', async () => {
    const { payment } = await purchase()
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
    const page = await site.as('mei', `payments/${payment.paymentId}`, phone)
    await page.locator('.ladder .rung').first().waitFor()
    expect(await sticksOut(page)).toBe(0)
    await page.getByRole('button', { name: '中文' }).click()
    const timeline = page.getByRole('region', { name: /时间线/ }).locator('tbody')
    await timeline.waitFor()
    const events = await timeline.locator('td:nth-child(2)').allInnerTexts()
    expect(events.filter(event => !/\p{Script=Han}/u.test(event))).toEqual([])
    expect(await page.locator('h1 .status').innerText()).toBe('成功')
    expect(await sticksOut(page)).toBe(0)
    await closeWell(page)
  })

  it('shows no supervisor who the payer is', async () => {
    const { payment } = await purchase()
    const page = await site.as('regulator', `payments/${payment.paymentId}`)
    await page.getByRole('heading', { name: 'Liability clock' }).waitFor()
    expect(await page.getByRole('button', { name: 'Show the payer' }).count()).toBe(0)
    await closeWell(page)
  })
})

describe('a member', () => {
  it.each([
    ['wallet-my', 'MY → CN'],
    ['acquirer-th', 'PromptPay'],
  ])(
    'has a page that says who %s is, how it goes, what waits for it, and what it may',
    async (member, does) => {
      await purchase()
      const page = await site.as('mei', 'institutions')
      await page.locator('td a', { hasText: member }).click()
      await page.getByRole('heading', { level: 1, name: member }).waitFor()
      await page.getByText(does, { exact: false }).first().waitFor()
      const opened = figure(page, 'Opened')
      await expect
        .poll(async () => Number(await opened.innerText()), { timeout: 30_000 })
        .toBeGreaterThan(0)
      await page.getByRole('heading', { name: 'What waits for it' }).waitFor()
      await page.locator('.chart canvas').nth(2).waitFor()
      await page.getByRole('region', { name: `Limits: ${member}` }).waitFor()
      await page.getByRole('region', { name: 'Payments' }).locator('tbody tr').first().waitFor()
      expect(await faultsIn(page)).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      // Charts take their new width a moment after the page has.
      await expect.poll(() => sticksOut(page), { timeout: 20_000 }).toBe(0)
      await page.getByRole('button', { name: `Suspend ${member} …` }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('In the last hour').waitFor()
      // One word for it, on the button and in the dialog.
      await dialog.getByText(`Suspend: ${member}`).waitFor()
      await page.keyboard.press('Escape')
      await closeWell(page)
    },
  )
})

describe('how codes become quotes', () => {
  // biome-ignore format: a table is read by column
  it.each([
    ['acquirer-th', 'yes, about merchant and order',                    '是，询问商户与订单'],
    ['acquirer-my', 'only where a code does not say everything itself', '仅在码未载明全部信息时询问'],
    ['wallet-my',   null,                                               null],
  ])('is said of %s, if codes may lead to it', async (member, english, chinese) => {
    const page = await site.as('viet', `institutions/${member}`)
    const fact = (name: string) => page.locator('.facts > div', { hasText: name }).locator('dd')
    await page.getByText('Country and time zone').waitFor()
    expect(await fact('Asked before each quote').allInnerTexts()).toEqual(english ? [english] : [])
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByText('国家/地区与时区').waitFor()
    expect(await fact('每次报价前是否询问').allInnerTexts()).toEqual(chinese ? [chinese] : [])
    await closeWell(page)
  })
})

describe('the limits', () => {
  it('show how much of them a member has used', async () => {
    const page = await site.as('mei', 'limits/wallet-my')
    await purchase()
    const row = page.locator('tbody tr', { hasText: 'value_day' }).first()
    await expect
      .poll(async () => Number(await row.locator('meter').getAttribute('value')), {
        timeout: 30_000,
      })
      .toBeGreaterThan(0)
    await closeWell(page)
  })
})

describe('a supervisor', () => {
  it('reads the report of what went through, and takes it away as a table', async () => {
    await purchase()
    const page = await site.as('regulator', 'reports')
    // The page asks for it each half a minute; the payment may not have been in the first answer.
    const corridors = page.getByRole('region', { name: 'By corridor' })
    await corridors.getByText('MY → TH').waitFor({ timeout: 80_000 })
    const link = page.getByRole('link', { name: 'Take it away as CSV' })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    expect(download.suggestedFilename()).toMatch(/^traffic-.*\.csv$/)
    const text = await readFile(await download.path(), 'utf8')
    expect(text).toContain(',corridor,MY>TH,')
    await closeWell(page)
  }, 120_000)
})

describe('a list that is longer than a page', () => {
  it('is turned to what is older, and back', async () => {
    const { payment } = await purchase()
    const page = await site.as('mei', 'audit')
    // Whoever is shown the payer is written down each time.
    await page.evaluate(async id => {
      for (let read = 0; read < 105; read += 1) {
        await fetch(`/ops/v1/payments/${id}?payer=show`, { headers: { 'cpg-ops': 'console' } })
      }
    }, payment.paymentId)
    const rows = page.getByRole('region', { name: 'Audit' }).locator('tbody tr')
    const first = async () => Number(await rows.first().locator('td').first().innerText())
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(100)
    await page.getByRole('button', { name: 'Older' }).click()
    await page.getByRole('button', { name: 'Newer' }).waitFor()
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBeLessThan(100)
    const older = await first()
    await page.getByRole('button', { name: 'Newer' }).click()
    await expect.poll(first, { timeout: 30_000 }).toBeGreaterThan(older)
    expect(await page.getByRole('button', { name: 'Newer' }).count()).toBe(0)
    await closeWell(page)
  }, 120_000)

  it('is looked through by name, where it is one of members', async () => {
    const page = await site.as('viet', 'institutions')
    await page.getByLabel('Name or id').fill('wallet-v')
    await page.getByRole('button', { name: 'Find members' }).click()
    await expect.poll(() => page.locator('tbody tr').count(), { timeout: 20_000 }).toBe(1)
    await page.locator('tbody a', { hasText: 'wallet-vn' }).click()
    await page.getByRole('heading', { level: 1, name: /^wallet-vn/ }).waitFor()
    await closeWell(page)
  })
})

describe('everybody', () => {
  it('gets everywhere by keyboard alone', async () => {
    const page = await site.as('viet', 'overview')
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
    for (let presses = 0; presses < 20 && (await focused()) !== 'Payments'; presses += 1) {
      await page.keyboard.press('Tab')
    }
    expect(await focused()).toBe('Payments')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Payments' }).waitFor()
    await closeWell(page)
  })

  it('reads it in Chinese, and finds it so the next time', async () => {
    const page = await site.as('viet', 'overview')
    const letters = page.getByRole('button', { name: '中文' }).locator('svg')
    expect((await letters.boundingBox())?.width).toBeGreaterThan(10)
    await letters.click()
    await page.getByRole('heading', { level: 1, name: '当前' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    await page.reload()
    await page.getByRole('link', { name: '支付' }).first().waitFor()
    await closeWell(page)
  })

  it.each(['light', 'dark'] as const)(
    'finds no barrier in any view, in the %s',
    async colorScheme => {
      const page = await site.as('mei', 'overview', { colorScheme })
      for (const view of views) {
        await look(page, view)
        expect([view, await faultsIn(page)]).toEqual([view, []])
      }
      await closeWell(page)
    },
    180_000,
  )

  it('has every table whole on a desk of 1280 pixels', async () => {
    const { payment } = await purchase()
    const page = await site.as('mei', 'overview')
    const pages = [...views, `payments/${payment.paymentId}`, 'institutions/acquirer-th']
    for (const view of pages) {
      await page.evaluate(to => {
        location.hash = to
      }, `#/${view}`)
      await page.locator('main h1').waitFor()
      await expect.poll(() => page.getByText('Loading …').count(), { timeout: 30_000 }).toBe(0)
      expect([view, await cutTables(page)]).toEqual([view, []])
    }
    await closeWell(page)
  }, 120_000)

  it('has all of it on a phone', async () => {
    const page = await site.as('mei', 'overview', { viewport: { width: 390, height: 844 } })
    for (const view of views) {
      await look(page, view)
      // Charts take their width a moment after they are there.
      await expect.poll(async () => [view, await sticksOut(page)]).toEqual([view, 0])
    }
    await closeWell(page)
  }, 120_000)
})
