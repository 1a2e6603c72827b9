import {visible} from '../text/index.js'
import type {LoggedCommit} from './log.js'

/** The trailers of pmpc's commits, and what their values are. Plain Git understands them: `git log --format='%(trailers:key=Pmpc-Run)'`. */
const trailerKeys = {
  run: 'Pmpc-Run',
  cluster: 'Pmpc-Cluster',
  command: 'Pmpc-Command',
  /** `alice@pve`, or `unknown`; one a user, so that Git counts by it. */
  changedBy: 'Pmpc-Changed-By',
  /** What happened to an object in its cluster: a {@link Deed}; `*` where there are more, or where nobody can tell. */
  change: 'Pmpc-Change',
  /** Objects, of a sync. */
  added: 'Pmpc-Added',
  changed: 'Pmpc-Changed',
  removed: 'Pmpc-Removed',
  stale: 'Pmpc-Stale',
  /** `vm/100`, or `vm/100 description` of a key: what a rule leaves out from this commit on; `vm/*`, where it is all of a kind. */
  ignored: 'Pmpc-Ignored',
  /** The same of what is read from this commit on, and was there before. */
  read: 'Pmpc-Read',
  /** Items that are open after it. */
  drift: 'Pmpc-Drift',
  conflicts: 'Pmpc-Conflicts',
  /** What was decided: a {@link Deed}; before it was how many items. */
  accepted: 'Pmpc-Accepted',
  rejected: 'Pmpc-Rejected',
  /** Digest of the plan that was carried out. */
  plan: 'Pmpc-Plan',
  /** What came of an object: `vm/100 config.memory,config.cores done UPID`. */
  applied: 'Pmpc-Applied',
} as const

export type TrailerKey = keyof typeof trailerKeys

/**
 * A commit message: a line of what was done, more for people, and trailers for programs in the order given. Whatever a cluster calls its
 * objects, each of these stays one line: no name makes a trailer, ends the message or steers the terminal of who reads it.
 */
export function commitMessage(subject: string, lines: string[], trailers: [TrailerKey, string | number][]): string {
  const body = lines.length > 0 ? ['', ...lines] : []
  const told = [subject, ...body, '', ...trailers.map(([key, value]) => `${trailerKeys[key]}: ${value}`)]
  return [...told.map(visible), ''].join('\n')
}

/** The values of one of pmpc's trailers in a commit. */
export function trailersOf({trailers}: Pick<LoggedCommit, 'trailers'>, key: TrailerKey): string[] {
  return trailers.filter((trailer) => isKey(trailer.key, trailerKeys[key])).map(({value}) => value)
}

/** What was done to one object, and by whom as far as Proxmox VE tells. */
export interface Deed {
  /** `vm/100`; with its cluster in front where a commit is about several. */
  object: string
  /** Names of fields, or what happened to the object as a whole. */
  what: Whole | readonly string[]
  /** `alice@pve`, `alice@pve!token`; null: nobody knows. */
  user: string | null
  /** ISO 8601 in UTC. */
  at?: string
  /** The task that did it. */
  upid?: string
}

export type Whole = (typeof wholes)[number]
const wholes = ['added', 'removed', 'replaced'] as const

/** What a commit tells of objects. */
export interface Deeds {
  deeds: Deed[]
  /** There are more than it tells. */
  isCut: boolean
}

type DeedKey = 'change' | 'accepted' | 'rejected'

/** Who stands for whom nobody knows, and what for the rest. */
const [unknown, rest] = ['unknown', '*']
/** How many lines of one key a commit has, and how many fields one of them. */
const [mostLines, mostFields] = [200, 50]

/**
 * Deeds as trailers: `vm/100 config.memory,config.cores alice@pve 2026-11-28T10:02:11Z UPID`, words with a blank between, of which no word holds any;
 * undefined: there are some, and nobody knows which.
 * @param isCut there are more than these
 */
export function deedTrailers(key: DeedKey, deeds: readonly Deed[] | undefined, isCut = false): [TrailerKey, string][] {
  const lines = (deeds ?? []).slice(0, mostLines).map(deedText)
  return [...lines, ...(!deeds || isCut || deeds.length > mostLines ? [rest] : [])].map((line) => [key, line])
}

