/** The console of a whole box with traffic in it, and the staff that signs in to it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type Box, startBox } from '../../src/local/box.ts'
import { startTraffic } from '../../src/local/traffic.ts'
import { launch, siteAt } from './pages.ts'

export interface ConsoleSite {
  readonly box: Box
  /** Where everything of the box is kept. */
  readonly folder: string
  /** How often an edge has found the directory away: what is promised of it is promised while it answers. */
  outages(): number
  /** A page of its own, signed in as this person of the box, at this view. */
  as(person: string, view: string, options?: BrowserContextOptions): Promise<Page>
  stop(): Promise<void>
}

const PURCHASES_A_SECOND = 3

export async function openConsole(): Promise<ConsoleSite> {
  const folder = await mkdtemp(join(tmpdir(), 'opencpg-console-'))
  let outages = 0
  const log = (line: string) => {
    if (/"log":"directory"/.test(line) && /"event":"stale"/.test(line)) outages += 1
  }
  const box = await startBox({ folder, log })
  const traffic = startTraffic(box, PURCHASES_A_SECOND)
  const browser = await launch()
  const site = siteAt(box.gateway.url, browser)
  return {
    box,
    folder,
    outages: () => outages,
    async as(person, view, options) {
      const page = await site.open('/console/sign-in', options)
      await page.locator(`button[value="${person}"]`).click()
      await page.getByRole('navigation', { name: /Console|控制台/ }).waitFor()
      await page.evaluate(to => {
        location.hash = to
      }, `#/${view}`)
      await page.locator('main h1').waitFor()
      return page
    },
    async stop() {
      traffic.stop()
      await browser.close()
      await box.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const views = [
  'overview',
  'alerts',
  'figures',
  'payments',
  'institutions',
  'limits',
  'centers',
  'notices',
  'steering',
  'plans',
  'reports',
  'audit',
] as const
