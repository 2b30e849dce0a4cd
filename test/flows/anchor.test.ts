/** Anchoring between two databases of real SQL, with lanes that say what the test says. */
import { beforeEach, describe, expect, it } from 'vitest'
import { keepAnchor, lanesToAnchor, lastAnchor, markAnchored } from '../../src/db/anchor.ts'
import { project } from '../../src/db/projection.ts'
import { ANCHOR_MS, ANCHORS_MAX, anchorText, FIRST_BEFORE } from '../../src/domain/anchor.ts'
import { type AnchorLine, type AnchorPorts, anchorHeads } from '../../src/flows/anchor.ts'
import { hexOf, sha256 } from '../../src/trust/digest.ts'
import { openD1 } from '../db/d1.ts'
import { committed, Lane } from '../db/lane.ts'

let own: D1Database
let witness: D1Database
let clock: number
let lines: AnchorLine[]
let asked: string[]

beforeEach(() => {
  own = openD1('center').d1
  witness = openD1('center').d1
  clock = Date.UTC(2026, 9, 1)
  lines = []
  asked = []
})

const hashOf = (lane: string, seq: number) => `${lane}#${seq}`
const seqs = new Map<string, number>()

const ports = (change: Partial<AnchorPorts> = {}): AnchorPorts => ({
  center: 'hk',
  now: () => clock,
  due: (until, limit) => lanesToAnchor(own, until, limit),
  async head(lane) {
    asked.push(lane)
    const seq = seqs.get(lane) ?? 0
    return { seq, hash: hashOf(lane, seq) }
  },
  ownLast: () => lastAnchor(own, 'hk'),
  witnessLast: () => lastAnchor(witness, 'hk'),
  deposit: anchor => keepAnchor(witness, anchor),
  mark: anchor => markAnchored(own, anchor),
  log: line => void lines.push(line),
  ...change,
})

/** A lane moves, and its run is projected. */
async function move(lane: Lane) {
  lane.tell(lane.open(), committed)
  seqs.set(lane.name, lane.seq)
  return project(own, lane.run())
}

const gone = async (): Promise<never> => {
  throw new Error('away')
}

