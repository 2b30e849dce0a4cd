/**
 * Reading codes beside the libraries of npm: npm run bench -- codes
 *
 * Speed: reads per second over the EMVCo merchant codes, which is all that the others read, in
 * three turns, the best counting. Right: the verdict is right, and so is what is said of a
 * valid code's amount and merchant; fields that a library does not give are not held against it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCode } from '../../src/codes/read.ts'
import { readLine } from '../command.ts'

interface Sample {
  readonly payload: string
  readonly kind: string
  readonly valid: boolean
  readonly expect: { readonly amount?: string | null; readonly merchantName?: string | null }
}

/** What a library says of a payload; a field it does not know is left out. */
interface Verdict {
  readonly valid: boolean
  readonly amount?: string | number | null | undefined
  readonly merchantName?: string | null | undefined
}

interface Reader {
  readonly name: string
  /** The library's own reading, as its manual shows it. */
  readonly read: (payload: string) => unknown
  readonly verdict: (payload: string) => Verdict
}

const { values } = readLine('npm run bench -- codes', {
  options: { seconds: { type: 'string', default: '1' } },
})
const beside = join(import.meta.dirname, '../../../shared/qr/samples.json')
const own = join(import.meta.dirname, '../vectors/codes/families.json')
const samples = existsSync(beside) ? samplesFrom(beside) : vectorsFrom(own)
const merchant = samples.filter(sample => sample.kind === 'mpm-emv')

const readers = (await Promise.all([ours(), ...peers()])).filter(reader => reader !== null)
// In turns, so that a busy moment of the machine meets all of them.
const rounds = [1, 2, 3].map(() => readers.map(speed))
const rows = readers.map((reader, index) => ({
  name: reader.name,
  perSecond: Math.max(...rounds.map(round => round[index] ?? 0)),
  merchantRight: share(reader, merchant),
  allRight: share(reader, samples),
}))
const most = Math.max(...rows.slice(1).map(row => row.perSecond))
console.log(
  `${merchant.length} merchant codes, ${samples.length} codes of all kinds, Node ${process.version}`,
)
console.log(
  `${'reader'.padEnd(20)}${'reads/s'.padStart(12)}${'merchant'.padStart(11)}${'all kinds'.padStart(11)}`,
)
for (const row of rows) {
  const right = [row.merchantRight, row.allRight].map(part =>
    `${(part * 100).toFixed(1)} %`.padStart(11),
  )
  console.log(
    row.name.padEnd(20) + row.perSecond.toLocaleString('en').padStart(12) + right.join(''),
  )
}
if (rows.length > 1) {
  console.log(
    `ours is ${((rows[0]?.perSecond ?? 0) / most).toFixed(2)} times as fast as the fastest other`,
  )
}

function samplesFrom(place: string): readonly Sample[] {
  return JSON.parse(readFileSync(place, 'utf8'))
}

/** Without the shared samples, our own vectors: valid ones only, so the shares say less. */
function vectorsFrom(place: string): readonly Sample[] {
  console.log('No ../shared/qr/samples.json: our own vectors are read instead.')
  const vectors: readonly { payload: string; reads: Sample & Verdict }[] = JSON.parse(
    readFileSync(place, 'utf8'),
  )
  return vectors.map(({ payload, reads }) => ({
    payload,
    kind: reads.kind,
    valid: reads.valid,
    expect: { merchantName: reads.merchantName ?? null },
  }))
}

function speed({ read }: Reader): number {
  const payloads = merchant.map(sample => sample.payload)
  const round = (): void => {
    for (const payload of payloads) {
      try {
        read(payload)
      } catch {
        // Throwing is how several libraries say no.
      }
    }
  }
  for (let warm = 0; warm < 200; warm++) round()
  const start = performance.now()
  const end = start + Number(values.seconds) * 1000
  let count = 0
  while (performance.now() < end) {
    round()
    count += payloads.length
  }
  return Math.round((count * 1000) / (performance.now() - start))
}

function share(reader: Reader, of: readonly Sample[]): number {
  return of.filter(sample => isRight(reader, sample)).length / of.length
}

function isRight({ verdict }: Reader, { payload, valid, expect }: Sample): boolean {
  let said: Verdict
  try {
    said = verdict(payload)
  } catch {
    said = { valid: false }
  }
  if (said.valid !== valid) return false
  if (!valid) return true
  return isSame(said.merchantName, expect.merchantName) && isSameAmount(said.amount, expect.amount)
}

function isSame(said: string | null | undefined, want: string | null | undefined): boolean {
  return said === undefined || want === undefined || (said || null) === (want || null)
}

function isSameAmount(said: Verdict['amount'], want: string | null | undefined): boolean {
  return said === undefined || want === undefined || Number(said ?? 0) === Number(want ?? 0)
}

function ours(): Promise<Reader> {
  return Promise.resolve({ name: 'opencpg', read: readCode, verdict: readCode })
}

/** Their interfaces have no common shape, so each is described here once. */
function peers(): Promise<Reader | null>[] {
  return [
    peer('promptparse', ({ parse }) => ({
      read: payload => parse(payload, true),
      verdict: payload => {
        const read = parse(payload, true)
        if (!read) return { valid: false }
        return { valid: true, amount: read.getTagValue('54'), merchantName: read.getTagValue('59') }
      },
    })),
    peer('vietnam-qr-pay', ({ QRPay }) => ({
      read: payload => new QRPay(payload),
      verdict: payload => {
        const { isValid, amount, merchant: payee } = new QRPay(payload)
        return { valid: isValid, amount, merchantName: payee.name }
      },
    })),
    peer('steplix-emv-qrcps', ({ Merchant }) => ({
      read: payload => Merchant.Parser.toEMVQR(payload),
      verdict: payload => ({ valid: Merchant.Parser.toEMVQR(payload).validate() }),
    })),
    peer('emvqr', ({ decode }) => ({
      read: payload => decode(payload),
      verdict: payload => {
        const fields = decode(payload)
        return { valid: true, merchantName: fields['59']?.data }
      },
    })),
    peer('ts-khqr', ({ KHQR }) => ({
      read: payload => KHQR.parse(payload),
      verdict: payload => {
        const { status, data } = KHQR.parse(payload)
        if (status.code !== 0) return { valid: false }
        return { valid: true, amount: data.transactionAmount, merchantName: data.merchantName }
      },
    })),
    peer('pix-utils', ({ parsePix, hasError }) => ({
      read: payload => parsePix(payload),
      verdict: payload => {
        const read = parsePix(payload)
        if (hasError(read)) return { valid: false }
        return { valid: true, amount: read.transactionAmount, merchantName: read.merchantName }
      },
    })),
  ]
}

// biome-ignore lint/suspicious/noExplicitAny: the libraries are loaded by name and may be missing
type Module = any

async function peer(
  name: string,
  describe: (module: Module) => Omit<Reader, 'name'>,
): Promise<Reader | null> {
  try {
    const loaded: Module = await import(name)
    return { name, ...describe({ ...loaded.default, ...loaded }) }
  } catch {
    console.log(`${name} is not installed, so it is left out`)
    return null
  }
}
