/** The centers: how each is, who is served there, and the ways to drain one, give it up, and bring it back. */
import type { z } from 'zod'
import type { StepView } from '../../wire/ops-change.ts'
import type { centersSchema } from '../../wire/ops-network.ts'
import { read } from '../api.ts'
import { ago, count, instant, ms } from '../format.ts'
import { health } from '../live.ts'
import { useLoaded } from '../load.ts'
import { Listing } from '../parts/listing.tsx'
import { Member } from '../parts/member.tsx'
import { steer, steered } from '../parts/steer.tsx'
import { may, t } from '../store.ts'

type Center = z.infer<typeof centersSchema>['data'][number]

export function Centers() {
  const text = t().centers
  const loaded = useLoaded(
    () => read<{ data: readonly Center[] }>('/ops/v1/centers'),
    [steered.value],
    3_000,
  )
  const row = (each: Center) => {
    const seen = health.value[each.id]
    return (
      <tr key={each.id}>
        <td>
          <strong>{each.id}</strong>
          <div class="soft">{each.locationHint}</div>
        </td>
        <td>
          <span class={`status ${each.status === 'up' ? 'S' : 'U'}`}>
            {text.states[each.status]}
          </span>
          {Date.parse(each.statusSince) > 0 && <div class="soft">{instant(each.statusSince)}</div>}
        </td>
        <td>{seen === undefined ? '–' : text.seen[seen.state]}</td>
        <td>
          {seen?.lastEventAt ? ago(seen.lastEventAt) : '–'}
          <div class="soft">{ms(seen?.lag?.p95)}</div>
        </td>
        <td>
          {text.lanesOf(each.lanes)}
          <Members ids={each.institutions} />
        </td>
        <td>
          {each.standby ?? text.anyStandby}
          {each.pinned && <div class="soft">{text.pinned}</div>}
        </td>
        <td>{may('steer') && <Acts center={each} />}</td>
      </tr>
    )
  }
  return (
    <>
      <h1>{t().views.centers}</h1>
      <Listing
        label={t().views.centers}
        loaded={loaded}
        heads={[text.center, text.state, text.monitor, text.newest, text.lanes, text.standby, '']}
        row={row}
      />
    </>
  )
}

/** Shown of a center's members before one asks for the rest. */
const FEW = 6
/** The interface names so many of a center. */
const NAMED_MAX = 200

function Members({ ids }: { readonly ids: readonly string[] }) {
  const text = t().centers
  const names = (some: readonly string[]) =>
    some.map((id, index) => (
      <span key={id}>
        {index > 0 && ', '}
        <Member id={id} />
      </span>
    ))
  const left = ids.length - FEW
  return (
    <div class="soft members">
      {names(ids.slice(0, FEW))}
      {left > 0 && (
        <details>
          <summary>
            {ids.length < NAMED_MAX ? text.others(count(left)) : text.othersAtLeast(count(left))}
          </summary>
          {names(ids.slice(FEW))}
        </details>
      )}
    </div>
  )
}

function Acts({ center: { id, status, pinned } }: { readonly center: Center }) {
  const text = t().centers
  const act = (label: string, step: StepView) => (
    <button type="button" class="plain" onClick={() => steer(step)}>
      {label}
    </button>
  )
  return (
    <div class="acts">
      {status === 'up' && act(text.drain(id), { kind: 'drain_center', center: id })}
      {status !== 'down' && act(text.lose(id), { kind: 'lose_center', center: id })}
      {status !== 'up' && act(text.bringBack(id), { kind: 'return_center', center: id })}
      {act(pinned ? text.unpin(id) : text.pin(id), {
        kind: 'pin_center',
        center: id,
        pinned: !pinned,
      })}
    </div>
  )
}