describe('anchoring', () => {
  it('leaves the heads of what moved with the witness, chained to the anchor before', async () => {
    const [one, two] = [new Lane('wallet-th', 1, 0), new Lane('wallet-th', 1, 1)]
    expect(await move(one)).toMatchObject({ anchoredAt: 0 })
    const first = await anchorHeads(ports())
    expect(first).toMatchObject({ number: 1, heads: [[one.name, 2, hashOf(one.name, 2)]] })
    await move(two)
    const second = await anchorHeads(ports())
    expect(second).toMatchObject({ number: 2, heads: [[two.name, 2, hashOf(two.name, 2)]] })
    const hash = async (before: string, anchor: typeof first) =>
      hexOf(await sha256(new TextEncoder().encode(anchorText(before, anchor!))))
    expect(first?.hash).toBe(await hash(FIRST_BEFORE, first))
    expect(second?.hash).toBe(await hash(first!.hash, second))
    expect(await lastAnchor(witness, 'hk')).toEqual(second)
    expect(await lastAnchor(own, 'hk')).toEqual(second)
    expect(await lastAnchor(witness, 'sg')).toBeNull()
    expect(lines).toEqual([])
  })

  it('takes a lane once in a minute, however much it moves, and never one that rests', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await move(lane)
    await anchorHeads(ports())
    await move(lane)
    clock += ANCHOR_MS - 1
    expect(await anchorHeads(ports())).toBeNull()
    clock += 1
    expect(await anchorHeads(ports())).toMatchObject({
      number: 2,
      heads: [[lane.name, 4, hashOf(lane.name, 4)]],
    })
    clock += ANCHOR_MS
    expect(await anchorHeads(ports())).toBeNull()
    expect(asked).toEqual([lane.name, lane.name])
  })

  it('tries again what failed at any step, and an anchor that was made twice is no harm', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await move(lane)
    for (const failing of ['due', 'ownLast', 'witnessLast', 'deposit'] as const) {
      await expect(anchorHeads(ports({ [failing]: gone }))).rejects.toThrow('away')
      expect(await lastAnchor(witness, 'hk')).toBeNull()
    }
    await expect(anchorHeads(ports({ mark: gone }))).rejects.toThrow('away')
    expect(await lastAnchor(witness, 'hk')).toMatchObject({ number: 1 })
    expect(await lastAnchor(own, 'hk')).toBeNull()
    expect(await anchorHeads(ports())).toMatchObject({ number: 2 })
    expect(await anchorHeads(ports())).toBeNull()
    expect(lines).toEqual([])
  })

  it('asks no lane anything while the witness is away', async () => {
    await move(new Lane('wallet-th', 1, 0))
    await expect(anchorHeads(ports({ witnessLast: gone }))).rejects.toThrow('away')
    expect(asked).toEqual([])
  })

  it('leaves out a lane that cannot say its head, and says so', async () => {
    const [one, two] = [new Lane('wallet-th', 1, 0), new Lane('wallet-th', 1, 1)]
    await move(one)
    await move(two)
    const { head } = ports()
    const deaf = ports({ head: lane => (lane === one.name ? gone() : head(lane)) })
    expect(await anchorHeads(deaf)).toMatchObject({ heads: [[two.name, 2, hashOf(two.name, 2)]] })
    expect(lines).toMatchObject([{ event: 'headless' }])
    expect(await anchorHeads(ports())).toMatchObject({
      heads: [[one.name, 2, hashOf(one.name, 2)]],
    })
  })

  it('of two consumers at once makes one anchor of each number, and loses no lane', async () => {
    const lanes = Array.from({ length: 5 }, (_, number) => new Lane('wallet-th', 1, number))
    for (const lane of lanes) await move(lane)
    const made = await Promise.all([anchorHeads(ports()), anchorHeads(ports())])
    expect(made.filter(anchor => anchor !== null)).toHaveLength(1)
    expect(made.find(anchor => anchor !== null)?.heads).toHaveLength(5)
  })

  it('goes on by its own word where the witness has lost anchors, and says so', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await move(lane)
    const first = await anchorHeads(ports())
    witness = openD1('center').d1
    await move(lane)
    clock += ANCHOR_MS
    const second = await anchorHeads(ports())
    expect(second).toMatchObject({ number: 2 })
    expect(lines).toMatchObject([{ event: 'witness_lost', reason: 'it has 0 of 1' }])
    const text = new TextEncoder().encode(anchorText(first!.hash, second!))
    expect(second?.hash).toBe(hexOf(await sha256(text)))
  })

  it('says so where the witness has another anchor than was deposited', async () => {
    const lane = new Lane('wallet-th', 1, 0)
    await move(lane)
    const first = await anchorHeads(ports())
    witness = openD1('center').d1
    await keepAnchor(witness, { ...first!, hash: 'another' })
    await move(lane)
    clock += ANCHOR_MS
    await anchorHeads(ports())
    expect(lines).toMatchObject([{ event: 'witness_differs', reason: 'at number 1' }])
  })

  it('keeps the newest anchors and lets the oldest go', async () => {
    const anchor = { center: 'hk', number: 1, at: clock, heads: [], hash: 'a' }
    await keepAnchor(witness, anchor)
    await keepAnchor(witness, { ...anchor, number: 2 })
    await keepAnchor(witness, { ...anchor, center: 'fra', number: 1 })
    await keepAnchor(witness, { ...anchor, number: ANCHORS_MAX + 1 })
    const [result] = await witness.batch<{ center: string; number: number }>([
      witness.prepare('SELECT center, number FROM anchors ORDER BY center, number'),
    ])
    expect(result?.results.map(({ center, number }) => `${center} ${number}`)).toEqual([
      'fra 1',
      'hk 2',
      `hk ${ANCHORS_MAX + 1}`,
    ])
  })
})
