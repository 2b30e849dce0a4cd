/** Limits and shares: how much of each limit is used and lent, as the centers report it; raised and lowered from here. */
import { limitKinds } from '../../domain/limit.ts'
import type { LimitUse, Overview } from '../../wire/monitor.ts'
import type { InstitutionView } from '../../wire/ops-network.ts'
import { read } from '../api.ts'
import { count, share } from '../format.ts'
import { useLoaded } from '../load.ts'
import { Listing } from '../parts/listing.tsx'
import { steer, steered } from '../parts/steer.tsx'
import { may, t } from '../store.ts'

export function Limits() {
  const text = t().limits
  const loaded = useLoaded(
    async () => ({ data: (await read<Overview>('/ops/v1/monitor')).limits ?? [] }),
    [steered.value],
    5_000,
  )
  const row = (each: LimitUse) => {
    const [used, lent, maximum] = [Number(each.used), Number(each.lent), Number(each.maximum)]
    return (
      <tr key={`${each.institution} ${each.limit}`}>
        <td>{each.institution}</td>
        <td>{each.limit}</td>
        <td class="number">{count(maximum)}</td>
        <td class="number">{count(used)}</td>
        <td class="number">{count(lent)}</td>
        <td>
          <meter
            min={0}
            max={maximum}
            value={used + lent}
            high={maximum * 0.9}
            aria-label={each.limit}
          />{' '}
          {share(maximum === 0 ? null : used / maximum)}
        </td>
        <td>{each.unit}</td>
      </tr>
    )
  }
  return (
    <>
      <h1>{t().views.limits}</h1>
      <p class="soft">{text.lead}</p>
      <Listing
        label={t().views.limits}
        loaded={loaded}
        empty={text.none}
        heads={[text.member, text.limit, text.maximum, text.used, text.lent, text.use, text.unit]}
        row={row}
      />
      {may('steer') && <SetLimit />}
    </>
  )
}

function SetLimit() {
  const text = t().limits
  const members = useLoaded(
    () => read<{ data: readonly InstitutionView[] }>('/ops/v1/institutions', { limit: 200 }),
    [],
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const said = (name: string) => `${form.get(name) ?? ''}`
    const kind = said('kind') as keyof typeof limitKinds
    const value = said('value')
    steer({
      kind: 'set_limit',
      limit: { institution: said('institution'), scope: said('scope') || '*', kind },
      value: value === '' ? null : value,
    })
  }
  return (
    <section>
      <h2>{text.set}</h2>
      <form class="filters" onSubmit={submit}>
        <label>
          {text.member}
          <select name="institution">
            {members.value?.data.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
        <label>
          {text.limit}
          <select name="kind">
            {Object.keys(limitKinds).map(kind => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        </label>
        <label>
          {text.scope}
          <input name="scope" placeholder="*" />
        </label>
        <label>
          {text.value}
          <input name="value" inputMode="numeric" pattern="[0-9]{1,16}" />
        </label>
        <button type="submit" class="button">
          {text.look}
        </button>
      </form>
    </section>
  )
}
