/** A chart of seconds: uPlot draws it, this keeps it the width of its place and in the colours of the page. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
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
  readonly unit?: string
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

export function Chart({ label, at, lines, unit = '' }: ChartProps) {
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
            values: (_, ticks) =>
              ticks.map(tick => new Date(tick * 1_000).toTimeString().slice(0, 8)),
            space: 90,
          },
          { ...axis, size: 68, values: (_, ticks) => ticks.map(tick => `${tick}${unit}`) },
        ],
        scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        series: [
          {},
          ...lines.map(({ label: name, colour, filled }) => {
            const stroke = resolved(colour)
            return {
              label: name,
              stroke,
              width: 1.6,
              points: { show: false },
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
  }, [dark, language.value])

  useEffect(() => {
    plot.current?.setData(data)
  })

  return (
    <figure class="chart">
      <figcaption>
        {label}
        <span class="keys">
          {lines.map(({ label: name, colour }) => (
            <span key={name} class={`key ${colour}`}>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} role="img" aria-label={label} />
    </figure>
  )
}
