import {textOf, type ByteString, type Known} from 'pmpc/kit/anonymize'
import type {Caller} from 'pmpc/kit/runs'
import {lookThrough, orLeftOut, rewriteSource} from '../content/entries.js'
import {formatOf} from '../content/formats.js'
import type {Look, Pass, Place, Rewriting, Seen, Treatment} from '../content/model.js'
import {placesOf} from '../content/places.js'
import {formOf, HEAD} from '../content/sniff.js'
import {headOf} from '../content/source.js'
import {leftError} from '../errors.js'
import type {Input, InputFile} from './input.js'
import type {Target} from './target.js'

/** What is not handed out. */
export interface LeftOut {
  /** As it is told to people, with what it tells rewritten. */
  name: string
  why: string
}

/** What became of one file. */
export interface MadeFile {
  from: string
  /** null: standard output. */
  to: string | null
  bytes: number
  found: number
}

/** A pass of a run. */
export interface Passing {
  caller: Caller
  /** Told of how many bytes were read. */
  read(bytes: number): void
}

const passOf = ({caller, read}: Passing): Pass => ({
  signal: caller.signal ?? new AbortController().signal,
  depth: 0,
  formatOf,
  shown: () => 'a part of it',
  leaveOut: () => undefined,
  read,
})

/** Names that states and histories among the files tell by themselves. */
export async function harvest(input: Input, passing: Passing): Promise<Known[]> {
  const known: Known[] = []
  const look: Look = {...passOf(passing), known: (names) => known.push(...names)}
  if (!input.once)
    for (const file of input.files)
      if (await isPacked(file)) await each(input, file, look, async () => lookThrough(file.source, look))
  return known
}

async function isPacked({source}: InputFile): Promise<boolean> {
  const {form} = formOf(await headOf(source, HEAD))
  return form !== 'text' && form !== 'binary'
}

/** Shows all texts of the files. @param shown how an entry of an archive is called */
export async function lookAt(
  input: Input,
  passing: Passing,
  text: (text: ByteString, at: Seen) => void,
  shown: (name: ByteString) => string = () => 'a part of it',
): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = input.leftOut.map(({name, why}) => ({name: shown(name), why}))
  const look: Look = {...passOf(passing), shown, text, leaveOut: (name, why) => void leftOut.push({name, why})}
  for (const file of input.files) await each(input, file, look, async () => lookThrough(file.source, look))
  return leftOut
}

/** Rewrites all files into a target. @param found how much was found by now */
export async function rewriteAll(
  input: Input,
  target: Target,
  {treatment, found, ...passing}: Passing & {treatment: Treatment; found: () => number},
): Promise<{files: MadeFile[]; leftOut: LeftOut[]}> {
  const shown = (name: ByteString) => textOf(treatment.path(name))
  const leftOut: LeftOut[] = input.leftOut.map(({name, why}) => ({name: shown(name), why}))
  const left: Place[] = []
  const rewriting: Rewriting = {
    ...passOf(passing),
    shown,
    treatment,
    left: (places) => void left.push(...places),
    leaveOut: (name, why) => void leftOut.push({name, why}),
  }
  const files: MadeFile[] = []
  for (const file of input.files) {
    const before = found()
    const to = target.begin(treatment.path(file.path))
    let bytes = 0
    const made = await each(input, file, rewriting, async () => {
      await rewriteSource(file.source, rewriting, async (part) => {
        // What is there still is not even written beside its place.
        if (left.length > 0) throw leftError(left[0]!.file, left)
        bytes += part.length
        await target.write(part)
      })
      return true
    })
    if (left.length > 0) throw leftError(left[0]!.file, left)
    if (made) files.push({from: file.source.name, to, bytes, found: found() - before})
    else target.drop()
  }
  if (input.isFolder) requireCleanNames(input, treatment)
  return {files, leftOut}
}

/** Names of files tell as much as what is in them. */
function requireCleanNames({files, folders}: Input, treatment: Treatment): void {
  const names = [...folders, ...files.map(({path}) => path)].map((path) => `${treatment.path(path)}\n`).join('')
  const left = placesOf(names, treatment.left(names), {file: 'a name of a file', line: 0, column: 0})
  if (left.length > 0) throw leftError('a name of a file', left)
}

/** In a folder, what cannot be looked through is left out; what was named by itself is refused. */
async function each<T>(input: Input, file: InputFile, pass: Pass, work: () => Promise<T>): Promise<T | undefined> {
  return input.isFolder ? orLeftOut(pass, pass.shown(file.path), work) : work()
}
