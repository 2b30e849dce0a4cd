/** An alert in words: what was seen, what was expected, and what to do, in the languages of the console. */
import type { Alert } from './alert.ts'
import { type AnomalyKind, type Subject, shown } from './anomaly.ts'

export interface AlertWords {
  readonly title: string
  readonly seen: string
  readonly expected: string
  readonly advice: string
}

/** What a text may speak of: the subject's name, and each fact as it is read. */
interface Told {
  readonly name: string
  /** Whether it is about everything together. */
  readonly isAll: boolean
  readonly fact: (name: string) => string
  /** A share as a percentage. */
  readonly percent: (name: string) => string
  readonly seconds: (name: string) => string
  /** How many of how many: a share alone does not say how much was seen. */
  readonly part: string
}

const isOnce = (times: string) => times === '1'
const isBehind = (seconds: string) => seconds.startsWith('-')

type Words = (told: Told) => AlertWords
type Texts = Readonly<Record<AnomalyKind, Words>>

const en: Texts = {
  success_drop: ({ name, isAll, part, percent }) => ({
    title: `Payments fail at ${name}`,
    seen: `${percent('seenShare')} of the payments failed or got no answer (${part}).`,
    expected: `${percent('usualShare')} fail usually.`,
    advice: isAll
      ? 'Look at the result codes of these payments, and whether one member has most of them. If none has, look at the center itself; drain it if it goes on.'
      : `Look at the result codes of these payments. If ${name} does not answer, call its operators; if it goes on, suspend it so that payers hear at once.`,
  }),
  latency_rise: ({ name, fact, percent }) => ({
    title: `${name} answers slowly`,
    seen: `${percent('seenShare')} of the answers take far longer than usual, ${fact('nowMs')} ms on average.`,
    expected: `Half take ${fact('usualP50Ms')} ms, nine in ten up to ${fact('usualP90Ms')} ms.`,
    advice: `Ask ${name} whether it is overloaded. Beyond 8 s answers count as lost and payments end in doubt.`,
  }),
  volume_spike: ({ name, fact, seconds }) => ({
    title: `Far more payments than usual: ${name}`,
    seen: `${fact('perSecond')} payments a second for ${seconds('seconds')}.`,
    expected: `About ${fact('usualPerSecond')} a second at this hour of the week.`,
    advice:
      'Look whether one merchant or one wallet makes them. A campaign is no harm; retries without end are: have the member stop them, or lower its rate.',
  }),
  volume_silence: ({ name, fact, seconds }) => ({
    title: `Hardly any payments: ${name}`,
    seen: `Next to nothing for ${seconds('seconds')}.`,
    expected: `About ${fact('usual')} payments in this time.`,
    advice: `Ask ${name} whether its users can pay. If everything is silent, look at the centers and their queues first.`,
  }),
  refusal_shift: ({ name, fact, part, percent }) => ({
    title: `${name}: ${fact('code')} is given far more often`,
    seen: `${percent('seenShare')} of the refusals say ${fact('code')} (${part}).`,
    expected: `${percent('usualShare')} say so usually.`,
    advice: `Ask whoever refuses what has changed: a rule of its risk engine, a limit, a merchant list.`,
  }),
  payer_travel: ({ fact }) => ({
    title: `One payer in ${fact('from')} and ${fact('to')}`,
    seen: `The same payer paid in both within ${fact('minutes')} min.`,
    expected: `The way takes ${fact('neededMinutes')} min at the least.`,
    advice:
      'Have the wallet ask its user. Two people may share an account; otherwise the account or the phone is in other hands.',
  }),
  code_twice: ({ name, fact }) => ({
    title: `A code was presented twice: ${name}`,
    seen:
      fact('presentment') === 'cpm'
        ? `${fact('acquirer')} presented a code that ${fact('firstAcquirer')} had used${isOnce(fact('times')) ? '' : `, ${fact('times')} times`}.`
        : `${fact('wallet')} opened an order again that ${fact('firstWallet')} had paid ${fact('seconds')} s before.`,
    expected: 'A code is used once.',
    advice:
      'The second payment was refused or can be given back. Ask the acquirer whether its till shows old codes; a code in two hands was copied.',
  }),
  structuring: ({ name, fact, percent }) => ({
    title: `Amounts just under the limit: ${name}`,
    seen: `${fact('near')} payments above ${percent('fromShare')} of the limit within ${fact('minutes')} minutes.`,
    expected: `${percent('usualShare')} of the payments are so close to it, at the most.`,
    advice:
      'Look at the payments together: one purchase in parts avoids a limit, or a report. Tell the compliance desk of the wallet or acquirer.',
  }),
  refund_abuse: ({ name, fact, seconds, percent }) => ({
    title: `Refunds without end: ${name}`,
    seen: `${fact('refunds')} refunds within ${seconds('seconds')}, ${fact('today')} today with ${fact('sales')} sales.`,
    expected: `It gives back ${percent('usualShare')} of its sales at the most.`,
    advice:
      "Have the acquirer ask the merchant: its account may be in other hands. Hold the acquirer's refunds until it is clear.",
  }),
  merchant_burst: ({ name, fact, seconds }) => ({
    title: `A new merchant sells like mad: ${name}`,
    seen: `${fact('payments')} payments worth ${fact('usd')} USD within ${seconds('seconds')}; first seen ${fact('ageHours')} h ago.`,
    expected: `A new merchant that sells well makes about ${fact('usualPerMinute')} a minute.`,
    advice:
      'Have the acquirer check whom it admitted and whether goods change hands; hold its settlement meanwhile.',
  }),
  clock_skew: ({ name, fact }) => ({
    title: `The clock of ${name} is off`,
    seen: `Its requests are signed by a clock ${fact('skewSeconds').replace('-', '')} s ${isBehind(fact('skewSeconds')) ? 'behind' : 'ahead of'} ours.`,
    expected: `Within a second or two; beyond ${fact('toleratedSeconds')} s they are refused.`,
    advice: `Tell ${name} to set its clock by NTP before its requests are refused.`,
  }),
  signature_failures: ({ name, fact, percent }) => ({
    title: `Signatures of ${name} do not count`,
    seen: `${fact('failed')} requests in its name were refused for their signature.`,
    expected: `${percent('usualShare')} are usually.`,
    advice: `Ask ${name} whether it changes its keys. If its own requests go well besides, somebody else tries in its name.`,
  }),
  events_late: ({ name, seconds }) => ({
    title: `Events of ${name} come late`,
    seen: `They are ${seconds('lagSeconds')} old when they come.`,
    expected: 'A second or two.',
    advice:
      'Payments go on, but what is shown is old. Look at the queue and the database of the center.',
  }),
}

