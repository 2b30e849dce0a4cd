/** Every endpoint of the staff for every role, and every way in that is none. */
import { describe, expect, it, vi } from 'vitest'
import { listAudit, verifyAudit } from '../../src/db/audit.ts'
import { may, type Right, type StaffRole, staffRoles } from '../../src/domain/access.ts'
import { AUDIT_START } from '../../src/domain/audit.ts'
import { ORIGIN, people, startDoor } from './staff.ts'

const { directory, request, tokenOf } = await startDoor()
const tokens = Object.fromEntries(
  await Promise.all(staffRoles.map(async role => [role, await tokenOf(people[role])] as const)),
) as Record<StaffRole, string>
vi.spyOn(console, 'log').mockImplementation(() => undefined)

/** What each endpoint takes. One that is not written here is refused by the first test. */
// biome-ignore format: a table is read by column
const endpoints: Readonly<Record<string, Right>> = {
  'get /ops/v1/me':           'read_network',
  'get /ops/v1/institutions': 'read_network',
  'get /ops/v1/institutions/{id}': 'read_network',
  'get /ops/v1/institutions/{id}/limits': 'read_network',
  'get /ops/v1/institutions/{id}/open': 'read_network',
  'get /ops/v1/centers':      'read_network',
  'get /ops/v1/centers/{center}/projection': 'read_network',
  'get /ops/v1/corridors':    'read_network',
  'get /ops/v1/families':     'read_network',
  'get /ops/v1/rates':        'read_network',
  'get /ops/v1/switches':     'read_network',
  'get /ops/v1/monitor':      'read_network',
  'get /ops/v1/monitor/windows': 'read_network',
  'get /ops/v1/monitor/figures': 'read_network',
  'get /ops/v1/live':         'read_payments',
  'get /ops/v1/alerts':       'read_payments',
  'get /ops/v1/alerts/{id}':  'read_payments',
  'post /ops/v1/alerts/{id}/acknowledge': 'tend_alerts',
  'post /ops/v1/alerts/{id}/resolve': 'tend_alerts',
  'post /ops/v1/alerts/{id}/notes': 'tend_alerts',
  'get /ops/v1/mutes':        'read_payments',
  'post /ops/v1/mutes':       'tend_alerts',
  'delete /ops/v1/mutes/{id}': 'tend_alerts',
  'get /ops/v1/payments':     'read_payments',
  'get /ops/v1/payments/{id}': 'read_payments',
  'get /ops/v1/notices':      'read_payments',
  'get /ops/v1/dead-letters': 'read_payments',
  'post /ops/v1/dead-letters/replay': 'replay',
  'post /ops/v1/centers/{center}/projection/replay': 'replay',
  'get /ops/v1/changes':      'read_changes',
  'get /ops/v1/changes/{id}': 'read_changes',
  'post /ops/v1/changes/preview': 'read_changes',
  'post /ops/v1/changes/{id}/preview': 'read_changes',
  'post /ops/v1/changes':     'steer',
  'post /ops/v1/changes/{id}/approve': 'approve',
  'post /ops/v1/changes/{id}/reject': 'approve',
  'post /ops/v1/changes/{id}/withdraw': 'undo',
  'post /ops/v1/changes/{id}/undo': 'undo',
  'get /ops/v1/plans':        'read_changes',
  'put /ops/v1/plans/{name}': 'steer',
  'delete /ops/v1/plans/{name}': 'steer',
  'post /ops/v1/plans/{name}/rehearse': 'steer',
  'post /ops/v1/plans/{name}/run': 'steer',
  'get /ops/v1/lanes/{lane}/journal': 'read_payers',
  'get /ops/v1/audit':        'read_audit',
  'get /ops/v1/audit/verify': 'read_audit',
  'get /ops/v1/reports/traffic': 'read_reports',
  'get /ops/v1/reports/traffic.csv': 'read_reports',
}

