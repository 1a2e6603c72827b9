import {PmpcError} from '../errors/index.js'
import {localOf} from '../files/local.js'
import {findLog, logLines} from '../files/logs.js'
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
    lines: file ? logLines(local.read(file.name) ?? '') : [],
  }
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
