/** The lab: whatever brings a payload in, one reading of it, and every view of that reading. */
import { type CodeReading, familyById, readCode } from '../codes/index.ts'
import { el, one } from '../front/el.ts'
import { Anatomy } from './anatomy.ts'
import { announce } from './announce.ts'
import { cameraDialog } from './camera.ts'
import { dropZone } from './drop.ts'
import { readPicture } from './picture.ts'
import { emptyView, resultView, verdictOf } from './result-view.ts'
import { samples } from './samples.ts'
import { tabs } from './tabs.ts'
import { writeForm } from './write-form.ts'

const box = one('payload', HTMLTextAreaElement)
const result = one('result', HTMLElement)
const anatomy = new Anatomy()

/** Shows a payload; the box keeps it as it came, white space included. */
function show(payload: string): void {
  if (box.value !== payload) box.value = payload
  const reading = readCode(payload)
  const empty = payload.trim() === ''
  result.classList.toggle('empty', empty)
  result.replaceChildren(...(empty ? emptyView() : resultView(payload, reading)))
  anatomy.show(payload.trim(), reading)
  one('clear', HTMLButtonElement).hidden = empty
  announce(empty ? '' : spoken(reading))
}

function spoken(reading: CodeReading): string {
  const { errors, warnings, families, amount, currency, merchantName } = reading
  const scheme = families[0] === undefined ? '' : `, ${familyById(families[0].id)?.name}`
  const sum = amount === null ? '' : `, ${amount} ${currency ?? ''}`
  const shop = merchantName === null ? '' : `, ${merchantName}`
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
  return `${verdictOf(reading).says}${scheme}${sum}${shop}. ${plural(errors.length, 'error')}, ${plural(warnings.length, 'warning')}.`
}

const stale = (is: boolean) => result.classList.toggle('stale', is)

const opened = {
  read: () => {
    stale(false)
    show(box.value)
  },
  write: () => form.write(),
}
const tab = tabs(opened)
const form = writeForm(payload => {
  // The last code that could be written stays to be seen, but its picture must not be scanned for this one.
  stale(payload === null)
  if (payload !== null) show(payload)
})

box.addEventListener('input', () => show(box.value))
one('clear', HTMLButtonElement).addEventListener('click', () => {
  show('')
  box.focus()
})

const take = async (picture: Blob) => {
  const payload = await readPicture(picture)
  if (payload === null) {
    announce('No code was found in the picture.')
    hint(
      'No code was found in this picture. Try one that shows the code larger, straight and in focus.',
    )
    return
  }
  tab.select('read')
  show(payload)
}
const hint = (says: string) => {
  one('payload-hint', HTMLParagraphElement).textContent = says
}

const picture = one('picture', HTMLInputElement)
one('open-picture', HTMLButtonElement).addEventListener('click', () => picture.click())
picture.addEventListener('change', () => {
  const [file] = picture.files ?? []
  if (file !== undefined) void take(file)
  picture.value = ''
})
dropZone(take)

const camera = cameraDialog(show)
one('open-camera', HTMLButtonElement).addEventListener('click', () => void camera.open())

for (const { name, payload } of samples()) {
  const button = el('button', { type: 'button' }, name)
  button.addEventListener('click', () => show(payload))
  one('samples', HTMLUListElement).append(el('li', {}, button))
}

const openLink = () => {
  const { hash } = location
  if (hash.length < 2 || hash === '#result') return
  try {
    show(decodeURIComponent(hash.slice(1)))
  } catch {
    hint('The link to this code is damaged.')
  }
}
addEventListener('hashchange', openLink)
show('')
openLink()
