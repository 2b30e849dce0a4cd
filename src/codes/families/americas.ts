/** Families of Latin America. */
import { at, family, must } from './row.ts'

export const americas = [
  family({
    id: 'pix',
    name: 'Pix',
    market: 'BR',
    currencies: ['BRL'],
    marks: [
      {
        tags: [26, 26],
        guid: 'BR.GOV.BCB.PIX',
        written: 'br.gov.bcb.pix',
        fields: {
          key: at('01', 'any', { proxy: 'alias' }),
          message: at('02', 'any'),
          withdrawalIspb: at('03', 'digits-8'),
          url: at('25', 'pix-url'),
          recurrenceUrl: at('/80.25', 'pix-url'),
        },
      },
    ],
    rules: ['pix-url'],
    source: 'stone-payments/ex-pix-brcode; thalesog/pix-utils (Banco Central do Brasil)',
  }),
  family({
    id: 'mercadopago',
    name: 'Mercado Pago',
    rank: 'wallet',
    marks: [
      {
        tags: [43, 43],
        guid: 'COM.MERCADOLIBRE',
        written: 'com.mercadolibre',
        fields: {
          url: at('01', 'any'),
          version: at('02', 'any', must),
          userId: at('03', 'any'),
          storeId: at('06', 'any'),
          cuit: at('/50.00', 'any'),
          cvu: at('/51.00', 'any'),
        },
      },
    ],
    source: 'Mercado Pago documents; Transferencias 3.0',
  }),
  family({
    id: 'sipago-ar',
    name: 'SiPago',
    market: 'AR',
    currencies: ['ARS'],
    rank: 'wallet',
    marks: [{ tags: [26, 49], guid: 'COOP.SIPAGO', written: 'coop.sipago', fields: argentina() }],
    source: 'promani/emvqr; observed codes',
  }),
  family({
    id: 'yacare-ar',
    name: 'Yacaré',
    market: 'AR',
    currencies: ['ARS'],
    rank: 'wallet',
    marks: [{ tags: [26, 49], guid: 'COM.YACARE', written: 'com.yacare', fields: argentina() }],
    source: 'promani/emvqr; observed codes',
  }),
  family({
    id: 'ar-aggregator',
    name: 'Payment aggregator, Argentina',
    market: 'AR',
    currencies: ['ARS'],
    rank: 'wallet',
    marks: [
      { tags: [26, 49], guid: 'COM.TODOPAGO', written: 'com.todopago', fields: argentina() },
      { tags: [26, 49], guid: 'COM.ADQ', written: 'com.adq', fields: argentina() },
      { tags: [26, 49], guid: 'COM.AGR', written: 'com.agr', fields: argentina() },
      { tags: [26, 49], guid: 'COM.SPR', written: 'com.spr', fields: argentina() },
      // BCRA wants the aggregator's reverse domain next to the payee's CUIT in 50.
      {
        tags: [26, 49],
        country: 'AR',
        when: { '00': 'domain', '/50.00': 'any' },
        fields: {
          ...argentina(),
          aggregator: at('00', 'domain', must),
          cuit: at('/50.00', 'any', must),
        },
      },
      {
        tags: [50, 50],
        country: 'AR',
        when: { '00': 'cuit-word' },
        fields: { label: at('00', 'cuit-word', must), cuit: at('01', 'any') },
      },
    ],
    key: { field: 'aggregator' },
    source: 'promani/emvqr (BCRA Transferencias 3.0)',
  }),
  family({
    id: 'breb-co',
    name: 'Bre-B',
    market: 'CO',
    currencies: ['COP'],
    marks: [
      {
        tags: [26, 26],
        guid: 'CO.COM.RBM.LLA',
        fields: llave(),
      },
      { tags: [26, 26], guid: 'CO.COM.CRB.LLA', fields: llave() },
    ],
    key: { field: 'network' },
    source: 'EASPBV examples; meaning of 01 and 03 inferred',
  }),
  family({
    id: 'easpbv-co',
    name: 'EASPBV QR, Colombia',
    market: 'CO',
    currencies: ['COP'],
    marks: [
      { tags: [49, 49], guid: 'CO.COM.RBM.RED', fields: colombia() },
      { tags: [49, 49], guid: 'CO.COM.CRB.RED', fields: colombia() },
      {
        tags: [26, 51],
        country: 'CO',
        when: { '00': 'co-domain' },
        fields: { identifier: at('00', 'co-domain', must) },
      },
    ],
    key: { field: 'network' },
    source: 'EASPBV examples (Redeban, Credibanco)',
  }),
  family({
    id: 'yape',
    name: 'Yape',
    market: 'PE',
    currencies: ['PEN'],
    rank: 'wallet',
    marks: [{ tags: [39, 39], country: 'PE', fields: { token: at('', 'any', must) } }],
    source: 'observed codes; the token is opaque',
  }),
]

function argentina() {
  return {
    aggregator: at('00', 'any'),
    merchantId: at('01', 'any'),
    cuit: at('/50.00', 'any'),
    cvu: at('/51.00', 'any'),
  }
}

function llave() {
  return {
    document: at('01', 'any', { proxy: 'national-id' as const }),
    mobile: at('02', 'any', { proxy: 'mobile' as const }),
    email: at('03', 'any', { proxy: 'email' as const }),
    alias: at('04', 'any', { proxy: 'alias' as const }),
    merchantCode: at('05', 'any', { proxy: 'alias' as const }),
    network: at('/49.01', 'any'),
  }
}

function colombia() {
  return {
    network: at('01', 'any', must),
    merchantCode: at('/50.01', 'any'),
    transaction: at('/90.01', 'any'),
    seal: at('/91.01', 'any'),
  }
}
