/** Steering in the console, on a real box: looked at, decided by two, felt by payments, and taken back. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acquirers } from '../../src/members/cast.ts'
import { GatewayRefusal } from '../../src/sdk/index.ts'
import { deskOf } from '../stories/ops.ts'
import { type ConsoleSite, openConsole } from './console-site.ts'
import { nameOfFocus, press, tabTo } from './keyboard.ts'
import { closeWell, faultsIn, sticksOut } from './pages.ts'

let site: ConsoleSite
beforeAll(async () => {
  site = await openConsole()
}, 120_000)
afterAll(() => site.stop(), 60_000)

const desk = (person: string) => deskOf(site.box.gateway, person)
const shop = acquirers.find(({ id }) => id === 'acquirer-th')?.merchants[0]

/** How a purchase at the acquirer ended: the result code that refused it, or `SUCCESS`. */
async function buy(): Promise<string> {
  const buyer = site.box.wallets.get('wallet-my')
  if (buyer === undefined || shop === undefined) throw new Error('the cast has changed')
  try {
    return (await buyer.wallet.purchase({ code: shop.dynamicCode })).resultCode
  } catch (error) {
    if (error instanceof GatewayRefusal) return error.code
    throw error
  }
}

/** A purchase does. A busy machine makes the acquirer late; then the code is simply scanned again. */
const goesThrough = () => expect.poll(buy, { timeout: 30_000, interval: 300 }).toBe('SUCCESS')

const suspend = { kind: 'switch_off', subject: 'institution', name: 'acquirer-th' }

/** Suspends the acquirer by two; gives the change. */
async function suspended() {
  const [operator, approver] = [await desk('mei'), await desk('aisyah')]
  const id = crypto.randomUUID()
  await operator.post('/changes', { id, steps: [suspend], reason: 'Rehearsal' })
  const { body } = await approver.post(`/changes/${id}/approve`)
  expect(body).toMatchObject({ status: 'applied' })
  return { id, decidedAt: Date.parse(body.decidedAt) }
}

/** Lets the acquirer in again, and waits until payments feel it. */
async function reopened(id: string) {
  const undo = { id: crypto.randomUUID(), reason: 'Rehearsed' }
  expect((await (await desk('aisyah')).post(`/changes/${id}/undo`, undo)).status).toBe(200)
  await goesThrough()
}

