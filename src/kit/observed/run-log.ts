import {PmpcError} from '../errors/index.js'
import {localOf} from '../files/local.js'
import {LOGS} from '../files/names.js'
import type {LogEntry} from './log.js'

/** A run: what it committed, and what it logged where that is still on this machine. docs/schema/log.json */
export interface RunLog {
  run: string
  commits: LogEntry[]
  /** The log's file, or null. */
  file: string | null
  /** Its lines: `time`, `run`, `event`, and what the event tells. */
  lines: Record<string, unknown>[]
}

/**
 * The log of the run whose id is, or begins with, this. Throws PMPC_NO_RUN where neither a log nor a commit of it is found.
 * @param commits asks Git for what the run committed
 */
export async function runLog(root: string, id: string, commits: (run: string) => Promise<LogEntry[]>): Promise<RunLog> {
  const file = findLog(root, id)
  const run = file?.id ?? id
  const found = await commits(run)
  if (!file && found.length === 0) throw noRun(id)
  const local = localOf(root)
  return {
    run,
    commits: found,
    file: file ? local.path(file.name) : null,
    lines: file ? linesOf(local.read(file.name) ?? '') : [],
  }
}

/** Logs are named `DATE-ID.jsonl`; the latest whose id fits. */
function findLog(root: string, id: string): {name: string; id: string} | undefined {
  const wanted = id.toLowerCase()
  const names = localOf(root)
    .list(LOGS)
    .map(({name}) => ({name, id: /^\d{4}-\d\d-\d\d-([0-9a-z]+)\.jsonl$/.exec(name)?.[1] ?? ''}))
  const fitting = names
    .filter((each) => wanted.length >= 4 && each.id.startsWith(wanted))
    .sort((a, b) => (a.name < b.name ? 1 : -1))
  const [found] = fitting
  return found && {name: `${LOGS}/${found.name}`, id: found.id}
}

/** A run that was killed may have left half a line. */
function linesOf(text: string): RunLog['lines'] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>]
    } catch {
      return []
    }
  })
}

function noRun(id: string): PmpcError {
  return new PmpcError(
    'PMPC_NO_RUN',
    `No run ${JSON.stringify(id)} is known here, neither by a commit nor by its log.`,
    {
      suggestions: ['pmpc log', 'ls .pmpc/local/logs'],
      data: {run: id},
    },
  )
}
