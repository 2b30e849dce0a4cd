/** Texts that are lists of lines. */
/** Lines with any of the three endings. */
export function linesOf(text: string): string[] {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n')
}
