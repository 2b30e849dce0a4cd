/** Rows with effective times, read plainly. */

export interface TimedRow {
  readonly from: number
  readonly value: bigint | null
}

/** Every value in force at some time between two instants, the newest first; null where there was none. */
export function valuesIn(
  rows: readonly TimedRow[],
  from: number,
  until: number,
): readonly (bigint | null)[] {
  const begun = rows
    .filter(row => row.from <= until)
    .toSorted((one, other) => other.from - one.from)
  const last = begun.findIndex(row => row.from <= from)
  const values = (last < 0 ? begun : begun.slice(0, last + 1)).map(({ value }) => value)
  return last < 0 ? [...values, null] : values
}
