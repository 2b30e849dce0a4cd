/** The audit page in a real browser, on a real box: who did what, one row for each deed, and what never ended. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, deskOf } from '../stories/ops.ts'
import { type ConsoleSite, openConsole } from './console-site.ts'
import { press } from './keyboard.ts'
import { closeWell, faultsIn, sticksOut } from './pages.ts'

let site: ConsoleSite
beforeAll(async () => {
  site = await openConsole()
}, 120_000)
afterAll(() => site.stop(), 60_000)

interface Entry {
  readonly seq: number
  readonly subject: string
  readonly outcome: string
  readonly hash: string
  readonly request: string
}

let desk: Desk
beforeAll(async () => {
  desk = await deskOf(site.box.gateway, 'mei')
})
const chain = async (query = ''): Promise<readonly Entry[]> =>
  (await desk.get(`/audit?limit=200${query}`)).body.data
const rowsOf = (page: Page, subject: string) =>
  page.getByRole('region', { name: /Audit|审计/ }).locator('tbody tr', { hasText: subject })

const PEOPLE = 4
/** It has its own time in between, to come further. */
const LOOKS_EVERY_MS = 3
const LOOKS_MAX = 5_000

/** Requests by which something of these is begun and not ended, by the directory's chain as it is on the disk. */
function openDeeds(about: string): string[] {
  const folder = join(site.folder, 'gateway/d1/miniflare-D1DatabaseObject')
  const files = readdirSync(folder).filter(name => /^[0-9a-f]{64}\.sqlite$/.test(name))
  return files.flatMap(name => {
    const database = new DatabaseSync(join(folder, name), { readOnly: true })
    try {
      const has = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit'").get()
      const open = `SELECT request FROM audit WHERE subject LIKE '${about}%' GROUP BY request HAVING count(*) = 1`
      return has === undefined
        ? []
        : database
            .prepare(open)
            .all()
            .map(({ request }) => `${request}`)
    } finally {
      database.close()
    }
  })
}

/** A deed of somebody whose gateway is killed in the middle of it: it is begun, and has no end. Null where it got one. */
async function killed(about: string): Promise<Entry | null> {
  const pid = site.box.gateway.pid()
  let begun = 0
  let isOver = false
  const somebody = async () => {
    while (!isOver) {
      begun += 1
      const subject = `${about}${String(begun).padStart(6, '0')}`
      await desk.post(`/alerts/${subject}/acknowledge`).catch(() => null)
    }
  }
  const people = Array.from({ length: PEOPLE }, somebody)
  // While it stands still nothing goes on, so what is open then hardly ever ends.
  const stands = () => {
    process.kill(pid, 'SIGSTOP')
    const open = openDeeds(about)
    if (open.length === 0) process.kill(pid, 'SIGCONT')
    return open
  }
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    await pause(LOOKS_EVERY_MS)
    if (stands().length > 0) break
  }
  isOver = true
  process.kill(pid, 'SIGKILL')
  await Promise.all(people)
  const isBack = () => chain().then(Array.isArray, () => false)
  await expect.poll(isBack, { timeout: 120_000 }).toBe(true)
  // An end that was on its way to the disk just then is found there when the database is opened again.
  const newest = await chain()
  const entries = Map.groupBy(newest, ({ request }) => request)
  const isOpen = ({ subject, outcome, request }: Entry) =>
    subject.startsWith(about) && outcome === 'begun' && entries.get(request)?.length === 1
  return newest.find(isOpen) ?? null
}

const KILLS_MAX = 8
async function cutOff(): Promise<Entry> {
  for (let kills = 1; kills <= KILLS_MAX; kills += 1) {
    const entry = await killed(`alr_sg_${70 + kills}`)
    if (entry !== null) return entry
  }
  throw new Error(`no deed was open in ${KILLS_MAX} kills`)
}

describe('the audit page', () => {
  it('says of an entry which steps it was about, and shows it as it is written', async () => {
    const page = await site.as('mei', 'audit')
    await page.evaluate(async () => {
      const steps = [{ kind: 'switch_off', subject: 'family', name: 'qris' }]
      const body = JSON.stringify({ title: 'For a look', steps, minutes: 5, revision: 0 })
      const headers = { 'cpg-ops': 'console', 'content-type': 'application/json' }
      await fetch('/ops/v1/plans/for-a-look', { method: 'PUT', headers, body })
    })
    const row = page.getByRole('row', { name: /for-a-look/ })
    await row.getByText(/qris/).first().waitFor()
    expect(await row.innerText()).not.toContain('"revision"')
    await row.getByText('As it is written').click()
    await row.getByText(/"revision":1/).waitFor()
    expect(await faultsIn(page)).toEqual([])
    await closeWell(page)
  })

  it('shows a deed that is done elsewhere as one row, with both of its entries as they are written', async () => {
    const id = `muted-${crypto.randomUUID()}`
    const subject = { dimension: 'merchant', name: 'acquirer-th/nobody' }
    const until = new Date(Date.now() + 60_000).toISOString()
    const mute = { id, subject, until, reason: 'for a look' }
    expect((await desk.post('/mutes', mute)).status).toBe(200)
    const [ended, begun] = await chain(`&subject=${id}`)
    expect([begun?.outcome, ended?.outcome]).toEqual(['begun', 'done'])

    const page = await site.as('mei', 'audit')
    const row = rowsOf(page, id)
    await row.first().waitFor()
    expect(await row.count()).toBe(1)
    expect(await row.locator('td').first().innerText()).toBe(`${ended?.seq}`)
    expect(await row.locator('.status').innerText()).toBe('done')
    const remark = row.getByText(/^begun \d\d:\d\d:\d\d, #/)
    expect(await remark.innerText()).toContain(`#${begun?.seq}`)

    await row.locator('summary').focus()
    await page.keyboard.press('Enter')
    const written = row.locator('.written')
    expect(await written.count()).toBe(2)
    for (const [place, entry] of [begun, ended].entries()) {
      const text = await written.nth(place).innerText()
      expect(text).toContain(`#${entry?.seq}`)
      expect(text).toContain(entry?.hash ?? '?')
      expect(text).toContain(entry?.request ?? '?')
    }
    expect(await faultsIn(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => sticksOut(page)).toBe(0)
    await closeWell(page)
  })

  it('shows one that was refused at its end as one row, too', async () => {
    expect((await desk.post('/alerts/alr_sg_424242/acknowledge')).status).toBe(404)
    const page = await site.as('mei', 'audit')
    const row = rowsOf(page, 'alr_sg_424242')
    await row.first().waitFor()
    expect(await row.count()).toBe(1)
    expect(await row.locator('.status').innerText()).toBe('NOT_FOUND')
    await row.getByText(/^begun /).waitFor()
    await closeWell(page)
  })

  it('leaves one that never ended a row of its own, and says so', async () => {
    const lost = await cutOff()
    const page = await site.as('mei', 'audit')
    const row = rowsOf(page, lost.subject)
    await row.first().waitFor()
    expect(await row.count()).toBe(1)
    expect(await row.locator('td').first().innerText()).toBe(`${lost.seq}`)
    expect(await row.locator('.status').innerText()).toBe('begun')
    await row.getByText('no end is written').waitFor()
    await row.getByText('As it is written').click()
    // By it the log tells what the chain does not.
    await row.getByText(lost.request).waitFor()
    await press(page, 'Verify the chain')
    await page.getByText(/^All \d+ entries follow/).waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await row.getByText('未记录结果').waitFor()
    await closeWell(page)
  }, 240_000)
})
