/** What a screen reader says by itself, when the typing has paused. */
import { one } from '../front/el.ts'

const PAUSE_MS = 400
let timer: ReturnType<typeof setTimeout> | undefined

export function announce(text: string): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    one('say', HTMLParagraphElement).textContent = text
  }, PAUSE_MS)
}
