/** Public keys under which statements are verified again: members' from the directory, the gateway's as published. */
import type { InstitutionKey } from '../../domain/institution.ts'
import { GATEWAY_ID } from '../../domain/signature.ts'
import { type VerifyingKey, verifyingKey } from '../../trust/keys.ts'
import type { KeyFinder } from '../../trust/signature.ts'

export type MemberKey = Pick<InstitutionKey, 'id' | 'institution' | 'algorithm' | 'publicKey'>

/** Retired keys are found too: whether a key was valid was decided when its statement came. */
export function keyFinder(
  members: readonly MemberKey[],
  gateway: readonly VerifyingKey[],
): KeyFinder {
  const byId = new Map(members.map(key => [key.id, key]))
  return async (id, institution) => {
    if (institution === GATEWAY_ID) return gateway.find(key => key.id === id)
    const key = byId.get(id)
    return key?.institution === institution ? verifyingKey(key) : undefined
  }
}
