/**
 * What the checkers must be able to see: each entry breaks one rule by changing one snippet of the real code. A
 * snippet that is not there exactly once fails the command, so that no mutation outlives the code it was made for.
 */
import type { Patch } from './hooks.ts'
import { ofCenters } from './mutations-centers.ts'
import { ofLimits } from './mutations-limits.ts'
import { ofPersons } from './mutations-persons.ts'

export interface Mutation extends Patch {
  /** What the gateway does wrong. */
  readonly name: string
  /** Shown in worlds with limits. */
  readonly limits?: boolean
}

const lane = 'durable-objects/lane.ts'
const sequencer = 'durable-objects/sequencer.ts'
const journal = 'durable-objects/journal.ts'
const rowChain = 'durable-objects/chain.ts'
const lanePayments = 'durable-objects/payments.ts'
const timers = 'durable-objects/timers.ts'
const outbox = 'durable-objects/outbox.ts'
const payment = 'src/domain/payment.ts'
const applying = 'src/domain/payment-apply.ts'
const timer = 'src/domain/payment-timer.ts'
const status = 'src/domain/status.ts'
const duty = 'src/domain/duty.ts'
const refund = 'src/domain/refund.ts'
const projection = 'src/db/projection.ts'

export const mutations: readonly Mutation[] = [
  // The decision.
  {
    name: 'commits after it has aborted',
    file: status,
    find: "accept:   { from: ['pending',",
    put: "accept:   { from: ['aborted', 'pending',",
  },
  {
    name: 'aborts after it has committed, because the acquirer says so',
    file: status,
    find: "refuse:   { from: ['pending',",
    put: "refuse:   { from: ['committed', 'pending',",
  },
  {
    name: 'lets the deadline abort what is committed',
    file: status,
    find: "status === 'committed' || status === 'aborted' || status === 'reversed'",
    put: "status === 'aborted' || status === 'reversed'",
  },
  {
    name: 'takes silence for a refusal',
    file: payment,
    find: "return may(payment.status, 'lose') ? [{ type: 'doubted', at: now }] : []",
    put: "return may(payment.status, 'lose') ? [{ type: 'aborted', at: now, resultCode: 'DECLINED' }] : []",
  },
  {
    name: 'lets an answer through after the deadline when the alarm is late',
    file: payment,
    find: 'return ok([...overdue, ...answer(current, message.verdict, now)])',
    put: 'return ok(answer(payment, message.verdict, now))',
  },
  {
    name: 'aborts at the deadline what a switch may have credited for good',
    file: timer,
    find: "if (payment.terms.singlePhase && may(payment.status, 'deem')) {",
    put: 'if (false) {',
  },
  {
    name: 'deems what could be undone',
    file: timer,
    find: "if (payment.terms.singlePhase && may(payment.status, 'deem')) {",
    put: "if (may(payment.status, 'deem')) {",
  },
  {
    name: 'never asks about what it has deemed, nor ends it',
    file: applying,
    find: 'nextInquiryAt: at + DEEMED_PACE_MS,\n        decideBy: dayAfter(payment),',
    put: 'nextInquiryAt: at + 86_400_000 * 9,\n        decideBy: at + 86_400_000 * 9,',
  },
  {
    name: 'takes a refusal for a yes',
    file: 'src/peers/canonical.ts',
    find: "return { said: 'refused', code: responderCode(answer.code ?? ''), evidence }",
    put: "return { said: 'accepted', reference: 'none', key }",
  },
  // What is owed after it.
  {
    name: 'aborts at the deadline and leaves the order accepted',
    file: duty,
    find: "if (expired || doubted || resultCode === 'CANCELLED') duties",
    put: "if (resultCode === 'CANCELLED') duties",
  },
  {
    name: 'lets a wallet release what it has debited',
    file: duty,
    find: "return decision === 'aborted' && terms.walletDebits ? 'return_funds' : kinds[decision].wallet",
    put: 'return kinds[decision].wallet',
  },
  {
    name: "reads a switch's file and decides nothing",
    file: 'src/flows/outcomes.ts',
    find: "const heard = await lane.submit(paymentId, { kind: 'answer', verdict })",
    put: "const heard = await lane.submit(paymentId, { kind: 'left' })",
  },
  {
    name: 'takes a duty for done that nobody acknowledged',
    file: 'src/flows/duty.ts',
    find: 'if (!(await tellDuty(owner, payment, duty, receipt, world.peers))) return',
    put: 'await tellDuty(owner, payment, duty, receipt, world.peers)',
  },
  {
    name: 'takes a void that was refused for done',
    file: 'src/peers/canonical.ts',
    find: "answer?.success === true && answer.data.result === 'S'",
    put: 'posted.heard || answer === null',
  },
  {
    name: 'commits without telling the acquirer',
    file: duty,
    find: "const duties = [owed('committed', responder, payment, at)]",
    put: 'const duties: Duty[] = []',
  },
  // The till that scans.
  {
    name: 'lets two payments use one code',
    file: 'src/domain/consumer-code.ts',
    find: "return row.usedBy === paymentId ? ok(row) : refuse('CODE_USED', { usedBy: row.usedBy })",
    put: 'return ok(row)',
  },
  {
    name: 'commits what its user has not confirmed',
    file: 'src/peers/authorize.ts',
    find: "return asks ? { said: 'user_must_confirm', evidence }",
    put: "return asks ? { said: 'accepted', reference: 'unconfirmed', key }",
  },
  // Cancel and refund.
  {
    name: 'cancels what is committed as if it were not',
    file: status,
    find: "cancel:   { from: ['pending',",
    put: "cancel:   { from: ['committed', 'pending',",
  },
  {
    name: 'opens a payment whose cancel came first',
    file: sequencer,
    find: "if (barred && message.kind === 'open') return refuse('CANCELLED')",
    put: '',
  },
  {
    name: 'forgets a bar',
    file: sequencer,
    find: 'this.#journal.record([...changes.values()], bars)',
    put: 'this.#journal.record([...changes.values()])',
  },
  {
    name: 'tells a receipt that a reversal took back',
    file: 'src/domain/errand.ts',
    find: 'isNamed(each, event) && each.nextAt !== null',
    put: 'isNamed(each, event)',
  },
  {
    name: 'reverses without telling the acquirer',
    file: duty,
    find: "owed('reversed', acquirerOf(terms), payment, at),",
    put: '',
  },
  {
    name: 'refunds past the amount',
    file: refund,
    find: 'refundedMinor(payment) + amount.minor > terms.payee.minor',
    put: 'amount.minor > terms.payee.minor',
  },
  {
    name: 'keeps the residue of the last refund',
    file: refund,
    find: "if (total(before, 'payee') + payeeMinor === payee.minor) return left",
    put: '',
  },
  {
    name: 'refunds again when the same refund comes again',
    file: refund,
    find: 'const known = refunds.find(each => each.requestId === requestId)',
    put: 'const known = refunds.find(each => each.id === requestId)',
  },
  {
    name: 'never asks again for a refund that was not answered',
    file: timer,
    find: '...(payment.refunds ?? [])]',
    put: ']',
  },
  {
    name: 'lets a refund end twice',
    file: refund,
    find: 'if (found === undefined || isEnded(found)) return []',
    put: 'if (found === undefined) return []',
  },
  // Timers.
  {
    name: 'forgets the timer of a payment that waits',
    file: timer,
    find: '  if (!isFinal(payment.status)) {\n    instants.push',
    put: "  if (payment.status === 'in_doubt') {\n    instants.push",
  },
  {
    name: 'forgets the timers of duties',
    file: timer,
    find: 'const waiting = [...payment.duties, ',
    put: 'const waiting = [',
  },
  {
    name: 'keeps the old timer when a payment moves on',
    file: lanePayments,
    find: 'DO UPDATE SET due = excluded.due, body',
    put: 'DO UPDATE SET body',
  },
  {
    name: 'sets no alarm after an alarm',
    file: lane,
    find: 'if (next !== null) this.#arm(Math.max(next, Date.now() + tick))',
    put: 'void next',
  },
  {
    name: 'believes its alarm to be set while it is handled',
    file: lane,
    find: 'this.#alarmAt = null\n    try {',
    put: 'try {',
  },
  {
    name: 'lets a clock that is ahead wake it again and again',
    file: lane,
    find: 'TICK_MS * 2 ** Math.min(this.#early, EARLY_MAX)',
    put: 'TICK_MS',
  },
  {
    name: 'takes a payment back after its cut',
    file: 'src/domain/cancel.ts',
    find: "if (now >= (cancelUntil(payment, party) ?? 0)) return refuse('CANCEL_WINDOW_EXCEEDED')",
    put: '',
  },
  {
    name: 'fires all timers but the oldest',
    file: sequencer,
    find: 'this.#journal.due(this.#ports.now(), TIMERS_MAX)',
    put: 'this.#journal.due(this.#ports.now(), TIMERS_MAX).slice(1)',
  },
  {
    name: 'keeps in mind a stored timer that is no longer the first',
    file: timers,
    find: 'if (due !== null) this.#firstStored = undefined',
    put: '',
  },
  {
    name: 'keeps in mind a stored timer that has moved on',
    file: timers,
    find: 'if (this.#firstStored?.id === id) this.#firstStored = undefined',
    put: '',
  },
  {
    name: 'asks a wallet to give back a unit less than a refund is worth',
    file: 'src/peers/refund.ts',
    find: 'payer: moneyView(payer)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of code
    put: 'payer: { ...moneyView(payer), minor: `${payer.minor - 1n}` }',
  },
  // Same request, same answer; another's request, none.
  {
    name: 'answers another body like the first one',
    file: payment,
    find: "return same ? ok(left(payment, now)) : refuse('REPEAT_REQ_INCONSISTENT')",
    put: 'return ok(left(payment, now))',
  },
  {
    name: 'refuses the same body when it comes again',
    file: payment,
    find: 'isSameBody(payment.bodyHash, bodyHash)',
    put: '!isSameBody(payment.bodyHash, bodyHash)',
  },
  {
    name: 'opens a payment after its quote has ended',
    file: payment,
    find: "if (now >= terms.expiresAt) return refuse('QUOTE_EXPIRED')",
    put: '',
  },
  {
    name: "lets a wallet pay another wallet's quote",
    file: 'src/flows/pay.ts',
    find: 'terms.requester === wallet.id &&',
    put: '',
  },
  {
    name: 'lets a quote be paid under another request',
    file: 'src/flows/pay.ts',
    find: 'terms.requestId === order.requestId &&',
    put: '',
  },
  {
    name: 'shows a payment to strangers',
    file: 'src/flows/read.ts',
    find: 'if (payment === null || !isParty(reader, payment)) return',
    put: 'if (payment === null) return',
  },
  // Durable before told.
  {
    name: 'answers before the commit is made',
    file: sequencer,
    find: 'return () => waiting.resolve(result)',
    put: 'waiting.resolve(result)\n      return () => undefined',
  },
  {
    name: 'calls an unknown outcome a success',
    file: 'src/flows/open.ts',
    find: "{ kind: 'left' }).catch(() => null))\n    return ok(payment)",
    put: "{ kind: 'left' }).catch(() => null))\n    return ok({ ...payment, status: 'committed', resultCode: 'SUCCESS', decidedAt: payment.openedAt })",
  },
  {
    name: 'decides twice in one commit, each time from the disk',
    file: sequencer,
    find: 'const before = earlier?.payment ?? this.#journal.load(id)',
    put: 'const before = this.#journal.load(id)',
  },
  // The journal.
  {
    name: 'chains each row to nothing',
    file: rowChain,
    find: 'const hash = chain(this.#hash, body)',
    put: 'const hash = chain(GENESIS, body)',
  },
  {
    name: 'anchors a row under the hash of none',
    file: rowChain,
    find: 'return { seq: this.#seq, hash: hexOf(this.#hash) }',
    put: 'return { seq: this.#seq, hash: hexOf(GENESIS) }',
  },
  {
    name: 'anchors what no anchor comes before',
    file: 'src/flows/anchor.ts',
    find: 'anchorText(before?.hash ?? FIRST_BEFORE, made)',
    put: 'anchorText(FIRST_BEFORE, made)',
  },
  {
    name: 'forgets the head of the chain in a crash',
    file: rowChain,
    find: 'this.#hash = new Uint8Array(head.hash)',
    put: '',
  },
  {
    name: 'counts events from the start again after a crash',
    file: rowChain,
    find: 'this.#seq = head.last',
    put: 'this.#seq = 0',
  },
  {
    name: 'keeps the head of a commit that failed',
    file: journal,
    find: 'this.#chain.goBack(end)',
    put: 'void end',
  },
  {
    name: 'remembers a commit that failed',
    file: lanePayments,
    find: '    this.#recent.forget()\n',
    put: '',
  },
  {
    name: 'puts the clock into what events make',
    file: applying,
    find: 'decidedAt: at, nextInquiryAt: null',
    put: 'decidedAt: at + (Date.now() % 2), nextInquiryAt: null',
  },
  {
    name: 'does not count an event',
    file: applying,
    find: 'version: payment.version + 1 }',
    put: "version: payment.version + (event.type === 'duty_done' ? 0 : 1) }",
  },
  // The projection.
  {
    name: 'never sends again what nobody acknowledged',
    file: outbox,
    find: '      this.#sent = projected\n',
    put: '',
  },
  {
    name: 'acknowledges what came after a gap',
    file: 'src/queues/events.ts',
    find: 'stored = Math.max(stored, seq)',
    put: 'stored = Math.max(stored, seq, batch.to)',
  },
  {
    name: 'lets an older version of a payment replace a newer one',
    file: projection,
    find: 'WHERE excluded.version > payments.version`',
    put: 'WHERE true`',
  },
  {
    name: 'tells an event again when its run comes again',
    file: projection,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the source as it stands there
    find: 'WHERE event.value ->> 0 > ${PROGRESS}) END',
    put: 'WHERE true) END',
  },
  {
    name: 'skips what a gap has swallowed',
    file: projection,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the source as it stands there
    find: 'SELECT ?1, ?3 WHERE ?2 <= ${PROGRESS} + 1',
    put: 'SELECT ?1, ?3 WHERE true',
  },
  ...ofLimits,
  ...ofCenters,
  ...ofPersons,
]

/** The one mutation whose name holds these words. */
export function mutationOf(words: string): Patch {
  const [found, other] = mutations.filter(({ name }) => name.includes(words))
  if (found === undefined) throw new Error(`no mutant ${words}`)
  if (other !== undefined) throw new Error(`${found.name}, or ${other.name}?`)
  const { file, find, put } = found
  return { file, find, put }
}
