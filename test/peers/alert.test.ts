/** What an operator's endpoint is told of alerts that were held back. */
import { expect, it } from 'vitest'
import type { Alert } from '../../src/domain/alert.ts'
import { heldNothing, holdBack, together } from '../../src/domain/alert-held.ts'
import { tellAlert } from '../../src/peers/alert.ts'
import type { PostPorts } from '../../src/peers/post.ts'
import { makeKeyPair, signingKey, verifyingKey } from '../../src/trust/keys.ts'
import { verifyWebhook } from '../../src/trust/webhook.ts'

const M0 = Date.UTC(2026, 9, 5, 8)
const stored = await makeKeyPair('gateway-1', 'gateway', 'ed25519')

const alert = (number: number, severity: Alert['severity']) =>
  ({
    number,
    kind: 'latency_rise',
    subject: { dimension: 'corridor', name: 'TH>CN' },
    severity,
  }) as unknown as Alert

it('does not say which payer it was', async () => {
  const payer = {
    ...alert(30, 'notice'),
    kind: 'structuring',
    subject: { dimension: 'payer', name: 'tok_7f3a', wallet: 'wallet-th' },
  } as const
  const told: string[] = []
  const ports = {
    now: () => M0,
    key: await signingKey(stored),
    sandbox: true,
    fetch: async (request: Request) => {
      told.push(await request.text())
      return new Response(null, { status: 204 })
    },
  } as unknown as PostPorts
  const endpoint = 'http://127.0.0.1:9/alerts'
  const held = holdBack(heldNothing(M0), 'opened', payer)
  await tellAlert({ endpoint, held, at: M0 }, 'sg', ports)
  const whole = { ...payer, facts: {}, payments: [], also: [], notes: [], since: M0, raisedAt: M0 }
  const one = { ...whole, lastSeenAt: M0, endedAt: null, mutedUntil: null }
  await tellAlert({ endpoint, turn: 'opened', alert: one, at: M0 }, 'sg', ports)
  expect(told).toHaveLength(2)
  expect(JSON.parse(told[0] ?? '').data.alerts[0].subject).toEqual({
    dimension: 'payer',
    name: 'wallet-th',
  })
  expect(JSON.parse(told[1] ?? '').data.says.en.title).toContain('a payer of wallet-th')
  expect(told.join()).not.toContain('tok_7f3a')
})

it('is how many they were, which are the first of them, and when, under our signature', async () => {
  const older = holdBack(heldNothing(M0), 'opened', alert(28, 'critical'))
  const newer = holdBack(heldNothing(M0 + 61_000), 'resolved', alert(28, 'critical'))
  const held = together(older, holdBack(newer, 'opened', alert(29, 'warning')))
  let heard: Request | undefined
  const ports = {
    now: () => M0 + 120_000,
    key: await signingKey(stored),
    sandbox: true,
    fetch: async (request: Request) => {
      heard = request
      return new Response(null, { status: 204 })
    },
  } as unknown as PostPorts
  const endpoint = 'http://127.0.0.1:9/alerts'
  expect(await tellAlert({ endpoint, held, at: held.until }, 'sg', ports)).toBe(true)
  const body = await heard!.text()
  const subject = { dimension: 'corridor', name: 'TH>CN' }
  expect(JSON.parse(body)).toEqual({
    type: 'alerts.held',
    timestamp: '2026-10-05T08:02:00.000Z',
    data: {
      center: 'sg',
      from: '2026-10-05T08:00:00.000Z',
      until: '2026-10-05T08:02:00.000Z',
      held: 3,
      opened: 2,
      acknowledged: 0,
      resolved: 1,
      critical: 1,
      alerts: [
        { id: 'alr_sg_28', turn: 'opened', kind: 'latency_rise', subject, severity: 'critical' },
        { id: 'alr_sg_28', turn: 'resolved', kind: 'latency_rise', subject, severity: 'critical' },
        { id: 'alr_sg_29', turn: 'opened', kind: 'latency_rise', subject, severity: 'warning' },
      ],
    },
  })
  const keys = [await verifyingKey(stored)]
  const bytes = new TextEncoder().encode(body)
  expect(await verifyWebhook(heard!.headers, bytes, keys, M0 + 120_000)).toBe(
    `held_sg_${M0 + 120_000}`,
  )
})
