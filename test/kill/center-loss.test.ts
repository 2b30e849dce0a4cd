/** The loss of a center as `npm run drill -- center-loss` plays it, with a process for each center and edge. */
import { beforeAll, describe, expect, it } from 'vitest'
import { accountOf, breachesOf } from '../drill/account.ts'
import { centerLoss } from '../drill/center-loss.ts'
import { usesOf } from '../drill/limits.ts'
import { type Played, play } from '../drill/stage.ts'

describe('a center that is killed and comes back', () => {
  let played: Played
  beforeAll(async () => {
    const tell = (line: string) => console.log(line)
    played = await play({ ...centerLoss, tell, keep: false }, async stage => {
      await centerLoss.play(stage)
    })
  }, 600_000)

  it('was missed by payments that were under way', () => {
    const { attempted, committed, unknown } = accountOf('center-loss', played.evidence, 0)
    expect(committed).toBeGreaterThan(50)
    expect(attempted).toBeGreaterThan(committed)
    expect(unknown).toBeGreaterThan(0)
  })

  it('costs nobody anything: no limit overshot, nothing done twice, nothing lost', () => {
    expect(breachesOf(played.evidence)).toEqual([])
  })

  it('leaves nothing unknown', () => {
    const { unknown, resolved } = accountOf('center-loss', played.evidence, 0)
    expect(resolved).toBe(unknown)
  })

  it('met limits that were used up', () => {
    const full = usesOf(played.evidence).filter(({ taken, value }) => taken === value)
    expect(full).not.toEqual([])
  })
})
