/** `npm run screenshots`: pictures of the console for its guide, from a real box with traffic in it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { askWithClockOff, payInTwoCountries, refuseAll } from '../stories/incidents.ts'
import { openConsole, views } from './console-site.ts'

const folder = join(import.meta.dirname, '../../docs/screenshots')
await mkdir(folder, { recursive: true })
const site = await openConsole()
const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
/** Long enough for the charts to have something to show. */
await pause(60_000)

// Something to look at among the alerts.
await askWithClockOff(site.box, 'wallet-vn', 96_000)
await payInTwoCountries(site.box)
await refuseAll(site.box)
const page = await site.as('mei', 'overview')
await pause(5_000)
for (const view of views) {
  await page.evaluate(to => {
    location.hash = to
  }, `#/${view}`)
  await pause(3_000)
  await page.screenshot({ path: join(folder, `${view}.png`) })
  console.log(`docs/screenshots/${view}.png`)
}
const { payment } = (await site.box.wallets.get('wallet-my')?.wallet.purchase({
  code: (await import('../../src/members/cast.ts')).acquirers[1]?.merchants[0]?.dynamicCode ?? '',
})) ?? { payment: null }
const [alert] = await page.evaluate(async () => {
  const answer = await fetch('/ops/v1/alerts?state=open')
  const { data } = (await answer.json()) as { data: { id: string; kind: string }[] }
  return data.flatMap(({ id, kind }) => (kind === 'success_drop' ? [id] : []))
})
const others = [
  ['alert', `alerts/${alert}`, {}],
  ['payment', `payments/${payment?.paymentId}`, {}],
  ['overview-dark', 'overview', { colorScheme: 'dark' }],
  ['overview-phone', 'overview', { viewport: { width: 390, height: 844 } }],
] as const
for (const [name, view, options] of others) {
  const other = await site.as('mei', view, options)
  await pause(6_000)
  await other.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`docs/screenshots/${name}.png`)
}
await site.stop()
process.exit(0)
