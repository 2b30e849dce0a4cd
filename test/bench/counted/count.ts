/** Counts what the platform bills for, and says so in lines that the bench reads. */

export type Billed = 'rows' | 'objectCalls' | 'queueMessages' | 'requests' | 'd1Rows'

export const count = (what: Billed, times = 1): void => {
  if (times > 0) console.log(JSON.stringify({ count: what, times }))
}
