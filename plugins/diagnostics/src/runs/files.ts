import {constants, closeSync, fstatSync, openSync, readSync, statSync} from 'node:fs'
import {PmpcError} from 'pmpc/kit/errors'
import {findLog, listLogs, localOf, logLines, type LogName} from 'pmpc/kit/files'
import type {Line} from 'pmpc/kit/runs'

/** A line as a file has it: another version, or a disk that was full, may have left anything. */
export type LoggedLine = Partial<Line>

/** The lines of a log. @throws PMPC_UNSAFE_PATH */
export function linesOf(root: string, {name}: LogName): LoggedLine[] {
  return logLines(localOf(root).read(name) ?? '')
}

/** Logs to which something was added since a moment, the oldest first. @param since seconds since the epoch; all unless given */
export function logsSince(root: string, since?: number): LogName[] {
  const local = localOf(root)
  const changed = ({name}: LogName): number => statSync(local.path(name), {throwIfNoEntry: false})?.mtimeMs ?? 0
  return since === undefined ? listLogs(root) : listLogs(root).filter((log) => changed(log) >= since * 1000)
}

/** The log of a run, by its id or the beginning of it. @throws PMPC_NO_RUN */
export function logOf(root: string, run: string): LogName {
  const found = findLog(root, run)
  if (found) return found
  throw noRun(run)
}

/** That no log tells of a run. */
export function noRun(run: string): PmpcError {
  return new PmpcError('PMPC_NO_RUN', `No log of a run ${JSON.stringify(run)} is on this machine.`, {
    suggestions: ['pmpc logs --since 30d', `pmpc log --run ${/^[0-9a-z]+$/.test(run) ? run : 'ID'}`],
    data: {run},
  })
}

/** How much is read of a log at once. */
const piece = 2 ** 20

/** Reads what is added to logs, each line once. */
export class Follower {
  /** Bytes that were read, by file. */
  private readonly read = new Map<string, number>()

  constructor(private readonly root: string) {
    for (const {name} of listLogs(root)) this.read.set(name, this.sizeOf(name))
  }

  /** Lines that are new since the last look. */
  look(): LoggedLine[] {
    return listLogs(this.root).flatMap(({name}) =>
      this.sizeOf(name) > (this.read.get(name) ?? 0) ? this.more(name) : [],
    )
  }

  private sizeOf(name: string): number {
    return statSync(localOf(this.root).path(name), {throwIfNoEntry: false})?.size ?? 0
  }

  /** What was added, but for a line that is not whole yet. */
  private more(name: string): LoggedLine[] {
    const from = this.read.get(name) ?? 0
    const file = openSync(
      localOf(this.root).path(name),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
    try {
      if (!fstatSync(file).isFile()) return []
      const buffer = Buffer.alloc(piece)
      const added = buffer.subarray(0, readSync(file, buffer, 0, piece, from))
      const end = added.lastIndexOf(0x0a) + 1
      this.read.set(name, from + end)
      return logLines(added.toString('utf8', 0, end))
    } finally {
      closeSync(file)
    }
  }
}
