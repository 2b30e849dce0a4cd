/** Whether published keys are keys: a key that cannot be imported would lock its institution out. */
import type { InstitutionKey, SignatureAlgorithm } from '../domain/institution.ts'
import type { FieldError } from '../domain/refusal.ts'
import type { DirectoryChange } from './directory-change.ts'

const forms = {
  ed25519: { name: 'Ed25519' },
  'ecdsa-p256-sha256': { name: 'ECDSA', namedCurve: 'P-256' },
} as const satisfies Record<SignatureAlgorithm, unknown>

export async function keyFaults(
  changes: readonly DirectoryChange[],
): Promise<readonly FieldError[]> {
  const faults = await Promise.all(
    changes.map(async (change, place) =>
      'put' in change && change.put === 'key' && !(await parses(change.row))
        ? { pointer: `/${place}/row/publicKey`, says: `is no key for ${change.row.algorithm}` }
        : [],
    ),
  )
  return faults.flat()
}

async function parses({ algorithm, publicKey }: InstitutionKey): Promise<boolean> {
  try {
    const bytes = Uint8Array.from(atob(publicKey), letter => letter.charCodeAt(0))
    await crypto.subtle.importKey('spki', bytes, forms[algorithm], false, ['verify'])
    return true
  } catch {
    return false
  }
}
