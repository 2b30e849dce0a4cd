/** `cpg receipt …` as people use it: from text, from a file, from a picture of any kind, and without any network. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import decodeQR from 'qr/decode.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPng } from '../../src/cli/png.ts'
import { modulesOf } from '../../src/draw/symbol.ts'
import { signReceipt } from '../../src/trust/receipt.ts'
import { party } from '../trust/parties.ts'

const folder = await mkdtemp(join(tmpdir(), 'cpg-receipt-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const gateway = await party('gateway')
const stranger = await party('gateway')
const claims = {
  v: 1,
  p: 'pay_08000sg0041g62gh30fjcb9m7d14jm2q',
  q: 'wallet-th',
  r: 'acquirer-cn',
  a: 'THB 31086',
  b: 'CNY 6800',
  o: 'order-1',
  m: 'cn-tea',
  t: 1_790_000_000_000,
} as const
const receipt = await signReceipt(claims, gateway.signing)
const forged = await signReceipt({ ...claims, b: 'CNY 1' }, stranger.signing)
const keys = join(folder, 'jwks.json')
const text = join(folder, 'receipt.txt')

beforeAll(async () => {
  const { kty, crv, x } = (await crypto.subtle.exportKey(
    'jwk',
    gateway.verifying.key,
  )) as JsonWebKey
  await writeFile(keys, JSON.stringify({ keys: [{ kid: 'gateway-1', kty, crv, x }] }))
  await writeFile(text, `${receipt}\n`)
})

function cpg(args: readonly string[], input = '') {
  const entry = join(import.meta.dirname, '../../src/cli/cpg.ts')
  const child = spawn(process.execPath, [entry, 'receipt', ...args])
  const heard = { out: '', error: '' }
  child.stdout.on('data', piece => (heard.out += piece))
  child.stderr.on('data', piece => (heard.error += piece))
  child.stdin.end(input)
  return new Promise<{ code: number | null } & typeof heard>(done =>
    child.on('close', code => done({ code, ...heard })),
  )
}

describe('cpg receipt verify', { timeout: 60_000 }, () => {
  it('says who signed it and what it says, with nothing but the published keys', async () => {
    const { code, out, error } = await cpg(['verify', receipt, '--keys', keys])
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toMatch(/^Genuine: signed by the gateway with gateway-1\.$/m)
    expect(out).toMatch(/^Merchant gets +CNY 68\.00 +\(acquirer-cn\)$/m)
    expect((await cpg(['verify', text, '--keys', keys])).out).toBe(out)
    expect((await cpg(['verify', '-', '--keys', keys], `${receipt}\n`)).out).toBe(out)
  })

  it('reads it from the picture that it draws', async () => {
    const picture = join(folder, 'receipt.png')
    expect(await cpg(['draw', text, '--out', picture])).toMatchObject({ code: 0, out: '' })
    const { code, out } = await cpg(['verify', picture, '--keys', keys, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      genuine: true,
      key: 'gateway-1',
      paymentId: claims.p,
      payee: { currency: 'CNY', minor: '6800' },
      committedAt: '2026-09-21T14:13:20.000Z',
    })
  })

  it.each<[string, string, string]>([
    ['a forged one', forged, 'not signed with gateway-1'],
    ['a changed one', `${receipt.slice(0, -8)}AAAA${receipt.slice(-4)}`, 'changed since'],
    ['one of another form', 'aa.bb.cc', 'not have the form'],
  ])('ends with 1 for %s, and says what it means', async (_, given, says) => {
    const { code, out } = await cpg(['verify', given, '--keys', keys])
    expect(code).toBe(1)
    expect(out).toContain('Not genuine.')
    expect(out).toContain(says)
  })

  it('names the keys there are where the one it was signed with is not among them', async () => {
    const next = await party('gateway', 'ed25519', 'gateway-2')
    const { code, out } = await cpg([
      'verify',
      await signReceipt(claims, next.signing),
      '--keys',
      keys,
    ])
    expect(code).toBe(1)
    expect(out).toMatch(/names the key gateway-2, .* are gateway-1\. Fetch them anew/)
  })

  it.each([
    ['what is neither a receipt nor a file', ['nothing'], 'no file of this name'],
    ['a file of something else', ['package.json'], 'is no receipt'],
    [
      'a picture of something else',
      [join(import.meta.dirname, '../../package.json'), '--keys', 'x'],
      'is no receipt',
    ],
    ['keys that are none', [receipt, '--keys', 'package.json'], 'No published keys'],
    ['a gateway that is not there', [receipt, '--keys', 'http://127.0.0.1:9'], 'No published keys'],
  ])('refuses %s with a sentence', async (_, args, says) => {
    const { code, out, error } = await cpg(['verify', ...args])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toContain(says)
  })
})

/** A symbol as a PNG of one kind, its lines filtered in all ways in turn. */
function pngOf(colour: number, depth: number): Uint8Array {
  const modules = modulesOf(receipt, 'low')!
  const [scale, quiet] = [3, 4]
  const size = (modules.length + 2 * quiet) * scale
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour]!
  const stride = Math.ceil((size * channels * depth) / 8)
  const back = Math.max(1, (channels * depth) >> 3)
  const lines = Array.from({ length: size }, (_, y) => {
    const line = new Uint8Array(stride)
    for (let x = 0; x < size; x += 1) {
      const dark = modules[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet] ?? false
      for (let channel = 0; channel < channels; channel += 1) {
        const isAlpha = channels % 2 === 0 && channel === channels - 1
        const bright = colour === 3 ? !dark : !dark || isAlpha
        const bit = (x * channels + channel) * depth
        // A palette has dark first, then bright.
        const value = colour === 3 ? Number(bright) : bright ? 2 ** depth - 1 : 0
        if (depth >= 8) line.fill(value & 0xff, bit >> 3, (bit >> 3) + depth / 8)
        else line[bit >> 3] = (line[bit >> 3] ?? 0) | (value << (8 - depth - (bit & 7)))
      }
    }
    return line
  })
  const filtered = lines.map((line, y) => {
    const filter = y % 5
    const above = lines[y - 1]
    const bytes = line.map((value, x) => {
      const left = x < back ? 0 : line[x - back]!
      const up = above?.[x] ?? 0
      const corner = x < back ? 0 : (above?.[x - back] ?? 0)
      const distance = (to: number) => Math.abs(left + up - corner - to)
      const nearest = [left, up, corner].toSorted(
        (one, other) => distance(one) - distance(other),
      )[0]!
      return value - [0, left, up, (left + up) >> 1, nearest][filter]!
    })
    return Uint8Array.of(filter, ...bytes)
  })
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, size)
  new DataView(header.buffer).setUint32(4, size)
  header.set([depth, colour], 8)
  const palette = colour === 3 ? [chunk('PLTE', Uint8Array.of(0, 0, 0, 255, 255, 255))] : []
  const pixels = deflateSync(Buffer.concat(filtered))
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...palette,
    chunk('IDAT', pixels.subarray(0, 100)),
    chunk('IDAT', pixels.subarray(100)),
    chunk('IEND', new Uint8Array()),
  ])
}

