/** Releases of the gateway's Workers: an earlier one out of the repository's history, and the one that is here. */
import { execFile } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../../src/local/bundle.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

export interface Release {
  readonly name: string
  build(entry: 'edge' | 'center'): Promise<string>
}

export const thisRelease: Release = {
  name: 'what is in the working folder',
  build: entry => bundle(join(root, `src/${entry}.ts`)),
}

/**
 * The release that is named, or the latest tag. Where there is none, this one: members that are newer than a gateway
 * may ask it for what it does not know, so not any commit will do.
 */
export async function earlierRelease(folder: string, named?: string): Promise<Release> {
  const git = async (...words: string[]) => (await run('git', words, { cwd: root })).stdout.trim()
  const ref = named ?? (await git('describe', '--tags', '--abbrev=0').catch(() => null))
  if (ref === null) return thisRelease
  const source = join(folder, `release-${ref}`)
  await mkdir(source, { recursive: true })
  const archive = join(folder, 'release.tar')
  await git('archive', '-o', archive, ref, 'src', 'durable-objects', 'tsconfig.json')
  await run('tar', ['-xf', archive, '-C', source])
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'))
  return { name: ref, build: entry => bundle(join(source, `src/${entry}.ts`)) }
}
