/** Evidence verified again: was this said by this member, and in answer to what the gateway had asked? */
import { type Evidence, fullBase, saidIn } from '../domain/evidence.ts'
import { GATEWAY_ID } from '../domain/signature.ts'
import { bytesOf, verify } from './keys.ts'
import type { KeyFinder } from './signature.ts'

/** `holds`, or the first thing that is wrong: with the statement, or with the question it answers. */
export type Held = 'holds' | 'stranger' | 'key_unknown' | 'forged' | 'question_forged'

const encoder = new TextEncoder()

/**
 * @param find gives the member's keys, and the gateway's for the questions that were answered. Whether a key was
 *   valid when it signed was decided then; retired keys must still be found.
 */
export async function verifyEvidence(
  { base, signature, asked }: Evidence,
  institution: string,
  find: KeyFinder,
): Promise<Held> {
  const said = saidIn(base)
  if (said.institution !== institution) return 'stranger'
  const held = await holds(base, signature, institution, find)
  if (held !== 'holds' || asked === undefined) return held
  const isOurs = said.question !== null && saidIn(asked).institution === GATEWAY_ID
  const question = isOurs ? await holds(asked, said.question, GATEWAY_ID, find) : 'forged'
  return question === 'holds' || question === 'key_unknown' ? question : 'question_forged'
}

async function holds(
  base: string,
  signature: string,
  institution: string,
  find: KeyFinder,
): Promise<Held> {
  const key = await find(saidIn(base).key ?? '', institution)
  if (key === undefined) return 'key_unknown'
  const genuine = await verify(key, encoder.encode(fullBase(base)), bytesIn(signature))
  return genuine ? 'holds' : 'forged'
}

/** What is no base64 is no signature either. */
function bytesIn(base64: string): Uint8Array {
  try {
    return bytesOf(base64)
  } catch {
    return new Uint8Array()
  }
}
