import {closeSync, writeSync} from 'node:fs'
import {isPmpcError, type PmpcError} from '../errors/index.js'
import {localOf, type Local} from '../files/local.js'
import {LOGS} from '../files/names.js'

/** How many logs are kept, and for how many days; whichever is less. */
const keep = {files: 200, days: 30}

/** The file one run writes its lines to. Never throws: a log that cannot be written is no reason to fail. */
export interface LogFile {
  readonly path: string
  /** Why there is no log, where it could be written and must not be. */
  readonly refused: PmpcError | undefined
  write(line: Record<string, unknown>): void
  close(): void
}

/**
 * Opens the log of a run in `.pmpc/local/logs`, on the first line only, and only inside a workspace. Lines are appended at once,
 * so that they outlive a crash; the file is for its owner alone (0600).
 */
export function openLog(workspaceRoot: string, id: string, now = new Date()): LogFile {
  const local = localOf(workspaceRoot)
  const name = `${LOGS}/${now.toISOString().slice(0, 10)}-${id}.jsonl`
  let file: number | undefined
  let failed = false
  let refused: PmpcError | undefined
  const open = (): number => {
    rotate(local, now)
    return local.create(name)
  }
  return {
    path: local.path(name),
    get refused() {
      return refused
    },
    write(line) {
      if (failed) return
      try {
        file ??= open()
        writeSync(file, `${JSON.stringify(line)}\n`)
      } catch (error) {
        failed = true
        if (isPmpcError(error)) refused = error
      }
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
      failed = true
    },
  }
}

/** Removes the oldest logs, and nothing else. Their names begin with the date, so that one listing tells all. */
function rotate(local: Local, now: Date): void {
  const names = local
    .list(LOGS)
    .filter((entry) => entry.isFile() && logName.test(entry.name))
    .map(({name}) => name)
    .sort()
  const oldest = new Date(now.getTime() - keep.days * 86_400_000).toISOString().slice(0, 10)
  // One is about to be added.
  const surplus = names.length - keep.files + 1
  for (const [at, name] of names.entries()) {
    if (at >= surplus && name.slice(0, 10) >= oldest) return
    remove(local, name)
  }
}

const logName = /^\d{4}-\d\d-\d\d-[0-9a-z]+\.jsonl$/

function remove(local: Local, name: string): void {
  try {
    local.remove(`${LOGS}/${name}`)
  } catch {
    // Another run has removed it.
  }
}
