/** What the fields of EMVCo merchant codes are called: EMVCo MPM 1.1, tables 3.1 to 3.10. */
// biome-ignore format: a table is read by column
export const rootNames: Readonly<Record<string, string>> = {
  '00': 'Payload format indicator',
  '01': 'Point of initiation',
  '52': 'Merchant category',
  '53': 'Currency',
  '54': 'Amount',
  '55': 'Tip or convenience indicator',
  '56': 'Fixed convenience fee',
  '57': 'Convenience fee in percent',
  '58': 'Country',
  '59': 'Merchant name',
  '60': 'Merchant city',
  '61': 'Postal code',
  '62': 'Additional data',
  '63': 'Checksum',
  '64': 'Merchant in local language',
}

// biome-ignore format: a table is read by column
export const additionalNames: Readonly<Record<string, string>> = {
  '01': 'Bill number',
  '02': 'Mobile number',
  '03': 'Store label',
  '04': 'Loyalty number',
  '05': 'Reference label',
  '06': 'Customer label',
  '07': 'Terminal label',
  '08': 'Purpose of transaction',
  '09': 'Consumer data wanted',
  '10': 'Merchant tax id',
  '11': 'Merchant channel',
}

// biome-ignore format: a table is read by column
export const languageNames: Readonly<Record<string, string>> = {
  '00': 'Language',
  '01': 'Merchant name, local',
  '02': 'Merchant city, local',
}
