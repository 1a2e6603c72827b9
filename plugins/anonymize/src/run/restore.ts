import {resolve} from 'node:path'
import type {Caller} from 'pmpc/kit/runs'
import {outputError} from '../errors.js'
import {working} from './anonymize.js'
import {openInput} from './input.js'
import {rewriteAll, type LeftOut} from './passes.js'
import {requireStore, restoring, type Where} from './session.js'
import {checkTarget, fileTarget, folderTarget, outputTarget} from './target.js'

/** What was restored. */
export interface Restored {
  files: {from: string; to: string | null; bytes: number}[]
  map: string | null
  leftOut: LeftOut[]
}

/** What is restored tells everything again: it is for its owner alone. */
const OWN = {mode: 0o600}

/** Turns the pseudonyms of a text, or of anything that can be anonymized, back into what they stand for. */
export async function restore(
  {input: typed, out, ...where}: Where & {input: string; out?: string | undefined},
  caller: Caller,
  print: (bytes: Buffer) => Promise<void>,
): Promise<Restored> {
  const store = await requireStore(where, caller)
  const input = await openInput(typed, where.folder)
  if (out !== undefined) checkTarget(input, resolve(where.folder, out), out)
  else if (input.isFolder) throw outputError('a folder needs a place to go to', ['pmpc anonymize restore DIR -o OUT'])
  return working(input, `Restoring ${typed}`, caller, async (passing) => {
    const treatment = restoring(store.pairs)
    const path = resolve(where.folder, out ?? '')
    const target =
      out === undefined
        ? outputTarget(print)
        : input.isFolder
          ? folderTarget(path, out, input.folders.map(treatment.path), OWN)
          : fileTarget(path, out, OWN)
    try {
      const {files, leftOut} = await rewriteAll(input, target, {...passing, treatment, found: () => 0})
      await target.commit()
      return {files: files.map(({from, to, bytes}) => ({from, to, bytes})), map: store.path, leftOut}
    } finally {
      target.abort()
    }
  })
}