/** The check sum is left out: a reader of pictures need not insist. */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length)
  new DataView(bytes.buffer).setUint32(0, content.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(content, 8)
  return bytes
}

describe('a PNG', () => {
  it.each([
    ['grey of 1 bit', 0, 1],
    ['grey of 2 bits', 0, 2],
    ['grey of 4 bits', 0, 4],
    ['grey of 8 bits', 0, 8],
    ['grey of 16 bits', 0, 16],
    ['RGB of 8 bits', 2, 8],
    ['RGB of 16 bits', 2, 16],
    ['a palette of 1 bit', 3, 1],
    ['a palette of 8 bits', 3, 8],
    ['grey with alpha', 4, 8],
    ['RGBA of 8 bits', 6, 8],
    ['RGBA of 16 bits', 6, 16],
  ])('in %s is read, however its lines are filtered', (_, colour, depth) => {
    expect(decodeQR(readPng(pngOf(colour, depth)))).toBe(receipt)
  })

  it.each<[string, (file: Uint8Array) => void]>([
    ['interlaced', file => (file[28] = 1)],
    ['of an unknown colour', file => (file[25] = 5)],
    ['too large', file => file.fill(0xff, 16, 20)],
    ['empty', file => file.fill(0, 16, 20)],
    ['broken off', file => file.fill(0, 33)],
  ])('that is %s is refused', (_, spoil) => {
    const file = pngOf(0, 8)
    spoil(file)
    expect(() => readPng(file)).toThrow()
  })
})
