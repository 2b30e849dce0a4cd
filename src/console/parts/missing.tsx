/** Says which centers could not be asked, so that nobody takes a part for the whole. */
import { t } from '../store.ts'

export const Missing = ({ centers }: { readonly centers: readonly string[] }) =>
  centers.length === 0 ? null : (
    <p class="missing" role="status">
      {t().missing(centers.join(', '))}
    </p>
  )
