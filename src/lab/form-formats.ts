/** Formats that are no EMVCo merchant code: their fields with examples; a `!` marks those that are needed. */

interface Format {
  readonly title: string
  readonly fields: Readonly<Record<string, string>>
}

// biome-ignore format: a format is a row
export const formatNames: Readonly<Record<string, Format>> = {
  'upi':            { title: 'UPI link · IN',           fields: { 'amount': '45.00', 'payee!': 'chai@example', 'name!': 'Chai Point', 'note': 'Two cups', 'reference': '', 'mcc': '' } },
  'epc-sct':        { title: 'EPC credit transfer · EU', fields: { 'amount': '25.00', 'iban!': 'BE71096123456769', 'name!': 'Example Foundation', 'bic': '', 'reference': '', 'text': 'Donation' } },
  'swiss-qr-bill':  { title: 'Swiss QR-bill · CH',      fields: { 'amount': '199.95', 'currency!': 'CHF', 'iban!': 'CH5800791123000889012', 'name!': 'Robert Schneider AG', 'street': 'Rue du Lac', 'houseNumber': '1268', 'postalCode!': '2501', 'city!': 'Biel', 'country!': 'CH', 'reference': '', 'message': 'Invoice 4471' } },
  'spayd':          { title: 'SPAYD · CZ',              fields: { 'amount': '480.00', 'currency': 'CZK', 'iban!': 'CZ6508000000192000145399', 'name': 'Kavarna', 'reference': '', 'message': 'KAVA' } },
  'swish':          { title: 'Swish · SE',              fields: { 'payee!': '1234567890', 'amount': '100', 'message': 'Fika' } },
  'ips-rs':         { title: 'IPS · RS',                fields: { 'amount': '3596.13', 'account!': '845000000040484987', 'name!': 'JP EPS BEOGRAD', 'purpose': '221', 'reference': '' } },
  'twqr':           { title: 'TWQR transfer · TW',      fields: { 'name!': 'Transfer', 'bankCode!': '812', 'account!': '0028881001234567', 'note': '' } },
  'th-bot-barcode': { title: 'Bill bar code · TH',      fields: { 'amount': '350.00', 'biller!': '099999999999990', 'reference1!': '111222333444', 'reference2': '' } },
  'cpm-emv':        { title: 'Payer’s code, EMVCo',     fields: { 'family!': 'qris-cpm', 'pan!': '9360091100000000018', 'label': 'QRISCPM', 'language': 'iden', 'cardholderName': '' } },
  'cpm-numeric':    { title: 'Payer’s code, number',    fields: { 'family!': 'alipay', 'prefix!': '28', 'token!': '7654321098765432' } },
}
