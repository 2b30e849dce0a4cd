/** Figures: what went through in any stretch of time, by whatever it is counted by; how one of them went is drawn. */
import { dimensions } from '../../domain/window.ts'
import type { Figures as Answer, Dimension, WindowCell } from '../../wire/monitor.ts'
import { read } from '../api.ts'
import { count, money, ms, share } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Course, Hops, type Subject } from '../parts/course.tsx'
import { Missing } from '../parts/missing.tsx'
import { Problem } from '../parts/problem.tsx'
import { Scroll } from '../parts/scroll.tsx'
import {
  everyMs,
  type Stretch,
  StretchChoice,
  stretchNow,
  stretchQuery,
  Turns,
} from '../parts/stretch.tsx'
import { hrefOf, place, t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

/** What a row is sorted and read by. */
interface Column {
  readonly name: keyof ReturnType<typeof t>['figures']['columns']
  of(cell: WindowCell): number | null
  says(cell: WindowCell): string
}

const counted = (name: 'opened' | 'committed' | 'aborted' | 'refused' | 'doubted' | 'refunds') => ({
  name,
  of: (cell: WindowCell) => cell[name],
  says: (cell: WindowCell) => count(cell[name]),
})
const worth = (name: 'cny' | 'usd') => ({
  name,
  of: (cell: WindowCell) => Number(cell[name].minor),
  says: (cell: WindowCell) => money(cell[name]).split(' ')[0] ?? '',
})
const quantile = (name: 'p50' | 'p95' | 'p99') => ({
  name,
  of: (cell: WindowCell) => cell.latency.total?.[name] ?? null,
  says: (cell: WindowCell) => ms(cell.latency.total?.[name]),
})

const columns: readonly Column[] = [
  counted('opened'),
  counted('committed'),
  {
    name: 'success',
    of: cell => cell.successRate,
    says: cell => share(cell.successRate),
  },
  counted('aborted'),
  counted('refused'),
  counted('doubted'),
  counted('refunds'),
  worth('cny'),
  worth('usd'),
  quantile('p50'),
  quantile('p95'),
  quantile('p99'),
]

/** A result is of payments that ended: what comes before an end has none. */
const ofResults = new Set<string>([
  'committed',
  'aborted',
  'refused',
  'cny',
  'usd',
  'p50',
  'p95',
  'p99',
])
const columnsOf = (by: Dimension) =>
  by === 'code' ? columns.filter(({ name }) => ofResults.has(name)) : columns

interface Asked {
  readonly stretch: Stretch
  readonly by: Dimension
  /** Which of them is drawn; null for everything. */
  readonly name: string | null
  /** Null for busiest first, as it comes. */
  readonly sort: Column['name'] | null
  readonly isRising: boolean
}

function askedNow(): Asked {
  const { query } = place.value
  const by = dimensions.find(each => each === query.get('by')) ?? 'corridor'
  return {
    stretch: stretchNow(),
    by,
    name: by === 'all' ? null : query.get('name'),
    sort: columns.find(({ name }) => name === query.get('sort'))?.name ?? null,
    isRising: query.get('order') === 'rising',
  }
}

const hrefFor = ({ stretch, by, name, sort, isRising }: Asked): string =>
  hrefOf('figures', undefined, {
    ...stretchQuery(stretch),
    by,
    ...(name === null ? {} : { name }),
    ...(sort === null ? {} : { sort }),
    ...(isRising ? { order: 'rising' } : {}),
  })

export function Figures() {
  const text = t().figures
  const asked = askedNow()
  const { stretch, by, name } = asked
  const { window, last, until } = stretch
  const { value, problem, again } = useLoaded(
    () => read<Answer>('/ops/v1/monitor/figures', { window, last, until, dimension: by }),
    [window, last, until, by],
    everyMs(stretch),
  )
  const go = (next: Partial<Asked>) => {
    location.hash = hrefFor({ ...asked, ...next })
  }
  const subject: Subject =
    name === null ? { dimension: 'all', name: 'all' } : { dimension: by, name }
  const cell = name === null ? value?.all : value?.data.find(each => each.name === name)
  return (
    <>
      <h1>{t().views.figures}</h1>
      <form class="filters" onSubmit={event => event.preventDefault()}>
        <StretchChoice stretch={stretch} onChange={next => go({ stretch: next })} />
        <label>
          {text.by}
          <select
            name="by"
            value={by}
            onChange={({ currentTarget }) =>
              go({ by: currentTarget.value as Dimension, name: null })
            }
          >
            {dimensions.map(each => (
              <option key={each} value={each}>
                {text.dimensions[each]}
              </option>
            ))}
          </select>
        </label>
        <Turns stretch={stretch} onChange={next => go({ stretch: next })} />
      </form>
      {problem !== null && <Problem problem={problem} again={again} />}
      <section>
        <h2>
          <SubjectName subject={subject} />
          {name !== null && <a href={hrefFor({ ...asked, name: null })}>{text.everything}</a>}
        </h2>
        <Course key={`${subject.dimension} ${subject.name}`} subject={subject} stretch={stretch} />
      </section>
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && (
        <>
          <section>
            <h2>{text.dimensions[by]}</h2>
            <Missing centers={value.missing} />
            <Table asked={asked} cells={value.data} />
          </section>
          <section>
            <h2>
              {text.hops}
              <span class="soft">{shown(subject)}</span>
            </h2>
            {cell ? <Hops cell={cell} /> : <p class="empty">{text.quiet}</p>}
          </section>
        </>
      )}
    </>
  )
}

