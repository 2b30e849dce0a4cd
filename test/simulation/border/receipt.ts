/** Stands for `src/trust/receipt.ts`: claims under the gateway's mark. */
import type { ReceiptClaims } from '../../../src/domain/receipt.ts'
import { markOf } from './mark.ts'

export function signReceipt(claims: ReceiptClaims): Promise<string> {
  const text = JSON.stringify(claims)
  return Promise.resolve(`${markOf(text)}.${text}`)
}

/** The claims, or null when the text is no receipt of the gateway. */
export function claimsOf(receipt: string): ReceiptClaims | null {
  const text = receipt.slice(receipt.indexOf('.') + 1)
  return receipt === `${markOf(text)}.${text}` ? JSON.parse(text) : null
}
