/**
 * Evidence: the signature under a member's statement, kept in the journal with what the statement did, so that
 * anyone with the member's public key can verify it years later without asking anybody.
 *
 * What was signed is a signature base (RFC 9421, section 2.5). It names everything the signature speaks of: target
 * or status, the body's digest, who signed, when and under which key; an answer's base also has the signature of the
 * question. So bodies need not be kept: whoever holds one can show that it is the one.
 *
 * Bases are kept without what is the same in all of them: a journal has two for each payment.
 */
import { INSTITUTION_HEADER, SIGNATURE_LABEL } from './signature.ts'

export interface Evidence {
  /** The signature base of the statement, in short. */
  readonly base: string
  /** Base64. */
  readonly signature: string
  /** Of an answer: the base of the gateway's question, in short. Its signature is in the answer's base. */
  readonly asked?: string
}

/** As a field of an event; nothing where a statement came without, as in rows of before. */
export const kept = (evidence: Evidence | undefined): { readonly evidence?: Evidence } =>
  evidence === undefined ? {} : { evidence }

/** A base that is longer is believed from nobody, because nobody could keep it (bytes). */
export const BASE_MAX = 4_096

const INSTITUTION = `"${INSTITUTION_HEADER}"`
const DIGEST = '"content-digest"'
const QUESTION = `"signature";req;key="${SIGNATURE_LABEL}"`
const PARAMETERS = '"@signature-params"'

/** The components of our own questions and answers, in their order, each list under the letter that stands for it. */
const usual = {
  q: ['"@method"', '"@target-uri"', INSTITUTION, DIGEST],
  a: ['"@status"', INSTITUTION, DIGEST, QUESTION],
} as const

/** Values alone, where the components are the usual ones; any other base stays as it is, and begins with a quote. */
export function shortBase(base: string): string {
  const lines = base.split('\n')
  for (const [letter, names] of Object.entries(usual)) {
    const heads = headsOf(names)
    const fits =
      lines.length === heads.length && heads.every((head, at) => lines[at]?.startsWith(head))
    if (fits) return [letter, ...heads.map((head, at) => lines[at]?.slice(head.length))].join('\n')
  }
  return base
}

/** What was signed, byte for byte. */
export function fullBase(short: string): string {
  const [letter = '', ...values] = short.split('\n')
  const names = usual[letter as keyof typeof usual]
  if (names === undefined) return short
  return headsOf(names)
    .map((head, at) => `${head}${values[at] ?? ''}`)
    .join('\n')
}

const headsOf = (names: readonly string[]): readonly string[] => [
  ...names.map(name => `${name}: `),
  `${PARAMETERS}: (${names.join(' ')})`,
]

/** What a statement says of itself; null where its base does not have it. */
export interface Said {
  readonly institution: string | null
  readonly key: string | null
  /** When it was signed, by the signer's clock, in seconds since 1970. */
  readonly created: number | null
  /** The body's Content-Digest (RFC 9530), as it was on the wire. */
  readonly digest: string | null
  /** The signature of the question, base64. */
  readonly question: string | null
}

export function saidIn(short: string): Said {
  const lines = fullBase(short).split('\n')
  const lineOf = (name: string) =>
    lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null
  const parameters = lineOf(PARAMETERS) ?? ''
  const created = /;created=(\d{1,12})(?!\d)/.exec(parameters)?.[1]
  return {
    institution: lineOf(INSTITUTION),
    key: /;keyid="([^"]*)"/.exec(parameters)?.[1] ?? null,
    created: created === undefined ? null : Number(created),
    digest: lineOf(DIGEST),
    question: /^:([\w+/=]+):$/.exec(lineOf(QUESTION) ?? '')?.[1] ?? null,
  }
}
