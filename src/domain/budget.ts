/** How long each step of a payment may take, in milliseconds. Inner steps always get less than outer ones. */

/** The responder has this long to answer; UPI and Alipay+ live with 8 to 15 s. */
export const HOP_BUDGET_MS = 8_000
/** An MPM payment is decided this long after it was opened, whatever happens. */
export const DECISION_MPM_MS = 15_000
/** A CPM payment, and one whose payer must confirm, which the wallet says in time. */
export const DECISION_CPM_MS = 20_000
export const DECISION_USER_MS = 60_000
/** A deemed payment waits for its switch's file, and is asked about in the meantime this often. */
export const DEEMED_PACE_MS = 300_000
/** A payment in doubt is asked about this often. */
export const INQUIRY_PACE_MS = 2_000
