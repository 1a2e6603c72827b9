import {PmpcError} from 'pmpc/kit/errors'
import {eventText, isAtLeast, LEVELS, type Level} from 'pmpc/kit/runs'
import {linesOf, logOf, logsSince, type LoggedLine} from './files.js'

export {LEVELS, type Level}

/** Which lines are wanted. */
export interface Wanted {
  /** Seconds since the epoch. */
  since?: number | undefined
  /** At least as grave. */
  level: Level
  /** The id of a run, or its beginning. */
  run?: string | undefined
  /** A regular expression; letters are equal whether they are large or small. */
  grep?: RegExp | undefined
  /** Only the last lines. */
  last?: number | undefined
  /** The run that asks: its own lines are no news. */
  but: string
}

/** Whether a line is wanted. */
export function isWanted(line: LoggedLine, {since, level, grep, but}: Wanted): boolean {
  if (line.run === but || !isAtLeast(line.level ?? 'info', level)) return false
  if (since !== undefined && !(Date.parse(line.time ?? '') >= since * 1000)) return false
  return grep === undefined || grep.test(textOf(line)) || grep.test(JSON.stringify(line))
}

/** Lines of runs in the order in which they were written. @throws PMPC_NO_RUN, PMPC_UNSAFE_PATH */
export function readLogs(root: string, wanted: Wanted): LoggedLine[] {
  const files = wanted.run === undefined ? logsSince(root, wanted.since) : [logOf(root, wanted.run)]
  const lines: LoggedLine[] = []
  // The latest first: where only the last lines are wanted, most files need not be read.
  for (const file of files.toReversed()) {
    if (wanted.last !== undefined && lines.length >= wanted.last && wanted.run === undefined) break
    lines.push(...linesOf(root, file).filter((line) => isWanted(line, wanted)))
  }
  const ordered = lines.toSorted((a, b) => compare(a.time ?? '', b.time ?? ''))
  return wanted.last === undefined ? ordered : ordered.slice(-wanted.last)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A line as people read it: when, how grave, of which run and command, and what. */
export function textOf(line: LoggedLine): string {
  const when = (line.time ?? '').replace('T', ' ').replace(/Z$/, '')
  return `${when}  ${(line.level ?? 'info').padEnd(5)}  ${line.run ?? ''}  ${line.operation ?? ''}  ${eventText(line)}`
}

/** @throws PMPC_USAGE for what is no regular expression */
export function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'i')
  } catch (error) {
    throw new PmpcError('PMPC_USAGE', `--grep takes a regular expression: ${(error as Error).message}`, {
      suggestions: [`pmpc logs --grep '${text.replaceAll(/[^\w /.-]/g, (sign) => `\\${sign}`).replaceAll("'", '.')}'`],
    })
  }
}
