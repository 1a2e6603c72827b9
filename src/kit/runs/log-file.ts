import {closeSync, existsSync, mkdirSync, openSync, readdirSync, unlinkSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {LOGS, localFile} from '../files/names.js'

/** How many logs are kept, and for how many days; whichever is less. */
const keep = {files: 200, days: 30}

/** The file one run writes its lines to. Never throws: a log that cannot be written is no reason to fail. */
export interface LogFile {
  readonly path: string
  write(line: Record<string, unknown>): void
  close(): void
}

/**
 * Opens the log of a run in `.pmpc/local/logs`, on the first line only, and only inside a workspace. Lines are appended at once,
 * so that they outlive a crash; the file is for its owner alone (0600).
 */
export function openLog(workspaceRoot: string, id: string, now = new Date()): LogFile {
  const folder = localFile(workspaceRoot, LOGS)
  const path = join(folder, `${now.toISOString().slice(0, 10)}-${id}.jsonl`)
  let file: number | undefined
  let failed = false
  const open = (): number => {
    mkdirSync(folder, {recursive: true, mode: 0o700})
    rotate(folder, now)
    return openSync(path, 'a', 0o600)
  }
  return {
    path,
    write(line) {
      if (failed) return
      try {
        file ??= open()
        writeSync(file, `${JSON.stringify(line)}\n`)
      } catch {
        failed = true
      }
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
      failed = true
    },
  }
}

/** Removes the oldest logs. Their names begin with the date, so that one listing tells all. */
export function rotate(folder: string, now: Date): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}-\d\d-\d\d-[0-9a-z]+\.jsonl$/.test(name))
    .sort()
  const oldest = new Date(now.getTime() - keep.days * 86_400_000).toISOString().slice(0, 10)
  // One is about to be added.
  const surplus = names.length - keep.files + 1
  for (const [at, name] of names.entries()) {
    if (at >= surplus && name.slice(0, 10) >= oldest) return
    remove(join(folder, name))
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Another run has removed it.
  }
}
