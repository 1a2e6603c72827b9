import {resolve} from 'node:path'
import {textOf, type Count, type Find} from 'pmpc/kit/anonymize'
import {step, type Caller, type StepReport} from 'pmpc/kit/runs'
import type {Place, Seen} from '../content/model.js'
import {placesOf} from '../content/places.js'
import {outputError} from '../errors.js'
import {openInput, type Input} from './input.js'
import {harvest, lookAt, rewriteAll, type LeftOut, type MadeFile, type Passing} from './passes.js'
import {openSession, type Session, type Where} from './session.js'
import {checkTarget, fileTarget, folderTarget, outputTarget, type Target} from './target.js'

/** What is to be anonymized, and where it goes. */
export interface Wanted extends Where {
  /** A file, a folder, `-`, `logs` or `state`. */
  input: string
  /** Absent: standard output. */
  out?: string | undefined
  strict: boolean
}

/** What was done, or would be. */
export interface Anonymized {
  files: MadeFile[]
  counts: Count[]
  /** Where the map is that restores; null: nobody can. */
  map: string | null
  leftOut: LeftOut[]
}

/** What would be replaced. */
export interface Marked extends Anonymized {
  places: MarkedPlace[]
}

/** Where something would be replaced; with its line as it would be then, where that was asked for. */
export interface MarkedPlace extends Place {
  after?: string
}

/**
 * Anonymizes: looks through everything first, so that what one file names is found in all others, then rewrites, looks again, and only
 * then puts in place what was made.
 * @param print writes to standard output
 * @throws PMPC_ANONYMIZE_LEFT and others of docs/errors.md; nothing is left behind then
 */
export async function anonymize(
  wanted: Wanted,
  caller: Caller,
  print: (bytes: Buffer) => Promise<void>,
): Promise<Anonymized> {
  const input = await openInput(wanted.input, wanted.folder)
  checkOut(input, wanted)
  return working(input, `Anonymizing ${wanted.input}`, caller, async (passing) => {
    const session = await learnt(wanted, input, passing, true)
    const target = targetOf(input, wanted, session, print)
    try {
      const {treatment, anonymizer, store} = session
      const found = () => anonymizer.counts().reduce((sum, count) => sum + count.found, 0)
      const learning = {...treatment, rewrite: (text: string) => (anonymizer.learn(text), treatment.rewrite(text))}
      const made = await rewriteAll(input, target, {...passing, treatment: input.once ? learning : treatment, found})
      await store.save(anonymizer.pairs())
      await target.commit()
      return {...made, counts: anonymizer.counts(), map: store.path}
    } finally {
      target.abort()
    }
  })
}

/** Tells what would be replaced, and writes nothing. @param lines whether lines are told as well */
export async function mark(wanted: Wanted, lines: boolean, caller: Caller): Promise<Marked> {
  const input = await openInput(wanted.input, wanted.folder)
  return working(input, `Looking through ${wanted.input}`, caller, async (passing) => {
    const {anonymizer, treatment, store} = await learnt(wanted, input, passing, false)
    const places: MarkedPlace[] = []
    const different = new Map<string, Set<string>>()
    const found = new Map<string, number>()
    const see = (text: string, at: Seen): void => {
      if (input.once) anonymizer.learn(text)
      const finds = anonymizer.find(text)
      const told = placesOf(text, finds, at)
      for (const {start, end, kind} of finds)
        different.set(kind, (different.get(kind) ?? new Set()).add(text.slice(start, end).toLowerCase()))
      for (const [index, place] of told.entries())
        places.push(lines ? {...place, after: lineAfter(text, finds, index, treatment.rewrite)} : place)
      found.set(at.file, (found.get(at.file) ?? 0) + told.length)
    }
    const shown = (name: string) => textOf(treatment.path(name))
    const leftOut = await lookAt(input, passing, see, shown)
    const files = input.files.map(({source: {name, size}}) => ({
      from: name,
      to: null,
      bytes: size ?? 0,
      found: found.get(name) ?? 0,
    }))
    return {files, counts: countsOf(places, different), map: store.path, leftOut, places}
  })
}

/** A session that has seen all there is. */
async function learnt(wanted: Wanted, input: Input, passing: Passing, keep: boolean): Promise<Session> {
  const known = await harvest(input, passing)
  const session = await openSession(wanted, known, {keep, strict: wanted.strict}, passing.caller)
  if (!input.once) await lookAt(input, passing, (text) => session.anonymizer.learn(text))
  return session
}

function checkOut(input: Input, {out, folder}: Wanted): void {
  if (out !== undefined) checkTarget(input, resolve(folder, out), out)
  else if (input.isFolder) throw outputError('a folder needs a place to go to', ['pmpc anonymize DIR -o OUT'])
}

function targetOf(
  input: Input,
  {out, folder}: Wanted,
  {treatment}: Session,
  print: (bytes: Buffer) => Promise<void>,
): Target {
  if (out === undefined) return outputTarget(print)
  const path = resolve(folder, out)
  return input.isFolder ? folderTarget(path, out, input.folders.map(treatment.path)) : fileTarget(path, out)
}

/** Bytes that take longer than a moment: how far it is, is shown from there. */
const LONG = 8 * 2 ** 20

/** Runs it, with progress where it takes a while. */
export async function working<T>(
  input: Input,
  title: string,
  caller: Caller,
  work: (passing: Passing) => Promise<T>,
): Promise<T> {
  const total = input.files.reduce((sum, {source}) => sum + (source.size ?? 0), 0)
  const rewrite = async (report?: StepReport): Promise<T> => {
    let [bytes, told] = [0, 0]
    const read = (count: number): void => {
      bytes += count
      if (bytes - told < LONG) return
      told = bytes
      report?.detail(`${Math.floor(bytes / 2 ** 20)} MiB`)
    }
    return work({caller, read})
  }
  if (total < LONG && !input.once) return caller.run.phase('anonymize', rewrite)
  return step(caller, title, rewrite, 'anonymize')
}

/**
 * The line of a find as it will be. By itself it may not tell what it is, a line of a key say: where that would leave what is found, kinds
 * stand in the places of all finds.
 */
export function lineAfter(
  text: string,
  finds: readonly Find[],
  index: number,
  rewrite: (text: string) => string,
): string {
  const {start} = finds[index]!
  const begin = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', start)
  const end = next < 0 ? text.length : next
  let [first, last] = [index, index]
  while (first > 0 && finds[first - 1]!.end > begin) first--
  while (last + 1 < finds.length && finds[last + 1]!.start < end) last++
  const inside = finds.slice(first, last + 1)
  const after = rewrite(text.slice(begin, end))
  const values = inside.map((find) => text.slice(Math.max(begin, find.start), Math.min(end, find.end)))
  if (!values.some((value) => value !== '' && after.includes(value))) return after
  let [masked, at] = ['', begin]
  for (const find of inside) {
    masked += `${text.slice(at, Math.max(at, find.start))}[${find.kind}]`
    at = Math.min(end, find.end)
  }
  return masked + text.slice(at, end)
}

function countsOf(places: readonly Place[], different: ReadonlyMap<string, ReadonlySet<string>>): Count[] {
  const counts = new Map<Place['kind'], Count>()
  for (const {kind, confidence} of places) {
    const count = counts.get(kind) ?? {kind, found: 0, different: different.get(kind)?.size ?? 0, likely: 0}
    count.found++
    if (confidence === 'likely') count.likely++
    counts.set(kind, count)
  }
  return [...counts.values()]
}
