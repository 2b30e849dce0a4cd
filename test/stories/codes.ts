/** Merchant and consumer codes that are wrong in one way each, made from the cast's own. */
import { field, sealed } from '../../src/members/emv.ts'
import { codeAt } from './network.ts'

/** A code without its checksum field. */
const open = (code: string) => code.slice(0, -8)

export const wrongChecksum = `${codeAt('cn-rail').slice(0, -4)}0000`

/** After the currency (53) comes the amount (54). */
const priced = (code: string, currency: string, amount: string) =>
  sealed(open(code).replace(`5303${currency}`, `5303${currency}${field('54', amount)}`))

export const finerThanFen = priced(codeAt('cn-tea', 'static'), '156', '10.123')
export const finerThanDong = priced(codeAt('vn-pho', 'static'), '704', '65000.50')

const shop = (country: string, city: string) =>
  field('58', country) + field('59', 'SHOP') + field('60', city)

const paynow = (...more: string[]) =>
  sealed(
    field('00', '01') +
      field('01', '12') +
      field(
        '26',
        field('00', 'SG.PAYNOW') +
          field('01', '2') +
          field('02', '201403121W') +
          field('03', '1') +
          more.join(''),
      ) +
      field('52', '0000') +
      field('53', '702') +
      field('54', '10.00') +
      shop('SG', 'SINGAPORE'),
  )

/** PayNow has no member in the cast. */
export const unserved = paynow()
export const expired = paynow(field('04', '20200101'))

export const unknownFamily = sealed(
  field('00', '01') +
    field('01', '11') +
    field('27', field('00', 'NO.SUCH.SCHEME') + field('01', '123')) +
    field('52', '5812') +
    field('53', '764') +
    shop('TH', 'BANGKOK'),
)

/** EMVCo consumer-presented: format indicator, then one application with its id and track 2. */
const application = '4f08A00000033301010157136200000000000000000d241220100000000000'
export const consumer = Buffer.from(
  `8505435056303161${(application.length / 2).toString(16).padStart(2, '0')}${application}`,
  'hex',
).toString('base64')
