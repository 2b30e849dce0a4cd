/** The edge with its calls counted. */
import { app } from '../../../src/app.ts'
import type { EdgeEnv } from '../../../src/env.ts'
import { count } from './count.ts'

/** Every call of a method of any of its objects counts; whoever asks for a stub is no call. */
const counted = (objects: DurableObjectNamespace): DurableObjectNamespace =>
  new Proxy(objects, {
    get: (target, name) =>
      name === 'getByName'
        ? (...given: Parameters<DurableObjectNamespace['getByName']>) =>
            new Proxy(target.getByName(...given), {
              get: (stub, method) => {
                count('objectCalls')
                return Reflect.get(stub, method)
              },
            })
        : Reflect.get(target, name),
  })

const isObjects = (binding: unknown): binding is DurableObjectNamespace =>
  typeof binding === 'object' && binding !== null && 'getByName' in binding

export default {
  fetch(request, env, ctx) {
    count('requests')
    const bindings = Object.entries(env).map(([name, binding]) => [
      name,
      isObjects(binding) ? counted(binding) : binding,
    ])
    return app.fetch(request, Object.fromEntries(bindings) as EdgeEnv, ctx)
  },
} satisfies ExportedHandler<EdgeEnv>
