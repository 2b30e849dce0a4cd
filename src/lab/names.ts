/** Names of markets and currencies, from the browser's own language data. */
import { shown } from './shown.ts'

export const inEnglish = (type: 'region' | 'currency', code: string): string => {
  try {
    return new Intl.DisplayNames('en', { type }).of(code) ?? code
  } catch {
    // Whatever a code states as its country; only two letters or three are a name's key.
    return shown(code)
  }
}
