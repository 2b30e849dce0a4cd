import { describe, expect, it } from 'vitest'
import { type Frame, partOf, sharesOf } from './parts.ts'

const library = 'node_modules/http-message-sig/dist/index.mjs'
/** Innermost first, `name file`; a name alone is native. */
const stack = (...frames: string[]): Frame[] =>
  frames.map(frame => {
    const [name = '', file] = frame.split(' ')
    return { name, file }
  })

describe('a sample of the work for a payment', () => {
  // biome-ignore format: a table is read by column
  it.each([
    ['signatures: to verify them',               stack('verify', 'verify2 src/trust/keys.ts', `verifySignature ${library}`)],
    ['signatures: to verify them',               stack(`extractField ${library}`, `buildSignatureBase ${library}`, `verifySignature ${library}`)],
    ['signatures: to make them',                 stack(`extractField ${library}`, `buildSignatureBase ${library}`, `createSignature ${library}`)],
    ['signatures: to make them',                 stack('set', 'attach src/trust/signature.ts')],
    ['signatures: to make them',                 stack('anything src/middleware/signs.ts')],
    ['signatures: to verify them',               stack('sha256 src/trust/digest.ts', 'digestMatches src/trust/digest.ts')],
    ['signatures: digests and keys, for either', stack('sha256 src/trust/digest.ts')],
    ['seals of quotes',                          stack('unseal src/trust/seal.ts')],
    ['commit: what objects write and read',      stack('exec', 'rows durable-objects/sql.ts', 'append durable-objects/chain.ts')],
    ['hop: calls to objects, as they are made',  stack('submit', 'once src/reach.ts', 'run src/flows/open.ts')],
    ['responder: calls to members',              stack('fetch', 'post src/peers/post.ts')],
    ['memory: the garbage collector',            stack('(garbage')],
  ])('is %s by what was under way', (part, frames) => {
    expect(partOf(frames, 'edge')).toBe(part)
  })

  it('that no JavaScript runs in belongs to workerd, by whose thread it was', () => {
    expect(partOf(stack('(program)', '(root)'), 'edge')).toMatch(/^workerd at the edge/)
    expect(partOf(stack('(program)', '(root)'), 'center')).toMatch(/^workerd in centers/)
  })
})

describe('shares', () => {
  it.each([[[1, 1, 1]], [[5, 0, 95.4, 0.3]], [[0.1]], [[7, 11, 13, 17, 19, 23]]])(
    'of %j add up to a hundred',
    amounts => {
      expect(sharesOf(amounts).reduce((sum, share) => sum + share, 0)).toBe(100)
    },
  )

  it('of nothing are none', () => {
    expect(sharesOf([0, 0])).toEqual([0, 0])
  })
})
