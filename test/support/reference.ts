// What is known of PVE: contracts, recordings, what its own code makes of values. Whole in a folder beside the checkout, or where
// PMPC_REFERENCE says; else the sample that scripts/reference-sample.mjs took of it. No other file of the tests may look for it (lint), so that
// .ci/run finds those that read it.
import {existsSync, readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {gunzipSync} from 'node:zlib'

const whole = path.join(process.env.PMPC_REFERENCE ?? path.join(import.meta.dirname, '../../../shared'), 'pve-api')
const sample = path.join(import.meta.dirname, '../fixtures/reference')

/** Whether all of the reference is at hand, and not a sample of it. */
export const isWhole = existsSync(whole)

const root = isWhole ? whole : sample

/** A file of the sample, or its folder. */
export const samplePath = (name = ''): string => path.join(sample, name)

/** A file or folder of the reference. @throws where there is none: what is not looked at must not pass */
export function referencePath(...parts: string[]): string {
  const at = path.join(root, ...parts)
  if (!existsSync(at)) throw new Error(`the reference has no ${parts.join('/')}: ${at}`)
  return at
}

/** How much there is at least: in all of the reference, and in the sample. */
export const least = (all: number, inSample: number): number => (isWhole ? all : inSample)

/** The text of PVE's description of its API, for one release; the sample's is packed, and without the words that only people read. */
export function contractText(release: '8.4' | '9.2'): string {
  const name = `pve-${release}.json`
  return isWhole
    ? readFileSync(referencePath(name), 'utf8')
    : gunzipSync(readFileSync(referencePath(`${name}.gz`))).toString()
}

/** The records of a file with one JSON value a line; the commas and brackets of an array written so are dropped. */
export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T)
}

/** All files of a folder of the reference that end so. */
export function filesIn(folderPath: string, ending: string): string[] {
  return readdirSync(folderPath)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(folderPath, name))
}
