/** What members are told: notices that are open or done, and dead letters, which can be told again at once. */
import { useState } from 'preact/hooks'
import type { z } from 'zod'
import type { noticesSchema, opsDeadLettersSchema } from '../../wire/ops-payment.ts'
import { Refused, read, type Problem as Said, write } from '../api.ts'
import { ago } from '../format.ts'
import { useLoaded } from '../load.ts'
import { type ListAnswer, Listing } from '../parts/listing.tsx'
import { Member } from '../parts/member.tsx'
import { Problem } from '../parts/problem.tsx'
import { useTurning } from '../parts/turn.tsx'
import { hrefOf, may, t } from '../store.ts'

type Letter = z.infer<typeof opsDeadLettersSchema>['data'][number]
type Notice = z.infer<typeof noticesSchema>['data'][number]

export const Notices = () => (
  <>
    <h1>{t().views.notices}</h1>
    <section>
      <h2>{t().notices.dead}</h2>
      <DeadLetters />
    </section>
    <section>
      <h2>{t().notices.open}</h2>
      <Open />
    </section>
  </>
)

const saysOf = (duty: string) =>
  (t().payment.says as Readonly<Record<string, string>>)[duty] ?? duty

function DeadLetters() {
  const text = t().notices
  const [problem, setProblem] = useState<Said | null>(null)
  const [told, setTold] = useState<readonly string[]>([])
  const loaded = useLoaded(
    () => read<ListAnswer<Letter>>('/ops/v1/dead-letters', { limit: 100 }),
    [told],
    5_000,
  )
  const replay = ({ paymentId, institution, duty, refundId }: Letter, name: string) => {
    write('/ops/v1/dead-letters/replay', { paymentId, institution, duty, refundId }).then(
      () => {
        setProblem(null)
        setTold([...told, name])
      },
      (error: unknown) => {
        if (error instanceof Refused) setProblem(error.problem)
        else throw error
      },
    )
  }
  return (
    <>
      {problem !== null && <Problem problem={problem} />}
      <Listing
        label={text.dead}
        loaded={loaded}
        empty={text.noneDead}
        heads={[text.member, text.what, text.payment, text.since, text.attempts, '']}
        row={each => {
          const name = `${each.paymentId} ${each.duty} ${each.institution} ${each.refundId}`
          return (
            <tr key={name}>
              <td>
                <Member id={each.institution} />
              </td>
              <td>{saysOf(each.duty)}</td>
              <td>
                <a href={hrefOf('payments', each.paymentId)}>
                  <code>…{each.paymentId.slice(-8)}</code>
                </a>
              </td>
              <td>{ago(each.since)}</td>
              <td>{each.attempts}</td>
              <td>
                {may('replay') && (
                  <button type="button" class="plain" onClick={() => replay(each, name)}>
                    {told.includes(name) ? text.told : text.tell}
                  </button>
                )}
              </td>
            </tr>
          )
        }}
      />
    </>
  )
}

function Open() {
  const text = t().notices
  const turning = useTurning()
  const { cursor } = turning
  const loaded = useLoaded(
    () => read<ListAnswer<Notice>>('/ops/v1/notices', { state: 'open', limit: 50, cursor }),
    [cursor],
    turning.everyMs(5_000),
  )
  return (
    <Listing
      label={text.open}
      loaded={loaded}
      turning={turning}
      empty={text.noneOpen}
      heads={[text.member, text.what, text.payment, text.since, text.attempts, text.next]}
      row={each => (
        <tr key={`${each.paymentId} ${each.duty} ${each.owner} ${each.refundId}`}>
          <td>
            <Member id={each.owner} />
          </td>
          <td>{saysOf(each.duty)}</td>
          <td>
            <a href={hrefOf('payments', each.paymentId)}>
              <code>…{each.paymentId.slice(-8)}</code>
            </a>
          </td>
          <td>{ago(each.since)}</td>
          <td>{each.attempts}</td>
          <td>{each.nextAt === null ? '–' : ago(each.nextAt)}</td>
        </tr>
      )}
    />
  )
}
