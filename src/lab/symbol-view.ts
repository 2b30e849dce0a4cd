/** The code as a QR symbol, with ways to take it along. */

import { pngOf } from '../draw/png.ts'
import { modulesOf, pathOf, QUIET, sizeWithQuiet, svgOf } from '../draw/symbol.ts'
import { el, svg } from '../front/el.ts'
import { announce } from './announce.ts'

/** Pixels per module: sharp on paper and small as a file. */
const PNG_SCALE = 12

export function symbolView(payload: string): HTMLElement {
  const modules = modulesOf(payload)
  if (modules === null) {
    return el(
      'figure',
      { class: 'symbol none' },
      el('figcaption', {}, 'Too long for one QR symbol.'),
    )
  }
  const size = sizeWithQuiet(modules)
  const picture = svg(
    'svg',
    {
      viewBox: `0 0 ${size} ${size}`,
      role: 'img',
      'aria-label': 'The payload as a QR symbol',
      'shape-rendering': 'crispEdges',
    },
    svg('rect', { width: size, height: size, fill: '#fff' }),
    svg('path', { d: pathOf(modules), fill: '#000' }),
  )
  const button = (says: string, name: string, act: () => Promise<void> | void) => {
    const made = el('button', { type: 'button', class: 'quiet', 'aria-label': name }, says)
    made.addEventListener('click', () => void act())
    return made
  }
  return el(
    'figure',
    { class: 'symbol', 'data-quiet': QUIET },
    picture,
    el(
      'figcaption',
      {},
      button('SVG', 'Download as SVG', () =>
        download('code.svg', new Blob([svgOf(modules)], { type: 'image/svg+xml' })),
      ),
      button('PNG', 'Download as PNG', async () => {
        download('code.png', new Blob([await pngOf(modules, PNG_SCALE)], { type: 'image/png' }))
      }),
      button('Copy link', 'Copy link to this code', async () => {
        // The part after # never leaves the browser, so a shared link does not tell the server what it shows.
        const link = `${location.origin}${location.pathname}#${encodeURIComponent(payload)}`
        const copied = await navigator.clipboard.writeText(link).then(
          () => true,
          () => false,
        )
        announce(copied ? 'Link copied.' : 'The browser does not allow copying here.')
      }),
    ),
  )
}

function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = el('a', { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