/** A name as people know it; `other` gathers what there was no room for. */
function shown({ dimension, name }: Subject): string {
  const text = t().figures
  if (dimension === 'all') return text.everything
  if (name === 'other') return text.other
  if (dimension === 'scenario') return wordOf(t().words.scenarios, name)
  return name.replace('>', ' → ')
}

const meaning = (code: string): string =>
  (t().words.codes as Readonly<Record<string, string>>)[code] ?? ''

/** With the way to what else is known of it. */
function SubjectName({ subject }: { readonly subject: Subject }) {
  const { dimension, name } = subject
  if (dimension === 'institution' && name !== 'other') {
    return <a href={hrefOf('institutions', name)}>{name}</a>
  }
  return <span>{shown(subject)}</span>
}

function sorted(cells: readonly WindowCell[], { sort, isRising }: Asked): readonly WindowCell[] {
  const column = columns.find(({ name }) => name === sort)
  if (column === undefined) return cells
  // Who has no such figure comes last, either way.
  const none = isRising ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  const figure = (cell: WindowCell) => column.of(cell) ?? none
  return cells.toSorted((one, other) =>
    isRising ? figure(one) - figure(other) : figure(other) - figure(one),
  )
}

function Table({ asked, cells }: { readonly asked: Asked; readonly cells: Answer['data'] }) {
  const text = t().figures
  if (cells.length === 0) return <p class="empty">{text.quiet}</p>
  return (
    <Scroll label={text.dimensions[asked.by]}>
      <table>
        <thead>
          <tr>
            <th>{text.name}</th>
            {columnsOf(asked.by).map(column => (
              <Head key={column.name} column={column} asked={asked} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(cells, asked).map(cell => (
            <tr key={cell.name} class={cell.name === asked.name ? 'chosen' : undefined}>
              <td class={asked.by === 'code' ? 'wrap' : undefined}>
                <a
                  href={hrefFor({ ...asked, name: asked.by === 'all' ? null : cell.name })}
                  aria-current={cell.name === asked.name ? 'true' : undefined}
                >
                  {shown(cell)}
                </a>
                {cell.dimension === 'code' && <div class="soft">{meaning(cell.name)}</div>}
              </td>
              {columnsOf(asked.by).map(({ name, says }) => (
                <td key={name} class="number">
                  {says(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** Pressed, it sorts; pressed again, the other way round. */
function Head({ column: { name }, asked }: { readonly column: Column; readonly asked: Asked }) {
  const isSorted = asked.sort === name
  const order = isSorted ? (asked.isRising ? 'ascending' : 'descending') : undefined
  const sort = () => {
    location.hash = hrefFor({ ...asked, sort: name, isRising: isSorted && !asked.isRising })
  }
  return (
    <th class="number" aria-sort={order}>
      <button type="button" class="sort" onClick={sort}>
        {t().figures.columns[name]}
      </button>
    </th>
  )
}
