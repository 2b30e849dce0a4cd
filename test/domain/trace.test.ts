import { describe, expect, it } from 'vitest'
import { idOf, traceIn, traceparent } from '../../src/domain/trace.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = '00f067aa0ba902b7'

// The cases of W3C Trace Context, section 3.2.2, and what people send instead.
describe('a traceparent', () => {
  // biome-ignore format: a table is read by column
  it.each<readonly [name: string, header: string | null, want: string | null]>([
    ['as the standard shows it',        `00-${trace}-${parent}-01`,                 trace],
    ['that is not sampled',             `00-${trace}-${parent}-00`,                 trace],
    ['with flags of tomorrow',          `00-${trace}-${parent}-ff`,                 trace],
    ['of a later version',              `cc-${trace}-${parent}-01`,                 trace],
    ['of a later version with more',    `cc-${trace}-${parent}-01-what-comes`,      trace],
    ['of this version with more',       `00-${trace}-${parent}-01-what-comes`,      null],
    ['of the version that never is',    `ff-${trace}-${parent}-01`,                 null],
    ['with a trace of nothing',         `00-${'0'.repeat(32)}-${parent}-01`,        null],
    ['with a parent of nothing',        `00-${trace}-${'0'.repeat(16)}-01`,         null],
    ['in capitals',                     `00-${trace.toUpperCase()}-${parent}-01`,   null],
    ['with a short trace',              `00-${trace.slice(1)}-${parent}-01`,        null],
    ['with a long parent',              `00-${trace}-${parent}0-01`,                null],
    ['without flags',                   `00-${trace}-${parent}`,                    null],
    ['with a line break',               `00-${trace}-${parent}-01\n`,               null],
    ['with a wish',                     `00-${trace}-${parent}-01","x":"`,          null],
    ['of two headers in one',           `00-${trace}-${parent}-01, 00-${trace}-${parent}-01`, null],
    ['that is empty',                   '',                                         null],
    ['that is not there',               null,                                       null],
  ])('%s', (_, header, want) => {
    expect(traceIn(header)).toBe(want)
  })

  it('that we write is one that we read', () => {
    const span = idOf(new Uint8Array([0, 240, 103, 170, 11, 169, 2, 183]))
    expect(span).toBe(parent)
    expect(traceIn(traceparent(trace, span))).toBe(trace)
  })
})
