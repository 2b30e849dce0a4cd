/** Who may do what: every right of every role, and what a token makes of somebody. */
import { describe, expect, it } from 'vitest'
import {
  allRights,
  isOwnCall,
  may,
  type Right,
  rightsOf,
  type StaffRole,
  staffOf,
  staffRoles,
} from '../../src/domain/access.ts'

// Every right of every role, so that neither can be added without deciding what it means.
const table = `
  right          viewer  operator  approver  supervisor
  read_network   yes     yes       yes       yes
  read_payments  yes     yes       yes       yes
  read_payers    -       yes       yes       -
  read_reports   yes     yes       yes       yes
  read_changes   yes     yes       yes       yes
  read_audit     -       yes       yes       yes
  replay         -       yes       -         -
  steer          -       yes       -         -
  approve        -       -         yes       -
  undo           -       yes       yes       -
  tend_alerts    -       yes       yes       -`

const [head = [], ...rows] = table
  .trim()
  .split('\n')
  .map(line => line.trim().split(/\s+/))
const cells = rows.flatMap(([right, ...marks]) =>
  marks.map((mark, place) => [head[place + 1], right, mark] as [StaffRole, Right, string]),
)

describe('a role', () => {
  it('and a right each stand in the table', () => {
    expect(head.slice(1)).toEqual(staffRoles)
    expect(rows.map(([right]) => right)).toEqual(allRights)
  })

  it.each(cells)('%s, asked for %s: %s', (role, right, mark) => {
    expect(may({ roles: [role] }, right)).toBe(mark === 'yes')
  })

  it('adds to another', () => {
    const both = rightsOf({ roles: ['operator', 'approver'] })
    expect(both).toEqual(expect.arrayContaining(['steer', 'approve']))
  })
})

const grants = {
  viewer: ['group:everyone'],
  operator: ['group:ops', 'email:mei@ops.example'],
  approver: ['service:night-watch'],
  supervisor: ['group:regulator'],
}
const exp = 1_800_000_000

describe('a token', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, claims: object, roles: readonly StaffRole[]]>([
    ['of a person in a group',               { email: 'a@x.example', groups: ['ops'] },                    ['operator']],
    ['whose groups come from the provider',  { email: 'a@x.example', custom: { groups: ['ops'] } },        ['operator']],
    ['of a person named by address',         { email: 'Mei@Ops.example' },                                 ['operator']],
    ['of a machine',                         { common_name: 'night-watch' },                               ['approver']],
    ['of somebody in two groups',            { email: 'a@x.example', groups: ['everyone', 'ops'] },        ['viewer', 'operator']],
    ['of a supervisor whom somebody made operator', { email: 'a@x.example', groups: ['ops', 'regulator'] }, ['supervisor']],
  ])('%s gives %o', (_, claims, roles) => {
    const staff = staffOf({ ...claims, exp }, grants)
    expect(staff).toMatchObject({ ok: true, value: { roles, until: exp * 1_000 } })
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, claims: object]>([
    ['names nobody',                          { groups: ['ops'] }],
    ['has an address that is no text',        { email: ['mei@ops.example'], groups: ['ops'] }],
    ['has an address with a line break',      { email: 'mei@ops.example\n', groups: ['ops'] }],
    ['has no group that counts',              { email: 'a@x.example', groups: ['guests'] }],
    ['has groups that are no list',           { email: 'a@x.example', groups: 'ops' }],
    ['has a group that looks like an address', { email: 'a@x.example', groups: ['email:mei@ops.example'] }],
    ['hides its group behind a thousand',     { email: 'a@x.example', groups: [...Array(1_000).fill('x'), 'ops'] }],
  ])('that %s lets nobody in', (_, claims) => {
    expect(staffOf({ ...claims, exp }, grants)).toMatchObject({ refusal: { code: 'ACCESS_DENIED' } })
  })

  it('names a person for the record, and never at more length than it bears', () => {
    const staff = staffOf(
      { email: 'a@x.example', name: 'x'.repeat(200), groups: ['ops'], exp },
      grants,
    )
    expect(staff).toMatchObject({ value: { id: 'a@x.example', name: 'x'.repeat(100) } })
  })
})

describe('a call that changes something', () => {
  const own = 'https://gateway.example'
  const other = 'https://elsewhere.example'
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, origin: string | null, site: string | null, marked: boolean, isOwn: boolean]>([
    ['of our page',                              own,    'same-origin', false, true],
    ['of our page in an old browser',            own,    null,          false, true],
    ['of a program that says so',                null,   null,          true,  true],
    ['of a program that does not',               null,   null,          false, false],
    ['of another site',                          other,  'cross-site',  false, false],
    ['of another site in an old browser',        other,  null,          false, false],
    ['of another site with the mark',            other,  'cross-site',  true,  false],
    ['of another port of ours',                  `${own}:8080`, 'same-site', true, false],
    ['of a page without an origin',              'null', 'cross-site',  true,  false],
    ['of another site that left out its origin', null,   'cross-site',  true,  false],
  ])('%s: %s %s %s → %s', (_, origin, site, marked, isOwn) => {
    expect(isOwnCall({ origin, site, marked }, own)).toBe(isOwn)
  })
})
