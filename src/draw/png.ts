/** A symbol as a PNG (ISO/IEC 15948) of one bit per pixel: all a QR symbol needs. */
import { type Modules, QUIET } from './symbol.ts'

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** @param scale pixels per module, 1 to 64 */
export async function pngOf(modules: Modules, scale: number): Promise<Uint8Array<ArrayBuffer>> {
  const size = (modules.length + 2 * QUIET) * scale
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, size)
  view.setUint32(4, size)
  // One bit, greyscale; compression, filter and interlace have one value each.
  header.set([1, 0, 0, 0, 0], 8)
  const pixels = await deflated(scanlines(modules, size, scale))
  const parts = [
    new Uint8Array(signature),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array()),
  ]
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** Each line begins with its filter, none; a bit that is set is white. */
function scanlines(modules: Modules, size: number, scale: number): Uint8Array<ArrayBuffer> {
  const width = 1 + Math.ceil(size / 8)
  const lines = new Uint8Array(width * size).fill(0xff)
  for (let y = 0; y < size; y++) {
    const row = modules[Math.floor(y / scale) - QUIET]
    lines[y * width] = 0
    for (let x = 0; x < size; x++) {
      if (!row?.[Math.floor(x / scale) - QUIET]) continue
      const at = y * width + 1 + (x >> 3)
      lines[at] = (lines[at] ?? 0) & ~(0x80 >> (x & 7))
    }
  }
  return lines
}

/** PNG's deflate is zlib's format, which the web calls plain `deflate`. */
async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function chunk(type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + content.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, content.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(content, 8)
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)))
  return bytes
}

/** The CRC of PNG, annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
