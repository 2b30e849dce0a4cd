/** The command line as people use it: a process with arguments, pipes and an exit code. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { inflateSync } from 'node:zlib'
import decodeQR from 'qr/decode.js'
import { afterAll, describe, expect, it } from 'vitest'

const entry = join(import.meta.dirname, '../../src/cli/cpg.ts')
const folder = await mkdtemp(join(tmpdir(), 'cpg-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

function cpg(args: readonly string[], input?: string): Promise<Ended> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const heard = { out: '', error: '' }
  child.stdout.on('data', piece => (heard.out += piece))
  child.stderr.on('data', piece => (heard.error += piece))
  child.stdin.end(input)
  return new Promise(resolve => child.on('close', code => resolve({ code, ...heard })))
}

const written = ['codes', 'write', 'promptpay', 'mobile=0066812345678', 'amount=120.00'] as const
const promptpay =
  '00020101021229370016A0000006770101110113006681234567853037645406120.005802TH6304BC9B'

describe('cpg codes explain', () => {
  it('shows what a code is, field by field', async () => {
    const { code, out, error } = await cpg(['codes', 'explain', promptpay])
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toMatch(/^Code +mpm-emv, valid, payable$/m)
    expect(out).toMatch(/^ +60 +54 +Amount +120\.00$/m)
  })

  it('gives the whole reading as JSON, from an argument or a pipe', async () => {
    const one = await cpg(['codes', 'explain', promptpay, '--json'])
    const other = await cpg(['codes', 'explain', '-', '--json'], `${promptpay}\n`)
    expect(other.out).toBe(one.out)
    expect(JSON.parse(one.out)).toMatchObject({
      valid: true,
      currency: 'THB',
      amountMinor: '12000',
      tree: expect.arrayContaining([expect.objectContaining({ id: '54', value: '120.00' })]),
    })
  })

  it('answers every line of --jsonl with one line, in order', async () => {
    const lines = [JSON.stringify(promptpay), 'no JSON', '""', JSON.stringify('4111111111111111')]
    const { code, out } = await cpg(['codes', 'explain', '--jsonl'], `${lines.join('\n')}\n`)
    const answers = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(code).toBe(0)
    expect(answers.map(({ valid, errors }) => [valid, ...errors])).toEqual([
      [true],
      [false, 'empty'],
      [false, 'empty'],
      [false, 'card-number'],
    ])
    expect(out).not.toContain('4111111111111111')
  })

  it('ends with 1 for a code that is not valid, and still explains it', async () => {
    const { code, out } = await cpg(['codes', 'explain', promptpay.replace('120.00', '920.00')])
    expect(code).toBe(1)
    expect(out).toContain('crc-mismatch')
  })
})

describe('cpg codes write', () => {
  it('prints the payload alone, so that it can be piped', async () => {
    expect(await cpg(written)).toEqual({ code: 0, out: `${promptpay}\n`, error: '' })
  })

  it.each([
    ['a scheme that is none', ['nosuch'], 'codes families'],
    ['a field that is none', ['promptpay', 'colour=red'], '"colour" is none of'],
    ['a value of the wrong shape', ['promptpay', 'mobile=1', 'amount=x'], 'field-shape'],
  ])('refuses %s on standard error, with what to do next', async (_, args, says) => {
    const { code, out, error } = await cpg(['codes', 'write', ...args])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error).toContain(says)
  })

  it('lists the schemes and their fields', async () => {
    const { code, out } = await cpg(['codes', 'families'])
    expect(code).toBe(0)
    expect(out).toMatch(/^vietqr .* bankBin! accountNumber! service$/m)
  })
})

describe('cpg codes draw', () => {
  it('draws for the terminal what a scanner reads', async () => {
    const { code, out } = await cpg(['codes', 'draw', promptpay])
    expect(code).toBe(0)
    expect(scan(pixelsOfTerminal(out))).toBe(promptpay)
  })

  it('draws a PNG that a scanner reads; the file’s name says which kind', async () => {
    const file = join(folder, 'code.png')
    expect(await cpg(['codes', 'draw', promptpay, '--out', file])).toMatchObject({
      code: 0,
      out: '',
    })
    const pixels = pixelsOfPng(await readFile(file))
    expect(pixels.length % 8).toBe(0)
    expect(scan(pixels)).toBe(promptpay)
  })

  it('draws an SVG with a quiet zone of four modules', async () => {
    const { out } = await cpg(['codes', 'draw', promptpay, '--format', 'svg'])
    expect(out).toMatch(/^<svg xmlns="[^"]+" viewBox="0 0 41 41"/)
    expect(out).toContain('d="M4 4h7v1h-7z')
  })

  it('draws a broken code when it is told to', async () => {
    const broken = promptpay.replace('120.00', '920.00')
    const { out } = await cpg(['codes', 'draw', broken, '--force'])
    expect(scan(pixelsOfTerminal(out))).toBe(broken)
  })

  it.each([
    ['a card number', ['4111111111111111'], 1, 'card-number'],
    ['a broken code', [promptpay.replace('120.00', '920.00')], 1, 'crc-mismatch'],
    ['a card number, even by force', ['4111111111111111', '--force'], 1, 'card-number'],
    ['what is too long', ['0'.repeat(8_000), '--force'], 1, 'at most'],
    ['a picture of another kind', [promptpay, '--format', 'gif'], 2, 'terminal, svg, png'],
  ])('draws nothing for %s', async (_, args, exit, says) => {
    const { code, out, error } = await cpg(['codes', 'draw', ...args])
    expect({ code, out }).toEqual({ code: exit, out: '' })
    expect(error).toContain(says)
  })
})

it('tells a wrong command from a refusal, and points to help', async () => {
  const { code, error } = await cpg(['codes', 'wrte'])
  expect(code).toBe(2)
  expect(error).toContain('--help')
})

/** Rows of pixels, true for dark. */
type Pixels = readonly (readonly boolean[])[]

function scan(pixels: Pixels): string {
  const scale = 4
  const width = pixels[0]!.length * scale
  const height = pixels.length * scale
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[Math.floor(y / scale)]![Math.floor(x / scale)])
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return decodeQR({ width, height, data })
}

/** Two modules in each character; light ones are drawn. */
function pixelsOfTerminal(text: string): Pixels {
  return stripVTControlCharacters(text)
    .trimEnd()
    .split('\n')
    .flatMap(line => {
      const characters = [...line]
      return [
        characters.map(each => ' ▄'.includes(each)),
        characters.map(each => ' ▀'.includes(each)),
      ]
    })
}

/** One bit per pixel, no filter, one IDAT: what the writer makes and nothing else. */
function pixelsOfPng(file: Uint8Array): Pixels {
  const view = new DataView(file.buffer, file.byteOffset)
  const width = view.getUint32(16)
  const length = view.getUint32(33)
  expect(new TextDecoder().decode(file.subarray(37, 41))).toBe('IDAT')
  const lines = inflateSync(file.subarray(41, 41 + length))
  const stride = 1 + Math.ceil(width / 8)
  return Array.from({ length: lines.length / stride }, (_, y) =>
    Array.from(
      { length: width },
      (__, x) => ((lines[y * stride + 1 + (x >> 3)]! >> (7 - (x & 7))) & 1) === 0,
    ),
  )
}
