/** A message to an endpoint that is no member: a Standard Webhook, which any receiver can verify by our published keys. */
import { mayCall } from '../domain/endpoint.ts'
import { signRequest } from '../trust/signature.ts'
import { addWebhook } from '../trust/webhook.ts'
import type { PostPorts } from './post.ts'

const encoder = new TextEncoder()
/** The alert waits on every screen meanwhile, so an endpoint has time. */
const TIMEOUT_MS = 10_000

/**
 * Whether the endpoint has it: any 2xx says so. Its answer is not read, and a redirect is none.
 *
 * @param id the same in every repetition
 */
export async function callWebhook(
  url: string,
  id: string,
  content: unknown,
  ports: Pick<PostPorts, 'now' | 'fetch' | 'key' | 'sandbox'>,
): Promise<boolean> {
  if (!mayCall(url, ports.sandbox)) return false
  const body = encoder.encode(JSON.stringify(content))
  const headers = new Headers({ 'content-type': 'application/json' })
  await addWebhook(headers, id, body, ports.key, ports.now())
  await signRequest({ method: 'POST', url, headers, body }, ports.key, ports.now())
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const answer = await ports.fetch(
      new Request(url, { method: 'POST', headers, body, redirect: 'manual', signal }),
    )
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
