/** A list that is asked for: its problem, its emptiness, or its rows. */
import type { ComponentChildren } from 'preact'
import type { Loaded } from '../load.ts'
import { t } from '../store.ts'
import { Problem } from './problem.tsx'
import { Scroll } from './scroll.tsx'

interface ListingProps<T> {
  readonly label: string
  readonly loaded: Loaded<{ readonly data: readonly T[] }>
  /** The column of what can be done has none of its own; one of figures is marked, because they stand at its right. */
  readonly heads: readonly (string | { readonly figure: string })[]
  readonly empty?: string
  row(item: T): ComponentChildren
}

export function Listing<T>({ label, loaded, heads, empty, row }: ListingProps<T>) {
  const { value, problem, again } = loaded
  return (
    <>
      {problem !== null && <Problem problem={problem} again={again} />}
      {value === null && problem === null && <p class="soft">{t().loading}</p>}
      {value !== null && value.data.length === 0 && <p class="empty">{empty ?? t().nothing}</p>}
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
    </>
  )
}
