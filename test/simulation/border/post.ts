/**
 * Stands for `src/peers/post.ts`, which signs, sends and believes. Here a message arrives with the key it was signed
 * under, or with none; what that means is kept: an answer counts only under a key of the member that was asked, and
 * no answer says nothing about what the member did.
 */
import type { Institution } from '../../../src/domain/institution.ts'
import type { Posted } from '../../../src/peers/post.ts'
import { stage } from '../stage.ts'

export async function post(
  to: Institution,
  path: string,
  content: unknown,
  deadline: number,
  ports: { now(): number },
): Promise<Posted> {
  if (to.endpoint === null) return { heard: false, left: false, why: 'no_endpoint' }
  const budget = deadline - ports.now()
  if (budget <= 0) return { heard: false, left: false, why: 'late' }
  const answer = await stage().members.ask(to.id, path, content, budget)
  // A member that cannot be reached is known at once; silence says nothing about what was heard.
  if (typeof answer === 'string') return { heard: false, left: answer === 'late', why: answer }
  if (answer.signedBy !== to.id) return { heard: false, left: true, why: 'untrusted' }
  if (answer.status !== 200) return { heard: false, left: true, why: 'error' }
  const evidence = { base: answer.key, signature: '' }
  return { heard: true, body: answer.body, key: answer.key, evidence }
}
