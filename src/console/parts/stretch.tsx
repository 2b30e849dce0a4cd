/** A stretch of time in periods of one length: chosen by hand, kept in the address, and asked about. */
import type { WindowName } from '../../wire/monitor.ts'
import { long } from '../format.ts'
import { place, t } from '../store.ts'

export interface Stretch {
  readonly window: WindowName
  /** How many periods. */
  readonly last: number
  /** An instant of the last period; null for the present. */
  readonly until: string | null
}

/** Of each window: its length, how often it is asked for anew, and how many of it one looks at; milliseconds. */
// biome-ignore format: a table is read by column
const windows = {
  second: { ms: 1_000,      everyMs: 3_000,  lasts: [60, 120]         },
  minute: { ms: 60_000,     everyMs: 10_000, lasts: [15, 60, 120]     },
  hour:   { ms: 3_600_000,  everyMs: 30_000, lasts: [6, 24, 72, 120]  },
  day:    { ms: 86_400_000, everyMs: 30_000, lasts: [7, 30, 92, 120]  },
} as const satisfies Record<WindowName, object>
const names = Object.keys(windows) as WindowName[]

const isWindow = (text: string | null): text is WindowName => names.includes(text as WindowName)
/** Once a day's, an hour's or a minute's worth is usual. */
const USUAL = 1

/** As the address says; what it does not say, or says badly, is as usual. */
export function stretchNow(usual: WindowName = 'minute'): Stretch {
  const { query } = place.value
  const asked = query.get('window')
  const window = isWindow(asked) ? asked : usual
  const last = Number(query.get('last'))
  const until = query.get('until')
  const { lasts } = windows[window]
  return {
    window,
    last: Number.isInteger(last) && last >= 1 && last <= 120 ? last : lasts[USUAL],
    until: until === null || Number.isNaN(Date.parse(until)) ? null : until,
  }
}

/** For the address: only what is not as usual need be there, but a link should not change its mind. */
export const stretchQuery = ({ window, last, until }: Stretch): Record<string, string> => ({
  window,
  last: `${last}`,
  ...(until === null ? {} : { until }),
})

/** What is over does not change. */
export const everyMs = ({ window, until }: Stretch): number | undefined =>
  until === null ? windows[window].everyMs : undefined

/** The beginnings of its periods, of which the first is known. */
export const startsOf = ({ window, last }: Stretch, from: string): readonly number[] =>
  Array.from({ length: last }, (_, index) => Date.parse(from) + index * windows[window].ms)

interface Props {
  readonly stretch: Stretch
  onChange(next: Stretch): void
}

export function StretchChoice({ stretch, onChange }: Props) {
  const text = t().figures
  const { window, last } = stretch
  const { lasts } = windows[window]
  // Whoever wrote the address may have wanted another number.
  const choices = [...new Set([...lasts, last])].sort((one, other) => one - other)
  return (
    <>
      <label>
        {text.window}
        <select
          name="window"
          value={window}
          onChange={({ currentTarget: { value } }) => {
            const next = value as WindowName
            onChange({ ...stretch, window: next, last: windows[next].lasts[USUAL] })
          }}
        >
          {names.map(each => (
            <option key={each} value={each}>
              {text.windows[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.stretch}
        <select
          name="last"
          value={`${last}`}
          onChange={({ currentTarget }) =>
            onChange({ ...stretch, last: Number(currentTarget.value) })
          }
        >
          {choices.map(each => (
            <option key={each} value={`${each}`}>
              {long(each, window)}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

/** To the stretch before and after, and back to the present. */
export function Turns({ stretch, onChange }: Props) {
  const text = t().figures
  const { window, last, until } = stretch
  const turn = (by: number) => {
    const at = (until === null ? Date.now() : Date.parse(until)) + by * last * windows[window].ms
    onChange({ ...stretch, until: at >= Date.now() ? null : new Date(at).toISOString() })
  }
  // Seconds are kept for two minutes only, so that there is nothing before them.
  if (window === 'second') return null
  return (
    <span class="acts">
      <button type="button" class="plain" onClick={() => turn(-1)}>
        {text.earlier}
      </button>
      {until !== null && (
        <>
          <button type="button" class="plain" onClick={() => turn(1)}>
            {text.later}
          </button>
          <button type="button" class="plain" onClick={() => onChange({ ...stretch, until: null })}>
            {text.present}
          </button>
        </>
      )}
    </span>
  )
}
