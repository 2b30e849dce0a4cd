/** The members, as far as every view needs them: whose money is in which currency. */
import { signal } from '@preact/signals'
import { limitKinds } from '../domain/limit.ts'
import type { StepView } from '../wire/ops-change.ts'
import type { InstitutionView } from '../wire/ops-network.ts'
import { Refused, read } from './api.ts'

/** Empty until they are known; then names stay, and whoever has joined since is known after the page is loaded anew. */
export const members = signal<readonly InstitutionView[]>([])

export async function loadMembers() {
  type Members = { readonly data: readonly InstitutionView[] }
  try {
    members.value = (await read<Members>('/ops/v1/institutions', { limit: 500 })).data
  } catch (error) {
    // Then amounts are shown in minor units, and say so.
    if (!(error instanceof Refused)) throw error
  }
}

type LimitName = Pick<Extract<StepView, { kind: 'set_limit' }>['limit'], 'institution' | 'kind'>

/** Null where payments are counted, undefined where the member is not known. */
export function currencyOfLimit({ institution, kind }: LimitName): string | null | undefined {
  if (limitKinds[kind].counts === 'payments') return null
  return members.value.find(({ id }) => id === institution)?.currencies[0]
}
