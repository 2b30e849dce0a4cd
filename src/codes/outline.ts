/**
 * A reading as aligned lines of text, for terminals. Nothing of the payload can steer the terminal.
 */
import { type CodeNode, type CodeReading, codeErrors, codeWarnings } from './code.ts'
import { familyById } from './families.ts'

export function outlineOf(reading: CodeReading): string {
  return [
    ...headOf(reading),
    ...familiesOf(reading),
    ...verdictsOf(reading),
    ...treeOf(reading.tree),
  ].join('\n')
}

function headOf(reading: CodeReading): string[] {
  const verdict = reading.valid
    ? reading.payable
      ? 'valid, payable'
      : 'valid, not payable'
    : 'NOT VALID'
  const sum = reading.amount === null ? null : `${reading.amount} ${reading.currency ?? ''}`
  const rows: readonly (readonly [string, string | null])[] = [
    ['Code', `${reading.kind}, ${verdict}`],
    ['Shown by', reading.presentment],
    ['Initiation', reading.initiation],
    ['Market', reading.country],
    ['Amount', sum ?? reading.currency],
    ['Minor units', reading.amountMinor === null ? null : String(reading.amountMinor)],
    ['Merchant', reading.merchantName],
    ['Local name', reading.merchantNameLocal],
    ['City', reading.merchantCity],
    ['Category', reading.mcc],
    ['Payee', reading.proxy === null ? null : `${reading.proxy.type} ${reading.proxy.value}`],
    ['Expires', reading.expiresAtMs === null ? null : timeOf(reading.expiresAtMs)],
  ]
  return rows.flatMap(([name, value]) => (value === null ? [] : [line(name, value)]))
}

/** Best first; the key is what routes are matched against. */
const familiesOf = ({ families }: CodeReading): string[] =>
  families.map(({ id, institutionKey }, place) => {
    const name = familyById(id)?.name ?? id
    return line(
      place === 0 ? 'Families' : '',
      `${id}  ${name}, institution ${institutionKey ?? '?'}`,
    )
  })

const verdictsOf = ({ errors, warnings }: CodeReading): string[] => [
  ...errors.map(({ code, at }) =>
    line('Error', `${code}${at === undefined ? '' : ` at ${at}`}: ${codeErrors[code]}`),
  ),
  ...warnings.map(code => line('Warning', `${code}: ${codeWarnings[code]}`)),
]

/** Offset, id by depth, name, value; columns as wide as their widest entry. */
function treeOf(tree: readonly CodeNode[]): string[] {
  if (tree.length === 0) return []
  const rows = flattened(tree, 0)
  const idWidth = Math.max(...rows.map(row => row.id.length))
  const nameWidth = Math.max(...rows.map(row => row.name.length))
  const lines = rows.map(
    ({ at, id, name, value }) =>
      `${String(at).padStart(5)}  ${id.padEnd(idWidth)}  ${name.padEnd(nameWidth)}  ${value}`,
  )
  return ['', ...lines.map(each => each.trimEnd())]
}

interface TreeRow {
  readonly at: number
  readonly id: string
  readonly name: string
  readonly value: string
}

function flattened(nodes: readonly CodeNode[], depth: number): TreeRow[] {
  return nodes.flatMap(node => [
    {
      at: node.at,
      id: '  '.repeat(depth) + node.id,
      name: node.name,
      value: node.children.length === 0 ? printable(node.value) : '',
    },
    ...flattened(node.children, depth + 1),
  ])
}

const line = (name: string, value: string): string =>
  `${name.padEnd(12)} ${printable(value)}`.trimEnd()

/** Years beyond the calendar of Date stay numbers. */
function timeOf(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`
}

/** Control, format and unpaired characters by their code point, as `\u{1b}`. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    found => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
  )
