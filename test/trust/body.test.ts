import { describe, expect, it } from 'vitest'
import { readBody } from '../../src/trust/body.ts'

/** A body that is produced piece by piece, and how much of it was asked for. */
function pieces(size: number, count: number, headers: Record<string, string> = {}) {
  const told = { pulled: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        told.pulled += 1
        controller.enqueue(new Uint8Array(size).fill(told.pulled))
        if (told.pulled === count) controller.close()
      },
      cancel() {
        told.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { told, message: new Response(body, { headers }) }
}

describe('a body', () => {
  it.each([
    [100, 1],
    [25, 4],
    [1, 100],
  ])(
    'of %i bytes in each of %i pieces is read whole, up to the very bound',
    async (size, count) => {
      const { message } = pieces(size, count)
      const read = await readBody(message, 100)
      expect(read).toHaveLength(100)
      expect(read?.at(-1)).toBe(count)
    },
  )

  it('one byte over the bound is not read', async () => {
    expect(await readBody(pieces(101, 1).message, 100)).toBeNull()
    expect(await readBody(pieces(1, 101).message, 100)).toBeNull()
  })

  it('without end is given up at the bound, and its sender is told', async () => {
    const { message, told } = pieces(50, 1_000_000)
    expect(await readBody(message, 100)).toBeNull()
    expect(told).toEqual({ pulled: 3, cancelled: true })
  })

  it('that says it is too long is not even begun', async () => {
    const { message, told } = pieces(10, 1, { 'content-length': '101' })
    expect(await readBody(message, 100)).toBeNull()
    expect(told.pulled).toBe(0)
  })

  it.each(['5', '-1', 'x', ''])(
    'that says its length is "%s" is measured all the same',
    async said => {
      expect(await readBody(pieces(101, 1, { 'content-length': said }).message, 100)).toBeNull()
      expect(await readBody(pieces(100, 1, { 'content-length': said }).message, 100)).toHaveLength(
        100,
      )
    },
  )

  it('that is packed is measured as it comes out, whatever it says', async () => {
    const packed = { 'content-length': '5', 'content-encoding': 'gzip' }
    const { message, told } = pieces(50, 1_000_000, packed)
    expect(await readBody(message, 100)).toBeNull()
    expect(told.cancelled).toBe(true)
  })

  it('that is not there is empty', async () => {
    expect(await readBody(new Response(null), 100)).toEqual(new Uint8Array())
  })
})
