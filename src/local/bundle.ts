/** The two Workers as one file each, built from the same entries that wrangler deploys. */
import { build, type Plugin } from 'esbuild'

/** esbuild's own settings for workerd, the way wrangler bundles. */
export async function bundle(entry: string, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins,
    sourcemap: 'inline',
    logLevel: 'error',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`nothing was built from ${entry}`)
  return file.text
}
