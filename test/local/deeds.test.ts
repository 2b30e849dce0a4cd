import { describe, expect, it } from 'vitest'
import { type Deed, deedsDue, plans, type Seen } from '../../src/local/deeds.ts'

const nothing: Seen = { plans: [], changes: [], alerts: [], isFirst: true }
const later = { ...nothing, isFirst: false }
const NOW = Date.UTC(2026, 0, 1)
const due = (seen: Seen) => deedsDue(seen, NOW, () => 'id')
const names = (deeds: readonly Deed[]) => deeds.map(({ who, path }) => `${who} ${path}`)

const change = (status: string, kind: string, until: string | null = null) =>
  ({ status, until, steps: [{ kind }] }) as unknown as Seen['changes'][number]
const standing = [
  change('applied', 'switch_off'),
  change('applied', 'set_limit', '2026-01-01T06:00:00.000Z'),
  change('proposed', 'set_limit'),
]
const plan = {} as Seen['plans'][number]
const alert = (id: string, state: string) => ({ id, state }) as Seen['alerts'][number]

describe('the staff of the box', () => {
  it('fills an empty network: plans, one of them rehearsed, a stop, an end that is announced, a proposal, a denial', () => {
    expect(names(due(nothing))).toEqual([
      ...Object.keys(plans).map(name => `somchai /plans/${name}`),
      'mei /plans/acquirer-in-trouble/rehearse',
      'mei /changes',
      'aisyah /changes/id/approve',
      'lena /changes',
      'somchai /changes',
      'viet /changes',
    ])
  })

  it('has nothing to do where all of it stands', () => {
    expect(due({ ...later, plans: [plan], changes: standing })).toEqual([])
  })

  it.each([
    ['a stop', 0, ['mei', 'aisyah']],
    ['an announced end', 1, ['lena']],
    ['a proposal', 2, ['somchai']],
  ])('makes %s anew once there is none', (_, without, who) => {
    const changes = standing.filter((_, place) => place !== without)
    expect(due({ ...later, plans: [plan], changes }).map(deed => deed.who)).toEqual(who)
  })

  it('leaves plans alone that people have made', () => {
    expect(names(due({ ...later, plans: [plan] })).filter(name => name.includes('plans'))).toEqual(
      [],
    )
  })

  it('takes one alert over, and leaves the others to whoever sits at the console', () => {
    const quiet = { ...later, plans: [plan], changes: standing }
    const open = [alert('one', 'open'), alert('two', 'open')]
    expect(names(due({ ...quiet, alerts: open }))).toEqual([
      'mei /alerts/one/acknowledge',
      'mei /alerts/one/notes',
    ])
    expect(due({ ...quiet, alerts: [...open, alert('three', 'acknowledged')] })).toEqual([])
  })
})
