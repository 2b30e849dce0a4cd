/** The pages for everybody: by keyboard alone, read aloud, in the dark, on a phone. */
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeWell, faultsIn, openSite, type Site, sticksOut } from './pages.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})

const sample = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).click()

/** Each state that a page can be in, and how it gets there. */
const states: readonly (readonly [
  name: string,
  path: string,
  act: (page: Page) => Promise<unknown>,
])[] = [
  ['the front page', '/', async () => undefined],
  ['the result codes', '/problems', async () => undefined],
  ['the reference', '/reference', page => page.locator('.call').first().waitFor()],
  ['the empty lab', '/lab', async () => undefined],
  ['a code', '/lab', sample('VietQR')],
  ['a broken code', '/lab', sample('One digit changed')],
  [
    'a code in hex',
    '/lab',
    async page => {
      await sample('QRIS')(page)
      await page.getByRole('button', { name: 'Hex' }).click()
      await page.getByRole('treeitem').nth(4).hover()
    },
  ],
  [
    'a text code with a field lit',
    '/lab',
    async page => {
      await sample('Swiss QR-bill')(page)
      await page.getByRole('treeitem').nth(4).focus()
    },
  ],
  [
    'the form with a complaint',
    '/lab',
    async page => {
      await page.getByRole('tab', { name: 'Write a code' }).click()
      await page.getByLabel('Amount in THB').fill('x')
      await page.getByLabel('Scheme', { exact: true }).focus()
    },
  ],
  [
    'the camera that cannot be used',
    '/lab',
    async page => {
      await page.getByRole('button', { name: 'Use the camera' }).click()
      await page.getByText('The camera cannot be used.').waitFor()
    },
  ],
]

describe.each(['light', 'dark'] as const)('in %s', colorScheme => {
  it.each(states)('axe finds nothing wrong with %s', async (_, path, act) => {
    const page = await site.open(path, { colorScheme })
    await act(page)
    expect(await faultsIn(page)).toEqual([])
    await closeWell(page)
  })
})

it.each(states)('%s fits a phone of 390 pixels', async (_, path, act) => {
  const page = await site.open(path, { viewport: { width: 390, height: 844 }, hasTouch: true })
  await act(page)
  expect(await sticksOut(page)).toBe(0)
  await closeWell(page)
})

describe('by keyboard alone', () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      const { activeElement: element } = document
      const says = element?.getAttribute('aria-label') ?? (element as HTMLElement | null)?.innerText
      return (says ?? '').replace(/\s+/g, ' ')
    })
  const press = async (page: Page, ...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  it('every part of the lab is reached, and the fields are one stop', async () => {
    const page = await site.open('/lab')
    const stops: string[] = []
    await sample('PromptPay')(page)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.locator('.brand').focus()
    for (let step = 0; step < 40; step++) {
      await press(page, 'Tab')
      const stop = await focused(page)
      stops.push(stop)
      if (stop.startsWith('The same by API')) break
    }
    expect(stops.filter(stop => /^\d\d /.test(stop))).toEqual([
      expect.stringContaining('00 Payload format indicator, id and length'),
      expect.stringContaining('00 Payload format indicator 01'),
    ])
    expect(stops).toEqual(
      expect.arrayContaining([
        'Read a code',
        'Open a picture',
        'VietQR',
        'Download as SVG',
        'Text',
        'Hex',
      ]),
    )
    expect(stops).not.toContain('Write a code')
    await closeWell(page)
  })

  it('the skip link leads to the result', async () => {
    const page = await site.open('/lab')
    await press(page, 'Tab')
    expect(await focused(page)).toBe('Skip to the result')
    await press(page, 'Enter')
    // A browser moves within a page when it comes to it.
    await expect.poll(() => focused(page)).toBe('Result')
    await closeWell(page)
  })

  it('arrows walk through the fields, into templates and out of them, and the bytes follow', async () => {
    const page = await site.open('/lab')
    await sample('VietQR')(page)
    await page.getByRole('treeitem').first().focus()
    const lit = async () => (await page.locator('.piece.lit').allInnerTexts()).join('')
    await press(page, 'ArrowDown', 'ArrowDown', 'ArrowRight')
    expect(await focused(page)).toContain('A000000727')
    expect(await lit()).toBe('0010A000000727')
    await press(page, 'ArrowLeft')
    expect(await focused(page)).toContain('Merchant account')
    await press(page, 'End')
    expect(await lit()).toMatch(/^6304[0-9A-F]{4}$/)
    await closeWell(page)
  })

  it('arrows walk through the bytes too, and the fields follow', async () => {
    const page = await site.open('/lab')
    await sample('VietQR')(page)
    await page.locator('.piece').first().focus()
    await press(page, 'ArrowRight', 'ArrowRight')
    expect(await page.locator('[aria-selected=true][role=treeitem]').innerText()).toContain(
      'Point of initiation',
    )
    await closeWell(page)
  })

  it('arrows change the tab, and escape closes the camera', async () => {
    const page = await site.open('/lab')
    await page.getByRole('tab', { name: 'Read a code' }).focus()
    await press(page, 'ArrowRight')
    expect(await focused(page)).toBe('Write a code')
    expect(await page.getByRole('tabpanel', { name: 'Write a code' }).isVisible()).toBe(true)
    await press(page, 'ArrowLeft')
    await page.getByRole('button', { name: 'Use the camera' }).press('Enter')
    await page.getByRole('dialog').waitFor()
    await press(page, 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await expect.poll(() => focused(page)).toBe('Use the camera')
    await closeWell(page)
  })
})

it('a screen reader hears the verdict once the typing has paused', async () => {
  const page = await site.open('/lab')
  await sample('DuitNow')(page)
  await page
    .locator('#say', {
      hasText: 'Valid payment code, DuitNow QR, 18.60 MYR, KOPITIAM JALAN ALOR. 0 errors,',
    })
    .waitFor({ state: 'attached' })
  await closeWell(page)
})
