/** Evidence as an auditor has it: base, signature, and the public keys; nothing else is needed, and nothing can be changed. */
import { createSignature } from 'http-message-sig'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Evidence, fullBase, shortBase } from '../../src/domain/evidence.ts'
import { contentDigest } from '../../src/trust/digest.ts'
import { verifyEvidence } from '../../src/trust/evidence.ts'
import { sign } from '../../src/trust/keys.ts'
import { signAnswer, signRequest, verifyAnswer, verifyRequest } from '../../src/trust/signature.ts'
import { answer, findAmong, NOW, party, request } from './parties.ts'

const wallet = await party('wallet-th')
const acquirer = await party('acquirer-cn', 'ecdsa-p256-sha256')
const gateway = await party('gateway')
const find = findAmong(wallet, acquirer, gateway)

let stated: Evidence
let answered: Evidence

beforeAll(async () => {
  const asking = request()
  await signRequest(asking, wallet.signing, NOW)
  const proof = await verifyRequest(asking, find, NOW)
  if (proof.ok) stated = proof.value.evidence
  const question = request({ url: 'https://acquirer.example/payments/accept' })
  const asked = await signRequest(question, gateway.signing, NOW)
  const said = answer()
  await signAnswer(said, question, acquirer.signing, NOW)
  const heard = await verifyAnswer(said, question, find, NOW)
  if (heard.ok) answered = { ...heard.value.evidence, asked }
})

const altered = (base: string, from: string, to: string) =>
  shortBase(fullBase(base).replace(from, to))

describe('evidence', () => {
  it('of a request and of an answer holds for ever, by the keys alone', async () => {
    expect(await verifyEvidence(stated, 'wallet-th', find)).toBe('holds')
    expect(await verifyEvidence(answered, 'acquirer-cn', find)).toBe('holds')
  })

  // biome-ignore format: a table is read by column
  it.each<[string, () => [Evidence, string], string]>([
    ['another digest',           () => [{ ...stated, base: altered(stated.base, 'sha-256=:', 'sha-256=:A') }, 'wallet-th'],   'forged'],
    ['another instant',          () => [{ ...stated, base: altered(stated.base, 'created=1', 'created=2') }, 'wallet-th'],    'forged'],
    ['another target',           () => [{ ...stated, base: altered(stated.base, '/v1/payments', '/v1/refunds') }, 'wallet-th'], 'forged'],
    ['another signature',        () => [{ ...stated, signature: answered.signature }, 'wallet-th'],                           'forged'],
    ['no signature',             () => [{ ...stated, signature: '?' }, 'wallet-th'],                                          'forged'],
    ['another member',           () => [stated, 'acquirer-cn'],                                                               'stranger'],
    ['a key that nobody knows',  () => [{ ...stated, base: altered(stated.base, 'wallet-th-1', 'wallet-th-9') }, 'wallet-th'], 'key_unknown'],
    ['no base',                  () => [{ ...stated, base: '' }, 'wallet-th'],                                                'stranger'],
    ['another status',           () => [{ ...answered, base: altered(answered.base, '200', '500') }, 'acquirer-cn'],          'forged'],
    ['another question',         () => [{ ...answered, asked: altered(answered.asked!, 'accept', 'cancel') }, 'acquirer-cn'], 'question_forged'],
    ['a question of a stranger', () => [{ ...answered, asked: stated.base }, 'acquirer-cn'],                                  'question_forged'],
    ['no question',              () => [{ ...answered, asked: '' }, 'acquirer-cn'],                                           'question_forged'],
  ])('with %s does not', async (_, of, held) => {
    const [evidence, institution] = of()
    expect(await verifyEvidence(evidence, institution, find)).toBe(held)
  })

  it('is not kept of a message that covers more than anybody can keep, so the message does not count', async () => {
    const headers = new Headers({ 'x-long': 'a'.repeat(4_096) })
    const asking = request({ headers })
    await signRequest(asking, wallet.signing, NOW)
    const input = asking.headers.get('signature-input') ?? ''
    expect(input).toContain('cpg=("@method"')
    expect(await verifyRequest(asking, find, NOW)).toMatchObject({ ok: true })
    const covering = await signedCovering(headers)
    expect(await verifyRequest(covering, find, NOW)).toMatchObject({
      refusal: { code: 'SIGNATURE_COVERAGE' },
    })
  })
})

/** A member that signs one header more than it must. */
async function signedCovering(headers: Headers) {
  const asking = request({ headers: new Headers(headers) })
  asking.headers.set('cpg-institution', 'wallet-th')
  asking.headers.set('content-digest', await contentDigest(asking.body))
  const { method, url } = asking
  const fields = Array.from(asking.headers, ([name, value]) => ({ name, value }))
  const made = await createSignature(
    { kind: 'request', method, targetUri: url, fields },
    {
      label: 'cpg',
      components: ['@method', '@target-uri', 'cpg-institution', 'content-digest', 'x-long'],
      parameters: { created: Math.floor(NOW / 1000), keyid: 'wallet-th-1', alg: 'ed25519' },
      signer: { algorithm: 'ed25519', sign: bytes => sign(wallet.signing, bytes) },
    },
  )
  asking.headers.set('signature', made.signature)
  asking.headers.set('signature-input', made.signatureInput)
  return asking
}
