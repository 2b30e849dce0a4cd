/** The pages that the edge shows to people, built into one folder that is served as it is. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { problemsPage } from './problems-page.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'dist/assets')

/** A page is its markup, one script and one style sheet of the same name; the look is shared. */
const rooms = ['front', 'lab', 'reference', 'console']
const styles = ['front/look', 'front/front', 'front/problems'].map(name => `src/${name}.css`)
const entries = styles.concat(
  ['lab', 'reference'].flatMap(name => [`src/${name}/${name}.ts`, `src/${name}/${name}.css`]),
  ['src/console/console.tsx', 'src/console/console.css'],
)

/**
 * No page may load anything from elsewhere, be framed, or run text as a program. `blob:` is for pictures that
 * the user drops and downloads; data stays in the page.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const headers = `/*
  Content-Security-Policy: ${policy}
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: camera=(self), microphone=(), geolocation=()
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
`

/** Builds every page and gives the folder. Files that are as they should be stay untouched. */
export async function buildPages(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // What browsers of the last two years know.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    logLevel: 'error',
  })
  const files = new Map<string, string | Uint8Array>(
    outputFiles.map(({ path, contents }) => [path.slice(folder.length + 1), contents]),
  )
  for (const room of rooms) {
    for (const name of await readdir(join(root, 'src', room))) {
      if (/\.(?:html|svg)$/.test(name)) {
        files.set(name, await readFile(join(root, 'src', room, name)))
      }
    }
  }
  files.set('problems.html', problemsPage())
  files.set('_headers', headers)
  await mkdir(folder, { recursive: true })
  for (const [name, content] of files) await place(join(folder, name), content)
  const old = (await readdir(folder)).filter(name => !files.has(name) && !name.endsWith('.new'))
  for (const name of old) await rm(join(folder, name), { recursive: true, force: true })
  return folder
}

/** Whole or not at all: another network may be reading the folder at this moment. */
async function place(path: string, content: string | Uint8Array): Promise<void> {
  const wanted = Buffer.from(content)
  const there = await readFile(path).catch(() => null)
  if (there !== null && Buffer.compare(there, wanted) === 0) return
  const beside = `${path}.${process.pid}.new`
  await writeFile(beside, wanted)
  await rename(beside, path)
}
