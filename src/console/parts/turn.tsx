/** Turning the pages of a list that is longer than one: onwards by the cursor it gives, and back by those one came by. */
import { useState } from 'preact/hooks'
import { t } from '../store.ts'

export interface Turning {
  /** Of the page one looks at; undefined for the first. */
  readonly cursor: string | undefined
  /** The first page goes on by itself; one that was turned to stays as it is. */
  everyMs(usual: number): number | undefined
  older(cursor: string): void
  newer(): void
  toFirst(): void
}

export function useTurning(): Turning {
  const [cursors, setCursors] = useState<readonly string[]>([])
  return {
    cursor: cursors.at(-1),
    everyMs: usual => (cursors.length === 0 ? usual : undefined),
    older: cursor => setCursors([...cursors, cursor]),
    newer: () => setCursors(cursors.slice(0, -1)),
    toFirst: () => setCursors([]),
  }
}

interface TurnProps {
  readonly turning: Turning
  readonly next: string | null
  /** Where a list is not one of time. */
  readonly words?: { readonly back: string; readonly on: string }
}

export function Turn({ turning, next, words }: TurnProps) {
  const { newer, older } = t().payments
  const { back, on } = words ?? { back: newer, on: older }
  if (turning.cursor === undefined && next === null) return null
  return (
    <p class="pages">
      {turning.cursor !== undefined && (
        <button type="button" class="plain" onClick={turning.newer}>
          {back}
        </button>
      )}
      {next !== null && (
        <button type="button" class="plain" onClick={() => turning.older(next)}>
          {on}
        </button>
      )}
    </p>
  )
}
