/** Writes any payment code: one input per format, one answer. */
import { type CpmInput, writeCpm } from './write-cpm.ts'
import { type EpcInput, writeEpc } from './write-epc.ts'
import {
  type SwishInput,
  type TwqrInput,
  type UpiInput,
  writeSwish,
  writeTwqr,
  writeUpi,
} from './write-links.ts'
import { type MpmInput, writeMpm } from './write-mpm.ts'
import { type NumericInput, writeNumeric } from './write-numeric.ts'
import { type SwissInput, writeSwissBill } from './write-swiss.ts'
import {
  type IpsInput,
  type SpaydInput,
  type ThaiBarcodeInput,
  writeIps,
  writeSpayd,
  writeThaiBarcode,
} from './write-texts.ts'
import type { Written } from './written.ts'

export type CodeInput =
  | ({ readonly format: 'mpm-emv' } & MpmInput)
  | ({ readonly format: 'cpm-emv' } & CpmInput)
  | ({ readonly format: 'cpm-numeric' } & NumericInput)
  | ({ readonly format: 'upi' } & UpiInput)
  | ({ readonly format: 'twqr' } & TwqrInput)
  | ({ readonly format: 'swish' } & SwishInput)
  | ({ readonly format: 'epc-sct' } & EpcInput)
  | ({ readonly format: 'swiss-qr-bill' } & SwissInput)
  | ({ readonly format: 'spayd' } & SpaydInput)
  | ({ readonly format: 'ips-rs' } & IpsInput)
  | ({ readonly format: 'th-bot-barcode' } & ThaiBarcodeInput)

/**
 * Strict: limits and shapes of each format are errors, and every error of an input is told at once.
 */
export function writeCode(input: CodeInput): Written {
  switch (input.format) {
    case 'mpm-emv':
      return writeMpm(input)
    case 'cpm-emv':
      return writeCpm(input)
    case 'cpm-numeric':
      return writeNumeric(input)
    case 'upi':
      return writeUpi(input)
    case 'twqr':
      return writeTwqr(input)
    case 'swish':
      return writeSwish(input)
    case 'epc-sct':
      return writeEpc(input)
    case 'swiss-qr-bill':
      return writeSwissBill(input)
    case 'spayd':
      return writeSpayd(input)
    case 'ips-rs':
      return writeIps(input)
    case 'th-bot-barcode':
      return writeThaiBarcode(input)
  }
}
