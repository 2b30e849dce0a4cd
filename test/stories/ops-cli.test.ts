/** The staff's verbs on the command line, as processes, against a running network. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { codeAt, startNetwork, until } from './network.ts'

const net = await startNetwork()
const entry = join(import.meta.dirname, '../../src/cli/cpg.ts')
const folder = await mkdtemp(join(tmpdir(), 'cpg-ops-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** As this person, each with a sign-in of their own. */
function cpg(person: string, ...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, CPG_OPS_FILE: join(folder, person), CPG_GATEWAY: net.url }
  const child = spawn(process.execPath, [entry, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const heard = { out: '', error: '' }
  child.stdout.on('data', piece => (heard.out += piece))
  child.stderr.on('data', piece => (heard.error += piece))
  return new Promise(resolve => child.on('close', code => resolve({ code, ...heard })))
}
const json = async (person: string, ...args: readonly string[]) => {
  const { code, out, error } = await cpg(person, ...args, '--json')
  expect({ code, error }).toEqual({ code: 0, error: '' })
  return JSON.parse(out)
}

for (const person of ['mei', 'aisyah', 'regulator']) {
  const signedIn = await cpg(person, 'ops', 'sign-in', person, '--gateway', net.url)
  expect(signedIn).toMatchObject({ code: 0, out: expect.stringContaining('@ops.example') })
}

/** Each word of the staff's is a process of its own, and takes seconds where the machine is busy. */
const patient = { timeout: 180_000 }

describe('cpg ops', patient, () => {
  it('keeps a sign-in for its owner alone', async () => {
    expect((await stat(join(folder, 'mei'))).mode & 0o777).toBe(0o600)
    expect(await cpg('nobody', 'ops', 'me')).toMatchObject({
      code: 1,
      error: expect.stringContaining('sign-in'),
    })
    const forged = await cpg('nobody', 'ops', 'me', '--token', 'x.y.z')
    expect(forged).toMatchObject({ code: 1, error: expect.stringContaining('ACCESS_INVALID') })
  })

  it('says that nobody answered, where nobody does', async () => {
    const away = await cpg('mei', 'ops', 'me', '--gateway', 'http://127.0.0.1:9', '--token', 'x')
    expect(away).toMatchObject({ code: 1, error: expect.stringContaining('did not answer') })
  })

  it('suspends a member with two people, and takes it back', async () => {
    const asked = ['ops', 'suspend', 'wallet-my'] as const
    expect(await cpg('mei', ...asked, '--preview')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Takes a second person: cuts_off_member'),
    })
    expect(await cpg('mei', ...asked)).toMatchObject({
      code: 1,
      error: expect.stringContaining('--reason'),
    })
    expect(await cpg('regulator', ...asked, '--reason', 'x')).toMatchObject({
      code: 1,
      error: expect.stringContaining('ACCESS_DENIED'),
    })
    const { id, status } = await json('mei', ...asked, '--reason', 'keys leaked')
    expect(status).toBe('proposed')
    expect(await cpg('aisyah', 'ops', 'look', id)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/keys leaked.*for two: cuts_off_member.*Last hour/s),
    })
    expect((await cpg('mei', 'ops', 'approve', id)).code).toBe(1)
    expect(await cpg('aisyah', 'ops', 'approve', id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('applied'),
    })
    expect(await cpg('aisyah', 'ops', 'switches')).toMatchObject({
      out: expect.stringContaining('keys leaked'),
    })
    expect(await json('mei', 'ops', 'undo', id, '--reason', 'new keys')).toMatchObject({
      undoOf: id,
      status: 'applied',
    })
    expect(await cpg('mei', 'ops', 'switches')).toMatchObject({ out: 'Everything is on.\n' })
  })

  it('makes several steps as one change, for a time', async () => {
    const steps = ['off corridor MY>CN', 'off family qris']
    const change = await json('mei', 'ops', 'change', ...steps, '--reason', 'drill', '--for', '10m')
    expect(change).toMatchObject({
      status: 'applied',
      steps: [{ name: 'MY>CN' }, { name: 'qris' }],
      seconds: 600,
      until: expect.any(String),
    })
    const { data } = await json('mei', 'ops', 'changes', '--status', 'applied')
    expect(data[0]).toMatchObject({ id: change.id })
    expect(await cpg('mei', 'ops', 'change', 'off the lights', '--reason', 'x')).toMatchObject({
      code: 1,
      error: expect.stringContaining('is no step'),
    })
    await json('mei', 'ops', 'undo', change.id, '--reason', 'over')
  })

  it('saves, rehearses, runs and drops a plan', async () => {
    const saved = await cpg(
      'mei',
      'ops',
      'plan',
      'save',
      'quiet',
      'off family promptpay',
      '--title',
      'Quiet',
      '--minutes',
      '5',
    )
    expect(saved).toMatchObject({ code: 0, out: expect.stringContaining('not rehearsed') })
    const rehearsed = await json('mei', 'ops', 'plan', 'rehearse', 'quiet')
    expect(rehearsed).toMatchObject({
      plan: { rehearsed: true },
      preview: { needsApproval: false },
    })
    const run = await json('mei', 'ops', 'plan', 'run', 'quiet', '--reason', 'noise')
    expect(run).toMatchObject({ status: 'applied', plan: 'quiet' })
    await json('mei', 'ops', 'undo', run.id, '--reason', 'over')
    expect(await cpg('mei', 'ops', 'plan', 'drop', 'quiet')).toMatchObject({
      out: 'quiet dropped\n',
    })
    expect(await cpg('mei', 'ops', 'plan', 'list')).toMatchObject({ out: 'None.\n' })
  })

  it('says what goes through now, and what went through by what it is counted by', async () => {
    await net.box.wallets.get('wallet-th')!.wallet.purchase({ code: codeAt('cn-silk') })
    const by = ['ops', 'figures', '--by', 'corridor', '--window', 'hour', '--last', '2'] as const
    const table = await until(
      () => cpg('regulator', ...by),
      ({ out }) => out.includes('TH>CN'),
      30_000,
      500,
    )
    expect(table.out).toMatch(/TH>CN +[1-9]/)
    expect(await json('regulator', ...by)).toMatchObject({ window: 'hour', missing: [] })
    const now = await cpg('regulator', 'ops', 'now')
    expect(now).toMatchObject({ code: 0, out: expect.stringContaining('The last minute') })
    expect((await cpg('regulator', 'ops', 'figures', '--by', 'moon')).code).toBe(2)
  })

  it('finds a payment and shows it whole', async () => {
    const { payment } = await net.box.wallets
      .get('wallet-th')!
      .wallet.purchase({ code: codeAt('cn-silk') })
    const { paymentId, requestId } = payment!
    const found = await until(
      () => cpg('mei', 'ops', 'payments', 'find', requestId),
      ({ out }) => out.includes(paymentId),
      20_000,
    )
    expect(found.out).toContain('YIWU MARKET STALL 88')
    const shown = await cpg('mei', 'ops', 'payments', 'show', paymentId, '--payer')
    expect(shown.out).toMatch(/wallet-th +gateway +pay/)
    expect(shown.out).toContain('payer not named')
    expect(await cpg('regulator', 'ops', 'payments', 'show', paymentId, '--payer')).toMatchObject({
      code: 1,
    })
    expect(await cpg('regulator', 'ops', 'payments', 'show', paymentId)).toMatchObject({ code: 0 })
  })
})

