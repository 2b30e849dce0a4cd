/** The camera, which here plays a film of one code. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { modulesOf } from '../../src/draw/symbol.ts'
import { closeWell, openSite } from './pages.ts'

const payload = 'upi://pay?pa=chai@example&pn=Chai%20Point&am=45.00&cu=INR'
const folder = await mkdtemp(join(tmpdir(), 'film-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** YUV4MPEG2, one frame: brightness, then two planes of no colour. */
function film(width: number, height: number, scale: number): Uint8Array {
  const modules = modulesOf(payload)!
  const left = (width - modules.length * scale) >> 1
  const top = (height - modules.length * scale) >> 1
  const brightness = new Uint8Array(width * height).fill(235)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (modules[Math.floor((y - top) / scale)]?.[Math.floor((x - left) / scale)])
        brightness[y * width + x] = 16
    }
  }
  const head = new TextEncoder().encode(
    `YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`,
  )
  const colour = new Uint8Array((width * height) >> 1).fill(128)
  return Buffer.concat([head, brightness, colour])
}

it('reads the code it is pointed at, and is off again', async () => {
  const file = join(folder, 'code.y4m')
  await writeFile(file, film(640, 480, 10))
  const site = await openSite(
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  )
  const page = await site.open('/lab', { permissions: ['camera'] })
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.getByText('Valid payment code').waitFor()
  expect(await page.getByRole('textbox', { name: 'Payload' }).inputValue()).toBe(payload)
  expect(await page.getByRole('dialog').isVisible()).toBe(false)
  expect(
    await page.locator('#camera-video').evaluate(video => (video as HTMLVideoElement).srcObject),
  ).toBeNull()
  await closeWell(page)
})
