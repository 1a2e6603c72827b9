import {existsSync, readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import type {Context} from 'mocha'

const folder = process.env.PMPC_REFERENCE ?? path.join(import.meta.dirname, '../../../shared')

/** A path inside the reference folder (contracts, recordings, oracle cases), or undefined where that is not at hand. */
export function referencePath(...parts: string[]): string | undefined {
  const at = path.join(folder, 'pve-api', ...parts)
  return existsSync(at) ? at : undefined
}

/** As {@link referencePath}, but skips the test with a message where the reference is not at hand. */
export function needReference(test: Context, ...parts: string[]): string {
  const at = referencePath(...parts)
  if (at !== undefined) return at
  const name = test.test?.title ?? 'test'
  console.log(`      skipped "${name}": no reference at ${folder} (set PMPC_REFERENCE)`)
  return test.skip()
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
