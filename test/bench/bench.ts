/** `npm run bench -- <name> [options]`: measures one part beside what others do, in one run. */
export const benches = {
  codes: 'reads per second and share read right, beside the libraries of npm',
} as const

const name = process.argv.splice(2, 1)[0] ?? ''
if (!(name in benches)) {
  console.error('npm run bench -- <name>')
  for (const [known, says] of Object.entries(benches)) console.error(`  ${known.padEnd(8)} ${says}`)
  process.exit(2)
}
await import(`./${name}.ts`)
