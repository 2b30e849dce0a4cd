/** Stands for `src/log.ts`: a million payments say nothing, a replayed one tells its story. */
import { stage } from '../stage.ts'

export const log = (line: object): void => stage().note(line)
export const logError = (line: object): void => stage().note(line)
