/** A member by its name, and the way to its page. */
import { GATEWAY_ID } from '../../domain/signature.ts'
import { hrefOf } from '../store.ts'

/** What the gateway owes itself has no page. */
export const Member = ({ id }: { readonly id: string }) =>
  id === GATEWAY_ID ? <span>{id}</span> : <a href={hrefOf('institutions', id)}>{id}</a>
