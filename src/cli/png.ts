/**
 * A PNG (ISO/IEC 15948) as pixels, for the one thing we want of it: a photo or a screenshot of a QR code. All depths and
 * colours, no interlacing.
 */
import { inflateSync } from 'node:zlib'

export interface Pixels {
  readonly width: number
  readonly height: number
  /** RGBA. */
  readonly data: Uint8Array
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Larger pictures are refused before any memory is taken for them. */
const PIXELS_MAX = 40_000_000

export const isPng = (file: Uint8Array): boolean => SIGNATURE.every((byte, at) => file[at] === byte)

/** Channels by colour type: grey, RGB, palette, grey with alpha, RGBA. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** Throws, with what is wrong. */
export function readPng(file: Uint8Array): Pixels {
  const chunks = chunksOf(file)
  const [header] = chunks.get('IHDR') ?? []
  if (header === undefined || header.length < 13) throw new Error('The PNG has no header.')
  const view = viewOf(header)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth = 0, colour = 0, , , interlaced = 0] = header.subarray(8)
  const channels = channelsOf[colour]
  if (channels === undefined || interlaced !== 0) throw new Error('This kind of PNG is not read.')
  if (width * height === 0 || width * height > PIXELS_MAX) throw new Error('The PNG is too large.')
  const stride = Math.ceil((width * channels * depth) / 8)
  const raw = inflateSync(Buffer.concat(chunks.get('IDAT') ?? []), {
    maxOutputLength: (stride + 1) * height,
  })
  const lines = unfiltered(raw, stride, height, Math.max(1, (channels * depth) >> 3))
  const palette = chunks.get('PLTE')?.[0]
  return {
    width,
    height,
    data: coloured(lines, { width, height, depth, channels, stride, palette }),
  }
}

function chunksOf(file: Uint8Array): ReadonlyMap<string, readonly Uint8Array[]> {
  const chunks = new Map<string, Uint8Array[]>()
  for (let at = 8; at + 12 <= file.length; ) {
    const length = viewOf(file).getUint32(at)
    const type = new TextDecoder('latin1').decode(file.subarray(at + 4, at + 8))
    chunks.set(type, [...(chunks.get(type) ?? []), file.subarray(at + 8, at + 8 + length)])
    at += 12 + length
  }
  return chunks
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Each line says how it was filtered (ISO/IEC 15948, clause 9). */
function unfiltered(raw: Uint8Array, stride: number, height: number, back: number): Uint8Array {
  const lines = new Uint8Array(stride * height)
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)]
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x
      const left = x < back ? 0 : (lines[at - back] ?? 0)
      const up = y === 0 ? 0 : (lines[at - stride] ?? 0)
      const corner = x < back || y === 0 ? 0 : (lines[at - stride - back] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      lines[at] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess
    }
  }
  return lines
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [left, up, corner].map(each => Math.abs(guess - each))
  if ((a ?? 0) <= (b ?? 0) && (a ?? 0) <= (c ?? 0)) return left
  return (b ?? 0) <= (c ?? 0) ? up : corner
}

interface Form {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly channels: number
  readonly stride: number
  readonly palette: Uint8Array | undefined
}

function coloured(
  lines: Uint8Array,
  { width, height, depth, channels, stride, palette }: Form,
): Uint8Array {
  const data = new Uint8Array(width * height * 4)
  const most = 2 ** Math.min(depth, 8) - 1
  /** Of 16 bits the upper eight. */
  const sample = (x: number, y: number, channel: number): number => {
    const bit = (x * channels + channel) * depth
    const byte = lines[y * stride + (bit >> 3)] ?? 0
    return depth >= 8 ? byte : (byte >> (8 - depth - (bit & 7))) & most
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const samples = Array.from({ length: channels }, (_, channel) => sample(x, y, channel))
      const [first = 0] = samples
      const shade = (first * 255) / most
      const rgb =
        palette?.subarray(first * 3, first * 3 + 3) ??
        (channels < 3 ? [shade, shade, shade] : samples)
      const alpha = channels === 2 || channels === 4 ? (samples[channels - 1] ?? 255) : 255
      // What is transparent is paper.
      const over = (value: number) => 255 - ((255 - value) * alpha) / 255
      data.set([over(rgb[0] ?? 0), over(rgb[1] ?? 0), over(rgb[2] ?? 0), 255], (y * width + x) * 4)
    }
  }
  return data
}
