/** The members: who they are, whether they are open, where their lanes are; suspended and let in again from here. */
import type { InstitutionView } from '../../wire/ops-network.ts'
import { read } from '../api.ts'
import { instant } from '../format.ts'
import { useLoaded } from '../load.ts'
import { type ListAnswer, Listing } from '../parts/listing.tsx'
import { Member } from '../parts/member.tsx'
import { steer, steered } from '../parts/steer.tsx'
import { useTurning } from '../parts/turn.tsx'
import { hrefOf, may, place, t } from '../store.ts'
import { InstitutionPage } from './institution.tsx'

export const Institutions = () =>
  place.value.id === null ? <All /> : <InstitutionPage key={place.value.id} id={place.value.id} />

function All() {
  const text = t().institutions
  const q = place.value.query.get('q') ?? ''
  const turning = useTurning()
  const { cursor } = turning
  const loaded = useLoaded(
    () => read<ListAnswer<InstitutionView>>('/ops/v1/institutions', { limit: 100, q, cursor }),
    [steered.value, q, cursor],
    5_000,
  )
  const find = (event: SubmitEvent) => {
    event.preventDefault()
    const asked = `${new FormData(event.currentTarget as HTMLFormElement).get('q') ?? ''}`.trim()
    turning.toFirst()
    location.hash = hrefOf('institutions', undefined, asked === '' ? undefined : { q: asked })
  }
  const row = (each: InstitutionView) => (
    <tr key={each.id}>
      <td>
        <Member id={each.id} />
        <div class="soft">{each.name}</div>
      </td>
      <td>
        {text.roles[each.role]} · {each.market}
      </td>
      <td>
        <span class={`status ${each.open ? 'S' : 'F'}`}>
          {each.open ? text.open : (each.off?.reason ?? each.status)}
        </span>
        {each.off?.until && <div class="soft">{text.until(instant(each.off.until))}</div>}
      </td>
      <td>
        {each.center ?? '–'} · {text.lanes(each.lanes ?? 0)}
      </td>
      <td>{each.keys.filter(({ valid }) => valid).length}</td>
      <td>{each.currencies.join(' ')}</td>
      <td>
        {may('steer') && (
          <button
            type="button"
            class="plain"
            onClick={() =>
              steer({
                kind: each.open ? 'switch_off' : 'switch_on',
                subject: 'institution',
                name: each.id,
              })
            }
          >
            {each.open ? text.suspend(each.id) : text.reopen(each.id)}
          </button>
        )}
      </td>
    </tr>
  )
  return (
    <>
      <h1>{t().views.institutions}</h1>
      <form class="filters" key={q} onSubmit={find}>
        <label>
          {text.find}
          <input name="q" type="search" maxLength={64} defaultValue={q} placeholder="wallet-th" />
        </label>
        <button type="submit" class="button">
          {text.findNow}
        </button>
      </form>
      <Listing
        label={t().views.institutions}
        loaded={loaded}
        turning={turning}
        words={text.turns}
        heads={[text.member, text.role, text.state, text.center, text.keys, text.currencies, '']}
        row={row}
      />
    </>
  )
}
