/** Watching the whole network: a purchase shows in the windows, on the live socket, and in the metrics. */
import { describe, expect, it } from 'vitest'
import { coarseQuantile } from '../../src/domain/sketch.ts'
import { type LiveMessage, liveMessageSchema } from '../../src/wire/live.ts'
import {
  figuresSchema,
  openListSchema,
  overviewSchema,
  windowsSchema,
} from '../../src/wire/monitor.ts'
import { parse } from '../wire/openmetrics.ts'
import { codeAt, startNetwork, until } from './network.ts'

const net = await startNetwork()
const { url } = net.box.gateway
const issued = await fetch(`${net.box.issuerUrl}/token/viet`, { method: 'POST' })
const { token } = (await issued.json()) as { token: string }
const headers = { 'cf-access-jwt-assertion': token, 'cpg-ops': '1' }

const ask = async (path: string) => {
  const answer = await fetch(url + path, { headers })
  expect(answer.status).toBe(200)
  return answer
}

const overview = async () => overviewSchema.parse(await (await ask('/ops/v1/monitor')).json())
type Overview = Awaited<ReturnType<typeof overview>>

/** A live socket and what it has heard; Node's own takes headers, unlike a browser's. */
async function watch(center: string, after = '') {
  const address = `${url.replace('http', 'ws')}/ops/v1/live?center=${center}&after=${after}`
  const socket = new WebSocket(address, { headers } as never)
  const heard: LiveMessage[] = []
  socket.addEventListener('message', ({ data }) => {
    heard.push(liveMessageSchema.parse(JSON.parse(data)))
  })
  await until(
    async () => heard.length,
    count => count > 0,
  )
  return { socket, heard }
}

