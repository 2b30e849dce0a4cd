/** A lane's journal handed over by a running gateway, and verified where nothing else of the gateway is. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { laneName, placeOf } from '../../src/domain/payment-id.ts'
import { codeAt, startNetwork, until } from './network.ts'
import { deskOf } from './ops.ts'

const net = await startNetwork()
const folder = await mkdtemp(join(tmpdir(), 'cpg-journal-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const file = join(folder, 'journal.jsonl')

function cpg(...args: readonly string[]) {
  const entry = join(import.meta.dirname, '../../src/cli/cpg.ts')
  const env = { ...process.env, CPG_OPS_FILE: join(folder, 'nobody') }
  const child = spawn(process.execPath, [entry, ...args], { env })
  const heard = { out: '', error: '' }
  child.stdout.on('data', piece => (heard.out += piece))
  child.stderr.on('data', piece => (heard.error += piece))
  return new Promise<{ code: number | null } & typeof heard>(done =>
    child.on('close', code => done({ code, ...heard })),
  )
}

const { payment } = await net.box.wallets
  .get('wallet-th')!
  .wallet.purchase({ code: codeAt('cn-silk') })
const lane = laneName(placeOf(payment!.paymentId)!)
const mei = await deskOf(net, 'mei')
const as = ({ token }: { token: string }) => ['--gateway', net.url, '--token', token]

describe('the journal of a lane', () => {
  it('is handed over whole, with its anchors and keys, and holds where nothing else is', async () => {
    const wallet = net.client('wallet-th')
    await until(
      () => wallet.anchors(),
      ({ data }) => data.some(({ center }) => center === 'sg'),
    )
    expect(await cpg('ops', 'journal', lane, '--out', file, ...as(mei))).toMatchObject({ code: 0 })
    const { code, out } = await cpg('verify', file, '--json')
    expect({ code, out }).toMatchObject({ code: 0 })
    const [center] = JSON.parse(out).centers
    expect(center.anchors).toBeGreaterThan(0)
    expect(center.lanes).toMatchObject([{ lane, payments: 1, statements: 2, verified: 2 }])
    expect(center.lanes[0].anchored).toBeGreaterThan(0)
  })

  it('does not hold any more once a letter of it is changed', async () => {
    const text = await readFile(file, 'utf8')
    const spoiled = join(folder, 'spoiled.jsonl')
    await writeFile(spoiled, text.replace('\\"minor\\":\\"12850\\"', '\\"minor\\":\\"12851\\"'))
    const { code, out } = await cpg('verify', spoiled, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out).findings).toMatchObject([{ fault: 'hash', lane }])
  })

  it('is for those who may see payers, and each time is in the audit chain', async () => {
    const regulator = await deskOf(net, 'regulator')
    const denied = await cpg('ops', 'journal', lane, ...as(regulator))
    expect(denied).toMatchObject({ code: 1, error: expect.stringContaining('ACCESS_DENIED') })
    const { body } = await mei.get('/audit?action=journal.read')
    // Every page is one, so that nobody begins in the middle unseen.
    const pages = body.data as readonly { subject: string; outcome: string; detail: object }[]
    expect(pages.map(({ subject, outcome }) => [subject, outcome])).toEqual(
      pages.map(() => [lane, 'done']),
    )
    expect(pages.length).toBeGreaterThan(1)
  })

  it.each(['999:1:0', '102:1:63', '102:9:0', '0:0:0', 'nowhere'])(
    'of %s is none, and no object is made for it',
    async name => {
      const none = await cpg('ops', 'journal', name, ...as(mei))
      expect(none).toMatchObject({ code: 1, error: expect.stringContaining('NOT_FOUND') })
    },
  )
})
