/** The lab in a real browser: whatever brings a code in, every view of it, and every way to use them. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeCode } from '../../src/codes/index.ts'
import { codeInputOf } from '../../src/codes/input.ts'
import { pngOf } from '../../src/draw/png.ts'
import { modulesOf } from '../../src/draw/symbol.ts'
import { closeWell, openSite, type Site } from './pages.ts'

const shop = ['merchantName=Chiang Mai Silver', 'merchantCity=Chiang Mai', 'mcc=5944']
const promptpay = written('promptpay', 'mobile=0066898765432', 'amount=2450.00', ...shop)

let site: Site
beforeAll(async () => {
  site = await openSite()
})

describe('bringing a code in', () => {
  it('by pasting: verdict, amount, merchant and scheme stand there at once', async () => {
    const page = await site.open('/lab')
    await page.getByRole('textbox', { name: 'Payload' }).fill(promptpay)
    const result = page.getByRole('region', { name: 'Result' })
    for (const says of [
      'Valid payment code',
      'THB',
      'Chiang Mai Silver',
      'Chiang Mai, Thailand',
      'PromptPay transfer',
    ]) {
      await result.getByText(says, { exact: true }).waitFor()
    }
    expect(await result.locator('.amount').innerText()).toContain('2\u202f450.00')
    await closeWell(page)
  })

  it('by opening a picture', async () => {
    const page = await site.open('/lab')
    await page.locator('#picture').setInputFiles(await pictureOf(promptpay))
    await page.getByText('Valid payment code').waitFor()
    expect(await page.getByRole('textbox', { name: 'Payload' }).inputValue()).toBe(promptpay)
    await closeWell(page)
  })

  it('by dropping a picture', async () => {
    const page = await site.open('/lab')
    const { buffer } = await pictureOf(promptpay)
    const files = await page.evaluateHandle(base64 => {
      const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], 'code.png', { type: 'image/png' }))
      return data
    }, Buffer.from(buffer).toString('base64'))
    await page.dispatchEvent('body', 'dragover', { dataTransfer: files })
    await page.getByText('Drop the picture').waitFor()
    await page.dispatchEvent('body', 'drop', { dataTransfer: files })
    await page.getByText('Valid payment code').waitFor()
    expect(await page.getByText('Drop the picture').isVisible()).toBe(false)
    await closeWell(page)
  })

  it('says what to do about a picture without a code', async () => {
    const page = await site.open('/lab')
    const picture = { name: 'no.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') }
    await page.locator('#picture').setInputFiles(picture)
    await page.getByText('No code was found in this picture.').waitFor()
    await closeWell(page)
  })

  it('by a link, whose code never reaches the server', async () => {
    const page = await site.open(`/lab#${encodeURIComponent(promptpay)}`)
    await page.getByText('Valid payment code').waitFor()
    await closeWell(page)
  })

  it('by every sample: each is what its name says', async () => {
    const page = await site.open('/lab')
    const names = await page
      .getByRole('list', { name: 'Samples' })
      .getByRole('button')
      .allInnerTexts()
    expect(names.length).toBe(15)
    for (const name of names) {
      await page.getByRole('button', { name, exact: true }).click()
      const verdict = await page.locator('.verdict').innerText()
      expect([name, verdict]).toEqual([
        name,
        name === 'One digit changed'
          ? 'Not valid'
          : name.startsWith('Payer')
            ? 'Valid payer’s code'
            : 'Valid payment code',
      ])
    }
    await closeWell(page)
  })
})

describe('the anatomy', () => {
  it('lights up the bytes of the field under the pointer, and the field of the bytes', async () => {
    const page = await site.open(`/lab#${encodeURIComponent(promptpay)}`)
    await field(page, /^54 Amount/).hover()
    expect(await lit(page)).toBe('54072450.00')
    await field(page, /^29 Merchant account/).hover()
    expect(await lit(page)).toBe('29370016A000000677010111011300668987654 32'.replace(' ', ''))
    await page.getByRole('button', { name: /^59 Merchant name: Chiang/ }).hover()
    expect(await field(page, /^59 Merchant name/).getAttribute('aria-selected')).toBe('true')
    await closeWell(page)
  })

  it('shows the same as bytes in columns', async () => {
    const page = await site.open(`/lab#${encodeURIComponent(promptpay)}`)
    await page.getByRole('button', { name: 'Hex' }).click()
    await field(page, /^58 Country/).hover()
    expect(await page.locator('.pairs .lit').allInnerTexts()).toEqual([
      '35',
      '38',
      '30',
      '32',
      '54',
      '48',
    ])
    await closeWell(page)
  })

  it('marks the place of an error', async () => {
    const page = await site.open(`/lab#${encodeURIComponent(promptpay.replace('2450', '9450'))}`)
    await page.getByText('The checksum is wrong').waitFor()
    expect(await page.locator('.piece.wrong').allInnerTexts()).toEqual([promptpay.slice(-4)])
    await closeWell(page)
  })

  it('shows text as text, whatever it looks like', async () => {
    const page = await site.open('/lab')
    const link = 'upi://pay?pa=a@b&pn=<img src=x onerror=alert(1)>&am=1.00'
    await page.getByRole('textbox', { name: 'Payload' }).fill(link)
    await field(page, /^pn /).waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    await closeWell(page)
  })

  it('neither draws nor takes apart a card number', async () => {
    const page = await site.open('/lab')
    await page.getByRole('textbox', { name: 'Payload' }).fill('4111 1111 1111 1111')
    await page.getByText('This looks like a card number').waitFor()
    expect(await page.getByRole('img', { name: 'QR symbol' }).count()).toBe(0)
    expect(await page.locator('#anatomy').isVisible()).toBe(false)
    await closeWell(page)
  })
})

describe('writing and drawing', () => {
  it('writes what the form says and reads it back', async () => {
    const page = await site.open('/lab')
    await page.getByRole('tab', { name: 'Write a code' }).click()
    await page.getByLabel('Scheme', { exact: true }).selectOption('vietqr')
    await page.getByLabel('Amount in VND').fill('65000')
    await page.getByRole('textbox', { name: 'Merchant name' }).fill('PHO GIA TRUYEN')
    await page.locator('.result').getByText('65\u202f000').waitFor()
    expect(await page.locator('#payload').inputValue()).toContain(
      '5405650005802VN5914PHO GIA TRUYEN',
    )
    await closeWell(page)
  })

  it('says at the field what is wrong with it, and that the picture is not of it', async () => {
    const page = await site.open('/lab')
    await page.getByRole('tab', { name: 'Write a code' }).click()
    const amount = page.getByLabel('Amount in THB')
    await amount.fill('12.345')
    expect(await amount.getAttribute('aria-invalid')).toBe('true')
    expect(await amount.evaluate(input => input.getAttribute('aria-describedby'))).toBe(
      'field-amount-says',
    )
    await page.locator('#field-amount-says', { hasText: 'not a positive decimal' }).waitFor()
    expect(await page.locator('.result').getAttribute('class')).toContain('stale')
    await amount.fill('12.34')
    await page.locator('.result').getByText('12.34').waitFor()
    expect(await page.locator('.result').getAttribute('class')).not.toContain('stale')
    await closeWell(page)
  })

  it('writes every scheme from its examples', async () => {
    const page = await site.open('/lab')
    await page.getByRole('tab', { name: 'Write a code' }).click()
    const scheme = page.getByLabel('Scheme', { exact: true })
    const values = await scheme
      .locator('option')
      .evaluateAll(all => all.map(each => (each as HTMLOptionElement).value))
    expect(values.length).toBeGreaterThan(50)
    const bad: string[] = []
    for (const value of values) {
      await scheme.selectOption(value)
      const problems = await page.locator('#panel-write .problem').allInnerTexts()
      const says = problems.filter(text => text !== '').join(' ')
      if (says !== '') bad.push(`${value}: ${says}`)
    }
    expect(bad).toEqual([])
    await closeWell(page)
  })

  it('gives a picture that it reads itself', async () => {
    const page = await site.open(`/lab#${encodeURIComponent(promptpay)}`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as PNG' }).click(),
    ])
    const buffer = await readFile(await download.path())
    await page.getByRole('button', { name: 'Clear' }).click()
    await page
      .locator('#picture')
      .setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    await page.getByText('Valid payment code').waitFor()
    expect(await page.getByRole('textbox', { name: 'Payload' }).inputValue()).toBe(promptpay)
    await closeWell(page)
  })
})

function written(format: string, ...pairs: string[]): string {
  const input = codeInputOf(format, pairs)
  const code = input.ok ? writeCode(input.value) : input
  if (!code.ok) throw new Error(JSON.stringify(code))
  return 'payload' in code ? code.payload : ''
}

async function pictureOf(payload: string) {
  const buffer = Buffer.from(await pngOf(modulesOf(payload)!, 6))
  return { name: 'code.png', mimeType: 'image/png', buffer }
}

const field = (page: Page, name: RegExp) => page.getByRole('treeitem', { name })

const lit = async (page: Page) => (await page.locator('.piece.lit').allInnerTexts()).join('')
