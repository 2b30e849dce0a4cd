/** Finds a code in a picture: the browser's own detector where there is one, ours otherwise and when it finds nothing. */
import decodeQR from 'qr/decode.js'

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>
}
type DetectorKind = new (options: { formats: string[] }) => Detector

/** Longer sides are scaled down to these, one after the other: detail first, then what noise hides. */
const SIDES = [1_600, 900, 500]

/** The payload, or null when no code was found. */
export async function readPicture(picture: Blob): Promise<string | null> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(picture)
  } catch {
    return null
  }
  try {
    return (await detected(bitmap)) ?? searched(bitmap)
  } finally {
    bitmap.close()
  }
}

/** One frame of a camera, searched once: the next frame comes soon. */
export const readFrame = async (video: HTMLVideoElement): Promise<string | null> =>
  (await detected(video)) ?? decoded(video, video.videoWidth, video.videoHeight, 800)

async function detected(source: ImageBitmap | HTMLVideoElement): Promise<string | null> {
  const kind = (globalThis as { BarcodeDetector?: DetectorKind }).BarcodeDetector
  if (kind === undefined) return null
  try {
    const [first] = await new kind({ formats: ['qr_code'] }).detect(source)
    return first?.rawValue ?? null
  } catch {
    // Some systems name the class and lack the service behind it.
    return null
  }
}

function searched(bitmap: ImageBitmap): string | null {
  const longest = Math.max(bitmap.width, bitmap.height)
  const sides = SIDES.filter(side => side < longest)
  for (const side of longest <= (SIDES[0] ?? 0) ? [longest, ...sides] : sides) {
    const found = decoded(bitmap, bitmap.width, bitmap.height, side)
    if (found !== null) return found
  }
  return null
}

function decoded(
  source: CanvasImageSource,
  width: number,
  height: number,
  side: number,
): string | null {
  const scale = Math.min(1, side / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return null
  // Transparent pictures are meant to lie on paper.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height))
  } catch {
    return null
  }
}
