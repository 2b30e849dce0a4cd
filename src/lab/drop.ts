/** Pictures that are dropped or pasted anywhere on the page. */
import { one } from '../front/el.ts'

export function dropZone(take: (picture: Blob) => void): void {
  const cover = one('drop', HTMLDivElement)
  const holdsFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  addEventListener('dragover', event => {
    if (!holdsFile(event)) return
    event.preventDefault()
    cover.hidden = false
  })
  addEventListener('dragleave', event => {
    // The pointer left the window, not just one element of it.
    if (event.relatedTarget === null) cover.hidden = true
  })
  addEventListener('drop', event => {
    cover.hidden = true
    if (!holdsFile(event)) return
    event.preventDefault()
    const [file] = event.dataTransfer?.files ?? []
    if (file !== undefined) take(file)
  })
  addEventListener('paste', ({ clipboardData }) => {
    const [file] = clipboardData?.files ?? []
    if (file?.type.startsWith('image/')) take(file)
  })
}
