import {canonicalJson, mergeStates} from '../../../../src/kit/state/index.js'
import {declaredDocument, observedDocument, present} from '../../../../src/kit/reconcile/documents.js'
import {digestOf, getField} from '../../../../src/kit/reconcile/fields.js'
import type {Document} from '../../../../src/kit/reconcile/fields.js'
import {equalValues, formatRef, isMap} from '../../../../src/kit/resources/index.js'
import type {Declared, ObjectRef, Observed} from '../../../../src/kit/resources/index.js'
import type {History} from '../../../../src/kit/reconcile/agreement.js'
import {mergeLines, union} from './text.js'

/** A workspace as it is committed. */
export interface Tree {
  /** H by `formatRef`. */
  infra: Record<string, Declared>
  /** S by `formatRef`; undefined: no state is committed. */
  state: Record<string, Observed> | undefined
  /** Lines of `.pmpc/agreed.yaml`; undefined: a workspace of before. */
  agreed: string[] | undefined
  /** Open items of a workspace of before, as JSON. */
  legacy: string[]
}

export interface Commit {
  id: number
  parents: Commit[]
  tree: Tree
  kind: string
  /** What people and syncs did up to here, by number. */
  events: ReadonlySet<number>
  /** What this commit itself did. */
  own: number[]
}

let ids = 0
export function commit(
  parents: Commit[],
  tree: Tree,
  own: number[],
  kind: string,
  inherited?: Iterable<number>,
): Commit {
  const events = new Set([...(inherited ?? parents.flatMap((parent) => [...parent.events])), ...own])
  return {id: ids++, parents, tree, kind, events, own}
}

export function ancestors(of: Commit): Map<number, Commit> {
  const found = new Map<number, Commit>()
  const queue = [of]
  for (let at = queue.pop(); at; at = queue.pop()) {
    if (found.has(at.id)) continue
    found.set(at.id, at)
    queue.push(...at.parents)
  }
  return found
}

/** A best common ancestor: ids grow with time. */
export function mergeBase(a: Commit, b: Commit): Commit {
  const mine = ancestors(a)
  return [...ancestors(b).values()].filter(({id}) => mine.has(id)).sort((x, y) => y.id - x.id)[0]!
}

/** How people settle what Git cannot. */
export interface Hands {
  /** Which side of a conflict in a manifest, or of one in a state. */
  side: 'ours' | 'theirs'
  /** Without pmpc's drivers the state is one file, and a conflict as a whole. */
  hasDrivers: boolean
}

/** Merges three trees; `conflict` tells whether a person had to help. */
export function mergeTrees(base: Tree, ours: Tree, theirs: Tree, hands: Hands): {tree: Tree; conflict: boolean} {
  const infra = mergeValues(base.infra, ours.infra, theirs.infra, hands) as Sided<Tree['infra']>
  const state = mergeState([base.state, ours.state, theirs.state], hands)
  return {
    tree: {
      infra: infra.merged,
      state: state.merged,
      agreed: mergeFile(base.agreed, ours.agreed, theirs.agreed),
      legacy: mergeFile(base.legacy, ours.legacy, theirs.legacy) ?? [],
    },
    conflict: infra.conflict || state.conflict,
  }
}

interface Sided<T> {
  merged: T
  conflict: boolean
}

/**
 * Manifests have a line a value: what one side changed is taken; where both did, or one took out what the other changed, people take one
 * side. Where Git asks about neighbouring lines, too, they settle it value by value.
 */
export function mergeValues(base: unknown, ours: unknown, theirs: unknown, hands: Hands): Sided<unknown> {
  if (equalValues(ours, theirs) || equalValues(theirs, base)) return {merged: ours, conflict: false}
  if (equalValues(ours, base)) return {merged: theirs, conflict: false}
  if (isRows(ours) && isRows(theirs)) return mergeRows(isRows(base) ? base : [], ours, theirs, hands)
  if (Array.isArray(ours) && Array.isArray(theirs)) return {merged: mergeSets(base, ours, theirs), conflict: true}
  if (!isMap(ours) || !isMap(theirs)) return {merged: hands.side === 'ours' ? ours : theirs, conflict: true}
  const sides = [isMap(base) ? base : {}, ours, theirs] as Record<string, unknown>[]
  const merged: Record<string, unknown> = {}
  let conflict = false
  for (const key of names(...sides)) {
    const [was, mine, others] = sides.map((side) => side[key])
    const value = mergeValues(was, mine, others, hands)
    conflict ||= value.conflict
    if (value.merged !== undefined) merged[key] = value.merged
  }
  return {merged, conflict}
}

function isRows(value: unknown): value is object[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === 'object')
}

