/** Whom drills strike. */

/** Home of three wallets and four acquirers, so that whatever happens to it is felt the most. */
export const BUSIEST = 'sg'
/** The wallets whose payments it decides. */
export const served = ['wallet-th', 'wallet-my', 'wallet-vn'] as const
export const everybody = [...served, 'wallet-cn', 'wallet-de'] as const