describe('suspending a member', () => {
  it('is done by two people, by keyboard alone', async () => {
    const operator = await site.as('mei', 'institutions')
    await press(operator, 'Suspend acquirer-th …')
    await operator.getByText('In the last hour').waitFor()
    await tabTo(operator, 'Reason')
    await operator.keyboard.type('Rehearsal by keyboard')
    await press(operator, 'Propose to a second person')
    await operator.getByText('Proposed. An approver').waitFor()
    await press(operator, 'Close')
    await operator.getByRole('dialog').waitFor({ state: 'hidden' })
    // One goes on where one was.
    expect(await nameOfFocus(operator)).toBe('Suspend acquirer-th …')
    await goesThrough()

    const approver = await site.as('aisyah', 'steering')
    // Whatever takes it back stands above it, and names it.
    const changes = approver.getByRole('region', { name: 'Changes, newest first' })
    const row = changes.locator('tbody tr', { hasText: 'Rehearsal by keyboard' }).last()
    await row.waitFor()
    await row.getByText('Takes a second person: it suspends a member').waitFor()
    await row.getByText('until taken back', { exact: true }).waitFor()
    await press(approver, 'Approve …')
    // Nobody agrees to what they have not looked at.
    const dialog = approver.getByRole('dialog')
    await dialog.getByText('In the last hour').waitFor()
    await dialog.getByText('Now: on').waitFor()
    expect(await faultsIn(approver)).toEqual([])
    await goesThrough()
    await press(approver, 'Approve')
    await dialog.waitFor({ state: 'hidden' })
    await row.getByText('in force', { exact: true }).waitFor()
    await expect.poll(buy, { timeout: 30_000, interval: 200 }).toBe('MEMBER_SUSPENDED')

    await press(approver, 'Undo')
    await row.getByText('taken back', { exact: true }).waitFor()
    await goesThrough()

    // What took it back is taken back like any other suspension: by two.
    const undoing = changes.locator('tbody tr', { hasText: 'Taken back: Rehearsal by keyboard' })
    await undoing.first().getByRole('button', { name: 'Undo' }).click()
    await approver.getByText('Proposed. An approver').waitFor()
    await undoing.first().getByText('Takes a second person: it suspends a member').waitFor()
    await goesThrough()
    await undoing.first().getByRole('button', { name: 'Withdraw' }).click()
    await undoing.first().getByText('withdrawn', { exact: true }).waitFor()
    await closeWell(operator)
    await closeWell(approver)
  }, 120_000)

  /** As the console promises it, from the moment that the change states as its own. */
  const PROMISED_MS = 5_000
  const TRIES = 3
  const TRIES_MAX = 6

  /** Two people buy without a pause, until one has asked for a payment later than was promised. */
  async function watch() {
    const heard: { readonly asked: number; readonly code: string }[] = []
    let isOver = false
    const buyer = async () => {
      while (!isOver) {
        const asked = Date.now()
        // Whoever reached nobody has paid nothing, and was refused nothing.
        const code = await buy().catch(() => null)
        if (code !== null) heard.push({ asked, code })
      }
    }
    const buyers = [buyer(), buyer()]
    await expect.poll(() => heard.length, { timeout: 30_000 }).toBeGreaterThan(2)
    const { id, decidedAt } = await suspended()
    const isLate = ({ asked }: { asked: number }) => asked >= decidedAt + PROMISED_MS
    await expect.poll(() => heard.some(isLate), { timeout: 60_000 }).toBe(true)
    isOver = true
    await Promise.all(buyers)
    await reopened(id)
    const since = (list: typeof heard) => list.map(({ asked }) => asked - decidedAt)
    return {
      late: heard.filter(isLate).map(({ code }) => code),
      paid: since(heard.filter(({ code }) => code === 'SUCCESS')),
      refused: since(heard.filter(({ code }) => code === 'MEMBER_SUSPENDED')),
    }
  }

  it('is felt by every payment that is asked for more than five seconds after it', async () => {
    const said: string[] = []
    for (let tries = 0; tries < TRIES_MAX && said.length < TRIES; tries += 1) {
      const before = site.outages()
      const { late, paid, refused } = await watch()
      // It is promised while the directory answers; on a machine that is overwhelmed it may not, and the edge says so.
      if (site.outages() > before) continue
      expect([...new Set(late)]).toEqual(['MEMBER_SUSPENDED'])
      expect(Math.max(...paid)).toBeLessThan(PROMISED_MS)
      said.push(`${Math.min(...refused)} ms (the last one paid: ${Math.max(...paid)} ms)`)
    }
    expect(said).toHaveLength(TRIES)
    console.log(`first refused payment, asked for after the change: ${said.join(', ')}`)
  }, 300_000)
})

