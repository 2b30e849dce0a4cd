/** Receipts as compact JWS (RFC 7515): anyone with the published keys can verify one, online or not. */
import { CompactSign, compactVerify } from 'jose'
import { RECEIPT_TYPE, type ReceiptClaims } from '../domain/receipt.ts'
import type { SigningKey, VerifyingKey } from './keys.ts'

/** JOSE's names for our two algorithms (RFC 8037, RFC 7518). */
const joseAlgorithm = { ed25519: 'EdDSA', 'ecdsa-p256-sha256': 'ES256' } as const

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const signReceipt = (claims: ReceiptClaims, by: SigningKey): Promise<string> =>
  new CompactSign(encoder.encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: joseAlgorithm[by.algorithm], kid: by.id, typ: RECEIPT_TYPE })
    .sign(by.key)

/** The claims, or null when the text is no receipt of the gateway under any of these keys. */
export async function verifyReceipt(
  receipt: string,
  find: (keyId: string) => Promise<VerifyingKey | undefined>,
): Promise<ReceiptClaims | null> {
  try {
    const { payload, protectedHeader } = await compactVerify(
      receipt,
      async header => {
        const key = header.kid === undefined ? undefined : await find(header.kid)
        if (key === undefined) throw new Error('unknown key')
        return key.key
      },
      { algorithms: ['EdDSA', 'ES256'] },
    )
    const claims: ReceiptClaims = JSON.parse(decoder.decode(payload))
    return protectedHeader.typ === RECEIPT_TYPE && claims.v === 1 ? claims : null
  } catch {
    return null
  }
}
