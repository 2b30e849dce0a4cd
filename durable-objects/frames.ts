/**
 * The frames of the live socket: one text for each second in which something changed, made once for all watchers, and
 * kept for those who lost their connection and come back with a cursor.
 */
const FRAMES_MAX = 120
/** Characters kept, and sent at once to one who comes back. */
const KEPT_MAX = 4_000_000
const CATCH_UP_MAX = 1_000_000

interface Frame {
  readonly cursor: number
  readonly text: string
}

export class Frames {
  readonly #center: string
  readonly #kept: Frame[] = []
  /** Nothing is known of before this. */
  #from: number
  #characters = 0

  /** @param from when this instance began: frames before it are not known, even if there were any */
  constructor(center: string, from: number) {
    this.#center = center
    this.#from = from
  }

  add(cursor: number, text: string) {
    this.#kept.push({ cursor, text })
    this.#characters += text.length
    while (this.#kept.length > FRAMES_MAX || this.#characters > KEPT_MAX) {
      const gone = this.#kept.shift()
      if (gone === undefined) break
      this.#from = gone.cursor
      this.#characters -= gone.text.length
    }
  }

  /** Where a watcher that has everything stands. */
  get cursor(): number {
    return this.#kept.at(-1)?.cursor ?? this.#from
  }

  /** What came after the cursor as one message; null where that is not known any more, or too much. */
  catchUp(after: number): string | null {
    if (!Number.isSafeInteger(after) || after < this.#from || after > this.cursor) return null
    const missed = this.#kept.filter(({ cursor }) => cursor > after)
    const size = missed.reduce((sum, { text }) => sum + text.length, 0)
    if (size > CATCH_UP_MAX) return null
    const head = JSON.stringify({
      type: 'catch_up',
      center: this.#center,
      cursor: `${this.cursor}`,
    }).slice(0, -1)
    return `${head},"deltas":[${missed.map(({ text }) => text).join(',')}]}`
  }
}
