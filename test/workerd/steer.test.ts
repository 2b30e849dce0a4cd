/** Steering on a real D1: its words for what is taken, and what happens when everybody comes at once. */
import { reset } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { auditHead, record, verifyAudit } from '../../src/db/audit.ts'
import { readChange } from '../../src/db/change.ts'
import { changeDirectory, readDirectory } from '../../src/db/directory.ts'
import { ask, type Desk, decideAbout, takeBack } from '../../src/db/steer.ts'
import { AUDIT_START } from '../../src/domain/audit.ts'
import type { Wish } from '../../src/domain/change.ts'
import { network, terms } from '../db/network.ts'
import { directoryDatabase } from './migrated.ts'

describe('steering on a real D1', () => {
  let d1: D1Database
  beforeEach(async () => {
    await reset()
    d1 = await directoryDatabase()
    await changeDirectory(d1, 0, network, terms)
  })

  const desk = (id: string) =>
    ({
      db: d1,
      by: { id, name: id },
      roles: ['operator'],
      request: 'r',
      now: () => terms.now,
      sandbox: false,
      tell: () => undefined,
      felt: () => undefined,
      before: async () => ({ by: Number.POSITIVE_INFINITY, untold: [] }),
      order: async () => ({ told: [], untold: [] }),
    }) as Desk
  const wish: Wish = {
    id: 'w1',
    steps: [{ kind: 'switch_off', subject: 'institution', name: 'wallet-th' }],
    reason: 'keys leaked',
    until: null,
    lastsMs: null,
    plan: null,
    undoOf: null,
  }

  it('gives each of many who write the chain at once a place of its own', async () => {
    const deed = {
      at: terms.now,
      by: { id: 'mei', name: 'Mei' },
      roles: ['operator'],
      action: 'payment.read',
      outcome: 'done',
      detail: '{}',
      request: 'r',
    } as const
    const subjects = Array.from({ length: 8 }, (_, each) => `p${each}`)
    await Promise.all(subjects.map(subject => record(d1, { ...deed, subject })))
    const head = await auditHead(d1)
    expect(head.seq).toBe(8)
    expect(await verifyAudit(d1, AUDIT_START)).toEqual({ ...head, fault: null, more: false })
  })

  it('lets one of two approvals through, and writes one entry for it', async () => {
    await ask(desk('mei'), wish, null)
    const both = await Promise.all(
      ['aisyah', 'lena'].map(who => decideAbout(desk(who), 'w1', 'approve')),
    )
    expect(both.filter(each => each.ok)).toHaveLength(1)
    expect((await auditHead(d1)).seq).toBe(2)
    expect((await readDirectory(d1)).switches).toMatchObject([{ name: 'wallet-th' }])
  })

  it('makes a wish once that comes twice, and takes it back once', async () => {
    const steps = [{ kind: 'switch_off', subject: 'family', name: 'qris' }] as const
    const once = { ...wish, steps, until: terms.now + 60_000 }
    const asked = await Promise.all([1, 2, 3].map(() => ask(desk('mei'), once, null)))
    expect(asked.map(({ ok }) => ok)).toEqual([true, true, true])
    const back = await Promise.all(
      ['u1', 'u2'].map(id => takeBack(desk('mei'), 'w1', { id, reason: 'over' })),
    )
    expect(back.filter(({ ok }) => ok)).toHaveLength(1)
    expect((await readDirectory(d1)).switches).toEqual([])
    expect(await readChange(d1, 'w1')).toMatchObject({ status: 'undone' })
    expect(await verifyAudit(d1, AUDIT_START)).toMatchObject({ seq: 2, fault: null })
  })

  it('adds up for how long a family was off, and asks for a second person beyond an hour', async () => {
    const steps = [{ kind: 'switch_off', subject: 'family', name: 'qris' }] as const
    const stop = (id: string, now: number, minutes: number) =>
      ask(
        { ...desk('mei'), now: () => now },
        { ...wish, id, steps, lastsMs: minutes * 60_000 },
        null,
      )
    const later = terms.now + 3_600_000
    expect(await stop('s1', terms.now, 40)).toMatchObject({ value: { status: 'applied' } })
    expect(await stop('s2', later, 21)).toMatchObject({ value: { status: 'proposed' } })
    expect(await stop('s3', later, 20)).toMatchObject({ value: { status: 'applied' } })
    const undoing = { id: 'u3', reason: 'over' }
    const at = { ...desk('mei'), now: () => later + 600_000 }
    expect(await takeBack(at, 's3', undoing)).toMatchObject({ value: { status: 'applied' } })
    expect((await readDirectory(d1)).switches).toEqual([])
    expect(await stop('s4', later + 600_000, 10)).toMatchObject({ value: { status: 'applied' } })
  })
})
