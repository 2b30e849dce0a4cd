/**
 * What reading a payment code gives: one type for every kind of code.
 *
 * A reading is plain data about one payload. It says what the code itself states and never what a
 * directory or the code's owner would add; a consumer's full card number is never part of it.
 */
export interface CodeReading {
  /** No hard error: the code is what it claims to be. It may still be expired or not payable. */
  readonly valid: boolean
  readonly errors: readonly CodeError[]
  readonly warnings: readonly CodeWarning[]
  /** Valid, and of a kind that asks for money: a slip or a transit ticket is not. */
  readonly payable: boolean
  readonly kind: CodeKind
  /** Who shows the code. */
  readonly presentment: 'merchant' | 'consumer' | null
  /** Every scheme the code can be paid through, best first. */
  readonly families: readonly FamilyReading[]
  /** Static codes are shown many times, dynamic ones for one purchase. */
  readonly initiation: 'static' | 'dynamic' | null
  /** ISO 3166-1 alpha-2 of the market. */
  readonly country: string | null
  /** ISO 4217, alphabetic. */
  readonly currency: string | null
  /** Major units as the code writes them. */
  readonly amount: string | null
  /**
   * Whole minor units of `currency`; null when there is none, it is zero, or its unit is in doubt.
   */
  readonly amountMinor: bigint | null
  readonly merchantName: string | null
  /** The name in the language of `language`. */
  readonly merchantNameLocal: string | null
  readonly merchantCity: string | null
  readonly merchantCityLocal: string | null
  /** ISO 639 of the two local fields. */
  readonly language: string | null
  /** ISO 18245, four digits. */
  readonly mcc: string | null
  readonly postalCode: string | null
  readonly tip: Tip | null
  /**
   * EMVCo field 62 by sub-id; text codes use the same ids for the same things (05 reference, 08
   * purpose).
   */
  readonly additionalData: Readonly<Record<string, string>>
  readonly proxy: PayeeProxy | null
  readonly accounts: readonly Account[]
  /**
   * When the code says it ends, in milliseconds since 1970; being past it does not make it invalid.
   */
  readonly expiresAtMs: number | null
  /** Each field with name and offsets, for display. Built when asked for; not enumerated. */
  readonly tree: readonly CodeNode[]
}

export type CodeKind = 'mpm-emv' | 'mpm-url' | 'cpm-emv' | 'cpm-numeric' | 'other'

export interface FamilyReading {
  /** Id of a row of the table of families. */
  readonly id: string
  /** The part that names the institution; null when only the scheme's directory can tell. */
  readonly institutionKey: string | null
  /** What the family's own fields say, by the names in its row. */
  readonly fields: Readonly<Record<string, string>>
  readonly proxy: PayeeProxy | null
}

/** A name by which a directory knows an account. Mobiles are in E.164. */
export interface PayeeProxy {
  readonly type: ProxyType
  readonly value: string
}

export type ProxyType =
  | 'mobile'
  | 'email'
  | 'national-id'
  | 'tax-id'
  | 'e-wallet'
  | 'account'
  | 'iban'
  | 'alias'
  | 'biller'

/** EMVCo fields 55 to 57. */
export interface Tip {
  readonly kind: 'prompt' | 'fixed' | 'percentage'
  readonly value: string | null
}

/** One of the EMVCo account fields 02 to 51, or an account named by a text or consumer code. */
export interface Account {
  readonly tag: string
  readonly guid?: string
  readonly network?: string
  readonly value?: string
  readonly sub?: Readonly<Record<string, string>>
}

/** One field of a code. Offsets count UTF-16 units of the payload; `from` to `to` is the value. */
export interface CodeNode {
  readonly id: string
  readonly name: string
  readonly at: number
  readonly from: number
  readonly to: number
  readonly value: string
  readonly children: readonly CodeNode[]
}

/** `at` is the offset in the payload where it went wrong, when there is such a place. */
export interface CodeError {
  readonly code: CodeErrorCode
  readonly at?: number
}

/**
 * Every reason for which a code is not valid. Wallets program against the codes: add, never rename.
 */
