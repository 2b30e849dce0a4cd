/** Text of a payload as it may be shown: what has no picture, or would turn the line around, gets one. */
export const shown = (text: string): string =>
  text.replace(/\r\n|\n|\r/g, '↵').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, character => {
    const code = character.codePointAt(0) ?? 0
    // The control pictures of Unicode stand for C0; everything else is shown by its number.
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
