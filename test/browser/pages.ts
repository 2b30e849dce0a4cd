/** The pages as the edge serves them, in the Chromium that came with the packages. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import axe from 'axe-core'
import {
  type Browser,
  type BrowserContextOptions,
  type Page,
  chromium as player,
} from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { startGateway } from '../../src/local/gateway.ts'
import { boxKeys } from '../../src/local/keys.ts'
import { freePorts } from '../../src/local/ports.ts'

export interface Site {
  readonly url: string
  /** A fresh page at this path; it fails its test when it asks elsewhere, breaks its policy or throws. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
}

/** @param more switches of the browser, as for a camera that plays a file */
export async function openSite(...more: string[]): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'opencpg-'))
  const [port = 0] = await freePorts(1)
  const gateway = await startGateway({ folder, port, keys: await boxKeys(folder, []) })
  const browser = await launch(more)
  afterAll(async () => {
    await browser.close()
    await gateway.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return siteAt(gateway.url, browser)
}

/** What runs at this address, in a browser that the caller closes. */
export const siteAt = (url: string, browser: Browser): Site => ({
  url,
  async open(path, options = {}) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      // A browser of a machine without a language calls it `en-US@posix`, which no formatter knows.
      locale: 'en-US',
      ...options,
    })
    context.setDefaultTimeout(40_000)
    const page = await context.newPage()
    watch(page, url)
    await page.goto(url + path)
    return page
  },
})

/** The package's own switches are for a cloud function: one process and no web security. */
export const launch = async (more: readonly string[] = []): Promise<Browser> =>
  player.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...more],
  })

const troubles = new WeakMap<Page, string[]>()

function watch(page: Page, origin: string): void {
  const list: string[] = []
  troubles.set(page, list)
  page.on('pageerror', error => list.push(`threw: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') list.push(`said: ${message.text()}`)
  })
  page.on('request', request => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('blob:')) list.push(`asked ${url}`)
  })
}

/** Nothing was thrown, no policy was broken, and no other host was asked. */
export async function closeWell(page: Page): Promise<void> {
  expect(troubles.get(page)).toEqual([])
  await page.context().close()
}

/** What axe finds against WCAG 2.2 AA and its own best practices, one line for each place. */
export async function faultsIn(page: Page): Promise<string[]> {
  // Run as the debugger, not as the page, whose policy forbids foreign scripts.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  )
}

/** Nothing sticks out to the right of a narrow screen. */
export const sticksOut = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
