/** A list that is asked for: its problem, its emptiness, or its rows. */
import type { ComponentChildren } from 'preact'
import { count } from '../format.ts'
import type { Loaded } from '../load.ts'
import { t } from '../store.ts'
import { Missing } from './missing.tsx'
import { Problem } from './problem.tsx'
import { Scroll } from './scroll.tsx'
import { Turn, type Turning } from './turn.tsx'

/** A list as the interface gives it; not all of them end, and not all are asked of centers. */
export interface ListAnswer<T> {
  readonly data: readonly T[]
  readonly nextCursor?: string | null
  readonly more?: boolean
  readonly missing?: readonly string[]
}

interface ListingProps<T> {
  readonly label: string
  readonly loaded: Loaded<ListAnswer<T>>
  /** How one gets on; without it the list only says that there is more. */
  readonly turning?: Turning
  readonly words?: { readonly back: string; readonly on: string }
  /** The column of what can be done has none of its own; one of figures is marked, because they stand at its right. */
  readonly heads: readonly (string | { readonly figure: string })[]
  readonly empty?: string
  row(item: T): ComponentChildren
}

export function Listing<T>(props: ListingProps<T>) {
  const { label, loaded, turning, words, heads, empty, row } = props
  const { value, problem, again } = loaded
  const next = value?.nextCursor ?? null
  return (
    <>
      {problem !== null && <Problem problem={problem} again={again} />}
      <Missing centers={value?.missing ?? []} />
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && value.data.length === 0 && (
        <p class="empty">{next === null ? (empty ?? t().nothing) : t().noneYet}</p>
      )}
      {value !== null && value.data.length > 0 && (
        <Scroll label={label}>
          <table>
            <thead>
              <tr>
                {heads.map(head =>
                  typeof head === 'string' ? (
                    <th key={head}>{head === '' ? t().actions : head}</th>
                  ) : (
                    <th key={head.figure} class="number">
                      {head.figure}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>{value.data.map(row)}</tbody>
          </table>
        </Scroll>
      )}
      {turning === undefined ? (
        (next !== null || value?.more === true) && (
          <p class="soft">{t().firstOnly(count(value?.data.length ?? 0))}</p>
        )
      ) : (
        <Turn turning={turning} next={next} {...(words === undefined ? {} : { words })} />
      )}
    </>
  )
}
