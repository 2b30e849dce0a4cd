/** What a search text may be in a payment: itself as an id or reference, or the hash of the code that it is. */
import { codeHashOf } from '../trust/digest.ts'
import { readConsumerCode } from './consumer-code.ts'
import type { CodeWorld } from './world.ts'

export async function needlesOf(text: string, world: CodeWorld): Promise<readonly string[]> {
  // A consumer code is known by its number, whether it was scanned as a QR or as a bar code.
  const scanned = readConsumerCode(text, world)
  const code = scanned.ok ? scanned.value.token : text
  return [text, await codeHashOf(code)]
}
