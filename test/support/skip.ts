import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import path from 'node:path'
import type {Context} from 'mocha'
import {checkout} from './pmpc.js'

/**
 * Skips a test, or all of a suite from its `before`, and prints the first reason there is; goes on where there is none. The one way to skip
 * (lint): nobody may take what was not tested for tested.
 */
export function skipFor(test: Context, ...reasons: (string | false | undefined)[]): void {
  const reason = reasons.find((each) => typeof each === 'string')
  if (reason === undefined) return
  // Files run side by side, and what they print in between: the title says whose reason this is.
  console.log(`      skipped: ${test.test?.fullTitle() ?? 'a test'}: ${reason}`)
  test.skip()
}

/** Why it cannot be tested here what happens where something may not be read or written; undefined where it can. */
export function asRoot(): string | undefined {
  return process.getuid?.() === 0 ? 'root may read and write everything' : undefined
}

/** Why Git cannot be asked about the files of pmpc itself; undefined where it can. */
export function noCheckout(): string | undefined {
  return existsSync(path.join(checkout, '.git')) ? undefined : 'this is no checkout of Git'
}

/** Why nothing can be signed here; undefined where it can. */
export function noSshKeygen(): string | undefined {
  return spawnSync('ssh-keygen', ['-?']).error ? 'there is no ssh-keygen' : undefined
}
