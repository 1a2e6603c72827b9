import {bytesOf, textOf, type AnonymizedFiles, type HandedFile} from 'pmpc/kit/anonymize'
import type {Caller} from 'pmpc/kit/runs'
import {bytesSource} from '../content/source.js'
import {working} from './anonymize.js'
import type {Input} from './input.js'
import {lookAt, harvest, rewriteAll} from './passes.js'
import {openSession} from './session.js'
import type {Target} from './target.js'

/**
 * Anonymizes files of another plugin's, in the memory, by the rules and with the map of the workspace. What was made is looked at again.
 * @param folder the workspace's
 * @throws PMPC_ANONYMIZE_LEFT and others of docs/errors.md; nothing is handed out then
 */
export async function anonymizeHanded(
  files: readonly HandedFile[],
  folder: string,
  caller: Caller,
): Promise<AnonymizedFiles> {
  const input: Input = {
    isFolder: true,
    files: files.map(({name, bytes}) => ({path: bytesOf(name), source: bytesSource(name, Buffer.from(bytes))})),
    folders: [],
    leftOut: [],
    once: false,
  }
  return working(input, 'Anonymizing', caller, async (passing) => {
    const known = await harvest(input, passing)
    const {anonymizer, treatment, store} = await openSession({folder}, known, {keep: true, strict: false}, caller)
    await lookAt(input, passing, (text) => anonymizer.learn(text))
    const target = memoryTarget()
    const found = () => anonymizer.counts().reduce((sum, count) => sum + count.found, 0)
    const {leftOut} = await rewriteAll(input, target, {...passing, treatment, found})
    await store.save(anonymizer.pairs())
    return {files: target.files(), counts: anonymizer.counts(), leftOut, map: store.path}
  })
}

/** Keeps what is made. */
function memoryTarget(): Target & {files(): HandedFile[]} {
  const made: {name: string; parts: Buffer[]}[] = []
  return {
    begin(path) {
      made.push({name: textOf(path), parts: []})
      return null
    },
    write: async (bytes) => void made.at(-1)!.parts.push(Buffer.from(bytes)),
    drop: () => void made.pop(),
    commit: async () => undefined,
    abort: () => void made.splice(0),
    files: () => made.map(({name, parts}) => ({name, bytes: Buffer.concat(parts)})),
  }
}
