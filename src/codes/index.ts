/** The library of payment codes: pure, without dependencies, usable by itself. */
export * from './code.ts'
export { families, familyById } from './families.ts'
export { readCode } from './read.ts'
export * from './routing.ts'
export { type CodeInput, writeCode } from './write.ts'
export { type MpmAccount, type MpmInput, writeMpm } from './write-mpm.ts'
export { type WriteError, type WriteErrorCode, type Written, writeErrors } from './written.ts'
