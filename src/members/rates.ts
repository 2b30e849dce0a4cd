/** What the simulated FX providers quote: mid rates and markups of every pair, in both directions. */
import type { FxRate } from '../domain/fx.ts'

// Base and counter: one whole unit of base costs so many whole units of counter; then for each provider its
// mid rate and its markup in basis points. Each provider is the cheaper one for some pairs.
const table = `
             harbour            meridian
CNY THB      4.559640      35   4.557816      30
CNY IDR      2338.705      35   2339.172      30
CNY MYR      0.5922214     25   0.5925770     35
CNY VND      3694.178      25   3694.917      30
CNY EUR      0.1207045     30   0.1206562     35
CNY USD      0.1404200     20   0.1404900     25
THB CNY      0.2192278     25   0.2194033     25
THB IDR      513.0171      30   512.6069      30
THB MYR      0.1299354     25   0.1299873     25
THB VND      810.5149      35   811.0014      25
THB EUR      0.02646707    25   0.02645913    25
IDR CNY      0.0004275869  25   0.0004277579  30
IDR THB      0.001949642   30   0.001949057   25
IDR MYR      0.0002535809  25   0.0002534795  25
IDR VND      1.581795      30   1.580530      30
IDR EUR      0.00005160132 30   0.00005162198 25
MYR CNY      1.686869      25   1.687207      30
MYR THB      7.691518      35   7.694595      25
MYR IDR      3945.881      35   3946.670      30
MYR VND      6234.089      30   6236.585      25
MYR EUR      0.2036942     30   0.2037756     25
VND CNY      0.0002705338  35   0.0002704797  25
VND THB      0.001232550   25   0.001233043   35
VND IDR      0.6323194     25   0.6324459     35
VND MYR      0.0001603121  30   0.0001602800  35
VND EUR      0.00003263505 25   0.00003265464 35
EUR CNY      8.281384      25   8.286354      25
EUR THB      37.75258      30   37.76768      35
EUR IDR      19363.85      30   19371.59      30
EUR MYR      4.906375      35   4.910303      25
EUR VND      30617.40      30   30605.15      25
`

/** A provider stands by what it quotes for this long, and quotes anew long before. */
export const RATE_LIFE_MS = 3_600_000

/** What both quote at this instant. */
export const ratesAt = (asOf: number, goodForMs = RATE_LIFE_MS): readonly FxRate[] =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .flatMap(line => {
      const [base = '', counter = '', ...offers] = line.split(/\s+/)
      const offer = (provider: string, at: number): FxRate => ({
        provider,
        base,
        counter,
        value: offers[at] ?? '',
        markupBp: Number(offers[at + 1]),
        asOf,
        goodForMs,
      })
      return [offer('fx-harbour', 0), offer('fx-meridian', 2)]
    })
