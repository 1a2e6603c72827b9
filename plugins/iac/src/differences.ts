import {readGit} from 'pmpc/kit/git'
import {inScratch, writeScratch} from './files.js'
import type {Change} from './write.js'

/** Changes as `git diff` tells them; empty where there is none. */
export async function differences(changes: readonly Change[]): Promise<string> {
  return inScratch(async (folder) => {
    for (const {path, before, after} of changes) {
      if (before !== null) writeScratch(folder, `a/${path}`, before)
      if (after !== null) writeScratch(folder, `b/${path}`, after)
    }
    // Both sides are there, whichever has no file.
    for (const side of ['a', 'b']) writeScratch(folder, `${side}/.side`, '')
    const words = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--no-prefix', 'a', 'b']
    // Without an index it says by 1 that there are differences.
    const {stdout} = await readGit(folder, words, {accept: [0, 1]})
    return stdout.toString('utf8').trimEnd()
  })
}
