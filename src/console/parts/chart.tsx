/** A chart over time: uPlot draws it, this keeps it the width of its place and in the colours of the page. */
import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { count, type Step, startOf } from '../format.ts'
import { language } from '../store.ts'

export interface Line {
  readonly label: string
  /** Name of a colour of the page, without the dashes. */
  readonly colour: string
  readonly values: readonly (number | null)[]
  readonly filled?: boolean
}

interface ChartProps {
  readonly label: string
  /** Milliseconds since 1970. */
  readonly at: readonly number[]
  readonly lines: readonly Line[]
  /** How far apart the points are. */
  readonly step?: Step
  /** A figure as it is read. */
  readonly says?: (figure: number) => string
  /** The top of the chart, where nothing can be more. */
  readonly top?: number
}

const HEIGHT = 190

const colourOf = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`)

/** `light-dark()` is resolved by the browser only where it is used, so a probe wears it. */
function resolved(name: string): string {
  const probe = document.createElement('i')
  probe.style.color = colourOf(name)
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

export function Chart({ label, at, lines, step = 'second', says = count, top }: ChartProps) {
  const pointed = useSignal<number | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = [
    at.map(each => each / 1_000),
    ...lines.map(({ values }) => [...values]),
  ] as uPlot.AlignedData
  const dark = matchMedia('(prefers-color-scheme: dark)').matches

  useEffect(() => {
    const { current } = place
    if (current === null) return undefined
    const [ink, grid] = [resolved('soft'), resolved('line')]
    const axis = {
      stroke: ink,
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1 },
    }
    plot.current = new uPlot(
      {
        width: current.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false },
        axes: [
          {
            ...axis,
            values: (_, ticks) => ticks.map(tick => startOf(step, tick * 1_000)),
            space: 90,
          },
          { ...axis, size: 68, values: (_, ticks) => ticks.map(says) },
        ],
        scales: { y: { range: (_, __, most) => [0, top ?? Math.max(1, most * 1.1)] } },
        ...(step === 'day'
          ? { tzDate: (at: number) => uPlot.tzDate(new Date(at * 1_000), 'Etc/UTC') }
          : {}),
        hooks: {
          setCursor: [
            ({ cursor }) => {
              pointed.value = cursor.idx ?? null
            },
          ],
        },
        series: [
          {},
          ...lines.map(({ label: name, colour, filled }) => {
            const stroke = resolved(colour)
            return {
              label: name,
              stroke,
              width: 1.6,
              // A second among many is no event; a lone hour would not be seen otherwise.
              points: step === 'second' ? { show: false } : { size: 4 },
              ...(filled ? { fill: stroke.replace(/rgb\((.*)\)/, 'rgba($1, 0.12)') } : {}),
            }
          }),
        ],
      },
      data,
      current,
    )
    const watcher = new ResizeObserver(() =>
      plot.current?.setSize({ width: current.clientWidth, height: HEIGHT }),
    )
    watcher.observe(current)
    return () => {
      watcher.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [dark, language.value, step])

  useEffect(() => {
    plot.current?.setData(data)
  })

  return (
    <figure class="chart">
      <figcaption>
        {label}
        <Keys at={at} lines={lines} step={step} says={says} pointed={pointed} />
      </figcaption>
      <div ref={place} role="img" aria-label={label} />
    </figure>
  )
}

type KeysProps = Required<Pick<ChartProps, 'at' | 'lines' | 'step' | 'says'>> & {
  readonly pointed: Signal<number | null>
}

/** What the lines are and, where one points at a moment, what they were then. */
function Keys({ at, lines, step, says, pointed }: KeysProps) {
  const index = pointed.value
  const moment = index === null ? undefined : at[index]
  const then = (values: Line['values']) => {
    const figure = index === null ? undefined : values[index]
    return figure === undefined || figure === null ? '–' : says(figure)
  }
  return (
    <span class="keys">
      {moment !== undefined && <span>{startOf(step, moment)}</span>}
      {lines.map(({ label, colour, values }) => (
        <span key={label} class={`key ${colour}`}>
          {label}
          {moment !== undefined && ` ${then(values)}`}
        </span>
      ))}
    </span>
  )
}
