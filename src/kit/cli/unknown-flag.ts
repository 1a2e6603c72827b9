import {nearest} from '../errors/nearest.js'
import {PmpcError} from '../errors/index.js'

/** What is known of a flag of a command, whoever's it is. */
interface KnownFlag {
  hidden?: boolean
  allowNo?: boolean
  aliases?: string[]
}

/** oclif's NonExistentFlagsError, of any copy of it. */
interface UnknownFlags extends Error {
  /** As typed, `--name=value` too. */
  flags: string[]
  parse?: {input?: {flags?: Record<string, KnownFlag>}}
}

/**
 * A flag that is none, told with the one that was meant; any other error stays what it is.
 * @param command as it is typed, `pmpc sync`
 */
export function withMeantFlag(error: unknown, command: string): unknown {
  if (!isUnknownFlags(error)) return error
  // What was typed as its value may be a secret.
  const typed = error.flags.map((flag) => flag.replace(/=[^]*$/, ''))
  const known = Object.entries(error.parse?.input?.flags ?? {})
  const names = known.flatMap(([name, {hidden, allowNo, aliases = []}]) =>
    hidden ? [] : [name, ...(allowNo ? [`no-${name}`] : []), ...aliases],
  )
  // One letter is as near to any other.
  const meant = typed.flatMap((flag) => (/^-+..+/.test(flag) ? (nearest(flag.replace(/^-+/, ''), names) ?? []) : []))
  return new PmpcError('PMPC_USAGE', `\`${command}\` has no flag ${typed.join(', ')}.`, {
    suggestions: [...new Set(meant)].map((name) => `${command} --${name}`).concat(`${command} --help`),
    data: {flags: typed},
  })
}

function isUnknownFlags(error: unknown): error is UnknownFlags {
  return error instanceof Error && 'parse' in error && 'flags' in error && Array.isArray(error.flags)
}
