/** What all commands of the staff share: their options, and how they ask and answer. */
import type { Command } from 'commander'
import { accountOf, call, DEFAULT_GATEWAY } from './ops-call.ts'

/** Options of every command. */
export interface Shared {
  readonly gateway?: string
  readonly token?: string
  readonly json?: boolean
}

export const shared = (command: Command): Command =>
  command
    .option('--gateway <url>', `where the gateway is (CPG_GATEWAY, ${DEFAULT_GATEWAY})`)
    .option('--token <jwt>', 'access token (CPG_OPS_TOKEN, or that of the last sign-in)')
    .option('--json', 'the answer as JSON')

/** How commands ask and answer. */
export interface Print {
  asked<Answer>(
    options: Shared,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<Answer>
  out(options: Shared, answer: object, text: string): void
}

export const print: Print = {
  asked: async (options, method, path, body) => call(await accountOf(options), method, path, body),
  out: ({ json = false }, answer, text) =>
    console.log(json ? JSON.stringify(answer, null, 2) : text),
}
