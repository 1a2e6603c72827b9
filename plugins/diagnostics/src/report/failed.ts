import {listLogs} from 'pmpc/kit/files'
import {linesOf, type LoggedLine} from '../runs/files.js'
import type {FailedRun} from './model.js'

/** The last run that failed, among the last ones. @param but the run that asks */
export function lastFailed(root: string, {runs, but}: {runs: number; but: string}): FailedRun | undefined {
  for (const log of listLogs(root)
    .filter(({id}) => id !== but)
    .slice(-runs)
    .reverse()) {
    const lines = linesOf(root, log)
    const failed = failedOf(log.id, lines)
    if (failed) return failed
  }
  return undefined
}

function failedOf(id: string, lines: readonly LoggedLine[]): FailedRun | undefined {
  const error = lines.findLast(({event}) => event === 'error')
  const start = lines.find(({event}) => event === 'run.start')
  const end = lines.find(({event}) => event === 'run.end')
  if (error?.error === undefined) return undefined
  const argv = Array.isArray(start?.argv) ? start.argv.map(String) : []
  return {
    id,
    command: [String(start?.operation ?? start?.command ?? 'pmpc'), ...argv].join(' '),
    time: String(start?.time ?? error.time ?? ''),
    exitCode: typeof end?.exitCode === 'number' ? end.exitCode : undefined,
    error: error.error,
  }
}
