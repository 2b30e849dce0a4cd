import { expect, it } from 'vitest'
import { Tempo } from '../../durable-objects/tempo.ts'

it('believes what is usual until it has seen something else', () => {
  const tempo = new Tempo()
  expect(tempo.waitMs(0, 0)).toBe(0)
  expect(tempo.waitMs(1_000, 0)).toBe(200)
})

it('learns from large groups how long one more waits, the newest counting most', () => {
  const tempo = new Tempo()
  for (const _ of Array(10)) tempo.saw(256, 2_560, 5_000)
  expect(tempo.waitMs(100, 5_000)).toBeCloseTo(1_000, -1)
  tempo.saw(256, 256, 5_000)
  expect(tempo.waitMs(100, 5_000)).toBeCloseTo(550, -1)
})

it('learns nothing from small groups, which only show what a commit takes', () => {
  const tempo = new Tempo()
  for (const _ of Array(10)) tempo.saw(1, 50, 0)
  expect(tempo.waitMs(1_000, 0)).toBe(200)
})

it('forgets slowness when nothing shows it any more, or a lane that sheds would shed for ever', () => {
  const tempo = new Tempo()
  for (const _ of Array(20)) tempo.saw(256, 25_600, 0)
  const waits = [0, 3_000, 6_000, 60_000].map(now => tempo.waitMs(100, now))
  expect(waits.map(Math.round)).toEqual([10_000, 5_010, 2_515, 20])
})

it('is not misled by a clock that goes back, nor by a group that took no time', () => {
  const tempo = new Tempo()
  tempo.saw(256, 0, 9_000)
  tempo.saw(256, -500, 1_000)
  expect(tempo.waitMs(1_000, 500)).toBe(200)
})
