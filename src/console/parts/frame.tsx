/** The frame around every view: the bar, the ways to the views, who is signed in, and how live it is. */
import type { ComponentChildren } from 'preact'
import { calling } from '../alerts.ts'
import { lapsed } from '../api.ts'
import { line } from '../live.ts'
import { hrefOf, me, place, t } from '../store.ts'
import { wordOf } from '../texts/words.ts'
import { LanguageSwitch } from './language.tsx'
import { SignIn } from './problem.tsx'

export const viewNames = [
  'overview',
  'alerts',
  'figures',
  'payments',
  'institutions',
  'limits',
  'centers',
  'notices',
  'steering',
  'plans',
  'reports',
  'audit',
] as const
export type ViewName = (typeof viewNames)[number]

export function Frame({ children }: { readonly children: ComponentChildren }) {
  const here = place.value.view
  return (
    <>
      <a class="skip" href="#main">
        {t().views[here as ViewName] ?? t().console}
      </a>
      <header class="bar">
        <a class="brand" href="/">
          <img src="/mark.svg" width="20" height="20" alt="" />
          OpenCPG
        </a>
        <Liveness />
        <span class="who">
          <LanguageSwitch />
          {me.value !== null && <Signed />}
        </span>
      </header>
      <nav class="views" aria-label={t().console}>
        {viewNames.map(name => (
          <a key={name} href={hrefOf(name)} aria-current={name === here ? 'page' : undefined}>
            {t().views[name]}
            {name === 'alerts' && <Calling />}
          </a>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        {lapsed.value && (
          <p class="missing" role="alert">
            {t().lapsed} <SignIn />
          </p>
        )}
        {children}
      </main>
    </>
  )
}

/** How many alerts call for somebody, coloured as the worst of them. */
function Calling() {
  const { count, worst } = calling.value
  if (worst === undefined) return null
  return (
    <>
      {' '}
      <span class={`calling ${worst}`} title={t().alerts.calling(count)}>
        {count}
      </span>
    </>
  )
}

/** The page's policy allows no form to be sent, and what answers may be a page of the identity service. */
async function leave(signOut: string) {
  const answer = await fetch(signOut, { method: 'POST', headers: { 'cpg-ops': 'console' } })
  location.assign(answer.redirected ? answer.url : '/console/sign-in')
}

function Signed() {
  const { name, roles, signOut } = me.value ?? { name: '', roles: [], signOut: '/' }
  return (
    <>
      <span class="soft">
        {name} · {roles.map(role => wordOf(t().words.roles, role)).join(', ')}
      </span>
      <button type="button" class="plain" onClick={() => leave(signOut)}>
        {t().signOut}
      </button>
    </>
  )
}

function Liveness() {
  return (
    <output class={`liveness ${line.value}`} aria-live="polite">
      {t().live[line.value]}
    </output>
  )
}
