/** The staff of the box: enough people to try everything that takes a second one. */

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
}

const person = (id: string, name: string, ...roles: string[]): Person => ({
  id,
  email: `${id}@ops.example`,
  name,
  groups: roles.map(role => `cpg-${role}s`),
})

export const staff: readonly Person[] = [
  person('mei', 'Mei Lin', 'operator'),
  person('somchai', 'Somchai Dee', 'operator'),
  person('aisyah', 'Aisyah Rahman', 'approver'),
  person('lena', 'Lena Vogt', 'operator', 'approver'),
  person('viet', 'Viet Nguyen', 'viewer'),
  person('regulator', 'Supervisory desk', 'supervisor'),
]
