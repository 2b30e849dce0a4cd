/** Members print nothing themselves; whoever starts them hears what they did. */
export type Log = (event: string, fields: Readonly<Record<string, unknown>>) => void