describe('the dialog', () => {
  const opened = async (page: Page) => {
    await page.getByRole('button', { name: 'Suspend acquirer-id …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('In the last hour').waitFor()
    return dialog
  }

  it('says how it stands, what went through in the last day, and why it takes a second person', async () => {
    const page = await site.as('mei', 'institutions')
    await expect
      .poll(
        async () => {
          const dialog = await opened(page)
          const said = await dialog.innerText()
          await page.keyboard.press('Escape')
          await dialog.waitFor({ state: 'hidden' })
          return said
        },
        { timeout: 60_000 },
      )
      .toMatch(
        /Now: on\s+In the last day: [\d,]+ payments, [\d.]+% of them committed, worth [\d,.]+ CNY/,
      )
    await closeWell(page)
  })

  it.each(['light', 'dark'] as const)('has no barrier, in the %s', async colorScheme => {
    const page = await site.as('mei', 'institutions', { colorScheme })
    await opened(page)
    expect(await faultsIn(page)).toEqual([])
    await closeWell(page)
  })

  it('fits a phone, and speaks Chinese', async () => {
    const page = await site.as('mei', 'institutions', { viewport: { width: 390, height: 844 } })
    const dialog = await opened(page)
    expect(await sticksOut(page)).toBe(0)
    expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(
      0,
    )
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('button', { name: '暂停 acquirer-id……' }).click()
    await dialog.getByText('最近一小时').waitFor()
    expect(await dialog.innerText()).toContain('当前：开启')
    expect(await dialog.innerText()).toContain('需要第二人批准：会暂停一个成员')
    await closeWell(page)
  })

  it('does nothing about what has moved since it was looked at', async () => {
    const page = await site.as('mei', 'steering')
    await page.getByLabel('Which').selectOption('VN>CN')
    await page.getByRole('button', { name: 'See what it would touch' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Now: on').waitFor()
    const id = crypto.randomUUID()
    const until = new Date(Date.now() + 600_000).toISOString()
    const steps = [{ kind: 'switch_off', subject: 'corridor', name: 'VN>CN' }]
    const other = await (await desk('somchai')).post('/changes', {
      id,
      steps,
      until,
      reason: 'Faster',
    })
    expect(other.body.status).toBe('applied')

    await dialog.getByLabel('Reason').fill('Slower')
    await dialog.getByLabel('For so many minutes').fill('5')
    await dialog.getByText('Now: off').waitFor()
    const late = (await desk('somchai')).post(`/changes/${id}/undo`, {
      id: crypto.randomUUID(),
      reason: 'And back',
    })
    expect((await late).body.status).toBe('applied')
    await dialog.getByRole('button', { name: 'Do it now' }).click()
    await dialog.getByText('look again').waitFor()
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await dialog.getByText('Now: on').waitFor()
    await dialog.getByRole('button', { name: 'Leave it as it is' }).click()
    // What the browser says of a refusal is no fault of the page.
    await page.context().close()
  })
})

describe('whoever approves', () => {
  it('sees how long it is to last, and is told where it has moved', async () => {
    const [operator, other] = [await desk('mei'), await desk('aisyah')]
    const steps = [{ kind: 'switch_off', subject: 'scenario', name: 'local' }]
    const propose = async (reason: string) => {
      const id = crypto.randomUUID()
      const { body } = await operator.post('/changes', { id, steps, reason, seconds: 1_200 })
      expect(body.status).toBe('proposed')
      return id
    }
    await propose('Slow to be seen')
    const page = await site.as('aisyah', 'steering')
    const row = page.locator('tbody tr', { hasText: 'Slow to be seen' })
    await row.getByText('for 20 minutes from when it is made').waitFor()
    const faster = await propose('Faster')
    expect((await other.post(`/changes/${faster}/approve`)).body.status).toBe('applied')

    await row.getByRole('button', { name: 'Approve …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('is no longer as it was when it was proposed').waitFor()
    expect(await dialog.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Reject' }).click()
    await row.getByText('rejected', { exact: true }).waitFor()
    const undo = { id: crypto.randomUUID(), reason: 'Rehearsed' }
    expect((await other.post(`/changes/${faster}/undo`, undo)).body.status).toBe('applied')
    await closeWell(page)
  })
})

describe('a center that is away', () => {
  it('is named, and nothing is called quiet without it', async () => {
    const page = await site.as('mei', 'institutions')
    // The gateway's own answer, as it is when a monitor could not be asked: the box has no center to lose.
    await page.route('**/ops/v1/changes/preview', async route => {
      const answer = await route.fetch()
      const found = await answer.json()
      const [step] = found.steps
      const steps = [{ ...step, lastDay: null }]
      await route.fulfill({ response: answer, json: { ...found, steps, missing: ['sg'] } })
    })
    await page.getByRole('button', { name: 'Suspend acquirer-id …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('not every center could be asked').waitFor()
    await dialog.getByText('Not asked, because away: sg').waitFor()
    expect(await dialog.getByText('In the last day: nothing.').count()).toBe(0)
    await page.context().close()
  })
})

describe('amounts', () => {
  it('are typed in the currency of the member, and are refused where it is not counted so finely', async () => {
    const page = await site.as('mei', 'limits/wallet-th')
    await page.getByRole('heading', { name: 'Set a limit of wallet-th' }).waitFor()
    const form = page.locator('form', { has: page.getByLabel('Scope') })
    const look = form.getByRole('button', { name: 'See what it would touch' })
    await form.getByLabel('Limit').selectOption('Most of one payment')
    await form.getByLabel('Amount in THB').fill('4,500,000.005')
    await look.click()
    await form.getByRole('alert').waitFor()
    expect(await form.getByLabel('Amount in THB').getAttribute('aria-invalid')).toBe('true')
    expect(await faultsIn(page)).toEqual([])

    await form.getByLabel('Amount in THB').fill('4,500,000.00')
    await look.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('wallet-th · Most of one payment = 4,500,000.00 THB').waitFor()
    await dialog.getByText('Now: 3,800,000.00 THB').waitFor()
    await dialog.getByText('it raises a limit').waitFor()
    await page.keyboard.press('Escape')

    await form.getByLabel('Limit').selectOption('Payments a second')
    await form.getByLabel('Payments', { exact: true }).fill('500')
    await look.click()
    await dialog.getByText('wallet-th · Payments a second = 500').waitFor()
    await dialog.getByText('Now: no bound').waitFor()
    await closeWell(page)
  })

  it('may be announced for an instant, which is typed whole or not at all', async () => {
    const page = await site.as('mei', 'limits/wallet-th')
    const form = page.locator('form', { has: page.getByLabel('Scope') })
    const look = form.getByRole('button', { name: 'See what it would touch' })
    await form.getByLabel('Limit').selectOption('Payments a day')
    await form.getByLabel('Payments', { exact: true }).fill('9,000,000')
    const from = form.getByLabel('From (empty: at once)')
    await from.focus()
    await page.keyboard.type('01')
    await look.click()
    await form.getByText('A whole date and time, or nothing for at once.').waitFor()
    expect(await from.getAttribute('aria-invalid')).toBe('true')
    expect(await faultsIn(page)).toEqual([])

    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    await from.fill(`${day}T08:00`)
    await look.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/wallet-th · Payments a day = 9,000,000 from .*08:00/).waitFor()
    await dialog.getByLabel('Reason').fill('Next month there is less')
    await dialog.getByRole('button', { name: 'Announce it' }).click()
    await dialog.getByText('Done. It is announced, and begins by itself.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByText(/^9,000,000 from .*08:00/).waitFor()

    await page.getByRole('link', { name: 'Steering' }).click()
    const row = page.locator('tbody tr', { hasText: 'Next month there is less' })
    await row.getByText('announced', { exact: true }).waitFor()
    await row.getByRole('button', { name: 'Undo' }).click()
    await row.getByText('taken back', { exact: true }).waitFor()
    await closeWell(page)
  })

  it('of what one person may pay are proposed, and taken back by who proposed them', async () => {
    const page = await site.as('mei', 'limits')
    const form = page.locator('form', { has: page.getByLabel('Corridor') })
    await form.getByLabel('Amount in USD').fill('6,000')
    await form.getByRole('button', { name: 'See what it would touch' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('*>CN · One payment = 6,000.00 USD').waitFor()
    await dialog.getByText('Now: 5,000.00 USD').waitFor()
    await dialog.getByLabel('Reason').fill('The regulator allows more')
    await dialog.getByRole('button', { name: 'Propose to a second person' }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('link', { name: 'Steering' }).click()
    const row = page.locator('tbody tr', { hasText: 'The regulator allows more' })
    await row.getByRole('button', { name: 'Withdraw' }).click()
    await row.getByText('withdrawn', { exact: true }).waitFor()
    await closeWell(page)
  })

  it('of payments are searched for in a currency that is named', async () => {
    await goesThrough()
    const page = await site.as('mei', 'payments')
    await page.getByLabel('From amount').fill('120.00')
    await page.getByLabel('To amount').fill('120.00')
    await page.getByRole('button', { name: 'Find payments' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Currency').fill('THB')
    await page.getByRole('button', { name: 'Find payments' }).click()
    const cells = page.locator('tbody td:last-child')
    // Until the answer is there, the list is the one of before.
    const shown = async () => [...new Set(await cells.allInnerTexts())]
    await expect.poll(shown, { timeout: 30_000 }).toEqual(['120.00 THB'])
    await closeWell(page)
  })
})

describe('an emergency plan', () => {
  const add = (page: Page) => page.getByRole('button', { name: 'Add the step' }).click()

  it('is made of steps of every kind, in their order', async () => {
    const page = await site.as('mei', 'plans')
    const step = page.getByLabel('Step')
    await page.getByLabel('What').selectOption('Family')
    await page.getByLabel('Which').selectOption('qris')
    await add(page)
    const written = page.locator('ol.steps li')
    for (const kind of await step.locator('option').allInnerTexts()) {
      await step.selectOption(kind)
      if (kind === 'Switch off') continue
      if (kind.startsWith('Set limit')) await page.getByLabel('Amount in').fill('1,000')
      await add(page)
      await written.last().getByText(kind).waitFor()
    }
    expect(await written.count()).toBe(9)
    await written
      .nth(1)
      .getByRole('button', { name: /^Earlier/ })
      .click()
    expect(await written.first().innerText()).toContain('Switch on')
    while ((await written.count()) > 1) {
      await written
        .nth(1)
        .getByRole('button', { name: /^Take out/ })
        .click()
    }
    expect(await faultsIn(page)).toEqual([])
    await closeWell(page)
  })

  it('is saved, rehearsed, changed, run with a reason, and dropped', async () => {
    const page = await site.as('mei', 'plans')
    await page.getByLabel('What').selectOption('Family')
    await page.getByLabel('Which').selectOption('qris')
    await add(page)
    await page.getByLabel('Name, in a-z and hyphens').fill('family-off')
    await page.getByLabel('Title').fill('Close one family')
    await page.getByLabel('For so many minutes').fill('5')
    await page.getByRole('button', { name: 'Save the plan' }).click()
    const row = page.locator('tbody tr', { hasText: 'family-off' })
    await row.getByRole('button', { name: 'Change …' }).click()
    await page.getByRole('heading', { name: 'Change: Close one family' }).waitFor()
    await page.getByLabel('Title').fill('Close the family of Indonesia')
    await page.getByRole('button', { name: 'Save the plan' }).click()
    await row.getByText('Close the family of Indonesia').waitFor()

    await row.getByRole('button', { name: 'Rehearse' }).click()
    await page.getByText('Rehearsed: all steps could be done now.').waitFor()
    await page.locator('.rehearsed').getByText('Now: on').waitFor()
    await row.getByRole('button', { name: 'Run …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('In the last hour').waitFor()
    await dialog.getByLabel('Reason').fill('Rehearsal')
    await dialog.getByRole('button', { name: 'Do it now' }).click()
    await dialog.getByText('Done. It is in force').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()

    await row.getByRole('button', { name: 'Drop …' }).click()
    await row.getByRole('button', { name: 'Drop it for good' }).click()
    await row.waitFor({ state: 'detached' })
    await closeWell(page)
  })

  it('of somebody else is never overwritten unseen', async () => {
    const plan = (title: string, revision: number) => ({
      ...{ title, revision, minutes: 5 },
      steps: [{ kind: 'switch_off', subject: 'family', name: 'vietqr' }],
    })
    const other = await desk('somchai')
    expect((await other.put('/plans/two-hands', plan('Two hands', 0))).status).toBe(200)
    const page = await site.as('mei', 'plans')
    const row = page.locator('tbody tr', { hasText: 'two-hands' })
    await row.getByRole('button', { name: 'Change …' }).click()
    await page.getByRole('heading', { name: 'Change: Two hands' }).waitFor()
    expect((await other.put('/plans/two-hands', plan('Somchai was faster', 1))).status).toBe(200)
    await page.getByLabel('Title').fill('Mei was slower')
    await page.getByRole('button', { name: 'Save the plan' }).click()
    await page.getByText('Somebody else has saved a plan of this name meanwhile').waitFor()
    await row.getByText('Somchai was faster').waitFor()
    expect((await other.get('/plans')).body.data).toContainEqual(
      expect.objectContaining({ name: 'two-hands', title: 'Somchai was faster', revision: 2 }),
    )
    await page.context().close()
  })
})