// biome-ignore format: a table is read by column
export const codeErrors = {
  'empty':                   'There is nothing to read.',
  'too-long':                'The payload is longer than 64 KiB.',
  'unknown-code':            'This is not a payment code we know.',
  'not-a-payment':           'This is a known kind of code, but not one that asks for money.',
  'card-number':             'This looks like a card number, which nobody should scan or send.',
  'malformed-tlv':           'The fields do not follow one another: an id or a length is wrong.',
  'format-not-first':        'The payload format indicator (00) is not the first field.',
  'format-unknown':          'The payload format indicator has a value nobody has defined.',
  'crc-missing':             'There is no checksum (63) at the end.',
  'crc-not-last':            'The checksum (63) is not the last field.',
  'crc-mismatch':            'The checksum is wrong: something in the code was changed or misread.',
  'duplicate-field':         'A field occurs twice.',
  'no-account':              'No merchant account (02 to 51) says where the money goes.',
  'initiation-malformed':    'The point of initiation (01) is neither 11 nor 12.',
  'mcc-malformed':           'The merchant category (52) is not four digits.',
  'currency-malformed':      'The currency (53) is not three digits.',
  'country-malformed':       'The country (58) is not two letters.',
  'amount-malformed':        'The amount is not a plain decimal number.',
  'amount-precision':        'The amount is finer than the smallest unit of its currency.',
  'amount-missing':          'The scheme wants an amount in this kind of code.',
  'scheme-conflict':         'Scheme and country or currency contradict each other.',
  'proxy-malformed':         'The payee’s mobile number, id or alias has the wrong shape.',
  'account-malformed':       'A field of the merchant account has the wrong shape.',
  'expiry-missing':          'The scheme wants an expiry in this kind of code.',
  'time-malformed':          'A time in the code has the wrong shape.',
  'url-malformed':           'The link inside the code is not written as the scheme wants it.',
  'host-not-owner':          'The link does not lead to the owner of the scheme.',
  'base64-malformed':        'The consumer code is not base64.',
  'application-missing':     'The consumer code has no application (61, 4F).',
  'pan-missing':             'The consumer code names no account (57 or 5A).',
  'length-wrong':            'The number is not as long as codes with this beginning are.',
  'payee-missing':           'The code does not say who is paid.',
  'iban-malformed':          'The IBAN has the wrong shape or check digits.',
  'bic-malformed':           'The BIC is missing or has the wrong shape.',
  'version-unsupported':     'This version of the format is not known.',
  'reference-malformed':     'The payment reference has the wrong shape or check digits.',
  'field-malformed':         'A field has the wrong shape for this format.',
  'crypto-currency':         'This asks for a crypto currency, which the gateway does not move.',
  'function-unsupported':    'The format is shared with another scheme, which we do not pay.',
} as const
export type CodeErrorCode = keyof typeof codeErrors

/** Everything odd that does not stop a payment. Add, never rename. */
// biome-ignore format: a table is read by column
export const codeWarnings = {
  'missing-mcc':                 'There is no merchant category (52).',
  'missing-currency':            'There is no currency (53).',
  'missing-country':             'There is no country (58).',
  'missing-merchant-name':       'There is no merchant name (59).',
  'missing-merchant-city':       'There is no merchant city (60).',
  'merchant-name>25':            'The merchant name is longer than 25 characters.',
  'merchant-city>15':            'The merchant city is longer than 15 characters.',
  'postal-code>10':              'The postal code is longer than 10 characters.',
  'amount>13':                   'The amount is longer than 13 characters.',
  'guid>32':                     'An account identifier is longer than 32 characters.',
  'payload>512':                 'The payload is longer than 512 characters.',
  'payload-format-indicator-02': 'The payload format is 02, as DuitNow writes it.',
  'zero-length-object':          'A field is there but empty.',
  'malformed-template':          'A template (62 or 64) does not split into fields.',
  'duplicate-sub-field':         'A field inside a template occurs twice.',
  'length-in-bytes':             'Lengths count bytes where the standard counts characters.',
  'length-in-utf16':             'Lengths count UTF-16 units where the standard counts characters.',
  'crc-lowercase':               'The checksum is written in small letters.',
  'country-lowercase':           'The country is written in small letters.',
  'amount-zero':                 'The amount is zero, which stands for no amount.',
  'amount-unit-unverified':      'The scheme’s unit of the amount is not certain: ask the acquirer.',
  'non-ascii-in-ans-field':      'A field for plain characters holds others.',
  'control-character':           'A field holds control characters.',
  'bidi-control':                'A name holds characters that reverse the direction of reading.',
  'look-alike-name':             'A name mixes alphabets that look alike.',
  'currency-unknown':            'ISO 4217 does not list this currency.',
  'tip-inconsistent':            'Tip indicator and fee fields (55 to 57) do not fit together.',
  'reserved-field':              'A field reserved for EMVCo (65 to 79) is used.',
  'foreign-account':             'An account of another market’s scheme is left out.',
  'surrounding-space':           'There is white space around the code.',
  'card-number-look-alike':      'The number could also be a card number.',
  'unpadded-base64':             'The base64 lacks its padding.',
  'time-unreadable':             'The expiry is not a time we can read.',
  'deprecated':                  'The code uses something its format has retired.',
} as const
export type CodeWarning = keyof typeof codeWarnings