const zh: Texts = {
  success_drop: ({ name, isAll, part, percent }) => ({
    title: `${name} 支付失败增多`,
    seen: `${percent('seenShare')} 的支付失败或无应答（${part}）。`,
    expected: `通常失败率为 ${percent('usualShare')}。`,
    advice: isAll
      ? '查看这些支付的结果码，以及是否多数来自同一成员。若无，检查中心本身；若持续，排空该中心。'
      : `查看这些支付的结果码。若 ${name} 无应答，联系其运维；若持续，可暂停该机构，让付款人立即得到答复。`,
  }),
  latency_rise: ({ name, fact, percent }) => ({
    title: `${name} 应答变慢`,
    seen: `${percent('seenShare')} 的应答远慢于平常，目前平均 ${fact('nowMs')} 毫秒。`,
    expected: `平常一半在 ${fact('usualP50Ms')} 毫秒内，九成在 ${fact('usualP90Ms')} 毫秒内。`,
    advice: `询问 ${name} 是否过载。超过 8 秒即视为无应答，支付将进入存疑状态。`,
  }),
  volume_spike: ({ name, fact, seconds }) => ({
    title: `交易量激增：${name}`,
    seen: `${seconds('seconds')}内每秒 ${fact('perSecond')} 笔。`,
    expected: `一周中的此时通常每秒约 ${fact('usualPerSecond')} 笔。`,
    advice: '查看是否来自同一商户或同一钱包。促销无妨；若为无限重试，请该机构停止，或降低其速率。',
  }),
  volume_silence: ({ name, fact, seconds }) => ({
    title: `几乎没有交易：${name}`,
    seen: `${seconds('seconds')}内几乎没有支付。`,
    expected: `此段时间通常约 ${fact('usual')} 笔。`,
    advice: `询问 ${name} 的用户能否支付。若全网静默，先检查各中心及其队列。`,
  }),
  refusal_shift: ({ name, fact, part, percent }) => ({
    title: `${name}：${fact('code')} 明显增多`,
    seen: `${percent('seenShare')} 的拒绝原因为 ${fact('code')}（${part}）。`,
    expected: `通常为 ${percent('usualShare')}。`,
    advice: '询问拒绝方有何变化：风控规则、限额或商户名单。',
  }),
  payer_travel: ({ fact }) => ({
    title: `同一付款人出现在 ${fact('from')} 和 ${fact('to')}`,
    seen: `同一付款人在 ${fact('minutes')} 分钟内于两地付款。`,
    expected: `路程至少需要 ${fact('neededMinutes')} 分钟。`,
    advice: '请钱包向其用户核实。可能是两人共用账户；否则账户或手机已落入他人之手。',
  }),
  code_twice: ({ name, fact }) => ({
    title: `同一付款码出示两次：${name}`,
    seen:
      fact('presentment') === 'cpm'
        ? `${fact('acquirer')} 出示了 ${fact('firstAcquirer')} 已使用的付款码${isOnce(fact('times')) ? '' : `（${fact('times')} 次）`}。`
        : `${fact('wallet')} 再次打开了 ${fact('firstWallet')} 在 ${fact('seconds')} 秒前已支付的订单。`,
    expected: '一码只用一次。',
    advice:
      '第二笔已被拒绝或可退回。请收单机构检查终端是否显示旧码；同时在两人手中的码是被复制的。',
  }),
  structuring: ({ name, fact, percent }) => ({
    title: `金额恰在限额之下：${name}`,
    seen: `${fact('minutes')} 分钟内有 ${fact('near')} 笔超过限额的 ${percent('fromShare')}。`,
    expected: `最多 ${percent('usualShare')} 的支付如此接近限额。`,
    advice: '将这些支付合并查看：拆分一笔交易可规避限额或报告义务。通知钱包或收单机构的合规部门。',
  }),
  refund_abuse: ({ name, fact, seconds, percent }) => ({
    title: `退款异常：${name}`,
    seen: `${seconds('seconds')}内退款 ${fact('refunds')} 笔，今日 ${fact('today')} 笔，销售 ${fact('sales')} 笔。`,
    expected: `其退款最多占销售的 ${percent('usualShare')}。`,
    advice: '请收单机构询问商户：其账户可能已被他人控制。查清之前暂缓该收单机构的退款。',
  }),
  merchant_burst: ({ name, fact, seconds }) => ({
    title: `新商户交易暴增：${name}`,
    seen: `${seconds('seconds')}内 ${fact('payments')} 笔，合 ${fact('usd')} 美元；首次出现于 ${fact('ageHours')} 小时前。`,
    expected: `生意好的新商户每分钟约 ${fact('usualPerMinute')} 笔。`,
    advice: '请收单机构核查所准入的商户以及是否真有货物交付；其间暂缓结算。',
  }),
  clock_skew: ({ name, fact }) => ({
    title: `${name} 的时钟有偏差`,
    seen: `其请求的签名时间比我方时钟${isBehind(fact('skewSeconds')) ? '慢' : '快'} ${fact('skewSeconds').replace('-', '')} 秒。`,
    expected: `应在一两秒之内；超过 ${fact('toleratedSeconds')} 秒将被拒绝。`,
    advice: `通知 ${name} 用 NTP 校准时钟，以免请求被拒。`,
  }),
  signature_failures: ({ name, fact, percent }) => ({
    title: `${name} 的签名无效`,
    seen: `${fact('failed')} 个以其名义的请求因签名被拒。`,
    expected: `通常为 ${percent('usualShare')}。`,
    advice: `询问 ${name} 是否正在更换密钥。若其自身请求同时正常，则有人冒用其名义。`,
  }),
  events_late: ({ name, seconds }) => ({
    title: `${name} 的事件延迟`,
    seen: `到达时已过去 ${seconds('lagSeconds')}。`,
    expected: '一两秒。',
    advice: '支付仍在进行，但所示信息已旧。检查该中心的队列和数据库。',
  }),
}

