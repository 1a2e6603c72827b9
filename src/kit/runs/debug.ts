import {existsSync} from 'node:fs'
import {localOf, noteJson, recallJson} from '../files/local.js'

/** The note of a clone in which somebody looks for a fault, below the local folder. */
const NOTE = 'debug.json'

/** What is noted: since when. */
interface DebugNote {
  /** ISO 8601. */
  since: string
}

const isNote = (found: unknown): found is DebugNote =>
  typeof found === 'object' && found !== null && 'since' in found && typeof found.since === 'string'

/** Since when more is logged in this clone, in ISO 8601; undefined where it is not. Never throws. */
export function debugSince(root: string): string | undefined {
  // Nearly always there is none, and looking for one properly would cost each command more.
  if (!existsSync(localOf(root).path(NOTE))) return undefined
  try {
    return recallJson(root, NOTE, isNote)?.since
  } catch {
    return undefined
  }
}

/** Has more logged in this clone, or no more. @throws what the file system says */
export function setDebug(root: string, isOn: boolean): void {
  const local = localOf(root)
  if (isOn) local.replace(NOTE, `${JSON.stringify({since: new Date().toISOString()} satisfies DebugNote)}\n`)
  else if (existsSync(local.path(NOTE))) local.remove(NOTE)
}

/** What became of the last export that failed, below the local folder. */
const FAILED = 'export-failed.json'

/** An export that did not reach its collector. */
export interface FailedExport {
  time: string
  endpoint: string
  why: string
}

/** Notes that an export failed, or (undefined) that one succeeded. Never throws. */
export function noteExport(root: string, failed: FailedExport | undefined): void {
  if (failed) noteJson(root, FAILED, () => failed)
  else if (existsSync(localOf(root).path(FAILED))) forget(root)
}

function forget(root: string): void {
  try {
    localOf(root).remove(FAILED)
  } catch {
    // Another run has removed it.
  }
}

/** The last export, where it failed. */
export function failedExport(root: string): FailedExport | undefined {
  return recallJson(root, FAILED, (found): found is FailedExport => typeof found === 'object' && found !== null)
}
