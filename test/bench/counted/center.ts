/** A center with its queue, its alarms and its D1 counted; its objects' rows are counted by `sql.ts` beside this. */
import { Lane as RealLane } from '../../../durable-objects/lane.ts'
import { Monitor as RealMonitor } from '../../../durable-objects/monitor.ts'
import center from '../../../src/center.ts'
import type { CenterEnv } from '../../../src/env.ts'
import { count } from './count.ts'

export * from '../../../src/center.ts'

export class Lane extends RealLane {
  constructor(ctx: DurableObjectState, env: CenterEnv) {
    const EVENTS = {
      send: (...given: Parameters<Queue<string>['send']>) => {
        count('queueMessages')
        return env.EVENTS.send(...given)
      },
    } as Queue<string>
    super(ctx, { ...env, EVENTS })
  }

  override async alarm() {
    count('objectCalls')
    return super.alarm()
  }
  override acknowledge(seq: number) {
    count('objectCalls')
    return super.acknowledge(seq)
  }
  override head() {
    count('objectCalls')
    return super.head()
  }
}

export class Monitor extends RealMonitor {
  override feed(...given: Parameters<RealMonitor['feed']>) {
    count('objectCalls')
    super.feed(...given)
  }
}

const counted = (db: D1Database): D1Database =>
  new Proxy(db, {
    get: (target, name) =>
      name === 'batch'
        ? async <T>(statements: D1PreparedStatement[]) => {
            const results = await target.batch<T>(statements)
            count(
              'd1Rows',
              results.reduce((rows, { meta }) => rows + meta.rows_written, 0),
            )
            return results
          }
        : Reflect.get(target, name).bind(target),
  })

export default {
  ...center,
  queue: (batch, env, ctx) => {
    count('requests')
    const [DB, WITNESS] = [counted(env.DB), counted(env.WITNESS)]
    return center.queue(batch, { ...env, DB, WITNESS }, ctx)
  },
} satisfies ExportedHandler<CenterEnv>
