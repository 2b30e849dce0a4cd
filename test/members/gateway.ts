/** A gateway for members to meet over real HTTP: it asks them as the real one does, and answers from a script. */
import type { ReceiptClaims } from '../../src/domain/receipt.ts'
import { serve } from '../../src/members/server.ts'
import { signReceipt } from '../../src/trust/receipt.ts'
import { type SignedRequest, signRequest, verifyAnswer } from '../../src/trust/signature.ts'
import type { PaymentView } from '../../src/wire/payment.ts'
import type { Notice } from '../../src/wire/peer.ts'
import { fetchTo, gatewayParty, type Party, type Script } from '../sdk/network.ts'

/** What came back: an answer of that member, an answer nobody should believe, or none. */
export type Heard =
  | { readonly status: number; readonly json: unknown }
  | { readonly untrusted: string }
  | { readonly none: true }

export interface FakeGateway {
  readonly url: string
  readonly keys: Party
  /** Asks a member; gives up after so many milliseconds. */
  ask(member: Party, url: string, body: object, patienceMs?: number): Promise<Heard>
  /** The committed payment with its receipt. */
  committed(payment: PaymentView): Promise<PaymentView>
  /** What it answers from now on. */
  play(script: Script): void
  stop(): Promise<void>
}

export async function fakeGateway(members: readonly Party[]): Promise<FakeGateway> {
  const keys = await gatewayParty()
  let script: Script = () => ({ status: 500, json: {} })
  const answer = fetchTo(
    keys.signing,
    members.map(({ verifying }) => verifying),
    asked => script(asked),
  )
  const serving = await serve(async request => {
    const body = await request.arrayBuffer()
    const { url, method, headers } = request
    return answer(url, { method, headers, ...(body.byteLength > 0 ? { body } : {}) })
  }, 0)

  return {
    url: serving.url,
    keys,
    async ask(member, url, content, patienceMs = 20_000) {
      const addressee = member.signing.institution
      const body = new TextEncoder().encode(JSON.stringify({ addressee, ...content }))
      const request: SignedRequest = { method: 'POST', url, headers: new Headers(), body }
      await signRequest(request, keys.signing, Date.now())
      const response = await fetch(url, {
        method: 'POST',
        headers: request.headers,
        body,
        signal: AbortSignal.timeout(patienceMs),
      }).catch(() => null)
      if (response === null) return { none: true }
      const heard = new Uint8Array(await response.arrayBuffer())
      const proof = await verifyAnswer(
        { status: response.status, headers: response.headers, body: heard },
        request,
        async id => (id === member.verifying.id ? member.verifying : undefined),
        Date.now(),
      )
      if (!proof.ok) return { untrusted: proof.refusal.code }
      return { status: response.status, json: JSON.parse(new TextDecoder().decode(heard)) }
    },
    async committed(payment) {
      const claims: ReceiptClaims = {
        v: 1,
        p: payment.paymentId,
        q: payment.wallet,
        r: payment.acquirer,
        a: `${payment.payer.currency} ${payment.payer.minor}`,
        b: `${payment.payee.currency} ${payment.payee.minor}`,
        o: payment.order,
        m: payment.merchant.id,
        t: Date.now(),
      }
      return { ...payment, receipt: await signReceipt(claims, keys.signing) }
    },
    play(next) {
      script = next
    },
    stop: serving.stop,
  }
}

export const noticeOf = (duty: Notice['duty'], data: PaymentView): Notice => ({
  type: duty === 'release_hold' ? 'payment.aborted' : 'payment.committed',
  timestamp: '2026-01-31T08:00:00.300Z',
  duty,
  data,
})
