/** The message ladder: a line for each party, and an arrow for each message, oldest first, as the journal proves it. */
import type { RungView } from '../../wire/ops-payment.ts'
import { time } from '../format.ts'
import { t } from '../store.ts'

const ROW = 44
const HEAD = 34
const WIDTH = 760
const SIDE = 110

export function Ladder({
  rungs,
  parties,
}: {
  readonly rungs: readonly RungView[]
  readonly parties: readonly string[]
}) {
  const step = (WIDTH - 2 * SIDE) / Math.max(1, parties.length - 1)
  const x = (party: string) => SIDE + step * Math.max(0, parties.indexOf(party))
  const height = HEAD + ROW * rungs.length + 16
  const words = t().payment.says as Readonly<Record<string, string>>
  return (
    <svg
      class="ladder"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={t().payment.ladderSays(rungs.length)}
    >
      <defs>
        <marker
          id="tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0,0 L8,4 L0,8 z" />
        </marker>
      </defs>
      {parties.map(party => (
        <g key={party}>
          <text class="party" x={x(party)} y={18} text-anchor="middle">
            {party}
          </text>
          <line class="life" x1={x(party)} x2={x(party)} y1={HEAD - 6} y2={height} />
        </g>
      ))}
      {rungs.map((rung, index) => {
        const y = HEAD + ROW * (index + 0.7)
        const [from, to] = [x(rung.from), x(rung.to)]
        const bad = /refused|failed|silence|unknown/.test(rung.says) ? 'bad' : ''
        const isLost = !rung.proved || rung.says === 'silence'
        const says = [
          words[rung.says] ?? rung.says,
          rung.resultCode,
          !rung.proved && t().payment.unheard,
        ]
          .filter(Boolean)
          .join(' · ')
        return (
          <g key={`${rung.row} ${index}`} class={`rung ${bad}`}>
            <text x={(from + to) / 2} y={y - 7} text-anchor="middle">
              {says}
            </text>
            <line
              x1={from}
              x2={to}
              y1={y}
              y2={y}
              marker-end="url(#tip)"
              class={isLost ? 'lost' : ''}
            />
            <text class="at" x={4} y={y + 4}>
              {time(rung.at)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
