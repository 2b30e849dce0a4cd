/** Codes to begin with: one of each form, and some that are wrong in ways that matter. */

import { writeCode } from '../codes/index.ts'
import { codeInputOf } from '../codes/input.ts'

interface Sample {
  readonly name: string
  readonly payload: string
}

const shop = ['merchantName=Jalan Kopi', 'merchantCity=Denpasar', 'mcc=5812']

/** By scheme and fields; written when the page opens, so that they can never be out of date. */
// biome-ignore format: a sample is a row
const written: readonly (readonly [name: string, format: string, ...pairs: string[]])[] = [
  ['PromptPay',      'promptpay',     'mobile=0066812345678', 'amount=120.00', '62.05=TABLE-7'],
  ['VietQR',         'vietqr',        'bankBin=970436', 'accountNumber=0011004123456', 'service=QRIBFTTA', 'amount=65000', 'merchantName=PHO GIA TRUYEN', 'merchantCity=HA NOI', 'mcc=5812'],
  ['QRIS',           'qris',          'acquirerDomain=ID.CO.NUSAPAY.WWW', 'mpan=936008990455017001', 'merchantId=ID1023290455017', 'criteria=UMI', ...shop],
  ['DuitNow',        'duitnow',       'acquirer=564169', 'merchantId=MD00284512', 'amount=18.60', 'merchantName=KOPITIAM JALAN ALOR', 'merchantCity=KUALA LUMPUR', 'mcc=5814'],
  ['UnionPay',       'unionpay',      'merchantAccount=0308015600010156898110058140017', 'country=CN', 'currency=CNY', 'amount=68.00', 'merchantName=SANLITUN TEA HOUSE', 'merchantCity=BEIJING', 'mcc=5814'],
  ['PayNow',         'paynow',        'proxyType=2', 'proxy=201403121W', 'editable=0', 'amount=4.20', 'merchantName=Kaya Toast', 'merchantCity=Singapore', 'mcc=5814', '62.01=INV-20418'],
  ['KHQR',           'khqr',          'bakongId=sokha@bkrt', 'merchantName=Sokha Books', 'merchantCity=Siem Reap', 'mcc=5942'],
  ['Pix',            'pix',           'key=pix@padaria.example', 'amount=23.90', 'merchantName=Padaria Aurora', 'merchantCity=Sao Paulo', 'mcc=5462'],
  ['UPI link',       'upi',           'payee=chai@example', 'name=Chai Point', 'amount=45.00', 'note=Two cups'],
  ['EPC transfer',   'epc-sct',       'iban=BE71096123456769', 'name=Example Foundation', 'amount=25.00', 'text=Donation'],
  ['Swiss QR-bill',  'swiss-qr-bill', 'iban=CH5800791123000889012', 'name=Robert Schneider AG', 'street=Rue du Lac', 'houseNumber=1268', 'postalCode=2501', 'city=Biel', 'country=CH', 'currency=CHF', 'amount=199.95', 'message=Invoice 4471'],
  ['Payer’s QRIS',   'cpm-emv',       'family=qris-cpm', 'pan=9360091100000000018', 'label=QRISCPM', 'language=iden'],
  ['Payer’s number', 'cpm-numeric',   'family=alipay', 'prefix=28', 'token=7654321098765432'],
]

export function samples(): Sample[] {
  const good = written.flatMap(([name, format, ...pairs]): Sample[] => {
    const input = codeInputOf(format, pairs)
    const code = input.ok ? writeCode(input.value) : null
    return code?.ok ? [{ name, payload: code.payload }] : []
  })
  const [first] = good
  if (first === undefined) return good
  return [
    ...good,
    { name: 'One digit changed', payload: first.payload.replace('120.00', '720.00') },
    { name: 'A name that hides', payload: hidingName },
  ]
}

/** The name turns the direction of reading around, so that it looks like another shop’s. */
const hidingName =
  '00020101021129370016A000000677010111011300668123456785204581453037645802TH5914Cafe\u202Eknab ruoy6007Bangkok6304B9DD'
