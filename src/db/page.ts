/**
 * Pages of one center, merged into the page of all. Pure: the edge asks the centers and brings what they said.
 *
 * Each center has a place of its own in the cursor, and it moves only over what was given out. So a center that
 * could not be asked loses its turn and nothing else.
 */

/** What one center has from the asked place on, in its own order. */
export interface CenterPage<Item, Place> {
  readonly items: readonly { readonly item: Item; readonly place: Place }[]
  /** Where to go on after all items; null where that is the asked place itself. */
  readonly end: Place | null
  /** Whether there is more behind `end` already. */
  readonly more: boolean
}

/** Where each center is to be asked next; one that is not named has not been asked yet. */
export type Places<Place> = Readonly<Record<string, Place>>

export interface MergedPage<Item, Place> {
  readonly data: readonly Item[]
  readonly places: Places<Place>
  /** Whether a center that was asked has more than is given out here. */
  readonly more: boolean
  /** Centers that could not be asked. */
  readonly missing: readonly string[]
}

/**
 * The first `limit` items of all centers. Takes the best head again and again, and stops early where a center
 * that has more has run out here, because what it has next might come first.
 *
 * @param asked what each center said; null for one that could not be asked
 * @param was the places that the centers were asked from
 * @param isBefore whether one item comes before another of a different center
 */
export function mergePages<Item, Place>(
  asked: ReadonlyMap<string, CenterPage<Item, Place> | null>,
  was: Places<Place>,
  isBefore: (one: Item, other: Item) => boolean,
  limit: number,
): MergedPage<Item, Place> {
  const queues: Queue<Item, Place>[] = []
  const missing: string[] = []
  for (const [center, page] of asked) {
    if (page === null) missing.push(center)
    else queues.push({ center, page, taken: 0 })
  }

  const data: Item[] = []
  while (data.length < limit && !queues.some(ranDry)) {
    const heads = queues.flatMap(queue => {
      const head = queue.page.items[queue.taken]
      return head === undefined ? [] : { queue, item: head.item }
    })
    const [first, ...others] = heads
    if (first === undefined) break
    const best = others.reduce(
      (leading, head) => (isBefore(head.item, leading.item) ? head : leading),
      first,
    )
    data.push(best.item)
    best.queue.taken += 1
  }

  const places: Record<string, Place> = { ...was }
  for (const { center, page, taken } of queues) {
    const place = taken === page.items.length ? page.end : page.items[taken - 1]?.place
    if (place !== null && place !== undefined) places[center] = place
  }
  const more = queues.some(({ page, taken }) => page.more || taken < page.items.length)
  return { data, places, more, missing }
}

interface Queue<Item, Place> {
  readonly center: string
  readonly page: CenterPage<Item, Place>
  taken: number
}

const ranDry = <Item, Place>({ page, taken }: Queue<Item, Place>): boolean =>
  page.more && taken === page.items.length
