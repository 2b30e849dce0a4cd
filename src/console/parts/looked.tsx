/** What a preview has found: how things stand, what went this way, what is dangerous about it, and why it cannot be. */
import type { Preview } from '../../wire/ops-change.ts'
import { count, money, share } from '../format.ts'
import { standingText, stepText } from '../step-text.ts'
import { t } from '../store.ts'
import { wordOf } from '../texts/words.ts'
import { Missing } from './missing.tsx'

export function Looked({ preview }: { readonly preview: Preview }) {
  const text = t().steering
  const { traffic, dangers, faults, steps, missing } = preview
  return (
    <div class="preview">
      <ul class="steps">
        {steps.map(each => (
          <Step key={stepText(each.step)} {...each} isPart={missing.length > 0} />
        ))}
      </ul>
      {faults.map(({ says }) => (
        <p key={says} class="problem">
          {wordOf(t().words.faults, says)}
        </p>
      ))}
      {traffic !== null && (
        <>
          <p>
            {text.touches(count(traffic.payments), count(traffic.open))}
            {traffic.atLeast && ` ${text.atLeast}`}
          </p>
          {traffic.value.length > 0 && (
            <p class="soft">{text.worth(traffic.value.map(money).join(' · '))}</p>
          )}
        </>
      )}
      <Missing centers={missing} />
      {dangers.length > 0 && (
        <p class="missing">
          {text.dangerous(dangers.map(danger => text.dangers[danger]).join(', '))}
        </p>
      )}
    </div>
  )
}

interface StepProps extends Omit<Preview['steps'][number], 'now'> {
  /** Not every center could be asked: what there is may be more, and what is nothing may be something. */
  readonly isPart: boolean
}

function Step({ step, standing, idle, lastDay, isPart }: StepProps) {
  const text = t().steering
  return (
    <li>
      {stepText(step)}
      <div class="soft">
        {text.now(standingText(standing))}
        {idle && ` · ${text.idle}`}
      </div>
      {namesTraffic(step.kind) && <div class="soft">{dayText(lastDay, isPart)}</div>}
    </li>
  )
}

function dayText(day: Preview['steps'][number]['lastDay'], isPart: boolean): string {
  const text = t().steering
  if (day === null) return isPart ? text.unknownDay : text.quietDay
  const said = text.lastDay(
    count(day.opened),
    share(day.successRate),
    count(day.refused),
    money(day.cny),
  )
  return isPart ? text.dayPart(said) : said
}

/** Nobody counts the traffic of a center apart: its members are elsewhere tomorrow. */
const namesTraffic = (kind: string): boolean => !kind.endsWith('_center')