it('cpg ops report prints corridors and the length of the audit chain', async () => {
  const report = await cpg('regulator', 'ops', 'report', '--days', '1')
  expect(report).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^audit chain: \d+ entries, [0-9a-f]{64}$/m),
  })
})

describe('cpg audit verify', patient, () => {
  it('computes the chain anew, and on from what was kept', async () => {
    const whole = await json('regulator', 'audit', 'verify')
    expect(whole).toMatchObject({ ok: true })
    expect(whole.entries).toBeGreaterThan(10)
    const kept = ['--from', `${whole.seq}`, '--hash', whole.hash]
    await json('mei', 'ops', 'change', 'off family qris', '--reason', 'later', '--for', '1m')
    expect(await json('regulator', 'audit', 'verify', ...kept)).toMatchObject({
      ok: true,
      entries: 1,
      seq: whole.seq + 1,
    })
  })

  it('finds what was altered behind its back', async () => {
    const { seq, hash } = await json('regulator', 'audit', 'verify')
    const directory = await net.box.gateway.directory()
    await directory.prepare("UPDATE audit SET outcome = 'ACCESS_DENIED' WHERE seq = 2").run()
    const altered = await cpg('regulator', 'audit', 'verify')
    expect(altered).toMatchObject({ code: 1, out: expect.stringContaining('Entry 2 was altered') })
    // Cut off at the end, the rest is a chain; only what was kept tells.
    await directory.prepare("UPDATE audit SET outcome = 'done' WHERE seq = 2").run()
    await directory.prepare('DELETE FROM audit WHERE seq = ?').bind(seq).run()
    const cut = await cpg('regulator', 'audit', 'verify', '--from', `${seq}`, '--hash', hash)
    expect(cut).toMatchObject({ code: 1, out: expect.stringContaining('cut off') })
  })
})
