/** A gateway in a few lines, for the SDK to talk to: it signs and verifies as the real one does, and keeps nothing. */
import { GATEWAY_ID } from '../../src/domain/signature.ts'
import type { Fetch } from '../../src/sdk/index.ts'
import {
  makeKeyPair,
  type SigningKey,
  type StoredKeyPair,
  signingKey,
  type VerifyingKey,
  verifyingKey,
} from '../../src/trust/keys.ts'
import { signAnswer, verifyRequest } from '../../src/trust/signature.ts'
import type { PaymentView } from '../../src/wire/payment.ts'

export interface Party {
  readonly stored: StoredKeyPair
  readonly signing: SigningKey
  readonly verifying: VerifyingKey
}

export async function party(
  institution: string,
  algorithm: 'ed25519' | 'ecdsa-p256-sha256' = 'ed25519',
  id = `${institution}-1`,
): Promise<Party> {
  const stored = await makeKeyPair(id, institution, algorithm)
  return { stored, signing: await signingKey(stored), verifying: await verifyingKey(stored) }
}

export const gatewayParty = () => party(GATEWAY_ID)

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly signature: string
}

/** What the fake gateway does with a verified request. */
export type Script = (
  asked: Asked,
) => { status: number; json: unknown } | Promise<{ status: number; json: unknown }>

/** A fetch that ends in a fake gateway. Requests that do not verify answer 401, as they would. */
export function fetchTo(
  gateway: SigningKey,
  members: readonly VerifyingKey[],
  script: Script,
  now: () => number = Date.now,
): Fetch {
  return async (url, init) => {
    const request = new Request(url, init)
    const { method, headers } = request
    const body = new Uint8Array(await request.arrayBuffer())
    const asked = { method, url, headers, body }
    const find = async (id: string) => members.find(key => key.id === id)
    const proof = await verifyRequest(asked, find, now())
    const text = new TextDecoder().decode(body)
    const path = url.slice(new URL(url).origin.length)
    const said = proof.ok
      ? await script({
          method,
          path,
          body: text === '' ? undefined : JSON.parse(text),
          signature: headers.get('signature') ?? '',
        })
      : { status: 401, json: problem(proof.refusal.code, 401) }
    const answered = {
      status: said.status,
      headers: new Headers({ 'content-type': 'application/json' }),
      body: new TextEncoder().encode(JSON.stringify(said.json)),
    }
    await signAnswer(answered, asked, gateway, now())
    return new Response(answered.body, { status: said.status, headers: answered.headers })
  }
}

export const problem = (
  code: string,
  status: number,
  more: { result?: 'F' | 'U' | null; retry?: string } = {},
) => ({
  type: `/problems#${code}`,
  title: code,
  status,
  code,
  result: null,
  retry: 'never',
  acts: 'requester',
  ...more,
})

export const payment = (more: Partial<PaymentView> = {}): PaymentView => ({
  paymentId: 'pay_04000030002000h9q4nm0kx2v6z8c1bd',
  requestId: 'r-1',
  requestedAt: '2026-01-31T08:00:00.000Z',
  result: 'S',
  status: 'committed',
  resultCode: 'SUCCESS',
  presentment: 'mpm',
  scenario: 'inbound',
  family: 'unionpay',
  wallet: 'wallet-th',
  acquirer: 'acquirer-cn',
  merchant: {
    id: 'cn-tea',
    name: 'SANLITUN TEA HOUSE',
    city: 'BEIJING',
    mcc: '5814',
    country: 'CN',
  },
  order: 'order-1',
  payer: { currency: 'THB', minor: '31110' },
  payee: { currency: 'CNY', minor: '6800' },
  rate: null,
  fees: [],
  openedAt: '2026-01-31T08:00:00.100Z',
  decideBy: '2026-01-31T08:00:15.100Z',
  cancelUntil: null,
  walletCancelUntil: null,
  reversedAt: null,
  decidedAt: '2026-01-31T08:00:00.300Z',
  refunds: [],
  liability: {
    liableParty: 'wallet',
    since: '2026-01-31T08:00:00.300Z',
    until: null,
    nextAction: 'settle',
  },
  receipt: null,
  resetsAt: null,
  version: 2,
  ...more,
})
