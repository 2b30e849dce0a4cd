/** The other centers, beside the one that is tested: their real code, as they would be deployed. */
import { join } from 'node:path'
import { unstable_getMiniflareWorkerOptions as workerOptions } from 'wrangler'
import { bundle } from '../../src/local/bundle.ts'

const root = join(import.meta.dirname, '../..')

/**
 * @param tested the center that runs in the tests' own Worker, which nobody can bind to
 * @returns options of Workers; the plugin does not export their type
 */
export async function otherCenters(tested: string, bindings: object): Promise<never[]> {
  const script = await bundle(join(root, 'src/center.ts'))
  return ['hk', 'sg', 'fra']
    .filter(id => id !== tested)
    .map(id => {
      const { workerOptions: deployed } = workerOptions(join(root, 'wrangler.toml'), id)
      const options = deployed as unknown as Options
      const { modulesRules: _, assets: __, queueConsumers: ___, ...rest } = options
      const durableObjects = Object.fromEntries(
        Object.entries(options.durableObjects).filter(
          ([, object]) => object.scriptName !== `opencpg-${tested}`,
        ),
      )
      return {
        ...rest,
        name: `opencpg-${id}`,
        script,
        modules: true,
        durableObjects,
        bindings: { ...options.bindings, ...bindings },
      } as never
    })
}

interface Options {
  readonly modulesRules?: unknown
  readonly assets?: unknown
  readonly queueConsumers?: unknown
  readonly bindings: object
  readonly durableObjects: Readonly<Record<string, { readonly scriptName?: string }>>
}
