/** Bodies in full, but never more of them than is allowed. */

interface Message {
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array> | null
  arrayBuffer(): Promise<ArrayBuffer>
}

/** The bytes, or null when there are more than `max`. */
export async function readBody(message: Message, max: number): Promise<Uint8Array | null> {
  const declared = message.headers.get('content-length')
  if (Number(declared ?? 0) > max) return null
  if (message.body === null) return new Uint8Array()
  // HTTP ends a plain body at its declared length; a packed one is longer than it says, and is counted as it comes.
  // A length that repeats itself (`5, 5`) is none.
  const isPlain = declared !== null && !message.headers.has('content-encoding')
  if (isPlain && /^\d+$/.test(declared)) return bounded(await message.arrayBuffer(), max)
  return readParts(message.body, max)
}

const bounded = (bytes: ArrayBuffer, max: number): Uint8Array | null =>
  bytes.byteLength > max ? null : new Uint8Array(bytes)

async function readParts(
  body: ReadableStream<Uint8Array>,
  max: number,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > max) {
      await reader.cancel()
      return null
    }
    parts.push(value)
  }
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
