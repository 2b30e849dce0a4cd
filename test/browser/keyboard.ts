/** Somebody who has no mouse: finds things by their names, one press of the tabulator after another. */
import type { Page } from 'playwright-core'

/** Far more than any page of the console has stops. */
const PRESSES_MAX = 300

const nameOfFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null
    const labels = (element as HTMLInputElement | null)?.labels
    const label = labels?.[0]?.innerText
    return (label ?? element?.getAttribute('aria-label') ?? element?.innerText ?? '').trim()
  })

/** Presses the tabulator until what has this name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
    if ((await nameOfFocus(page)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no press of the tabulator leads to "${name}"`)
}

/** The same, and presses it. */
export async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

export { nameOfFocus }
