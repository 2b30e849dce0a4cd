/** The corridors on a map: an arc from where payers are at home to where the shops are, as thick as it is busy. */

import { type GeoProjection, geoEqualEarth, geoPath } from 'd3-geo'
import { useMemo, useRef } from 'preact/hooks'
import { feature } from 'topojson-client'
import world from 'world-atlas/countries-110m.json'
import { count, share } from '../format.ts'
import { t } from '../store.ts'
import { capitals } from './capitals.ts'
import { type Point, placesOf } from './map-labels.ts'

export interface Flow {
  /** `TH>CN` */
  readonly corridor: string
  readonly payments: number
  readonly success: number | null
}

/** Of the drawing, which is stretched to its place: about as many pixels on a desk. */
const [WIDTH, HEIGHT] = [640, 430]
const MARGIN = { side: 44, top: 70, bottom: 36 }
/** Fewer succeed, and a corridor is ill. */
const WELL = 0.9
/** However few the markets are, so much of the world is around them, in degrees. */
const AROUND = 14

type Atlas = Parameters<typeof feature>[0]
const atlas = world as unknown as Atlas
const land = feature(atlas, atlas.objects.countries as never)

interface Drawing {
  readonly outline: string
  readonly points: ReadonlyMap<string, Point>
}

/** A map of where these markets are, as large as fits. */
function drawingOf(markets: readonly string[]): Drawing {
  const known = markets.flatMap(market => {
    const capital = capitals[market]
    return capital === undefined ? [] : [[market, capital] as const]
  })
  const corners = known.flatMap(([, [east, north]]) => [
    [east - AROUND, north],
    [east + AROUND, north],
    [east, Math.max(north - AROUND, -85)],
    [east, Math.min(north + AROUND, 85)],
  ])
  const middle = known.reduce((sum, [, [east]]) => sum + east / known.length, 0)
  const projection: GeoProjection = geoEqualEarth().rotate([-middle, 0])
  projection.fitExtent(
    [
      [MARGIN.side, MARGIN.top],
      [WIDTH - MARGIN.side, HEIGHT - MARGIN.bottom],
    ],
    corners.length === 0 ? { type: 'Sphere' } : { type: 'MultiPoint', coordinates: corners },
  )
  // What is far outside is not drawn.
  projection.clipExtent([
    [-WIDTH, -HEIGHT],
    [2 * WIDTH, 2 * HEIGHT],
  ])
  const points = known.flatMap(([market, capital]) => {
    const point = projection([...capital])
    return point === null ? [] : [[market, point] as const]
  })
  return { outline: geoPath(projection)(land) ?? '', points: new Map(points) }
}

export function CorridorMap({ flows }: { readonly flows: readonly Flow[] }) {
  const text = t().overview
  const most = Math.max(1, ...flows.map(({ payments }) => payments))
  const ends = flows.flatMap(({ corridor }) => corridor.split('>'))
  // A market that was seen stays on the map, which would jump about otherwise.
  const seen = useRef(new Set<string>())
  for (const market of ends) seen.current.add(market)
  const markets = [...seen.current].sort()
  const { outline, points } = useMemo(() => drawingOf(markets), [markets.join()])
  const labels = placesOf(new Map([...points].filter(([market]) => ends.includes(market))))
  return (
    <figure class="map">
      <figcaption>{text.map}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text.mapSays(flows.length)}>
        <path class="land" d={outline} />
        {flows.map(flow => (
          <Arc key={flow.corridor} flow={flow} weight={flow.payments / most} points={points} />
        ))}
        {labels.map(({ name, x, y, anchor }) => (
          <text key={name} class="market" x={x} y={y} text-anchor={anchor}>
            {name}
          </text>
        ))}
      </svg>
      <p class="keys">
        <span class="key">{text.keys.well}</span>
        <span class="key bad">{text.keys.ill}</span>
        <span class="key shop">{text.keys.shop}</span>
        <span class="key ring">{text.keys.local}</span>
      </p>
    </figure>
  )
}

interface ArcProps {
  readonly flow: Flow
  readonly weight: number
  readonly points: Drawing['points']
}

function Arc({ flow, weight, points }: ArcProps) {
  const [payer = '', payee = ''] = flow.corridor.split('>')
  const [from, to] = [points.get(payer), points.get(payee)]
  if (from === undefined || to === undefined) return null
  const health = flow.success !== null && flow.success < WELL ? 'ill' : 'well'
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
  const bend = Math.hypot(to[0] - from[0], to[1] - from[1]) * 0.3
  const title = `${payer} → ${payee}: ${count(flow.payments)}, ${share(flow.success)}`
  if (payer === payee) {
    return (
      <circle class={`local ${health}`} cx={from[0]} cy={from[1]} r={6 + 6 * weight}>
        <title>{title}</title>
      </circle>
    )
  }
  return (
    <g class={health}>
      <path
        class="flow"
        d={`M${from[0]},${from[1]} Q${x},${y - bend} ${to[0]},${to[1]}`}
        stroke-width={1.2 + 4 * weight}
      >
        <title>{title}</title>
      </path>
      <circle class="end" cx={to[0]} cy={to[1]} r={3.5} />
    </g>
  )
}