/** Rows have a line each. */
function mergeRows(base: object[], ours: object[], theirs: object[], {side}: Hands): Sided<unknown> {
  let conflict = false
  const [was, mine, others] = [base, ours, theirs].map((rows) => rows.map((row) => JSON.stringify(row)))
  const lines = mergeLines(was!, mine!, others!, (one, other) => {
    conflict = true
    return side === 'ours' ? one : other
  })
  const rows = lines.map((line) => JSON.parse(line) as object)
  return {merged: rows.length > 0 ? rows : undefined, conflict}
}

/** A set stands on one line: Git asks, and people take what either side added or took out. */
function mergeSets(base: unknown, ours: unknown[], theirs: unknown[]): unknown[] {
  const was = Array.isArray(base) ? (base as unknown[]) : []
  const isIn = (element: unknown) => (was.includes(element) ? ours.includes(element) && theirs.includes(element) : true)
  return [...new Set([...ours, ...theirs])].filter(isIn).sort()
}

/** Git's own union, or people who keep both sides. */
function mergeFile(base?: string[], ours?: string[], theirs?: string[]): string[] | undefined {
  if (!ours || !theirs) return ours ?? theirs
  return mergeLines(base ?? [], ours, theirs, union)
}

type State = Tree['state']

function mergeState([base, ours, theirs]: State[], {side, hasDrivers}: Hands): Sided<State> {
  if (!ours || !theirs || ours === theirs) return {merged: ours ?? theirs, conflict: false}
  const [was, mine, others] = [base, ours, theirs].map((state) => canonicalJson(state ?? null))
  if (mine === others || others === was) return {merged: ours, conflict: false}
  if (mine === was) return {merged: theirs, conflict: false}
  if (!hasDrivers) return {merged: side === 'ours' ? ours : theirs, conflict: true}
  const [first, second] = side === 'ours' ? [ours, theirs] : [theirs, ours]
  const {state, conflicts} = mergeStates(base && stateOf(base), stateOf(first), stateOf(second))
  return {
    merged: Object.fromEntries(state.objects.map((object) => [`home/${object.kind}/${object.id}`, object])),
    conflict: conflicts.length > 0,
  }
}

function stateOf(state: Record<string, Observed>) {
  return {cluster: 'home', objects: Object.values(state)}
}

function names(...records: (Record<string, unknown> | undefined)[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))].sort()
}

/** What the history of a commit tells, as `History` has it. Only so many generations are there in a shallow clone. */
export function historyOf(head: Commit, depth = Infinity): History {
  const there = generations(head, depth)
  const documentOf = ({tree}: Commit, ref: ObjectRef) => {
    const declared = tree.infra[formatRef(ref)]
    return declared && declaredDocument(declared)
  }
  const walk = (starts: Commit[], visit: (at: Commit) => 'on' | 'stop' | 'found'): boolean | 'cut' => {
    const seen = new Set<Commit>()
    const queue = [...starts]
    let isCut = false
    for (let at = queue.shift(); at; at = queue.shift()) {
      if (seen.has(at)) continue
      seen.add(at)
      if (!there.has(at)) isCut = true
      else {
        const what = visit(at)
        if (what === 'found') return true
        if (what === 'on') queue.push(...at.parents)
      }
    }
    return isCut ? 'cut' : false
  }
  return {
    async agreed(ref, field, value) {
      return walk([head], ({tree}) => {
        const name = formatRef(ref)
        const [declared, observed] = [tree.infra[name], tree.state?.[name]]
        if (!field) {
          if ((declared ? present : null) !== value) return 'stop'
          return (tree.state?.[name] ? present : null) === value ? 'found' : 'on'
        }
        const is = declared && (getField(declaredDocument(declared), field) ?? null)
        if (!declared || !equalValues(is, value)) return 'stop'
        return observed && equalValues(getField(observedDocument(observed, declared), field) ?? null, value)
          ? 'found'
          : 'on'
      })
    },
    async documentBefore(ref, field, value, digest) {
      const holds = (at: Commit) => {
        const document = documentOf(at, ref)
        return document !== undefined && equalValues(getField(document, field) ?? null, value)
      }
      let found: Document | undefined
      let isCut = false
      const isLost = walk([head], (at) => {
        if (!holds(at)) return 'stop'
        if (at.parents.some((parent) => !there.has(parent) || holds(parent))) return 'on'
        const isFound = walk(at.parents, (earlier) => {
          const document = documentOf(earlier, ref)
          if (!document || digestOf(document) !== digest) return 'on'
          found = document
          return 'found'
        })
        if (isFound === 'cut') isCut = true
        return isFound ? 'stop' : 'found'
      })
      if (isLost === true) return undefined
      return isLost === 'cut' || isCut ? 'cut' : found
    },
  }
}

/** The commits that so many generations from a commit are. */
function generations(head: Commit, depth: number): Set<Commit> {
  const there = new Set<Commit>()
  let level = [head]
  for (let n = 0; n < depth && level.length > 0; n++) {
    for (const at of level) there.add(at)
    level = [...new Set(level.flatMap(({parents}) => parents))].filter((at) => !there.has(at))
  }
  return there
}
