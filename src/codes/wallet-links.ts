/** Links whose meaning only their owner knows: the token is kept, and the owner is asked. */
import { decimalOf } from './amount.ts'
import type { Family, Link } from './families/row.ts'
import { decoded, type LinkParts, linkParts, parameters } from './link.ts'
import type { Draft } from './reading.ts'
import { isAlphanumeric, isDigits } from './shapes.ts'
import { stateAmount } from './stated.ts'

/** A host, a path, a token. Without token, it is the owner's home page and no code. */
export function readToken(draft: Draft, row: Family, { path, query }: LinkParts, link: Link): void {
  const rest = decoded(path.slice(link.path?.length ?? 1))
  const token = rest === '' ? query : rest
  if (token === '' || token === '/') draft.refuse('not-a-payment')
  draft.addFamily(row, { token }, null)
}

/**
 * The app's own scheme carries the printed link in `qrcode`; other pages of the app are no codes.
 */
export function readAlipayApp(draft: Draft, row: Family, { query }: LinkParts, link: Link): void {
  const inner = linkParts(parameters(query).values.get('qrcode') ?? '')
  const isCode = inner !== null && inner.host === 'qr.alipay.com' && !inner.suspicious
  if (isCode) readToken(draft, row, inner, { ...link, path: '/' })
  else draft.refuse('not-a-payment')
}

/**
 * qr.95516.com: eight digits name the acquirer, the rest is a serial; other paths are not codes.
 */
export function readUnionPay(draft: Draft, row: Family, { path }: LinkParts): void {
  const [, issuer = '', serial = ''] = path.split('/')
  const isCode = issuer.length === 8 && isDigits(issuer) && isAlphanumeric(serial)
  if (!isCode) draft.refuse('not-a-payment')
  draft.addFamily(row, { issuer, serial }, isCode ? issuer : null)
}

/** wxp://f2f… and weixin://wxpay/…: printed codes are static, order codes (`pr`) dynamic. */
export function readWechatPay(draft: Draft, row: Family, parts: LinkParts): void {
  const token = parts.scheme === 'wxp' ? parts.authority : parts.path.slice(1)
  if (token === '' && parts.query === '') draft.refuse('not-a-payment')
  if (parts.scheme === 'wxp') draft.initiation = 'static'
  else if (parameters(parts.query).values.has('pr')) draft.initiation = 'dynamic'
  draft.addFamily(row, { token: token === '' ? parts.query : token }, null)
}

/** SBP: type 01 static, 02 dynamic; `sum` counts kopecks. */
export function readSbp(draft: Draft, row: Family, { path, query }: LinkParts): void {
  const { values, isTwice } = parameters(query)
  const token = path.slice(1)
  if (!isAlphanumeric(token)) draft.refuse('not-a-payment')
  if (isTwice) draft.refuse('duplicate-field')
  const type = values.get('type')
  if (type === '01') draft.initiation = 'static'
  else if (type === '02') draft.initiation = 'dynamic'
  const sum = values.get('sum')
  if (sum !== undefined && sum !== '') {
    if (isDigits(sum)) stateAmount(draft, decimalOf(BigInt(sum), 2))
    else draft.refuse('amount-malformed')
  }
  const bank = values.get('bank') ?? null
  draft.addFamily(row, { token, ...(bank === null ? {} : { bank }) }, bank)
}

/** Click: a transfer token, or a service with an amount in sums. */
export function readClick(draft: Draft, row: Family, { path, query }: LinkParts): void {
  const token = path.split('/')[2] ?? ''
  const { values } = parameters(query)
  if (token === '') draft.refuse('not-a-payment')
  const amount = values.get('amount')
  if (amount !== undefined && amount !== '') stateAmount(draft, amount)
  draft.addFamily(row, { token, ...Object.fromEntries(values) }, values.get('merchant_id') ?? null)
}