interface Described {
  readonly 'x-right': Right
  readonly security: readonly object[]
}
const document = (await (await request('/openapi.json')).json()) as {
  paths: Record<string, Record<string, Described>>
}
const described = Object.entries(document.paths)
  .filter(([path]) => path.startsWith('/ops/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => [`${method} ${path}`, route] as const),
  )

describe('the endpoints of the staff', () => {
  it('are those of the table, and the document says of each what it takes and how it is entered', () => {
    expect(Object.fromEntries(described.map(([name, route]) => [name, route['x-right']]))).toEqual(
      endpoints,
    )
    expect(
      described.every(([, { security }]) => JSON.stringify(security) === '[{"access":[]}]'),
    ).toBe(true)
  })

  const cells = Object.entries(endpoints).flatMap(([name, right]) =>
    staffRoles.map(
      role => [role, name, may({ roles: [role] }, right) ? 'let in' : 'refused'] as const,
    ),
  )
  it.each(cells)('a %s at %s is %s', async (role, name, want) => {
    const [method = '', path = ''] = name.split(' ')
    const answer = await request(path.replaceAll(/\{\w+\}/g, 'none'), {
      method: method.toUpperCase(),
      headers: { 'cf-access-jwt-assertion': tokens[role], 'cpg-ops': '1' },
    })
    if (want === 'let in') expect([200, 400, 404, 409, 422]).toContain(answer.status)
    else expect(await answer.json()).toMatchObject({ status: 403, code: 'ACCESS_DENIED' })
  })

  it.each(Object.keys(endpoints))('%s is closed to strangers', async name => {
    const [method = '', path = ''] = name.split(' ')
    const asked = { method: method.toUpperCase(), headers: { 'cpg-ops': '1' } }
    const answer = await request(path.replaceAll(/\{\w+\}/g, 'none'), asked)
    expect(await answer.json()).toMatchObject({ status: 401, code: 'ACCESS_MISSING' })
  })
})

it('a denial is an entry of the audit chain, and one however often it is repeated', async () => {
  const asked = {
    method: 'POST',
    headers: { 'cf-access-jwt-assertion': tokens.viewer, 'cpg-ops': '1' },
  }
  for (let times = 0; times < 3; times += 1) await request('/ops/v1/changes/other/undo', asked)
  const { entries } = await listAudit(directory, {
    actor: 'viet@ops.example',
    subject: 'POST /ops/v1/changes/other/undo',
    before: 1e15,
    limit: 10,
  })
  expect(entries).toMatchObject([
    { action: 'access.denied', outcome: 'ACCESS_DENIED', roles: ['viewer'] },
  ])
  expect(await verifyAudit(directory, AUDIT_START)).toMatchObject({ fault: null })
})

describe('the door of the staff', () => {
  const me = (headers: Record<string, string>, init: RequestInit = {}) =>
    request('/ops/v1/me', { ...init, headers })

  it('opens to the cookie of a browser as to the header of a program', async () => {
    const answer = await me({ cookie: `theme=dark; CF_Authorization=${tokens.operator}` })
    expect(await answer.json()).toMatchObject({ id: 'mei@ops.example', roles: ['operator'] })
  })

  it('tells nobody what it looks at, and no other site anything', async () => {
    const answer = await me({
      cookie: 'CF_Authorization=x.y.z',
      origin: 'https://elsewhere.example',
    })
    expect(await answer.json()).toMatchObject({ status: 401, code: 'ACCESS_INVALID' })
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('answers no preflight of another site', async () => {
    const answer = await me(
      {
        origin: 'https://elsewhere.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'cpg-ops',
      },
      { method: 'OPTIONS' },
    )
    expect(answer.ok).toBe(false)
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
  })

  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, method: string, headers: Record<string, string>, code: string]>([
    ['a form of another site',        'POST', { origin: 'https://elsewhere.example' },                          'ACCESS_CROSS_SITE'],
    ['a call without any origin',     'POST', {},                                                              'ACCESS_CROSS_SITE'],
    ['a socket of another site',      'GET',  { origin: 'https://elsewhere.example', upgrade: 'websocket' },    'ACCESS_CROSS_SITE'],
    ['a call of the console',         'POST', { origin: ORIGIN, 'sec-fetch-site': 'same-origin' },              'NOT_FOUND'],
    ['a call of a program',           'POST', { 'cpg-ops': '1' },                                              'NOT_FOUND'],
  ])('%s with a good cookie: %s %o → %s', async (_, method, headers, code) => {
    const answer = await me({ ...headers, cookie: `CF_Authorization=${tokens.operator}` }, { method })
    expect(await answer.json()).toMatchObject({ code })
  })

  it('lets nobody in where no identity service is configured', async () => {
    const headers = { 'cf-access-jwt-assertion': tokens.operator }
    const answer = await request('/ops/v1/me', { headers }, { ACCESS_AUDIENCE: ' ' })
    expect(await answer.json()).toMatchObject({ status: 403, code: 'ACCESS_DENIED' })
  })

  it('refuses a token of the same issuer for another application', async () => {
    const headers = { 'cf-access-jwt-assertion': tokens.operator }
    const answer = await request('/ops/v1/me', { headers }, { ACCESS_AUDIENCE: 'another' })
    expect(await answer.json()).toMatchObject({ status: 401, code: 'ACCESS_INVALID' })
  })
})

describe('signing in', () => {
  const form = (person: string, headers: Record<string, string> = { origin: ORIGIN }) => ({
    method: 'POST',
    body: new URLSearchParams({ person }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

  it('in the box is choosing who to be', async () => {
    const page = await request('/console/sign-in')
    expect(await page.text()).toContain('value="aisyah"')
    const answer = await request('/console/sign-in', form('aisyah'))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console'])
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^CF_Authorization=[^;]+;.*HttpOnly.*SameSite=Lax/)
    const me = await request('/ops/v1/me', { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect(await me.json()).toMatchObject({ roles: ['approver'] })
  })

  it('is refused to a page elsewhere, and to whoever is no person', async () => {
    const elsewhere = await request(
      '/console/sign-in',
      form('mei', { origin: 'https://elsewhere.example' }),
    )
    expect(elsewhere.status).toBe(403)
    for (const person of ['nobody', '../token/mei', '']) {
      expect((await request('/console/sign-in', form(person))).status, person).toBe(403)
    }
  })

  it.each([
    ['production', { ENVIRONMENT: 'production' }],
    ['an identity service elsewhere', { ACCESS_ISSUER: 'https://team.cloudflareaccess.com' }],
  ] as const)('is no matter of ours with %s', async (_, changed) => {
    const page = await request('/console/sign-in', {}, changed)
    expect([page.status, page.headers.get('location')]).toEqual([302, '/console'])
    expect((await request('/console/sign-in', form('mei'), changed)).status).toBe(404)
  })
})
