/** A small network for tests of the directory. */
import {
  type DirectoryChange,
  putCenter,
  putEpoch,
  putInstitution,
} from '../../src/db/directory-change.ts'
import type { Epoch, Institution } from '../../src/domain/institution.ts'

export const wallet: Institution = {
  id: 'wallet-th',
  number: 1,
  name: 'Thai Wallet',
  role: 'wallet',
  market: 'TH',
  currencies: ['THB', 'USD'],
  zone: 'Asia/Bangkok',
  status: 'active',
  endpoint: 'https://wallet.example',
  profile: null,
  refundCoverMinor: null,
  inquiry: null,
}

export const acquirer: Institution = {
  ...wallet,
  id: 'acquirer-cn',
  number: 2,
  name: '银联样例',
  role: 'acquirer',
  market: 'CN',
  currencies: ['CNY'],
  zone: 'Asia/Shanghai',
  endpoint: null,
}

export const provider: Institution = { ...wallet, id: 'fx-one', number: 3, role: 'provider' }

export const epoch: Epoch = {
  ...{ institution: 'wallet-th', epoch: 1, from: 0, center: 'hk', lanes: 4, home: null },
}

export const network: readonly DirectoryChange[] = [
  putCenter({ id: 'hk', number: 1, locationHint: 'apac' }),
  putInstitution(wallet),
  putInstitution(acquirer),
  putInstitution(provider),
  putEpoch(epoch),
]

export const NOW = Date.UTC(2026, 9, 1)
export const terms = { now: NOW, sandbox: false }
