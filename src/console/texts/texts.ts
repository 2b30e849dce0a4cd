/** The shape of the texts: every language says all of it. */
import type { en } from './en.ts'

type Said<Text> = Text extends string
  ? string
  : Text extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof Text]: Said<Text[Name]> }

export type Texts = Said<typeof en>
