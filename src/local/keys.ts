/** Keys of the box: made once, kept in its data folder, so that a restart signs as the same parties. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SignatureAlgorithm } from '../domain/institution.ts'
import { GATEWAY_ID } from '../domain/signature.ts'
import { makeKeyPair, type StoredKeyPair } from '../trust/keys.ts'

export interface BoxKeys {
  /** The first one signs. */
  readonly gateway: readonly StoredKeyPair[]
  /** Seal keys by id, base64. */
  readonly seals: Readonly<Record<string, string>>
  /** Keys of payers' tokens by the year from which on each is used, base64. */
  readonly persons: Readonly<Record<string, string>>
  /** Of the box's identity service. */
  readonly access: StoredKeyPair
  /** By institution. */
  readonly members: Readonly<Record<string, StoredKeyPair>>
}

export interface KeyOwner {
  readonly id: string
  readonly algorithm: SignatureAlgorithm
}

/** Reads the keys of the box, and makes those that are missing. */
export async function boxKeys(folder: string, owners: readonly KeyOwner[]): Promise<BoxKeys> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'keys.json')
  const known = await readKeys(path)
  const members: Record<string, StoredKeyPair> = { ...known?.members }
  for (const { id, algorithm } of owners) {
    members[id] ??= await makeKeyPair(`${id}-1`, id, algorithm)
  }
  const keys: BoxKeys = {
    gateway: known?.gateway ?? [await makeKeyPair('gateway-1', GATEWAY_ID, 'ed25519')],
    seals: known?.seals ?? { 'seal-1': newSecret() },
    persons: known?.persons ?? { '2000': newSecret() },
    access: known?.access ?? (await makeKeyPair('access-1', 'access', 'ecdsa-p256-sha256')),
    members,
  }
  // Written aside and renamed: a crash in between must not leave half a file, and so other keys.
  await writeFile(`${path}.new`, JSON.stringify(keys, null, 2), { mode: 0o600 })
  await rename(`${path}.new`, path)
  return keys
}

const newSecret = () => Buffer.from(randomBytes(32)).toString('base64')

async function readKeys(path: string): Promise<BoxKeys | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new Error(`${path} cannot be read; delete the data folder to begin anew`, {
      cause: error,
    })
  }
}