function deedText({object, what, user, at, upid}: Deed): string {
  const isCut = typeof what !== 'string' && what.length > mostFields
  const fields =
    typeof what === 'string' ? [what] : [...what.slice(0, mostFields).map(asWord), ...(isCut ? [rest] : [])]
  return [asWord(object), fields.join(','), user ?? unknown, at ?? (upid && '-'), upid].filter(Boolean).join(' ')
}

/** What a commit tells; also one of before, whose `Pmpc-Changed-By` named an object each and no fields. */
export function deedsOf(commit: Pick<LoggedCommit, 'trailers'>, key: DeedKey): Deeds {
  const lines = trailersOf(commit, key)
  const deeds = lines.map((line) => readDeed(line.split(' '))).filter((deed) => deed !== undefined)
  if (key !== 'change' || lines.length > 0) return {deeds, isCut: lines.includes(rest)}
  const before = trailersOf(commit, 'changedBy').map((line) => line.split(' '))
  const named = before.map(([user, object, upid]) => readDeed([object ?? '', '', user!, '-', upid]))
  return {deeds: named.filter((deed) => deed !== undefined), isCut: false}
}

function readDeed([object, fields = '', user = unknown, at = '-', upid]: (string | undefined)[]): Deed | undefined {
  if (!object?.includes('/')) return undefined
  const whole = wholes.find((word) => word === fields)
  const what =
    whole ??
    fields
      .split(',')
      .filter((field) => field !== '' && field !== rest)
      .map(fromWord)
  const deed: Deed = {object: fromWord(object), what, user: user === unknown ? null : user}
  if (at !== '-') deed.at = at
  if (upid) deed.upid = upid
  return deed
}

/** What came of an object that a plan was carried out for. */
export interface Applied {
  /** `vm/100` */
  object: string
  /** The fields that were wished; `removed`: it was to go. */
  what: 'removed' | readonly string[]
  how: string
  upids: readonly string[]
}

/** As {@link deedTrailers}: `vm/100 config.memory,config.cores done UPID,UPID`. */
export function appliedTrailers(applied: readonly Applied[]): [TrailerKey, string][] {
  const lines = applied.slice(0, mostLines).map(({object, what, how, upids}) => {
    const fields = typeof what === 'string' ? what : what.slice(0, mostFields).map(asWord).join(',') || rest
    return [asWord(object), fields, how, upids.join(',')].join(' ').trimEnd()
  })
  return [...lines, ...(applied.length > mostLines ? [rest] : [])].map((line) => ['applied', line])
}

/** What a commit tells of a plan that was carried out; of more than 200 objects, or 50 fields of one, it does not tell all. */
export function appliedIn(commit: Pick<LoggedCommit, 'trailers'>): Applied[] {
  return trailersOf(commit, 'applied').flatMap((line) => {
    const [object, fields = '', how, upids = ''] = line.split(' ')
    if (object === undefined || how === undefined) return []
    const what =
      fields === 'removed'
        ? fields
        : fields
            .split(',')
            .filter((field) => field !== rest)
            .map(fromWord)
    return [{object: fromWord(object), what, how, upids: upids.split(',').filter((upid) => upid !== '')}]
  })
}

/** Blanks and commas stand as JSON writes them: in the name of a field they are within quotes, so that it stays one. */
function asWord(text: string): string {
  return text.replaceAll(' ', '\\u0020').replaceAll(',', '\\u002c')
}

function fromWord(word: string): string {
  return word.replaceAll(/\\(?:u0020|u002c|.)/g, (escaped) =>
    escaped === '\\u0020' ? ' ' : escaped === '\\u002c' ? ',' : escaped,
  )
}

/** The users of deeds as trailers, one each, sorted; `unknown` where nobody is named for one of them. */
export function userTrailers(deeds: readonly Deed[]): [TrailerKey, string][] {
  const users = new Set(deeds.map(({user}) => user ?? unknown))
  return [...users].sort().map((user) => ['changedBy', user])
}

/** All trailers that begin with `Pmpc-`, by their keys as written. */
export function pmpcTrailers({trailers}: Pick<LoggedCommit, 'trailers'>): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const {key, value} of trailers) if (/^pmpc-/i.test(key)) (found[key] ??= []).push(value)
  return found
}

/** Git compares keys of trailers without their case. */
function isKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
