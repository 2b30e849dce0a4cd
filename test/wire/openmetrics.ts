/** Reads OpenMetrics text strictly (openmetrics.io 1.0, the parts that are used), and throws at what a scraper would. */

export interface Family {
  readonly kind: string
  readonly unit: string | null
  readonly help: string | null
  readonly samples: {
    readonly name: string
    readonly labels: Record<string, string>
    readonly value: number
  }[]
}

/** What a sample's name may be, by the kind of its family. */
const suffixes: Record<string, readonly string[]> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum'],
}

const sample =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|[+-]Inf)$/
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/

export function parse(text: string): Map<string, Family> {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line does not end')
  if (lines.pop() !== '# EOF') throw new Error('no EOF')
  const families = new Map<string, Family & { unit: string | null; help: string | null }>()
  const known = new Set<string>()
  let name = ''
  for (const line of lines) {
    const [, word, of = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.+)$/.exec(line) ?? []
    if (word === 'TYPE') {
      if (families.has(of)) throw new Error(`${of} comes twice`)
      if (!(rest in suffixes)) throw new Error(`${rest} is no kind`)
      if (rest === 'counter' && of.endsWith('_total')) throw new Error(`${of} repeats its suffix`)
      families.set(of, { kind: rest, unit: null, help: null, samples: [] })
      name = of
      continue
    }
    const family = families.get(name)
    if (family === undefined) throw new Error(`before any family: ${line}`)
    if (word !== undefined) {
      if (of !== name) throw new Error(`${word} of ${of} among ${name}`)
      if (family.samples.length > 0) throw new Error(`${word} after samples of ${name}`)
      if (word === 'UNIT' && !of.endsWith(`_${rest}`)) throw new Error(`${of} is not in ${rest}`)
      if (word === 'UNIT') family.unit = rest
      else family.help = rest
      continue
    }
    const [, called = '', labels = '', value = ''] = sample.exec(line) ?? []
    if (!suffixes[family.kind]?.some(suffix => called === name + suffix)) {
      throw new Error(`no sample of ${name}: ${line}`)
    }
    if (known.has(called + labels)) throw new Error(`twice: ${line}`)
    known.add(called + labels)
    const figure = Number(value)
    if (family.kind !== 'gauge' && !(figure >= 0)) throw new Error(`below zero: ${line}`)
    family.samples.push({ name: called, labels: labelsOf(labels), value: figure })
  }
  for (const [of, family] of families) if (family.kind === 'histogram') check(of, family)
  return families
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let rest = text; rest !== ''; ) {
    const [whole = '', name = '', value = ''] = label.exec(rest) ?? []
    if (whole === '' || name in labels) throw new Error(`no labels: ${text}`)
    labels[name] = value.replaceAll(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter))
    rest = rest.slice(whole.length)
  }
  return labels
}

/** Buckets rise, end with everything, and say the same as the count. */
function check(name: string, { samples }: Family) {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest))
  for (const [of, list] of series) {
    const buckets = list.filter(each => each.name === `${name}_bucket`)
    const values = buckets.map(({ value }) => value)
    const edges = buckets.map(({ labels }) => Number(labels.le?.replace('+Inf', 'Infinity')))
    const rises = (numbers: number[]) =>
      numbers.every((each, at) => at === 0 || each >= numbers[at - 1]!)
    if (!rises(values) || !rises(edges)) throw new Error(`${name} ${of} falls`)
    const count = list.find(each => each.name === `${name}_count`)?.value
    if (edges.at(-1) !== Number.POSITIVE_INFINITY || values.at(-1) !== count) {
      throw new Error(`${name} ${of} does not add up`)
    }
  }
}
