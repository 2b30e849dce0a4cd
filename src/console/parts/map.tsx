/** The corridors on a map: an arc from where payers are at home to where the shops are, as thick as it is busy. */
import { geoEqualEarth, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import world from 'world-atlas/countries-110m.json'
import { t } from '../store.ts'
import { capitals } from './capitals.ts'

export interface Flow {
  /** `TH>CN` */
  readonly corridor: string
  readonly payments: number
  readonly success: number | null
}

const WIDTH = 960
const HEIGHT = 430
type Atlas = Parameters<typeof feature>[0]
const atlas = world as unknown as Atlas
const land = feature(atlas, atlas.objects.countries as never)
/** Where payments go: from Europe to the Pacific, and the Americas at the edge. */
const projection = geoEqualEarth()
  .rotate([-85, 0])
  .fitExtent(
    [
      [4, 4],
      [WIDTH - 4, HEIGHT + 60],
    ],
    { type: 'Sphere' },
  )
const outline = geoPath(projection)(land) ?? ''

const pointOf = (market: string): readonly [number, number] | null => {
  const capital = capitals[market]
  return capital === undefined ? null : projection([...capital])
}

export function CorridorMap({ flows }: { readonly flows: readonly Flow[] }) {
  const most = Math.max(1, ...flows.map(({ payments }) => payments))
  return (
    <figure class="map">
      <figcaption>{t().overview.map}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t().overview.mapSays(flows.length)}
      >
        <path class="land" d={outline} />
        {flows.map(flow => (
          <Arc key={flow.corridor} flow={flow} weight={flow.payments / most} />
        ))}
      </svg>
    </figure>
  )
}

function Arc({ flow, weight }: { readonly flow: Flow; readonly weight: number }) {
  const [payer = '', payee = ''] = flow.corridor.split('>')
  const [from, to] = [pointOf(payer), pointOf(payee)]
  if (from === null || to === null) return null
  const health = flow.success !== null && flow.success < 0.9 ? 'ill' : 'well'
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
  const bend = Math.hypot(to[0] - from[0], to[1] - from[1]) * 0.3
  const title = `${flow.corridor}: ${flow.payments}`
  if (payer === payee) {
    return (
      <circle class={`local ${health}`} cx={from[0]} cy={from[1]} r={4 + 6 * weight}>
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
      <circle class="end" cx={to[0]} cy={to[1]} r={3} />
    </g>
  )
}
