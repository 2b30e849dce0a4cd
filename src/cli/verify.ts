/**
 * `cpg verify <data folder or journal file>`: derives everything anew from the journals, and names what does not agree.
 * Exit codes: 0 all of it holds, 1 something does not.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { styleText } from 'node:util'
import { laneName } from '../domain/payment-id.ts'
import { table } from './table.ts'
import type { KeptAnchor } from './verify/anchors.ts'
import type { Books, LaneBook } from './verify/books.ts'
import { type CenterReport, verifyCenter } from './verify/center.ts'
import { openDataFolder } from './verify/data-folder.ts'
import type { Finding } from './verify/findings.ts'
import { journalLines, openJournalFile } from './verify/journal-file.ts'
import { keyFinder } from './verify/keys.ts'
import type { LaneReport } from './verify/lane.ts'

export interface Verified {
  readonly ok: boolean
  readonly centers: readonly CenterReport[]
  readonly findings: readonly Finding[]
}

/** Throws, with what is wrong, where there are no books at that place. */
export function openBooks(path: string): Promise<Books> {
  if (!existsSync(path)) throw new Error(`${path} is not there.`)
  return statSync(path).isDirectory() ? openDataFolder(path) : openJournalFile(path)
}

/** @param anchorsFile an answer of `GET /v1/anchors` that a member has kept */
export async function verify(
  path: string,
  anchorsFile: string | undefined,
  tell: (line: string) => void,
): Promise<Verified> {
  const kept = anchorsFile === undefined ? [] : keptIn(anchorsFile)
  const books = await openBooks(path)
  try {
    const { memberKeys, gatewayKeys } = books
    const hasKeys = memberKeys.length > 0 && gatewayKeys.length > 0
    const find = hasKeys ? keyFinder(memberKeys, gatewayKeys) : null
    const centers: CenterReport[] = []
    for (const book of books.centers) {
      const progress = ({ center, lane, events }: LaneReport, done: number, of: number) =>
        tell(`${center}: lane ${done} of ${of}, ${lane}, ${events} events`)
      centers.push(await verifyCenter(book, { find, kept, progress }))
    }
    const findings = centers.flatMap(each => [
      ...each.findings,
      ...each.lanes.flatMap(lane => lane.findings),
    ])
    return { ok: findings.length === 0, centers, findings }
  } finally {
    books.close()
  }
}

/** The lines of a lane's journal file. Throws where there is no such lane, and names those that there are. */
export async function exportJournal(path: string, lane: string): Promise<AsyncIterable<string>> {
  const books = await openBooks(path)
  const lanes = books.centers.flatMap(center => center.lanes().map(book => ({ center, book })))
  const nameIn = ({ place }: LaneBook) => (place === null ? '' : laneName(place))
  const found = lanes.find(({ book }) => nameIn(book) === lane)
  if (found === undefined) {
    const names = lanes.map(({ book }) => nameIn(book)).filter(name => name !== '')
    books.close()
    throw new Error(`There is no lane ${lane} in ${path}. There are: ${names.sort().join(' ')}`)
  }
  return journalLines(books, found.center, found.book)
}

function keptIn(file: string): readonly KeptAnchor[] {
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data?: readonly KeptAnchor[] }
  if (!Array.isArray(data)) throw new Error(`${file} is no answer of GET /v1/anchors.`)
  return data
}

/** Places shown to people for each kind of finding; all of them are in the JSON. */
const PLACES_MAX = 10

export function verifiedText({ ok, centers, findings }: Verified): string {
  const lanes = centers.flatMap(each => each.lanes)
  const sum = (of: (lane: LaneReport) => number) =>
    lanes.reduce((total, lane) => total + of(lane), 0)
  const what = `${lanes.length} lanes, ${sum(each => each.events)} events, ${sum(each => each.payments)} payments, ${sum(each => each.verified)} signatures`
  const kinds = [...Map.groupBy(findings, ({ fault }) => fault).values()]
  return [
    ...table(head, lanes.map(rowOf), [
      'left',
      'left',
      ...head.slice(2, -1).map(() => 'right' as const),
    ]),
    '',
    ...kinds.flatMap(textOf),
    ok ? `All of it holds: ${what}.` : `It does not hold: ${findings.length} findings in ${what}.`,
  ].join('\n')
}

const head = ['Center', 'Lane', 'Rows', 'Events', 'Payments', 'Signed', 'Anchored', 'Projected', '']

const rowOf = (lane: LaneReport): string[] => [
  lane.center,
  lane.lane,
  ...[lane.rows, lane.events, lane.payments, lane.verified, lane.anchored].map(String),
  lane.projected === null ? '–' : `${lane.projected}`,
  lane.findings.length === 0 ? '✓' : styleText('red', `✗ ${lane.findings.length}`),
]

/** Findings of one kind: what it is, where it is, what to do. */
function textOf(findings: readonly Finding[]): string[] {
  const [first] = findings
  if (first === undefined) return []
  const places = findings.map(({ center, lane, where }) =>
    [center, lane, where].filter(Boolean).join('  '),
  )
  const rest = places.length - PLACES_MAX
  return [
    `${styleText('red', '✗')} ${first.fault}: ${first.says}`,
    ...places.slice(0, PLACES_MAX).map(place => `    ${place}`),
    ...(rest > 0 ? [`    and ${rest} more, all of them with --json`] : []),
    `  ${first.next}`,
    '',
  ]
}
