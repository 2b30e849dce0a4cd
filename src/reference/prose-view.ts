/** A description as a paragraph; what stands in backticks is code. */
import { el } from '../front/el.ts'

export const proseView = (text: string | undefined, kind?: string): HTMLElement | null =>
  text === undefined
    ? null
    : el(
        'p',
        { class: kind },
        ...text.split('`').map((part, index) => (index % 2 === 1 ? el('code', {}, part) : part)),
      )
