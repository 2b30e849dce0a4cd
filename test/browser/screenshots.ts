/** `npm run screenshots`: pictures of the console for its guide, from a real box as it is after `npm start`. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startShift } from '../../src/local/shift.ts'
import { startTroubles } from '../../src/local/troubles.ts'
import { askWithClockOff, refuseAll } from '../stories/incidents.ts'
import { deskOf } from '../stories/ops.ts'
import { openConsole } from './console-site.ts'

const folder = join(import.meta.dirname, '../../docs/screenshots')
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

/** Long enough for the charts to have something to show, and for a duty to have become a dead letter. */
const LIVES_MS = 150_000
/** What a view asks for now and then has been asked for by then. */
const SETTLES_MS = 5_000

const site = await openConsole()
const lively = [startTroubles(site.box), startShift(site.box)]
await pause(LIVES_MS)
await askWithClockOff(site.box, 'wallet-vn', 96_000)
await refuseAll(site.box)
await pause(SETTLES_MS)

const desk = await deskOf(site.box.gateway, 'mei')
type Found = { readonly id: string; readonly kind: string; readonly paymentId: string }
const found = async (path: string, fits: (each: Found & { resultCode: string }) => boolean) =>
  ((await desk.get(path)).body.data as (Found & { resultCode: string })[]).find(fits)
const alert = await found('/alerts?limit=100', ({ kind }) => kind === 'success_drop')
// An acquirer that was silent: the ladder has something to tell.
const payment = await found(
  '/payments?institution=acquirer-my&result=F&limit=200',
  ({ resultCode }) => resultCode === 'DEADLINE_EXCEEDED',
)

interface Picture {
  readonly view: string
  readonly options?: BrowserContextOptions
  /** All of the page, and not what fits the window. */
  readonly whole?: true
  act?(page: Page): Promise<unknown>
}

const pictures: Readonly<Record<string, Picture>> = {
  overview: { view: 'overview', whole: true },
  'overview-dark': { view: 'overview', options: { colorScheme: 'dark' }, whole: true },
  'overview-phone': {
    view: 'overview',
    options: { viewport: { width: 390, height: 844 } },
    whole: true,
  },
  alerts: { view: 'alerts' },
  alert: { view: `alerts/${alert?.id}` },
  figures: { view: 'figures?window=minute&last=10&by=corridor' },
  payments: { view: 'payments' },
  payment: { view: `payments/${payment?.paymentId}`, whole: true },
  institutions: { view: 'institutions' },
  member: { view: 'institutions/acquirer-my', whole: true },
  limits: { view: 'limits/wallet-vn', whole: true },
  centers: { view: 'centers' },
  notices: { view: 'notices' },
  steering: { view: 'steering' },
  'steering-dialog': {
    view: 'institutions',
    async act(page) {
      await page.getByRole('button', { name: 'Suspend acquirer-th …' }).click()
      await page.getByRole('dialog').getByText('In the last hour').waitFor()
    },
  },
  plans: {
    view: 'plans',
    whole: true,
    act: page => page.getByRole('button', { name: 'Rehearse' }).first().click(),
  },
  reports: { view: 'reports' },
  audit: { view: 'audit' },
}

await mkdir(folder, { recursive: true })
for (const [name, { view, options, whole, act }] of Object.entries(pictures)) {
  const page = await site.as('mei', view, options)
  await pause(SETTLES_MS)
  await act?.(page)
  if (act !== undefined) await pause(SETTLES_MS)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole === true })
  await page.context().close()
  console.log(`docs/screenshots/${name}.png`)
}
// What is no picture of the guide any more.
for (const file of await readdir(folder)) {
  if (!Object.hasOwn(pictures, file.replace(/\.png$/, ''))) await rm(join(folder, file))
}
for (const each of lively) each.stop()
await site.stop()
process.exit(0)
