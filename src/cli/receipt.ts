/** `cpg receipt …`: is this receipt the gateway's, what does it say, and what does it look like as a QR code? */
import { readFile } from 'node:fs/promises'
import decodeQR from 'qr/decode.js'
import type { ReceiptClaims } from '../domain/receipt.ts'
import { keysIn, publishedKeys } from '../sdk/gateway-keys.ts'
import type { VerifyingKey } from '../trust/keys.ts'
import { verifyReceipt } from '../trust/receipt.ts'
import { amountText } from './amount.ts'
import type { CommandResult } from './codes.ts'
import { isPng, readPng } from './png.ts'

/** Three parts of base64url, as RFC 7515 writes them. */
const RECEIPT = /^[\w-]{2,}\.[\w-]{2,}\.[\w-]{2,}$/

/**
 * The receipt itself, out of what people have: its text, a file with its text, or a picture of its QR code.
 * Throws, with what is wrong.
 */
export async function receiptIn(given: string): Promise<string> {
  const text = given.trim()
  if (RECEIPT.test(text)) return text
  const file = await readFile(text).catch(() => null)
  if (file === null) throw new Error('This is no receipt, and no file of this name is there.')
  const read = isPng(file) ? scanned(file) : new TextDecoder().decode(file).trim()
  if (!RECEIPT.test(read)) throw new Error(`What is in ${text} is no receipt.`)
  return read
}

function scanned(file: Uint8Array): string {
  const picture = readPng(file)
  try {
    return decodeQR(picture)
  } catch {
    throw new Error('No QR code can be read in this picture.')
  }
}

/** @param place a file that holds a key set, the address of one, or that of a gateway */
export async function keysAt(place: string): Promise<readonly VerifyingKey[]> {
  try {
    if (!/^https?:\/\//.test(place)) return await keysIn(JSON.parse(await readFile(place, 'utf8')))
    const { origin, pathname } = new URL(place)
    if (pathname === '/') return await publishedKeys(origin)()
    const answer = await fetch(place, { signal: AbortSignal.timeout(5_000) })
    return await keysIn(await answer.json())
  } catch {
    throw new Error(
      `No published keys can be had from ${place}: give a file or an address with --keys.`,
    )
  }
}

export async function verifyCommand(
  receipt: string,
  keys: readonly VerifyingKey[],
  asJson: boolean,
): Promise<CommandResult> {
  const claims = await verifyReceipt(receipt, async id => keys.find(key => key.id === id))
  const key = keyIn(receipt)
  if (claims !== null) {
    const view = viewOf(claims, key)
    return {
      text: asJson ? JSON.stringify({ genuine: true, ...view }, null, 2) : textOf(view),
      exitCode: 0,
    }
  }
  const why = whyNot(key, keys)
  return {
    text: asJson ? JSON.stringify({ genuine: false, why }, null, 2) : `Not genuine. ${why}`,
    exitCode: 1,
  }
}

function whyNot(key: string | null, keys: readonly VerifyingKey[]): string {
  if (key === null) return 'It does not have the form of a receipt.'
  if (keys.some(({ id }) => id === key)) {
    return `It is not signed with ${key}, or it was changed since. Do not hand out anything for it.`
  }
  const known = keys.map(({ id }) => id).join(', ')
  return `It names the key ${key}, and the gateway’s published keys are ${known}. Fetch them anew; if it is not there then, do not hand out anything for it.`
}

/** By its own word. */
function keyIn(receipt: string): string | null {
  try {
    const [head = ''] = receipt.split('.')
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid?: unknown }
    return typeof kid === 'string' ? kid : null
  } catch {
    return null
  }
}

const viewOf = ({ p, q, r, a, b, o, m, t }: ReceiptClaims, key: string | null) => ({
  key,
  paymentId: p,
  committedAt: new Date(t).toISOString(),
  wallet: q,
  acquirer: r,
  payer: moneyIn(a),
  payee: moneyIn(b),
  order: o,
  merchantId: m,
})

function moneyIn(text: string) {
  const [currency = '', minor = ''] = text.split(' ')
  return { currency, minor }
}

function textOf(view: ReturnType<typeof viewOf>): string {
  const rows = [
    ['Payment', view.paymentId],
    ['Committed', view.committedAt],
    ['Payer pays', `${amountText(view.payer)}  (${view.wallet})`],
    ['Merchant gets', `${amountText(view.payee)}  (${view.acquirer})`],
    ['Merchant', view.merchantId],
    ['Order', view.order],
  ]
  const lines = rows.map(([name = '', value]) => `${name.padEnd(15)}${value}`)
  return [`Genuine: signed by the gateway with ${view.key}.`, '', ...lines].join('\n')
}
