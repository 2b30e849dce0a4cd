/** Bodies are read up to a bound, so that nobody can fill a member's memory. */

/** The bytes of a message; null when there are more than `max`, of which the rest is not read. */
export async function readBounded(
  message: Request | Response,
  max: number,
): Promise<Uint8Array | null> {
  if (Number(message.headers.get('content-length') ?? 0) > max) return null
  if (message.body === null) return new Uint8Array()
  const reader = message.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joined(chunks, size)
    size += value.length
    if (size > max) {
      await reader.cancel()
      return null
    }
    chunks.push(value)
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
