/** What the edge serves to people, and how. */
import { beforeAll, describe, expect, it } from 'vitest'
import { closeWell, openSite, type Site } from './pages.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})

describe('pages', () => {
  it.each(['/', '/lab', '/reference', '/problems', '/lab.js', '/look.css'])(
    '%s comes with the strict policy',
    async path => {
      const { status, headers } = await fetch(site.url + path)
      expect(status).toBe(200)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    },
  )

  it('never stand before the API, and what is neither is a problem', async () => {
    const of = async (path: string) => (await fetch(site.url + path)).headers.get('content-type')
    expect(await of('/openapi.json')).toContain('application/json')
    expect(await of('/.well-known/jwks.json')).toContain('application/json')
    expect(await of('/v1/lab')).toBe('application/problem+json')
    expect(await of('/nothing')).toBe('application/problem+json')
    expect((await fetch(`${site.url}/lab`, { method: 'POST' })).status).toBe(404)
  })

  it('the front page leads to everything it names', async () => {
    const page = await site.open('/')
    const targets = await page
      .locator('a')
      .evaluateAll(all => all.map(each => (each as HTMLAnchorElement).href))
    for (const target of new Set(targets))
      expect([target, (await fetch(target)).status]).toEqual([target, 200])
    await closeWell(page)
  })

  it('the reference shows every call and every object of the document', async () => {
    const document = (await (await fetch(`${site.url}/openapi.json`)).json()) as {
      paths: Record<string, object>
      webhooks: object
      components: { schemas: object }
    }
    const page = await site.open('/reference#CodeExplanation')
    await page.locator('.call').first().waitFor()
    const calls = Object.values(document.paths).flatMap(methods => Object.keys(methods))
    expect(await page.locator('.call').count()).toBe(calls.length)
    expect(await page.locator('.object').count()).toBe(
      Object.keys(document.components.schemas).length,
    )
    const targets = await page
      .locator('a[href^="#"]')
      .evaluateAll(all => all.map(each => each.getAttribute('href') ?? ''))
    for (const target of new Set(targets))
      expect([target, await page.locator(`[id="${target.slice(1)}"]`).count()]).toEqual([target, 1])
    expect(await page.locator('.asked').count()).toBe(Object.keys(document.webhooks).length)
    await closeWell(page)
  })

  it('the problem page has a place for every code that a problem may point to', async () => {
    const { codes } = (await (await fetch(`${site.url}/result-codes.json`)).json()) as {
      codes: { code: string; says: string }[]
    }
    const page = await site.open('/problems#QUOTE_EXPIRED')
    expect(await page.locator('.problem').count()).toBe(codes.length)
    for (const { code, says } of codes) {
      expect(await page.locator(`#${code} p`).first().textContent()).toBe(says)
    }
    const expired = page.locator('#QUOTE_EXPIRED')
    expect(await expired.evaluate(each => each.matches(':target'))).toBe(true)
    expect(await expired.locator('tbody tr').count()).toBe(6)
    await closeWell(page)
  })
})
