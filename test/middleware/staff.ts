/** The edge in one process with an identity service beside it, for tests of the staff's door. */
import { scheduler } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { app } from '../../src/app.ts'
import type { EdgeEnv } from '../../src/env.ts'
import { BOX_AUDIENCE, startIssuer } from '../../src/local/issuer.ts'
import { makeKeyPair } from '../../src/trust/keys.ts'
import { openD1 } from '../db/d1.ts'

export const ORIGIN = 'https://gateway.example'

// What workerd has as a global, Node has in a module.
Object.assign(globalThis, { scheduler })

/** People of the box, by what they are. */
export const people = {
  viewer: 'viet',
  operator: 'mei',
  approver: 'aisyah',
  supervisor: 'regulator',
} as const

const context = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as Parameters<typeof app.request>[3]

export async function startDoor() {
  const issuer = await startIssuer(await makeKeyPair('access-1', 'access', 'ecdsa-p256-sha256'), 0)
  afterAll(() => issuer.stop())
  const { d1: directory } = openD1('directory')
  const centers = { hk: openD1('center').d1, sg: openD1('center').d1, fra: openD1('center').d1 }
  const lanes = { getByName: () => ({ read: async () => null, history: async () => [] }) }
  // They know nothing, and do not say how anything goes.
  const monitors = {
    getByName: () => ({
      report: () => Promise.reject(new Error('away')),
      windows: () => Promise.reject(new Error('away')),
      alerts: async () => [],
      alert: async () => null,
      mutes: async () => [],
      unmute: async () => false,
    }),
  }
  const env = {
    ENVIRONMENT: 'sandbox',
    DIRECTORY: directory,
    DB_HK: centers.hk,
    DB_SG: centers.sg,
    DB_FRA: centers.fra,
    LANE_HK: lanes,
    LANE_SG: lanes,
    LANE_FRA: lanes,
    MONITOR_HK: monitors,
    MONITOR_SG: monitors,
    MONITOR_FRA: monitors,
    GATEWAY_KEYS: JSON.stringify([await makeKeyPair('gateway-1', 'gateway', 'ed25519')]),
    SEAL_KEYS: JSON.stringify({ a: Buffer.alloc(32, 1).toString('base64') }),
    PERSON_KEYS: JSON.stringify({ '2026': Buffer.alloc(32, 2).toString('base64') }),
    ACCESS_ISSUER: issuer.url,
    ACCESS_AUDIENCE: BOX_AUDIENCE,
    ACCESS_GRANTS: JSON.stringify({
      viewer: ['group:cpg-viewers'],
      operator: ['group:cpg-operators'],
      approver: ['group:cpg-approvers'],
      supervisor: ['group:cpg-supervisors'],
    }),
  } as unknown as EdgeEnv
  const request = async (path: string, init: RequestInit = {}, changed: Partial<EdgeEnv> = {}) =>
    app.request(ORIGIN + path, init, { ...env, ...changed }, context)
  const tokenOf = async (person: string): Promise<string> => {
    const answer = await fetch(`${issuer.url}/token/${person}`, { method: 'POST' })
    return ((await answer.json()) as { token: string }).token
  }
  return { env, directory, centers, request, tokenOf }
}
