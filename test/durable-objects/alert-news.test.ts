/** News of alerts in a storm: more of them than a message has room for. */
import { describe, expect, it } from 'vitest'
import { AlertNews, NEWS_MAX } from '../../durable-objects/alert-news.ts'
import { type Alert, raise, resolve } from '../../src/domain/alert.ts'
import type { Severity } from '../../src/domain/anomaly.ts'

const T0 = 1_800_000_000_000

const alert = (number: number, severity: Severity, change: Partial<Alert> = {}): Alert => ({
  ...raise(
    number,
    {
      kind: 'clock_skew',
      subject: { dimension: 'institution', name: `wallet-${number}` },
      severity,
      facts: {},
      confidence: 1,
      payments: [],
      paymentsSeen: 0,
      also: [],
      since: T0,
    },
    null,
    T0 + number,
  ),
  ...change,
})

const numbers = (alerts: readonly Alert[]) => alerts.map(({ number }) => number)

describe('news of alerts', () => {
  it('are told to the last, the worst first, so many in a message', () => {
    const news = new AlertNews()
    const grave = [7, 77, 177]
    for (let number = 1; number <= 500; number += 1) {
      news.put(alert(number, grave.includes(number) ? 'critical' : 'notice'))
    }
    const first = news.take()
    expect(numbers(first.alerts).slice(0, 4)).toEqual([177, 77, 7, 500])
    expect([first.alerts.length, first.left]).toEqual([NEWS_MAX, 500 - NEWS_MAX])
    const told = [...first.alerts]
    while (!news.isEmpty) told.push(...news.take().alerts)
    expect(numbers(told).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    )
    expect(news.take()).toEqual({ alerts: [], left: 0 })
  })

  it('are told once, as they are by then', () => {
    const news = new AlertNews()
    news.put(alert(1, 'warning'))
    news.put(resolve(alert(1, 'warning'), 'mei', T0))
    expect(news.take().alerts).toMatchObject([{ number: 1, state: 'resolved' }])
    expect(news.isEmpty).toBe(true)
  })

  it('of what calls for nobody come after those of what does', () => {
    const news = new AlertNews()
    news.put(alert(1, 'critical', { mutedUntil: T0 + 60_000 }))
    news.put(resolve(alert(2, 'critical'), 'mei', T0))
    news.put(alert(3, 'notice'))
    expect(numbers(news.take().alerts)).toEqual([3, 2, 1])
  })

  it('wait in bounded number, and it is the least of them that are let go', () => {
    const news = new AlertNews()
    for (let number = 1; number <= 5_000; number += 1) {
      news.put(alert(number, number <= 40 ? 'critical' : 'notice'))
    }
    const told = [...news.take().alerts]
    while (!news.isEmpty) told.push(...news.take().alerts)
    expect(told).toHaveLength(1_050)
    expect(told.filter(({ severity }) => severity === 'critical')).toHaveLength(40)
  })
})
