import {localOf} from './local.js'
import {LOGS} from './names.js'

/** The log of a run, as a file below the local folder. */
export interface LogName {
  /** From the local folder. */
  name: string
  /** Of the run: it sorts by time. */
  id: string
  /** The day on which the run began, in UTC: `2026-11-30`. */
  date: string
}

const pattern = /^(\d{4}-\d\d-\d\d)-([0-9a-z]+)\.jsonl$/

/** What the log of a run is called, from the local folder. */
export function logNameOf(id: string, began: Date): string {
  return `${LOGS}/${began.toISOString().slice(0, 10)}-${id}.jsonl`
}

/** The logs that are there, the oldest first. What is not named as one is none. @throws PMPC_UNSAFE_PATH */
export function listLogs(root: string): LogName[] {
  return localOf(root)
    .list(LOGS)
    .flatMap((entry): LogName[] => {
      const [, date, id] = (entry.isFile() && pattern.exec(entry.name)) || []
      return date !== undefined && id !== undefined ? [{name: `${LOGS}/${entry.name}`, id, date}] : []
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The latest log whose run's id is, or begins with, a word of four letters at least. */
export function findLog(root: string, word: string): LogName | undefined {
  const wanted = word.toLowerCase()
  return wanted.length < 4 ? undefined : listLogs(root).findLast(({id}) => id.startsWith(wanted))
}

/** The lines of a log. A run that was killed may have left half of one, which is left out. */
export function logLines(text: string): Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => {
    try {
      const found: unknown = JSON.parse(line)
      return typeof found === 'object' && found !== null ? [found as Record<string, unknown>] : []
    } catch {
      return []
    }
  })
}
