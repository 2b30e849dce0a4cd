/** Notices as they arrive at a member over HTTP: signed webhooks, dead letters when nobody takes them, and replay. */
import { describe, expect, it } from 'vitest'
import { DEAD_AFTER } from '../../src/domain/duty.ts'
import { verifyWebhook } from '../../src/sdk/index.ts'
import { makeKeyPair, verifyingKey } from '../../src/trust/keys.ts'
import { admitGuest, admitPayer, known } from './guest.ts'
import { refusalOf, startNetwork, until } from './network.ts'

const net = await startNetwork()
let away = false
const heard: (string | null)[] = []
const guest = await admitGuest(net, 'acquirer-guest', 911, {
  async notice(_, id) {
    if (away) throw new Error('away')
    heard.push(id)
  },
})
const payer = await admitPayer(net, 'wallet-guest', 912)
await Promise.all([guest, payer].map(({ client }) => known(client)))

const arrivals = (paymentId: string, count: number) =>
  until(
    () => guest.notices(paymentId),
    list => list.length >= count,
  )

describe('a notice', () => {
  it('is a Standard Webhook under the published key of the gateway, the same one in every repetition', async () => {
    away = true
    const { paymentId } = await payer.pay(guest.client)
    const [first, again] = await arrivals(paymentId, 2)
    away = false
    const keys = await net.gatewayKeys()
    const id = await verifyWebhook(first!.headers, first!.body, keys, Date.now())
    expect(id).toContain(paymentId)
    expect(await verifyWebhook(again!.headers, again!.body, keys, Date.now())).toBe(id)
    expect(first!.headers.get('webhook-timestamp')).toMatch(/^\d{10}$/)
    expect(first!.headers.get('webhook-signature')).toMatch(/^v1a,/)

    const stranger = await verifyingKey(await makeKeyPair('gateway-1', 'gateway', 'ed25519'))
    expect(await verifyWebhook(first!.headers, first!.body, [stranger], Date.now())).toBeNull()
    const changed = first!.body.map((byte, at) => (at === 10 ? byte ^ 1 : byte))
    expect(await verifyWebhook(first!.headers, changed, keys, Date.now())).toBeNull()
    // The receiver has verified it too, and gives the id by which a repetition is told.
    expect(
      await until(
        () => heard,
        list => list.includes(id),
      ),
    ).toContain(id)
  })
})

describe('what a member does not acknowledge', () => {
  const letter = (paymentId: string) => ({ paymentId, duty: 'deliver_receipt' }) as const

  /** Its owner asks and asks, and every call fails: what takes minutes by the clock. */
  async function deadLetter(): Promise<string> {
    const { paymentId } = await payer.pay(guest.client)
    for (let attempt = 1; attempt <= DEAD_AFTER; attempt += 1) {
      await guest.client.replay(letter(paymentId))
      await arrivals(paymentId, attempt)
    }
    expect(guest.notices(paymentId).length).toBeGreaterThanOrEqual(DEAD_AFTER)
    return paymentId
  }

  it('is a dead letter after eight attempts: listed page by page, told again on demand, and gone once it is taken', async () => {
    away = true
    const ids = [await deadLetter(), await deadLetter(), await deadLetter()]
    const { client } = guest
    const listed = await until(
      () => client.deadLetters(),
      ({ data }) => data.length === ids.length,
    )
    expect(listed.data.map(({ paymentId }) => paymentId)).toEqual(ids)
    expect(listed.nextCursor).toBeNull()
    for (const { attempts } of listed.data) expect(attempts).toBeGreaterThanOrEqual(DEAD_AFTER)

    const first = await client.deadLetters({ limit: 2 })
    expect(first.data).toHaveLength(2)
    const rest = await client.deadLetters({ limit: 2, cursor: first.nextCursor! })
    expect([...first.data, ...rest.data]).toEqual(listed.data)
    expect(rest.nextCursor).toBeNull()
    expect((await payer.client.deadLetters()).data).toEqual([])
    expect(await refusalOf(client.deadLetters({ cursor: 'no-cursor' }))).toBe('PARAM_ILLEGAL')
    const { nextCursor } = await client.events({ limit: 1 })
    expect(await refusalOf(client.deadLetters({ cursor: nextCursor }))).toBe('PARAM_ILLEGAL')

    away = false
    await client.replay(letter(ids[0]!))
    const left = await until(
      () => client.deadLetters(),
      ({ data }) => data.every(({ paymentId }) => paymentId !== ids[0]),
    )
    expect(left.data.map(({ paymentId }) => paymentId)).not.toContain(ids[0])
    // One acknowledgement says that the endpoint is well, so nobody has to ask for the others.
    const none = await until(
      () => client.deadLetters(),
      ({ data }) => data.length === 0,
    )
    expect(none.data).toEqual([])
  })

  it('is told to its owner only, and nothing is told that is not owed', async () => {
    const { paymentId } = await payer.pay(guest.client)
    const done = await until(
      () => guest.client.replay(letter(paymentId)),
      ({ nextAt }) => nextAt === null,
    )
    expect(done.nextAt).toBeNull()
    expect(await refusalOf(payer.client.replay(letter(paymentId)))).toBe('PAYMENT_NOT_EXIST')
    expect(await refusalOf(guest.client.replay({ ...letter(paymentId), duty: 'capture' }))).toBe(
      'PAYMENT_NOT_EXIST',
    )
  })
})
