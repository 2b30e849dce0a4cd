/** What those who make traffic share: the network, what they heard, and chance. */
import { randomUUID } from 'node:crypto'
import type { Box } from '../../src/local/box.ts'
import { acquirers } from '../../src/members/cast.ts'
import { Heard } from './heard.ts'

export interface Request {
  readonly requestId: string
  readonly requestedAt: string
}

const merchants = acquirers.flatMap(({ id: acquirer, merchants: shops }) =>
  shops.map(shop => ({ acquirer, ...shop })),
)

export class Scene {
  readonly box: Box
  readonly heard = new Heard()
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number

  constructor(box: Box, random: () => number) {
    this.box = box
    this.random = random
  }

  chance(percent: number): boolean {
    return this.random() * 100 < percent
  }

  one<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!
  }

  merchant() {
    return this.one(merchants)
  }

  wallet() {
    return this.one([...this.box.wallets.values()])
  }

  request(name: string): Request {
    return { requestId: `${name}-${randomUUID()}`, requestedAt: new Date().toISOString() }
  }
}
