import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {readGit} from 'pmpc/kit/git'
import type {Change} from './write.js'

/** Changes as `git diff` tells them; empty where there is none. */
export async function differences(changes: readonly Change[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pmpc-iac-'))
  try {
    for (const [side, of] of [
      ['a', 'before'],
      ['b', 'after'],
    ] as const)
      for (const change of changes) {
        const file = join(folder, side, change.path)
        mkdirSync(dirname(file), {recursive: true})
        const text = change[of]
        if (text !== null) writeFileSync(file, text)
      }
    const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--no-prefix', 'a', 'b']
    // It ends with 1 where there is a difference.
    const {stdout} = await readGit(folder, args, {accept: [0, 1]})
    return stdout.toString('utf8').trimEnd()
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
