/**
 * Codebook: consumer codes of one wallet, one shard. A code is used once, ever.
 *
 * This shell only binds the platform; what a codebook decides is in `domain/consumer-code`, what it remembers in
 * `codes`. It needs no alarm: codes end by their own instant.
 */
import { DurableObject } from 'cloudflare:workers'
import type { CodeRow } from '../src/domain/consumer-code.ts'
import type { Result } from '../src/domain/result.ts'
import type { CenterEnv } from '../src/env.ts'
import { Codes, type Issue, type Issued } from './codes.ts'
import { Group } from './group.ts'
import { sqlOf } from './sql.ts'

export class Codebook extends DurableObject<CenterEnv> {
  readonly #codes: Codes
  readonly #group: Group

  constructor(ctx: DurableObjectState, env: CenterEnv) {
    super(ctx, env)
    const sql = sqlOf(ctx.storage)
    this.#codes = new Codes(sql)
    this.#group = new Group(sql, ms => scheduler.wait(ms))
  }

  issue(wanted: Issue): Promise<Result<Issued>> {
    return this.#group.commit(() => this.#codes.issue(wanted, Date.now()))
  }

  use(token: string, paymentId: string): Promise<Result<CodeRow>> {
    return this.#group.commit(() => this.#codes.use(token, paymentId, Date.now()))
  }
}
