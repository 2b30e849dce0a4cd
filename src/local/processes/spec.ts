/** What a process of the gateway is told before it starts; text and numbers only, because it travels. */
import type { Secrets } from '../workers.ts'

export interface ProcessSpec {
  /** `hk`, `edge-1`, `directory`. */
  readonly id: string
  readonly runs: 'edge' | 'center' | 'directory'
  readonly secrets: Secrets
  /** The file with its Worker; a directory has none. */
  readonly worker: string | null
  /** Those of `door.ts` and `far.ts`. */
  readonly door: string
  readonly far: string
  /** Where members reach it, or where other processes do. */
  readonly port: number
  readonly folder: string
  /** Where it finds other centers, by id, and its databases. */
  readonly farUrls: Readonly<Record<string, string>>
  readonly databaseUrl: string
  /** Where it leaves the lines that its Workers log; null where nobody wants them. */
  readonly logFile: string | null
  /** Whether whoever started it hears them too. */
  readonly tells: boolean
}

export type Said =
  /** Everything is read and built; it begins when it is told to. */
  | { readonly prepared: true }
  | { readonly ready: number }
  | { readonly failed: string }
  | { readonly line: string }
