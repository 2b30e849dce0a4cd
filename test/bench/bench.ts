/**
 * `npm run bench [-- --quick]` measures the gateway beside its floors; `npm run bench -- <name> [options]` one part
 * beside what others do, in one run.
 */
export const benches = {
  whole: 'payments, quotes and reads beside the floors they stand on; --quick takes a minute',
  guide: 'writes the tables of docs/performance.md from what a whole run printed with --json',
  profile: 'where the time of a payment goes, sampled while it is paid',
  scale: 'more lanes, more institutions, more history: what each costs',
  switches: 'how soon a change of the staff is felt at the edge and in each center',
  watchers: 'payments with a thousand live sockets on one monitor, beside payments without',
  anomalies: 'incidents found, how soon, and false alerts, on simulated traffic',
  codes: 'reads per second and share read right, beside the libraries of npm',
} as const

const [first = ''] = process.argv.slice(2)
const named = first !== '' && !first.startsWith('-')
const name = named ? (process.argv.splice(2, 1)[0] ?? '') : 'whole'
const asksHelp = !named && first === '--help'
if (asksHelp || !(name in benches)) {
  const tell = asksHelp ? console.log : console.error
  tell('npm run bench -- [<name>] [--quick] [--json]')
  for (const [known, says] of Object.entries(benches)) tell(`  ${known.padEnd(9)} ${says}`)
  process.exit(asksHelp ? 0 : 2)
}
await import(`./${name}.ts`)
