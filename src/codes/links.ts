/**
 * Reads links: by scheme or by the exact host of a family's owner, or as a wrapping of an EMVCo
 * code.
 */

import { readEmbedded } from './embedded.ts'
import type { Family, Link } from './families/row.ts'
import { families } from './families.ts'
import { decoded, type LinkParts, linkParts } from './link.ts'
import { Draft } from './reading.ts'
import { readSwishLink } from './swish.ts'
import { readTwqr } from './twqr.ts'
import { readUpi } from './upi.ts'
import {
  readAlipayApp,
  readClick,
  readSbp,
  readToken,
  readUnionPay,
  readWechatPay,
} from './wallet-links.ts'

export type LinkReader = (draft: Draft, row: Family, parts: LinkParts, link: Link) => void

// biome-ignore format: a table is read by column
const linkReaders = {
  'token':    readToken,
  'alipay':   readAlipayApp,
  'unionpay': readUnionPay,
  'wechat':   readWechatPay,
  'sbp':      readSbp,
  'click':    readClick,
  'upi':      readUpi,
  'twqr':     readTwqr,
  'swish':    readSwishLink,
} as const satisfies Record<string, LinkReader>
export type LinkReaderName = keyof typeof linkReaders

/** Null when the text is no link at all. */
export function readLink(payload: string): Draft | null {
  // Some Taiwanese banks encode the whole link, its scheme included.
  const text = payload.includes('://') ? payload : decoded(payload)
  const parts = linkParts(unwrapped(text))
  if (parts === null) return null
  const match = matchOf(parts)
  if (match !== undefined) return readAs(match, parts)
  const embedded = readEmbedded(text, payload)
  if (embedded !== null) return embedded
  const draft = new Draft('mpm-url')
  draft.refuse(imitatesOwner(text) ? 'host-not-owner' : 'unknown-code')
  return draft
}

function readAs({ row, link }: Match, parts: LinkParts): Draft {
  const draft = new Draft('mpm-url')
  draft.presentment = row.presentment
  draft.country = link.market ?? row.market
  draft.currency =
    link.currency ?? (row.currencies.length === 1 ? (row.currencies[0] ?? null) : null)
  linkReaders[link.read](draft, row, parts, link)
  return draft.settle()
}

/**
 * Android wraps links as `intent://rest#Intent;scheme=upi;…;end`
 * (developer.chrome.com, Android intents).
 */
function unwrapped(text: string): string {
  if (!text.toLowerCase().startsWith('intent://')) return text
  const mark = text.lastIndexOf('#Intent;')
  if (mark < 0) return text
  for (const part of text.slice(mark + 8).split(';')) {
    if (part.startsWith('scheme=')) return `${part.slice(7)}${text.slice(6, mark)}`
  }
  return text
}

interface Match {
  readonly row: Family
  readonly link: Link
}

const matches: readonly Match[] = families.flatMap(row => row.links.map(link => ({ row, link })))

function matchOf(parts: LinkParts): Match | undefined {
  const scheme = parts.scheme === 'http' ? 'https' : parts.scheme
  return matches.find(({ link }) => {
    if (link.scheme !== scheme) return false
    if (link.host !== undefined && (parts.suspicious || link.host !== parts.host)) return false
    return link.path === undefined || parts.path.toLowerCase().startsWith(link.path)
  })
}

const hosts = [...new Set(matches.flatMap(({ link }) => link.host ?? []))].filter(host =>
  host.includes('.'),
)

/** An owner's host somewhere else in a link is how a forged code looks trustworthy. */
function imitatesOwner(text: string): boolean {
  const lower = text.toLowerCase()
  return hosts.some(host => lower.includes(host))
}
