/**
 * What Workers log is kept here, and shown where a test fails. Vitest's own way of passing it on waits for ever, at the
 * end of a file, for a line that an object logs just after the last word of the tests: it is sent with the next word.
 */
import { afterEach, beforeEach } from 'vitest'

const LINES_MAX = 500
const said: unknown[][] = []
const show = console.log

console.log = (...line) => {
  said.push(line)
  if (said.length > LINES_MAX) said.shift()
}
console.error = console.log

beforeEach(() => {
  said.length = 0
})

afterEach(({ task }) => {
  if (task.result?.state === 'fail') for (const line of said) show(...line)
})
