/**
 * The directory's database where centers are watched: sentinels and operators write centers and epochs into it while people
 * pay, over what was planned for each instant.
 */
import type { ChangeOutcome } from '../../../src/db/directory.ts'
import type { DirectoryChange } from '../../../src/db/directory-change.ts'
import { type Center, type Directory, directoryOf } from '../../../src/domain/directory.ts'
import { EPOCH_NOTICE_MS } from '../../../src/domain/epoch.ts'
import type { Epoch } from '../../../src/domain/institution.ts'

interface Write {
  readonly at: number
  readonly centers: readonly Center[]
  readonly epochs: readonly Epoch[]
}

export class Steered {
  readonly #writes: Write[] = []
  readonly #made = new Map<string, Directory>()

  /** What was planned for an instant, and all that was written until then. */
  over(planned: Directory, at: number): Directory {
    const written = this.#writes.filter(write => write.at <= at)
    if (written.length === 0) return planned
    const name = `${planned.version} ${written.length}`
    const known = this.#made.get(name)
    if (known !== undefined) return known
    const { rows } = planned
    const centers = new Map(rows.centers.map(center => [center.id, center]))
    for (const center of written.flatMap(write => write.centers)) centers.set(center.id, center)
    const epochs = [...rows.epochs, ...written.flatMap(write => write.epochs)]
    const version = rows.version + written.length
    const made = directoryOf({ ...rows, version, centers: [...centers.values()], epochs })
    this.#made.set(name, made)
    return made
  }

  has(institution: string, epoch: number): boolean {
    return this.#writes.some(({ epochs }) =>
      epochs.some(each => each.institution === institution && each.epoch === epoch),
    )
  }

  /**
   * Writes if the directory is still the one that was read, and every epoch still has its notice.
   *
   * @param when the instant, and how long the whole change has taken at the most
   */
  write(
    is: Directory,
    expected: number,
    changes: readonly DirectoryChange[],
    terms: { readonly now: number; readonly by?: number },
    { at, tookMs }: { readonly at: number; readonly tookMs: number },
  ): ChangeOutcome {
    const { version } = is
    if (version !== expected) return { ok: false, reason: 'version_moved', version }
    const rows = changes.flatMap(change => ('put' in change ? change : []))
    const epochs = rows.flatMap(({ put, row }) => (put === 'epoch' ? row : []))
    const by = epochs.map(({ from }) => Math.min(from - EPOCH_NOTICE_MS, terms.by ?? from))
    if (tookMs > Math.min(...by) - terms.now) return { ok: false, reason: 'too_late', version }
    const centers = rows.flatMap(({ put, row }) => (put === 'center' ? row : []))
    this.#writes.push({ at, centers, epochs })
    return { ok: true, version: version + 1 }
  }
}
