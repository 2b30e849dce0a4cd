/** Lists and events: what members read of their payments from the projections of all centers. */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { PaymentFilter } from '../../src/sdk/index.ts'
import type { EventList, EventView, PaymentList, PaymentView } from '../../src/wire/payment.ts'
import { type Network, until } from './network.ts'
import { quoted } from './sale.ts'

/** Events of the log that members see, by the type under which they see them. */
const shown = {
  opened: 'payment.opened',
  doubted: 'payment.in_doubt',
  committed: 'payment.committed',
  aborted: 'payment.aborted',
} as const

/** The status that each of them leads to. */
const standing = {
  opened: 'pending',
  doubted: 'in_doubt',
  committed: 'committed',
  aborted: 'aborted',
} as const

const statuses = (payments: readonly PaymentView[]) =>
  Object.fromEntries(payments.map(({ paymentId, status }) => [paymentId, status]))

export function projectionStories(net: Network) {
  /** What the gateway's log says of a member's payments: the measure for everything below. */
  const logged = (member: string) =>
    net.tape.said.filter(
      ({ by, event, fields }) =>
        by === 'gateway' &&
        fields.log === 'payment' &&
        event in shown &&
        (fields.wallet === member || fields.acquirer === member),
    )
  const opened = (member: string) =>
    logged(member)
      .filter(({ event }) => event === 'opened')
      .map(({ paymentId }) => paymentId)

  /** A center that is slow is left out of an answer and named in it; whoever wants all of it asks again. */
  async function complete<Page extends PaymentList | EventList>(ask: () => Promise<Page>) {
    const page = await until(ask, ({ missing }) => missing.length === 0)
    expect(page.missing).toEqual([])
    return page
  }

  async function list(member: string, filter: PaymentFilter = {}): Promise<PaymentView[]> {
    const found: PaymentView[] = []
    let cursor: string | null = null
    do {
      const page = await complete(() =>
        net.client(member).payments({ ...filter, ...(cursor && { cursor }) }),
      )
      expect(page.data.length).toBeLessThanOrEqual(filter.limit ?? 50)
      found.push(...page.data)
      cursor = page.nextCursor
    } while (cursor !== null)
    return found
  }

  async function read(member: string, limit: number, from?: string) {
    const found: EventView[] = []
    let after = from
    for (;;) {
      const page = await complete(() =>
        net.client(member).events({ limit, ...(after && { after }) }),
      )
      found.push(...page.data)
      after = page.nextCursor
      if (page.data.length === 0) return { events: found, after }
    }
  }

  /** How each payment stands by the log, which says it last. */
  const standings = (member: string) =>
    Object.fromEntries(
      logged(member).map(({ paymentId, event }) => [
        paymentId,
        standing[event as keyof typeof shown],
      ]),
    )

  /** The list once it has all that the log has, as far as it has come. */
  const whole = (member: string) =>
    until(
      () => list(member),
      found => isDeepStrictEqual(statuses(found), standings(member)),
      30_000,
      200,
    )

  /** All events, once there are as many of them as the log has. */
  const told = (member: string, limit: number) =>
    until(
      () => read(member, limit),
      ({ events }) => events.length === logged(member).length,
      30_000,
      200,
    )

  describe('the list of payments', () => {
    it.each(['wallet-cn', 'wallet-th', 'acquirer-cn', 'acquirer-vn'])(
      'of %s has all of its payments and no other, newest first',
      async member => {
        const found = await whole(member)
        const ids = found.map(({ paymentId }) => paymentId)
        expect(new Set(ids)).toEqual(new Set(opened(member)))
        expect(ids).toHaveLength(new Set(ids).size)
        expect(statuses(found)).toEqual(standings(member))
        const times = found.map(({ openedAt }) => openedAt)
        expect(times).toEqual([...times].sort().reverse())
      },
    )

    it('in pages of two is the same list', async () => {
      const all = await whole('wallet-cn')
      expect(all.length).toBeGreaterThan(4)
      expect((await list('wallet-cn', { limit: 2 })).map(({ paymentId }) => paymentId)).toEqual(
        all.map(({ paymentId }) => paymentId),
      )
    })

    it('shows each payment as its lane does', async () => {
      const [newest] = await whole('wallet-my')
      const both = async () => {
        const [listed] = await list('wallet-my', { limit: 1 })
        return { listed, there: await net.client('wallet-my').payment(newest!.paymentId) }
      }
      // What a member has acknowledged is in the lane a moment before it is in the list.
      const { listed, there } = await until(
        both,
        said => said.listed?.version === said.there.version,
      )
      expect(listed).toEqual(there)
    })

    it('can be narrowed by each of its filters', async () => {
      const all = await whole('acquirer-cn')
      const middle = all[Math.floor(all.length / 2)]!
      const cases: [PaymentFilter, (payment: PaymentView) => boolean][] = [
        [{ status: 'committed' }, ({ status }) => status === 'committed'],
        [{ result: 'F' }, ({ result }) => result === 'F'],
        [{ scenario: 'local' }, ({ scenario }) => scenario === 'local'],
        [{ family: 'unionpay' }, ({ family }) => family === 'unionpay'],
        [{ payerMarket: 'VN' }, ({ wallet }) => wallet === 'wallet-vn'],
        [{ payeeMarket: 'TH' }, () => false],
        [{ requestId: middle.requestId }, ({ requestId }) => requestId === middle.requestId],
        [{ openedFrom: middle.openedAt }, ({ openedAt }) => openedAt >= middle.openedAt],
        [{ openedTo: middle.openedAt }, ({ openedAt }) => openedAt < middle.openedAt],
      ]
      for (const [filter, fits] of cases) {
        const found = await list('acquirer-cn', filter)
        const wanted = all.filter(fits).map(({ paymentId }) => paymentId)
        expect(
          found.map(({ paymentId }) => paymentId),
          JSON.stringify(filter),
        ).toEqual(wanted)
      }
      expect(all.filter(({ openedAt }) => openedAt < middle.openedAt).length).toBeGreaterThan(0)
      expect(all.filter(({ wallet }) => wallet === 'wallet-vn').length).toBeGreaterThan(0)
      await whole('wallet-cn')
      const ended = logged('wallet-cn').filter(({ event }) => event === 'aborted')
      const aborted = await list('wallet-cn', { status: 'aborted' })
      expect(ended.length).toBeGreaterThan(1)
      expect(new Set(aborted.map(({ paymentId }) => paymentId))).toEqual(
        new Set(ended.map(({ paymentId }) => paymentId)),
      )
      expect(aborted).toHaveLength(ended.length)
    })
  })

  describe('the events', () => {
    it.each(['wallet-cn', 'wallet-my', 'acquirer-my'])(
      'of %s are all there, each once, and in order for each payment',
      async member => {
        const { events } = await told(member, 3)
        const wanted = logged(member)
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
        for (const paymentId of opened(member)) {
          const types = events
            .filter(({ payment }) => payment.paymentId === paymentId)
            .map(({ type }) => type)
          const log = wanted.filter(said => said.paymentId === paymentId)
          expect(types).toEqual(log.map(({ event }) => shown[event as keyof typeof shown]))
        }
      },
    )

    it('are of all types by now', async () => {
      const { events } = await told('wallet-cn', 200)
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(Object.values(shown)))
    })

    it('go on from a cursor with what came later, and nothing else', async () => {
      const before = await told('wallet-th', 50)
      expect(before.events).toHaveLength(logged('wallet-th').length)
      const { order, paymentId } = await quoted(net, { wallet: 'wallet-th', merchant: 'cn-rail' })
      await net.client('wallet-th').pay(order)
      const later = await until(
        () => read('wallet-th', 50, before.after),
        ({ events }) => events.length >= 2,
        30_000,
        200,
      )
      expect(later.events.map(({ type, payment }) => [type, payment.paymentId])).toEqual([
        ['payment.opened', paymentId],
        ['payment.committed', paymentId],
      ])
    })
  })
}
