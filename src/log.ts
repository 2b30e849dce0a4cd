/** The gateway's voice: one JSON object per line, which `wrangler tail --search` and every log store can filter. */

export const log = (line: object): void => console.log(JSON.stringify(line))

/** For what should not happen; `wrangler tail` shows it apart. */
export const logError = (line: object): void => console.error(JSON.stringify(line))
