/** Two tabs over one place (ARIA's tabs pattern). */
import { one } from '../front/el.ts'

const names = ['read', 'write'] as const
type Tab = (typeof names)[number]

export function tabs(opened: Readonly<Record<Tab, () => void>>): { select(tab: Tab): void } {
  const select = (chosen: Tab) => {
    for (const name of names) {
      const button = one(`tab-${name}`, HTMLButtonElement)
      button.setAttribute('aria-selected', String(name === chosen))
      button.tabIndex = name === chosen ? 0 : -1
      one(`panel-${name}`, HTMLElement).hidden = name !== chosen
    }
  }
  for (const name of names) {
    const button = one(`tab-${name}`, HTMLButtonElement)
    const other = names.find(each => each !== name) ?? name
    button.addEventListener('click', () => {
      select(name)
      opened[name]()
    })
    button.addEventListener('keydown', ({ key }) => {
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return
      select(other)
      opened[other]()
      one(`tab-${other}`, HTMLButtonElement).focus()
    })
  }
  return { select }
}
