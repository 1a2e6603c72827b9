import {readdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'

/** One recorded request with its answer; a line of a recording. */
export interface Exchange {
  seq: number
  method: string
  /** Without `/api2/json`, as sent or decoded. */
  path: string
  query: string | Record<string, unknown> | null
  /** What was form-encoded, or the raw text. */
  requestBody: Record<string, unknown> | string | null
  /** The body as sent, where it was kept. */
  rawBody?: string | null
  requestContentType?: string | null
  /** Who sent it: see the README of the recordings. */
  auth: string
  status: number
  reason: string
  contentType: string | null
  body: unknown
  note?: string
  /** Which client sent it, in recordings of other people's. */
  client?: string
}

/** Files of recordings: those named, and all `*.jsonl` of folders named, sorted. */
export async function recordingFiles(paths: string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) {
      files.push(path)
      continue
    }
    const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl')).sort()
    files.push(...names.map((name) => join(path, name)))
  }
  return files
}

/** Reads a recording: one exchange a line. @throws with file and line where one cannot be read */
export async function readRecording(file: string): Promise<Exchange[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as Exchange
    } catch (error) {
      throw new Error(`${file}:${index + 1}: ${(error as Error).message}`, {cause: error})
    }
  })
}
