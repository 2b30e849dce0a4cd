import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../src/domain/close-codes.ts'
import {
  alertListSchema,
  alertNoteSchema,
  alertResolveSchema,
  muteListSchema,
  muteRequestSchema,
} from '../../src/wire/alert.ts'
import { liveMessageSchema, watcherMessageSchema } from '../../src/wire/live.ts'
import { overviewSchema, windowsSchema } from '../../src/wire/monitor.ts'
import { alert, alerts, cell, messages, mute, muteRequest, overview, windows } from './samples.ts'

describe('what a monitor shows', () => {
  it('has one shape for each of windows, overview, alerts and mutes', () => {
    expect(windowsSchema.parse(windows)).toEqual(windows)
    expect(overviewSchema.parse(overview)).toEqual(overview)
    expect(alertListSchema.parse(alerts)).toEqual(alerts)
    expect(muteListSchema.parse({ data: [mute], missing: [] }).data).toEqual([mute])
  })

  it('refuses a cell with a field nobody knows, and a confidence above one', () => {
    const odd = { ...overview, minute: [{ ...cell, surprise: 1 }] }
    expect(overviewSchema.safeParse(odd).success).toBe(false)
    const sure = { ...alerts, data: [{ ...alert, confidence: 1.2 }] }
    expect(alertListSchema.safeParse(sure).success).toBe(false)
  })

  it('tells live messages apart by their type', () => {
    expect(messages.map(message => liveMessageSchema.parse(message).type)).toEqual([
      'snapshot',
      'delta',
      'catch_up',
    ])
    expect(liveMessageSchema.safeParse({ type: 'gossip' }).success).toBe(false)
  })
})

describe('what a watcher or operator says', () => {
  it('is bounded', () => {
    expect(watcherMessageSchema.safeParse({ seen: 'k3f.1769846400' }).success).toBe(true)
    expect(watcherMessageSchema.safeParse({ seen: 'x'.repeat(65) }).success).toBe(false)
    expect(alertNoteSchema.safeParse({ text: '' }).success).toBe(false)
    expect(alertNoteSchema.safeParse({ text: 'x'.repeat(1_001) }).success).toBe(false)
    expect(alertResolveSchema.safeParse({}).success).toBe(true)
  })

  it('mutes every kind or subject that it does not name', () => {
    expect(muteRequestSchema.parse(muteRequest)).toMatchObject({ subject: null })
  })

  it('closes in the range that is left to applications', () => {
    for (const code of Object.values(closeCodes)) expect(code).toBeGreaterThanOrEqual(4_000)
  })
})
