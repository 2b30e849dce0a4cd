/** Limits: how much of each a member has used, and what of the rest is set aside; raised and lowered from here. */
import type { LimitsView, LimitUseView } from '../../wire/limit.ts'
import type { InstitutionView } from '../../wire/ops-network.ts'
import { read } from '../api.ts'
import { count, instant, money, share } from '../format.ts'
import { type Loaded, useLoaded } from '../load.ts'
import { Compose } from '../parts/compose.tsx'
import { Listing } from '../parts/listing.tsx'
import { steer, steered } from '../parts/steer.tsx'
import { hrefOf, may, place, t } from '../store.ts'

type Members = Loaded<{ data: readonly InstitutionView[] }>

export function Limits() {
  const members = useLoaded(
    () => read<{ data: readonly InstitutionView[] }>('/ops/v1/institutions', { limit: 500 }),
    [],
  )
  const member = place.value.id ?? members.value?.data[0]?.id
  return (
    <>
      <h1>{t().views.limits}</h1>
      <p class="soft">{t().limits.lead}</p>
      <Members members={members} member={member} />
      {member !== undefined && <Table key={member} member={member} />}
      {member !== undefined && may('steer') && <SetLimit key={`set ${member}`} member={member} />}
    </>
  )
}

function Members({ members, member }: { members: Members; member: string | undefined }) {
  const choose = (event: Event) => {
    location.hash = hrefOf('limits', (event.currentTarget as HTMLSelectElement).value)
  }
  return (
    <form class="filters" onSubmit={event => event.preventDefault()}>
      <label>
        {t().limits.member}
        <select name="institution" onChange={choose}>
          {members.value?.data.map(({ id }) => (
            <option key={id} selected={id === member}>
              {id}
            </option>
          ))}
        </select>
      </label>
    </form>
  )
}

export function Table({ member }: { member: string }) {
  const text = t().limits
  const loaded = useLoaded(
    () => read<LimitsView>(`/ops/v1/institutions/${encodeURIComponent(member)}/limits`),
    [steered.value],
    5_000,
  )
  const row = (each: LimitUseView) => {
    const { currency, value, used, held, next, resetsAt } = each
    const shown = (figure: string | null) =>
      figure === null
        ? '–'
        : currency === null
          ? count(Number(figure))
          : money({ currency, minor: figure })
    return (
      <tr key={`${each.scope} ${each.kind}`}>
        <td>
          {text.kinds[each.kind]}
          <div class="soft">
            {each.kind} {each.scope === '*' ? '' : each.scope}
          </div>
        </td>
        <td class="number">
          {value === null && each.from !== null ? text.lifted : shown(value)}
          {next !== null && (
            <div class="soft">
              {text.next(next.value === null ? text.lifted : shown(next.value), instant(next.from))}
            </div>
          )}
        </td>
        <td class="number">{shown(used)}</td>
        <td class="number">{shown(held)}</td>
        <td>
          <Use {...each} />
        </td>
        <td>{instant(resetsAt)}</td>
      </tr>
    )
  }
  return (
    <Listing
      label={`${t().views.limits}: ${member}`}
      loaded={loaded}
      empty={text.none}
      heads={[
        text.limit,
        { figure: text.maximum },
        { figure: text.used },
        { figure: text.held },
        text.use,
        text.resets,
      ]}
      row={row}
    />
  )
}

function Use({ kind, value, used, held }: LimitUseView) {
  if (value === null || used === null) return <>–</>
  const [most, taken, aside] = [Number(value), Number(used), Number(held ?? 0)]
  return (
    <>
      <meter
        min={0}
        max={Math.max(most, 1)}
        value={taken + aside}
        high={most * 0.9}
        aria-label={t().limits.kinds[kind]}
      />{' '}
      {share(most === 0 ? null : taken / most)}
    </>
  )
}

function SetLimit({ member }: { member: string }) {
  const text = t()
  return (
    <>
      <section>
        <h2>{text.limits.set(member)}</h2>
        <Compose
          kinds={['set_limit']}
          first={{ kind: 'set_limit', name: member }}
          does={text.steering.look}
          onStep={steer}
        />
      </section>
      <section>
        <h2>{text.limits.setAllowance}</h2>
        <p class="soft">{text.limits.allowanceSays}</p>
        <Compose
          kinds={['set_allowance']}
          first={{ kind: 'set_allowance' }}
          does={text.steering.look}
          onStep={steer}
        />
      </section>
    </>
  )
}
