/** The line that a command was run by: a wrong option is answered with the right ones, and so is `--help`. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Ends the process with 2 where the line is none of this command, and with 0 after `--help`.
 *
 * @param command as people type it, with what stands before the options, `npm run drill -- <name>`
 * @param more lines that say what is to be known besides
 */
export function readLine<const T extends ParseArgsConfig & { readonly options: Options }>(
  command: string,
  config: T,
  more = '',
): ReturnType<typeof parseArgs<T>> {
  const told = `${command}${Object.entries(config.options).map(optionOf).join('')}${more && `\n${more}`}`
  try {
    const help = { help: { type: 'boolean', default: false } } as const
    const read = parseArgs({ ...config, options: { ...config.options, ...help } })
    if ((read.values as { readonly help?: boolean }).help) {
      console.log(told)
      process.exit(0)
    }
    return read as ReturnType<typeof parseArgs<T>>
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${told}`)
    process.exit(2)
  }
}

const optionOf = ([name, { type }]: [string, Options[string]]): string =>
  ` [--${name}${type === 'boolean' ? '' : ` ${name.charAt(0).toUpperCase()}`}]`
