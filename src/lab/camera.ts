/** The camera, while its dialog is open and not a moment longer. */
import { one } from '../front/el.ts'
import { readFrame } from './picture.ts'

/** Between two frames that are searched: quick enough for a hand, slow enough for a battery. */
const PACE_MS = 120

export function cameraDialog(found: (payload: string) => void): { open(): Promise<void> } {
  const dialog = one('camera', HTMLDialogElement)
  const video = one('camera-video', HTMLVideoElement)
  const says = one('camera-says', HTMLParagraphElement)
  let stream: MediaStream | null = null

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = null
    video.srcObject = null
  }
  dialog.addEventListener('close', stop)
  one('close-camera', HTMLButtonElement).addEventListener('click', () => dialog.close())

  const look = async () => {
    while (dialog.open && stream !== null) {
      const payload = video.readyState >= 2 ? await readFrame(video) : null
      if (payload !== null && dialog.open) {
        dialog.close()
        found(payload)
        return
      }
      await new Promise(done => setTimeout(done, PACE_MS))
    }
  }

  return {
    async open() {
      says.textContent = 'Starting the camera …'
      dialog.showModal()
      try {
        const wanted = {
          video: { facingMode: 'environment', width: { ideal: 1_280 } },
          audio: false,
        }
        const started = await navigator.mediaDevices.getUserMedia(wanted)
        // The dialog may have been closed while the browser asked for permission.
        if (!dialog.open) {
          for (const track of started.getTracks()) track.stop()
          return
        }
        stream = started
        video.srcObject = started
        await video.play()
        says.textContent = 'Looking for a code …'
      } catch {
        says.textContent =
          'The camera cannot be used. Open a picture instead, or allow the camera for this page.'
        return
      }
      await look()
    },
  }
}
