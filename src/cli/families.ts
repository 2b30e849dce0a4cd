/** `codes families`: what can be written and which fields each scheme takes; a `!` marks those it needs. */
import { families } from '../codes/families.ts'

export function familiesText(): string {
  const rows = families
    .filter(({ kind, marks }) => kind === 'mpm-emv' && marks.length > 0)
    .map(({ id, name, market, marks }) => ({
      id,
      name: market === null ? name : `${name} (${market})`,
      fields: Object.entries(marks[0]?.fields ?? {}).map(
        ([field, { required = false }]) => `${field}${required ? '!' : ''}`,
      ),
    }))
  const width = (of: 'id' | 'name') => Math.max(...rows.map(row => row[of].length))
  const [ids, names] = [width('id'), width('name')]
  return [
    ...rows.map(
      ({ id, name, fields }) => `${id.padEnd(ids)}  ${name.padEnd(names)}  ${fields.join(' ')}`,
    ),
    '',
    'Every one of them also takes: initiation country currency amount mcc merchantName merchantCity postalCode tip 62.NN',
    'Formats beside them: upi twqr swish epc-sct swiss-qr-bill spayd ips-rs th-bot-barcode cpm-emv cpm-numeric',
  ].join('\n')
}
