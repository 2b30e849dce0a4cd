/** The tables of the guide, in Markdown, between the marks they have there. */
import type { PerPayment } from './counts.ts'
import type { Measured } from './measure.ts'
import type { Extreme, figuresOf } from './report.ts'
import { judge, told, verdictOf } from './targets.ts'
import type { WorkloadName } from './workloads.ts'

/** What a whole run prints for machines. */
export interface Report extends ReturnType<typeof figuresOf> {
  readonly rows: readonly (Measured & { readonly name: string; readonly connections: number })[]
  readonly counted: Partial<Record<WorkloadName, PerPayment>>
  readonly extremes: readonly Extreme[]
}

/** What names in figures mean to a reader. */
const titles: Readonly<Record<string, string>> = {
  plainD1: 'plain D1',
  askedQuote: 'quote, its acquirer asked',
  charge: 'charge (a code of the payer)',
  many: 'pay, all wallets',
}

const tables: Readonly<Record<string, (report: Report) => readonly string[]>> = {
  targets: report => {
    const lines = judge(report, besideOf(report)).map(each => {
      const verdict = verdictOf(each)
      return [each.what, each.target, `**${told(each)}**${verdict === '' ? '' : `: ${verdict}`}`]
    })
    return markdown(['', 'target', 'measured'], lines)
  },
  workloads: ({ rows }) =>
    markdown(
      ['workload', 'connections', 'a second', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU µs', 'flushes'],
      rows.map(({ name, connections, ...run }) => [
        titles[name] ?? name,
        `${connections || '-'}`,
        run.perSecond.toFixed(0),
        ...[run.p50, run.p95, run.p99].map(value => value.toFixed(1)),
        run.cpuMicros.toFixed(0),
        run.flushes?.toFixed(2) ?? '-',
      ]),
    ),
  uses: ({ counted }) =>
    markdown(
      ['one', 'rows written', 'of them in objects', 'object calls', 'queue operations'],
      Object.entries(counted).map(([name, use]) => [
        name,
        ...[use.rowsWritten, use.laneRows, use.objectCalls, use.queueOperations].map(value =>
          value.toFixed(2),
        ),
      ]),
    ),
}

/** Of the silent member only this. */
export function besideOf({ rows, extremes }: Pick<Report, 'rows' | 'extremes'>) {
  const saturated = rows.find(({ name, connections }) => name === 'pay' && connections === 256)
  const silent = extremes.find(({ name }) => name === '5 % to a silent member')?.figures
  const besideSilent = (silent as { perSecond?: number } | null | undefined)?.perSecond ?? null
  return { saturatedFlushes: saturated?.flushes ?? null, besideSilent }
}

/** @throws Error where a mark of the guide names no table, or a table has no mark. */
export function filled(guide: string, report: Report): string {
  const met = new Set<string>()
  const text = guide.replaceAll(MARKED, (_, name: string) => {
    const table = tables[name]
    if (table === undefined) throw new Error(`the guide marks a table ${name}, which there is not`)
    met.add(name)
    return `<!-- figures: ${name} -->\n${table(report).join('\n')}\n<!-- end -->`
  })
  const missing = Object.keys(tables).filter(name => !met.has(name))
  if (missing.length > 0) throw new Error(`the guide has no mark for ${missing.join(', ')}`)
  return text
}

const MARKED = /<!-- figures: ([a-z]+) -->\n[\s\S]*?<!-- end -->/g

const markdown = (head: readonly string[], lines: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...lines].map(cells => `| ${cells.join(' | ')} |`)