describe('watching', () => {
  it('sees a purchase on the socket of its center, in the overview, in the windows and in the metrics', async () => {
    const { heard, socket } = await watch('sg')
    const { payment } = await net.box.wallets
      .get('wallet-th')!
      .wallet.purchase({ code: codeAt('cn-silk') })
    expect(payment?.status).toBe('committed')
    const seen = () => heard.flatMap(message => (message.type === 'delta' ? message.payments : []))
    await until(
      async () => seen(),
      payments =>
        payments.some(
          ({ paymentId, event }) => paymentId === payment?.paymentId && event === 'committed',
        ),
    )
    const cells = heard.flatMap(message => (message.type === 'delta' ? message.cells : []))
    const committed = cells.filter(cell => cell.name === 'TH>CN' && (cell.committed ?? 0) > 0)
    expect(coarseQuantile(committed[0]?.total ?? [], 0.5)).toBeGreaterThan(0)
    socket.close()

    // Every monitor has a second to say the same to all; and one that is slow at first is missing for once.
    const inMinute = ({ minute }: Overview) => minute.find(({ name }) => name === 'TH>CN')
    const seenBy = await until(
      overview,
      all => all.missing.length === 0 && (inMinute(all)?.committed ?? 0) > 0,
    )
    expect(seenBy.missing).toEqual([])
    expect(inMinute(seenBy)).toMatchObject({ committed: 1, successRate: 1 })
    // An hour may have ended meanwhile.
    const path = '/ops/v1/monitor/windows?window=hour&last=2&dimension=institution&name=wallet-th'
    const { periods } = windowsSchema.parse(await (await ask(path)).json())
    const hours = periods.flatMap(each => each.cells)
    expect(new Set(hours.map(({ dimension, name }) => `${dimension} ${name}`))).toEqual(
      new Set(['institution wallet-th']),
    )
    expect(hours.reduce((sum, cell) => sum + cell.committed, 0)).toBe(1)
    const up = (families: ReturnType<typeof parse>) =>
      families.get('cpg_center_up')?.samples.map(({ value }) => value)
    const families = await until(
      async () => parse(await (await ask('/metrics')).text()),
      said => up(said)?.join() === '1,1,1',
    )
    expect(up(families)).toEqual([1, 1, 1])
    const corridor = families
      .get('cpg_corridor_payments')
      ?.samples.find(({ labels }) => labels.corridor === 'TH>CN' && labels.event === 'committed')
    expect(corridor).toMatchObject({ labels: { center: 'sg' }, value: 1 })
  })

  it('adds a stretch up, for each member and for all', async () => {
    const path = '/ops/v1/monitor/figures?window=hour&last=2&dimension=institution'
    const { all, data } = figuresSchema.parse(await (await ask(path)).json())
    const [wallet] = data.filter(({ name }) => name === 'wallet-th')
    expect(wallet).toMatchObject({ committed: 1, successRate: 1 })
    expect(wallet?.latency.total?.count).toBe(1)
    expect(all?.committed).toBeGreaterThanOrEqual(1)
    const one = figuresSchema.parse(await (await ask(`${path}&name=wallet-th`)).json())
    expect(one.data.map(({ name }) => name)).toEqual(['wallet-th'])
  })

  it('sees what waits for a member that is silent, and sees it gone', async () => {
    const silent = net.box.acquirers.get('acquirer-my')!
    const waiting = async () =>
      openListSchema.parse(await (await ask('/ops/v1/institutions/acquirer-my/open')).json()).data
    await silent.faults.add('silent accept')
    const purchase = net.box.wallets
      .get('wallet-th')!
      .wallet.purchase({ code: codeAt('my-kopitiam') })
    const rows = await until(waiting, list => list.length > 0)
    expect(rows).toMatchObject([{ institution: 'acquirer-my', count: 1 }])
    // Eight seconds later it is in doubt, and a monitor that is told late sees no more than that.
    expect(['pending', 'in_doubt']).toContain(rows[0]?.kind)
    const isMine = ({ institution }: { institution: string }) => institution === 'acquirer-my'
    const { open } = await until(overview, all => all.open.some(isMine))
    expect(open.some(isMine)).toBe(true)
    await silent.faults.clear()
    const { payment } = await purchase
    expect(payment?.status).toBeDefined()
    expect(await until(waiting, list => list.length === 0, 40_000, 500)).toEqual([])
    const nobody = await fetch(`${url}/ops/v1/institutions/nobody/open`, { headers })
    expect(nobody.status).toBe(404)
  }, 90_000)

  it('shows the limits that are nearest to their end, some seconds after they were used', async () => {
    await net.box.wallets.get('wallet-vn')!.wallet.purchase({ code: codeAt('cn-silk') })
    const limits = async () => (await overview()).limits
    const of = (list: Awaited<ReturnType<typeof limits>>, member: string) =>
      list.find(({ institution, kind }) => institution === member && kind === 'count_day')
    // A lane says what it has used when it asks for more, or renews what it has: within half a minute.
    const near = await until(
      limits,
      // Payments with it count for the acquirer, too, in the center of the wallet's lanes.
      list => of(list, 'wallet-vn') !== undefined && of(list, 'acquirer-cn') !== undefined,
      60_000,
      1_000,
    )
    const found = of(near, 'wallet-vn')
    expect(Number(found?.used)).toBeGreaterThanOrEqual(1)
    expect(found?.share).toBeCloseTo(Number(found?.used) / Number(found?.value), 12)
    expect(of(near, 'acquirer-cn')?.share).toBeGreaterThan(0)
  }, 90_000)

  it('goes on after a lost connection where it was', async () => {
    const first = await watch('sg')
    const { cursor } = first.heard[0]!
    first.socket.close()
    await net.box.wallets.get('wallet-my')!.wallet.purchase({ code: codeAt('th-padthai') })
    await until(overview, ({ minute }) =>
      minute.some(({ name, committed }) => name === 'MY>TH' && committed === 1),
    )
    const back = await watch('sg', cursor)
    expect(back.heard[0]?.type).toBe('catch_up')
    const deltas = back.heard[0]?.type === 'catch_up' ? back.heard[0].deltas : []
    expect(deltas.flatMap(({ cells }) => cells.map(({ name }) => name))).toContain('MY>TH')
    back.socket.close()
  })

  it('is for those who are signed in, of one of the centers, over a socket', async () => {
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
    expect((await fetch(`${url}/ops/v1/live?center=sg`)).status).toBe(401)
    expect((await fetch(`${url}/ops/v1/live?center=sg`, { headers })).status).toBe(426)
    expect((await fetch(`${url}/ops/v1/live?center=mars`, { headers })).status).toBe(404)
  })
})
