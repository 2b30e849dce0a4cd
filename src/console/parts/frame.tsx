/** The frame around every view: the bar, the ways to the views, who is signed in, and how live it is. */
import type { ComponentChildren } from 'preact'
import { calling } from '../alerts.ts'
import { states } from '../live.ts'
import { hrefOf, language, me, place, speak, t } from '../store.ts'
import { wordOf } from '../texts/words.ts'

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
          <button
            type="button"
            class="plain"
            title={t().languageIs}
            lang={language.value === 'en' ? 'zh-CN' : 'en'}
            onClick={() => speak(language.value === 'en' ? 'zh' : 'en')}
          >
            {t().language}
          </button>
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
  const all = Object.values(states.value)
  if (all.length === 0) return null
  const state = all.includes('away') ? 'away' : all.includes('connecting') ? 'connecting' : 'live'
  return (
    <output class={`liveness ${state}`} aria-live="polite">
      {t().live[state]}
    </output>
  )
}
