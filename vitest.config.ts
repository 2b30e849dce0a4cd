/** Rings of tests: pure rooms in plain Node, objects in workerd, stories on the running network, pages in a browser. */
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { makeKeyPair } from './src/trust/keys.ts'
import { otherCenters } from './test/workerd/centers.ts'

// Edge and centers have different bindings on purpose; wrangler's warning about it is for projects of one kind.
process.env.WRANGLER_LOG ??= 'error'

const gatewayKeys = [await makeKeyPair('gateway-1', 'gateway', 'ed25519')]
const bindings = { ENVIRONMENT: 'sandbox', GATEWAY_KEYS: JSON.stringify(gatewayKeys) }

/** Far more than is ever needed, so that a machine that is busy with something else fails nothing. */
const patient = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
} as const

const story = { environment: 'node', fileParallelism: false, ...patient } as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          ...patient,
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workerd/**', 'test/stories/**', 'test/browser/**', 'test/kill/**'],
        },
      },
      {
        plugins: [
          // Only when these tests run: nobody else needs the centers bundled.
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml', environment: 'hk' },
            miniflare: {
              bindings,
              workers: await otherCenters('hk', bindings),
              // Nobody can bind to the tests' own Worker, so all sentinels are in it; they know themselves by name.
              durableObjects: { SENTINEL_SG: 'Sentinel', SENTINEL_FRA: 'Sentinel' },
            },
          })),
        ],
        test: {
          name: 'workerd',
          include: ['test/workerd/**/*.test.ts'],
          // workerd cannot read the module cache that Vitest keeps on disk.
          fsModuleCache: false,
          // See there.
          disableConsoleIntercept: true,
          setupFiles: './test/workerd/said.ts',
          // Queues and alarms come when they come; the usual five seconds would cut off what tests wait for.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // Each file has a network of its own and mostly waits for deadlines, so a few may wait beside each other.
      {
        test: {
          name: 'stories',
          include: ['test/stories/**/*.test.ts'],
          ...story,
          fileParallelism: true,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...story,
          testTimeout: 120_000,
        },
      },
      {
        test: { name: 'kill', include: ['test/kill/**/*.test.ts'], ...story, testTimeout: 240_000 },
      },
    ],
  },
})
