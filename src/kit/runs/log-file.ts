import {closeSync, statSync, writeSync} from 'node:fs'
import {isPmpcError, type PmpcError} from '../errors/index.js'
import {localOf, type Local} from '../files/local.js'
import {listLogs, logNameOf, type LogName} from '../files/logs.js'

/** How many logs are kept, for how many days, and in how many bytes; whichever is less. */
const keep = {files: 500, days: 30, bytes: 64 * 2 ** 20}
/** Bytes of one log. What a run tells after that is left out, but for warnings, errors and its end. */
const most = 12 * 2 ** 20
/** Bytes of a log that is worth looking at how much there is in all: so few do, as that asks the file system for each. */
const large = 32 * 2 ** 10
/** Lines that are held back, of those that a crash may take away: made and written all at once they cost a fraction. */
const held = 128

/** The file one run writes its lines to. Never throws: a log that cannot be written is no reason to fail. */
export interface LogFile {
  readonly path: string
  /** Why there is no log, where it could be written and must not be. */
  readonly refused: PmpcError | undefined
  /**
   * @param line makes the line, when it is written; one that cannot be made is left out
   * @param weight `now`: it must outlive a crash; `later`: it may wait for others; `always`: also where the log is full
   */
  write(line: () => Record<string, unknown>, weight?: 'later' | 'now' | 'always'): void
  close(): void
}

/**
 * Opens the log of a run in `.pmpc/local/logs`, on the first line only, and only inside a workspace. Lines are appended at once, but for those that
 * may wait: a request that went well is no line to write a file for. The file is for its owner alone (0600).
 */
export function openLog(workspaceRoot: string, id: string, now = new Date()): LogFile {
  const local = localOf(workspaceRoot)
  const name = logNameOf(id, now)
  let file: number | undefined
  let failed = false
  let refused: PmpcError | undefined
  let waiting: (() => Record<string, unknown>)[] = []
  let written = 0
  let isFull = false
  const open = (): number => {
    rotate(workspaceRoot, local, now)
    const created = local.create(name)
    // It changes nothing of how the process ends.
    // eslint-disable-next-line no-restricted-syntax -- what is held back must be written whoever ends the process
    process.once('exit', flush)
    return created
  }
  function flush(): void {
    if (failed || waiting.length === 0) return
    const text = waiting.map(textOf).join('')
    waiting = []
    try {
      file ??= open()
      written += writeSync(file, text)
    } catch (error) {
      failed = true
      if (isPmpcError(error)) refused = error
    }
  }
  return {
    path: local.path(name),
    get refused() {
      return refused
    },
    write(line, weight = 'now') {
      if (failed) return
      if (isFull && weight !== 'always') return
      waiting.push(line)
      // A process that ends without a word writes what is held back, too: hence it is opened with the first line.
      if (weight !== 'later' || waiting.length > held || file === undefined) flush()
      if (isFull || written <= most) return
      isFull = true
      waiting.push(() => {
        const {time, run, operation, at} = line()
        return {time, run, level: 'warn', operation, event: 'log.full', at, bytes: most}
      })
    },
    close() {
      flush()
      if (file !== undefined) {
        closeSync(file)
        process.removeListener('exit', flush)
        if (written > large) shrink(workspaceRoot, local)
      }
      file = undefined
      failed = true
    },
  }
}

function textOf(line: () => Record<string, unknown>): string {
  try {
    return `${JSON.stringify(line())}\n`
  } catch {
    // A getter that throws, say; the command goes on.
    return ''
  }
}

/** Removes the oldest logs, and nothing else. Their names begin with the date, so that one listing tells all. */
function rotate(root: string, local: Local, now: Date): void {
  const logs = listLogs(root)
  const oldest = new Date(now.getTime() - keep.days * 86_400_000).toISOString().slice(0, 10)
  // One is about to be added.
  const surplus = logs.length - keep.files + 1
  for (const [at, log] of logs.entries()) {
    if (at >= surplus && log.date >= oldest) return
    remove(local, log)
  }
}

/** Removes the oldest logs where all of them are too much; the last one stays. */
function shrink(root: string, local: Local): void {
  let bytes = 0
  for (const [at, log] of listLogs(root).reverse().entries()) {
    bytes += sizeOf(local.path(log.name))
    if (at > 0 && bytes > keep.bytes) remove(local, log)
  }
}

function sizeOf(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0
}

function remove(local: Local, {name}: LogName): void {
  try {
    local.remove(name)
  } catch {
    // Another run has removed it.
  }
}
