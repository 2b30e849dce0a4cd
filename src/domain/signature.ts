/**
 * What a signature must cover, on the wire between the gateway and its members.
 * HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530); the format itself is a library's work.
 */
import type { RefusalCode } from './refusal.ts'

/** Names the institution that signs, and on the gateway's own calls the gateway. */
export const INSTITUTION_HEADER = 'cpg-institution'

/** The label of our signature in `Signature` and `Signature-Input`. */
export const SIGNATURE_LABEL = 'cpg'

/** How the gateway names itself where an institution would name itself. */
export const GATEWAY_ID = 'gateway'

/** `created` may be this far from the verifier's clock, either way (seconds). */
export const SIGNATURE_WINDOW_S = 300

/** Largest body of a request, either way, and of a member's answer, in bytes. */
export const BODY_MAX = 65_536

/** Covered by every request. A body adds `content-digest`; a request without one has nothing to digest. */
export const requestComponents = ['@method', '@target-uri', INSTITUTION_HEADER] as const

export type SignatureRefusal = Extract<RefusalCode, `SIGNATURE_${string}`>
