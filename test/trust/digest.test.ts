import { describe, expect, it } from 'vitest'
import { contentDigest, digestMatches, hexOf } from '../../src/trust/digest.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
/** RFC 9530, appendix B: the body and its digests. */
const body = bytes('{"hello": "world"}')
const sha256 = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:'
const sha512 =
  'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:'

const other = await contentDigest(bytes('{}'))

describe('a content digest', () => {
  it('is that of the RFC', async () => {
    expect(await contentDigest(body)).toBe(sha256)
  })

  it('of nothing is the digest of the empty body', async () => {
    expect(await contentDigest(new Uint8Array())).toBe(
      'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
    )
  })

  it.each([
    ['alone', sha256, true],
    ['before another', `${sha256}, ${sha512}`, true],
    ['after another', `${sha512},${sha256}`, true],
    ['twice', `${sha256}, ${sha256}`, true],
    ['of another algorithm only', sha512, false],
    ['missing', '', false],
    ['cut', sha256.slice(0, -2), false],
    ['without its colons', sha256.replaceAll(':', ''), false],
    ['under another name', sha256.replace('sha-256', 'sha-512'), false],
    ['of another body', other, false],
    ['inside something longer', `x${sha256}`, false],
  ])('%s is seen for what it is', async (_, header, wanted) => {
    expect(await digestMatches(header, body)).toBe(wanted)
  })

  it('in hex has two letters for each byte', () => {
    expect(hexOf(new Uint8Array([0, 1, 15, 16, 255]))).toBe('00010f10ff')
  })
})
