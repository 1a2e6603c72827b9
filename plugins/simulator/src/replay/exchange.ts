import {readdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'

/** One recorded request with its answer; a line of a recording. */
export interface Exchange {
  /** File and line, for messages. */
  place: string
  seq: number
  method: string
  /** Without `/api2/json`, as sent or decoded. */
  path: string
  query: string | Record<string, unknown> | null
  /** What was form-encoded, or the raw text. */
  requestBody: Record<string, unknown> | string | null
  /** The body as sent, where it was kept. */
  rawBody: string | null
  requestContentType: string | null
  /** Who sent it: see the README of the recordings. */
  auth: string
  status: number
  reason: string
  contentType: string | null
  body: unknown
}

/** Files of recordings: those named, and all `*.jsonl` of folders named, sorted. @throws where a path does not exist or a folder holds none */
export async function recordingFiles(paths: string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined)
    if (!found) throw new Error(`${path}: no such file or folder`)
    if (!found.isDirectory()) {
      files.push(path)
      continue
    }
    const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl')).sort()
    if (names.length === 0) throw new Error(`${path}: the folder holds no recordings (*.jsonl)`)
    files.push(...names.map((name) => join(path, name)))
  }
  return files
}

/** What each field of a line has to be; all others are ignored. */
const fields: Record<string, {of: string[]; required?: true}> = {
  seq: {of: ['number']},
  method: {of: ['string'], required: true},
  path: {of: ['string'], required: true},
  query: {of: ['string', 'object']},
  requestBody: {of: ['string', 'object']},
  rawBody: {of: ['string']},
  requestContentType: {of: ['string']},
  auth: {of: ['string'], required: true},
  status: {of: ['number'], required: true},
  reason: {of: ['string'], required: true},
  contentType: {of: ['string']},
}

/** Reads a recording: one exchange a line. @throws with file and line where one cannot be read */
export async function readRecording(file: string): Promise<Exchange[]> {
  const lines = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/)
  const exchanges = lines.flatMap((line, index) => (line.trim() === '' ? [] : [readLine(line, `${file}:${index + 1}`)]))
  if (exchanges.length === 0) throw new Error(`${file}: holds no exchange`)
  return exchanges
}

function readLine(line: string, place: string): Exchange {
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, {cause: error})
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new Error(`${place}: not an exchange: ${line.slice(0, 60)}`)
  const values = entry as Record<string, unknown>
  for (const [key, {of, required}] of Object.entries(fields)) {
    const value = values[key] ?? null
    if (value === null ? required : !of.includes(typeof value))
      throw new Error(`${place}: '${key}' has to be a ${of.join(' or ')}`)
  }
  const empty = {query: null, requestBody: null, rawBody: null, requestContentType: null, contentType: null, body: null}
  return {seq: Number(place.slice(place.lastIndexOf(':') + 1)), ...empty, ...values, place} as Exchange
}