/** What a language calls what has no name that everybody may read, and how it counts. */
interface Tongue {
  readonly all: string
  readonly second: string
  /** @param wallet '' where nobody knows whose user it is */
  payer(wallet: string): string
  /** @param end of its id: it tells one from another, and the whole of it is no title */
  payment(end: string): string
  part(count: string, observed: string): string
}

const english: Tongue = {
  all: 'the center',
  second: ' s',
  payer: wallet => (wallet === '' ? 'a payer' : `a payer of ${wallet}`),
  payment: end => `payment …${end}`,
  part: (count, observed) => `${count} of ${observed}`,
}

const chinese: Tongue = {
  all: '本中心',
  second: ' 秒',
  payer: wallet => (wallet === '' ? '一位付款人' : `${wallet} 的一位付款人`),
  payment: end => `支付 …${end}`,
  part: (count, observed) => `${observed} 笔中的 ${count} 笔`,
}

/** The name of what an alert is about, as a person reads it. */
function nameIn(subject: Subject, { all, payer, payment }: Tongue): string {
  const { dimension, name } = shown(subject)
  if (dimension === 'all') return all
  if (dimension === 'payment') return payment(name.slice(-8))
  return dimension === 'payer' ? payer(name) : name
}

const toldOf = ({ subject, facts }: Pick<Alert, 'subject' | 'facts'>, tongue: Tongue): Told => {
  const number = (name: string) => Number(facts[name] ?? 0)
  return {
    name: nameIn(subject, tongue),
    isAll: subject.dimension === 'all',
    fact: name => `${facts[name] ?? '?'}`,
    // Alerts of before do not know of how many.
    part:
      facts.observed === undefined
        ? `${facts.count}`
        : tongue.part(`${facts.count}`, `${facts.observed}`),
    percent: name => `${Math.round(number(name) * 1_000) / 10}%`,
    seconds: name => `${number(name)}${tongue.second}`,
  }
}

/** In English and Chinese. */
export const wordsOf = (
  alert: Pick<Alert, 'kind' | 'subject' | 'facts'>,
): { readonly en: AlertWords; readonly zh: AlertWords } => ({
  en: en[alert.kind](toldOf(alert, english)),
  zh: zh[alert.kind](toldOf(alert, chinese)),
})
