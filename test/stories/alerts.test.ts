/** Alerts over the whole network: a member's clock goes wrong, somebody is told, and somebody tends to it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/sdk/index.ts'
import { verifyingKey } from '../../src/trust/keys.ts'
import { verifyWebhook } from '../../src/trust/webhook.ts'
import {
  type AlertView,
  alertListSchema,
  alertSchema,
  muteListSchema,
} from '../../src/wire/alert.ts'
import { type LiveMessage, liveMessageSchema } from '../../src/wire/live.ts'
import { payInTwoCountries, refuseAll } from './incidents.ts'
import { startNetwork, until } from './network.ts'

interface Call {
  readonly headers: Headers
  readonly body: string
}

/** An operator's own endpoint, which is away at first. */
const calls: Call[] = []
let isAway = true
const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const headers = new Headers(request.headers as Record<string, string>)
    calls.push({ headers, body: Buffer.concat(parts).toString() })
    response.writeHead(isAway ? 503 : 204).end()
  })
})
await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
afterAll(() => server.close())
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`

const net = await startNetwork({ alertWebhooks: [endpoint] })
const tokenOf = async (person: string) => {
  const issued = await fetch(`${net.box.issuerUrl}/token/${person}`, { method: 'POST' })
  return ((await issued.json()) as { token: string }).token
}
const headersOf = (token: string) => ({
  'cf-access-jwt-assertion': token,
  'cpg-ops': '1',
  'content-type': 'application/json',
})
const headers = headersOf(await tokenOf('mei'))
const ops = (method: string, path: string, body?: object) =>
  fetch(`${net.url}/ops/v1${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
const alerts = async (query = '') =>
  alertListSchema.parse(await (await ops('GET', `/alerts${query}`)).json())

/** A wallet whose clock is two minutes ahead, asking for nothing in particular. */
async function ask(times: number) {
  const client = createClient({
    gateway: net.url,
    institution: 'wallet-th',
    key: net.keys['wallet-th-1']!,
    gatewayKeys: net.gatewayKeys,
    now: () => Date.now() + 120_000,
  })
  for (let each = 0; each < times; each += 1) await client.deadLetters().catch(() => null)
}

describe('a clock that is off', () => {
  it('is an alert: on the live socket, in the list, and told to the endpoint under our signature', async () => {
    const address = `${net.url.replace('http', 'ws')}/ops/v1/live?center=sg`
    const socket = new WebSocket(address, { headers } as never)
    const heard: LiveMessage[] = []
    socket.addEventListener('message', ({ data }) => {
      heard.push(liveMessageSchema.parse(JSON.parse(data)))
    })
    await until(
      () => heard.length,
      count => count > 0,
    )
    await ask(12)
    const live = () =>
      heard.flatMap(message => (message.type === 'delta' ? (message.alerts ?? []) : []))
    await until(live, list => list.length > 0)
    socket.close()
    expect(live()[0]).toMatchObject({
      kind: 'clock_skew',
      subject: { dimension: 'institution', name: 'wallet-th' },
      state: 'open',
      center: 'sg',
    })
    expect(live()[0]?.facts.skewSeconds).toBeGreaterThan(110)

    // A center that was asked for nothing so far may need longer at first than a list is waited for.
    const { data, missing } = await until(
      () => alerts('?state=open'),
      list => list.missing.length === 0,
    )
    expect(missing).toEqual([])
    const alert = data.find(({ kind }) => kind === 'clock_skew')
    expect(alert?.says.zh.title).toContain('wallet-th')

    // The endpoint was away: it hears of it a second time.
    await until(
      () => calls.length,
      count => count > 0,
    )
    isAway = false
    await until(
      () => calls.length,
      count => count > 1,
      20_000,
    )
    const [first, second] = calls
    expect(second?.headers.get('webhook-id')).toBe(first?.headers.get('webhook-id'))
    const keys = await Promise.all(net.box.keys.gateway.map(pair => verifyingKey(pair)))
    const body = new TextEncoder().encode(second?.body)
    expect(await verifyWebhook(second!.headers, body, keys, Date.now())).toBe(
      `${alert?.id}.opened.1`,
    )
    const content = JSON.parse(second?.body ?? '')
    expect(content.type).toBe('alert.opened')
    expect(alertSchema.parse(content.data)).toMatchObject({ id: alert?.id, kind: 'clock_skew' })
  })

  it('is taken over, noted, resolved, and all of it is in the audit chain', async () => {
    const [alert] = (await alerts()).data.filter(({ kind }) => kind === 'clock_skew')
    const taken = await ops('POST', `/alerts/${alert?.id}/acknowledge`)
    expect(alertSchema.parse(await taken.json())).toMatchObject({ state: 'acknowledged' })
    await ops('POST', `/alerts/${alert?.id}/notes`, { text: 'They set it by NTP.' })
    const done = await ops('POST', `/alerts/${alert?.id}/resolve`, { text: 'It is right again.' })
    expect(alertSchema.parse(await done.json())).toMatchObject({
      state: 'resolved',
      notes: [{ text: 'They set it by NTP.' }, { text: 'It is right again.' }],
    })
    expect((await ops('POST', `/alerts/${alert?.id}/acknowledge`)).status).toBe(409)
    expect((await ops('GET', '/alerts/alr_sg_999')).status).toBe(404)
    expect((await ops('GET', '/alerts/alr_mars_1')).status).toBe(404)
    const types = () => calls.map(({ body }) => JSON.parse(body).type)
    // What turned within a second is told at once, and may arrive in any order.
    const turns = ['alert.acknowledged', 'alert.resolved']
    await until(types, list => turns.every(each => list.includes(each)))
    expect(types()).toEqual(expect.arrayContaining(turns))

    const chain = await fetch(`${net.url}/ops/v1/audit`, { headers })
    const { data } = (await chain.json()) as {
      data: { action: string; subject: string; outcome: string }[]
    }
    const own = data.filter(({ subject }) => subject === alert?.id)
    expect(own.map(({ action, outcome }) => `${action} ${outcome}`).toSorted()).toEqual([
      'alert.acknowledge ALERT_RESOLVED',
      'alert.acknowledge begun',
      'alert.acknowledge begun',
      'alert.acknowledge done',
      'alert.note begun',
      'alert.note done',
      'alert.resolve begun',
      'alert.resolve done',
    ])
  })

  it('that is muted is raised and told to nobody', async () => {
    const until_ = new Date(Date.now() + 60_000).toISOString()
    const subject = { dimension: 'institution', name: 'wallet-my' }
    const id = 'wallet-my-clock'
    const wanted = { id, subject, until: until_, reason: 'they know' }
    const muted = await until(
      async () => (await (await ops('POST', '/mutes', wanted)).json()) as { notIn: string[] },
      ({ notIn }) => notIn.length === 0,
    )
    expect(muted).toMatchObject({ id, subject, notIn: [] })
    // The answer may be lost: the same again is the same, and anything else of its id is refused.
    expect((await ops('POST', '/mutes', wanted)).status).toBe(200)
    expect((await ops('POST', '/mutes', { ...wanted, reason: 'other' })).status).toBe(409)
    const listed = muteListSchema.parse(await (await ops('GET', '/mutes')).json())
    expect(listed).toMatchObject({ data: [{ id, subject, kind: null }], missing: [] })

    const told = calls.length
    const client = createClient({
      gateway: net.url,
      institution: 'wallet-my',
      key: net.keys['wallet-my-1']!,
      gatewayKeys: net.gatewayKeys,
      now: () => Date.now() - 90_000,
    })
    for (let each = 0; each < 12; each += 1) await client.deadLetters().catch(() => null)
    const raised = await until(
      () => alerts('?state=open'),
      ({ data }) => data.some(({ subject: { name } }) => name === 'wallet-my'),
    )
    const alert = raised.data.find(({ subject: { name } }) => name === 'wallet-my')
    expect(alert?.mutedUntil).not.toBeNull()
    expect(calls.slice(told).filter(({ body }) => body.includes('wallet-my'))).toEqual([])
    expect((await ops('DELETE', `/mutes/${id}`)).status).toBe(204)
    expect((await ops('DELETE', `/mutes/${id}`)).status).toBe(404)
  })

  it('is tended by operators alone, and muted by kind or subject only', async () => {
    const viewer = headersOf(await tokenOf('viet'))
    const [alert] = (await alerts()).data
    const path = `${net.url}/ops/v1/alerts/${alert?.id}/acknowledge`
    expect((await fetch(path, { method: 'POST', headers: viewer })).status).toBe(403)
    const soon = new Date(Date.now() + 60_000).toISOString()
    expect((await ops('POST', '/mutes', { id: 'all', until: soon, reason: 'all' })).status).toBe(
      400,
    )
    const past = {
      id: 'past',
      kind: 'clock_skew',
      until: '2026-01-01T00:00:00.000Z',
      reason: 'x',
    }
    expect((await ops('POST', '/mutes', past)).status).toBe(400)
  })
})

describe('a payer in two countries', () => {
  const found = () =>
    until(
      async () => (await alerts()).data.find(({ kind }) => kind === 'payer_travel'),
      alert => alert !== undefined,
      30_000,
    )
  const shown = async (id: string, as: Record<string, string>) =>
    fetch(`${net.url}/ops/v1/alerts/${id}?payer=show`, { headers: as })
  const audited = async () => {
    const chain = await fetch(`${net.url}/ops/v1/audit`, { headers })
    return chain.text()
  }

  it('is named by its wallet alone, and by its token only to those who ask and may see payers', async () => {
    await payInTwoCountries(net.box)
    const alert = (await found())!
    expect(alert).toMatchObject({
      subject: { dimension: 'payer', name: 'wallet-cn' },
      payer: null,
    })
    for (const person of ['viet', 'regulator']) {
      expect((await shown(alert.id, headersOf(await tokenOf(person)))).status).toBe(403)
    }
    const { payer } = alertSchema.parse(await (await shown(alert.id, headers)).json())
    expect(payer?.length).toBeGreaterThan(8)
    const told = () => calls.filter(({ body }) => body.includes(alert.id))
    await until(told, list => list.length > 0)
    const everything = [
      JSON.stringify(alert),
      ...told().map(({ body }) => body),
      await (await ops('GET', '/alerts')).text(),
      await audited(),
    ].join()
    expect(everything).not.toContain(payer)
    expect(await audited()).toContain('alert.read')
  }, 60_000)

  it('is muted by its alert, and not named there either', async () => {
    const alert = (await found())!
    const payer = alertSchema.parse(await (await shown(alert.id, headers)).json()).payer ?? ''
    const end = new Date(Date.now() + 60_000).toISOString()
    const byName = { id: 'by-name', subject: alert.subject, until: end, reason: 'known' }
    expect((await ops('POST', '/mutes', byName)).status).toBe(400)
    const nobody = { id: 'nobody', alert: 'alr_sg_99999', until: end, reason: 'known' }
    expect((await ops('POST', '/mutes', nobody)).status).toBe(404)
    const wanted = { id: 'one-payer', alert: alert.id, until: end, reason: 'known' }
    const muted = await ops('POST', '/mutes', wanted)
    expect(await muted.json()).toMatchObject({ subject: { dimension: 'payer', name: 'wallet-cn' } })
    await until(
      async () => (await alerts()).data.find(({ id }) => id === alert.id)?.mutedUntil ?? null,
      at => at !== null,
    )
    const listed = await (await ops('GET', '/mutes')).text()
    expect(listed).toContain('wallet-cn')
    expect(listed + (await audited())).not.toContain(payer)
  }, 60_000)
})

describe('an acquirer that begins to refuse', () => {
  it('is an alert with the payments behind it, once it was known to be well', async () => {
    const { acquirer, committed, aborted } = await refuseAll(net.box)
    expect(committed.length).toBeGreaterThan(300)
    expect(aborted.length).toBeGreaterThan(30)
    // It may show in everything together first; the acquirer goes along with that as soon as it is found, too.
    const isAboutIt = ({ kind, subject, also }: AlertView) =>
      kind === 'success_drop' && [subject, ...also].some(({ name }) => name === acquirer)
    const found = await until(
      async () => (await alerts()).data.find(isAboutIt),
      alert => alert !== undefined,
      30_000,
    )
    const seen = (await alerts()).data.map(({ kind, subject, also, facts }) =>
      JSON.stringify({ kind, subject, also, facts }),
    )
    expect(found, seen.join('\n')).toMatchObject({ state: 'open', center: 'sg' })
    const behind = found?.payments.filter(id => aborted.includes(id)) ?? []
    expect(behind.length).toBeGreaterThan(5)
    // Where it shows in everything first, payments that go well are among it, as many as may be.
    const isAlone = found?.subject.name === acquirer
    expect(isAlone ? ['critical'] : ['critical', 'warning']).toContain(found?.severity)
    expect(Number(found?.facts.seenShare)).toBeGreaterThan(isAlone ? 0.5 : 0.1)
  }, 300_000)
})
