/** What all views share: who is signed in, the language, and where one is. */
import { signal } from '@preact/signals'
import { lapsed, type Problem, read } from './api.ts'
import { insist, pause } from './patience.ts'
import { en } from './texts/en.ts'
import type { Texts } from './texts/texts.ts'
import { zh } from './texts/zh.ts'

export interface Me {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly rights: readonly string[]
  readonly environment: 'production' | 'sandbox'
  readonly signOut: string
}

export const languages: Readonly<Record<'en' | 'zh', Texts>> = { en, zh }
export type Language = keyof typeof languages

const LANGUAGE_KEY = 'console-language'

function firstLanguage(): Language {
  const kept = localStorage.getItem(LANGUAGE_KEY)
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.language.startsWith('zh') ? 'zh' : 'en'
}

export const language = signal<Language>(firstLanguage())
export const me = signal<Me | null>(null)
/** Why nobody is signed in. */
export const locked = signal<Problem | null>(null)

/** The texts of the language in use. */
export const t = (): Texts => languages[language.value]

export function speak(next: Language) {
  language.value = next
  localStorage.setItem(LANGUAGE_KEY, next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
}

export const may = (right: string): boolean => me.value?.rights.includes(right) ?? false

const whoAmI = () => read<Me>('/ops/v1/me')

/** Returns once somebody is signed in. */
export async function signedIn() {
  me.value = await insist(whoAmI, problem => {
    locked.value = problem
  })
  locked.value = null
}

const ANSWERS_WITHIN_MS = 5_000
const LOOKS_EVERY_MS = 1_000

/** Whether the session still holds; what is merely away says nothing about it. */
export async function isStillSignedIn(): Promise<boolean> {
  await Promise.race([whoAmI().catch(() => null), pause(ANSWERS_WITHIN_MS)])
  return !lapsed.value
}

export async function untilSignedIn() {
  while (lapsed.value) await pause(LOOKS_EVERY_MS)
}

/** When the session has ended, whoever signs in beside this page goes on here. What another person was shown, is gone. */
export function keepSession() {
  let isAsking = false
  lapsed.subscribe(async hasEnded => {
    if (!hasEnded || isAsking) return
    isAsking = true
    const now = await insist(whoAmI, () => undefined)
    isAsking = false
    if (now.id !== me.value?.id) location.reload()
    else me.value = now
  })
}

/** `#/payments/pay_…?q=…`: the view, what comes after it, and what is asked of it. */
export interface Place {
  readonly view: string
  readonly id: string | null
  readonly query: URLSearchParams
}

function placeNow(): Place {
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?')
  const [view = '', id] = path.split('/')
  return {
    view: view || 'overview',
    id: id ? decodeURIComponent(id) : null,
    query: new URLSearchParams(search),
  }
}

export const place = signal<Place>(placeNow())
addEventListener('hashchange', () => {
  place.value = placeNow()
})

export const hrefOf = (
  view: string,
  id?: string,
  query?: Readonly<Record<string, string>>,
): string => {
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
  return `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${search}`
}
