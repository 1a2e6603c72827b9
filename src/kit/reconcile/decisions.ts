import {relative, resolve, sep} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {formatRef, localKey, parseRef, parseRefs} from '../resources/index.js'
import type {Observed} from '../resources/index.js'
import type {OpenItem} from '../workspace/index.js'
import type {Bench, Manifests} from './bench.js'
import {acceptObject, rejectObject} from './decide.js'
import type {Decided} from './decide.js'
import {forgetOffers} from './last-sync.js'
import type {Edits} from './texts.js'

export type Verdict = 'accept' | 'reject'

export interface DecisionRequest {
  verdict: Verdict
  /** Paths, objects (`vm/100`) or fields (`vm/100:config.memory`); none means all. */
  words: string[]
  /** The folder that paths are relative to. */
  folder: string
  run: string
  command: string
}

/** What `pmpc accept --json` and `pmpc reject --json` print; docs/json.md. */
export interface DecisionResult {
  commit: string | null
  /** The items that were decided. */
  decided: OpenItem[]
  /** How many are still open. */
  stillOpen: number
  /** Manifests committed or changed, by path. */
  manifests: string[]
  /** Fields of the working tree that hold a value of the user's own, and stayed. */
  kept: {object: string; fields: string[]}[]
  warnings: string[]
}

/**
 * Decides open items: `accept` commits the cluster's side as declared, `reject` takes it back out of the working tree; either closes
 * the items, in one commit. Edits of people's in the same files stay what they are.
 * @throws PMPC_NOTHING_OPEN for a word that selects nothing
 */
export async function decide(bench: Bench, request: DecisionRequest): Promise<DecisionResult> {
  const [head, work] = await Promise.all([bench.declared(), bench.work()])
  const selected = select(bench, [head, work], request)
  const observed = await observedObjects(bench, selected)
  const edits: {head: Edits; work: Edits} = {head: new Map(), work: new Map()}
  const kept: DecisionResult['kept'] = []
  for (const [object, items] of grouped(selected)) {
    const ref = parseRef(object)
    const decision = {ref, offered: observed.get(object), items, head: head.declared(ref), work: work.declared(ref)}
    const decided: Decided = request.verdict === 'accept' ? acceptObject(decision) : rejectObject(decision)
    if (decided.head.length > 0) edits.head.set(object, decided.head)
    if (decided.work.length > 0) edits.work.set(object, decided.work)
    if (decided.kept.length > 0) kept.push({object, fields: decided.kept})
  }
  const committed = await head.splice(edits.head)
  const written = await work.splice(edits.work, head)
  const moved = await stagedMoves(bench, [head, work], edits.head.keys())
  if (moved.length > 0) throw movedInIndex(moved)
  const blocked = new Map([...committed.blocked, ...written.blocked].map(({object, why}) => [object, why]))
  if (blocked.size > 0) throw blockedByAnchor(blocked)
  const open = bench.openFile(bench.items.filter((item) => !selected.includes(item)))
  const result = await bench.write({
    files: [open],
    head: committed,
    work: written,
    message: decisionMessage(request, selected),
    runHooks: request.verdict === 'accept' && edits.head.size > 0,
  })
  for (const cluster of bench.workspace.clusters) forgetOffers(bench.workspace.root, cluster, selected)
  return {
    commit: result.commit,
    decided: selected,
    stillOpen: bench.items.length - selected.length,
    manifests: result.manifests,
    kept,
    warnings: [
      ...result.warnings,
      ...result.left.map(({path}) => `${path} was changed meanwhile and was left as it is`),
    ],
  }
}

function grouped(items: OpenItem[]): Map<string, OpenItem[]> {
  const groups = new Map<string, OpenItem[]>()
  for (const item of items) groups.set(item.object, [...(groups.get(item.object) ?? []), item])
  return groups
}

/** The offers are what the committed snapshots hold. */
async function observedObjects(bench: Bench, items: OpenItem[]): Promise<Map<string, Observed>> {
  const clusters = new Set(items.map((item) => parseRef(item.object).cluster))
  const observed = new Map<string, Observed>()
  for (const cluster of clusters) {
    for (const object of (await bench.state(cluster))?.objects ?? [])
      observed.set(`${cluster}/${localKey(object)}`, object)
  }
  return observed
}

function select(bench: Bench, sides: Manifests[], {words, folder, verdict}: DecisionRequest): OpenItem[] {
  const selected = new Set<OpenItem>()
  for (const word of joinKinds(words)) {
    const matching = matcherOf(bench, sides, word, folder)
    const found = bench.items.filter(matching)
    if (found.length === 0) throw nothingOpen(word, verdict, bench.items.length)
    refuseAmbiguous(bench, word, found)
    for (const item of found) selected.add(item)
  }
  return words.length === 0 ? [...bench.items] : bench.items.filter((item) => selected.has(item))
}

/** `vm 100` typed as two words is `vm/100`. */
function joinKinds(words: string[]): string[] {
  return words.flatMap((word, index) => {
    const pair = (a: string | undefined, b: string | undefined) =>
      a !== undefined && b !== undefined && /^[a-z]+$/.test(a) && /^\d+(:|$)/.test(b)
    if (pair(words[index - 1], word)) return []
    return [pair(word, words[index + 1]) ? `${word}/${words[index + 1]}` : word]
  })
}

function matcherOf(bench: Bench, sides: Manifests[], word: string, folder: string): (item: OpenItem) => boolean {
  const [object, field] = splitField(word)
  const refs = parseRefs(object, bench.workspace.clusters)
  if (refs) {
    const names = new Set(refs.map(formatRef))
    return (item) => names.has(item.object) && (field === undefined || isWithin(item.field, field))
  }
  const path = relative(bench.workspace.root, resolve(folder, word)).split(sep).join('/')
  const below = (file: string | undefined) =>
    file !== undefined && (file === path || path === '' || file.startsWith(`${path}/`))
  return (item) => sides.some((side) => below(side.pathOf(parseRef(item.object))))
}

function splitField(word: string): [string, string | undefined] {
  const at = word.indexOf(':')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** `config.net0` selects `config.net0.tag`; `memory` is short for `config.memory`. */
function isWithin(name: string | undefined, wanted: string): boolean {
  if (name === undefined) return false
  return [wanted, `config.${wanted}`].some(
    (field) => name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[`),
  )
}

function decisionMessage({verdict, run, command}: DecisionRequest, items: OpenItem[]): string {
  const objects = [...new Set(items.map((item) => item.object))]
  const what = objects.length === 1 ? objects[0]! : `${objects.length} objects`
  const lines = items.slice(0, 40).map((item) => `${item.object}${item.field === undefined ? '' : ` ${item.field}`}`)
  if (items.length > lines.length) lines.push(`… and ${items.length - lines.length} more`)
  const clusters = [...new Set(objects.map((object) => parseRef(object).cluster))].sort()
  return [
    `${verdict}(${clusters.join(', ')}): ${what}, ${items.length} ${items.length === 1 ? 'item' : 'items'}`,
    '',
    ...lines,
    '',
    `Pmpc-Run: ${run}`,
    ...clusters.map((cluster) => `Pmpc-Cluster: ${cluster}`),
    `Pmpc-Command: ${command}`,
    `Pmpc-${verdict === 'accept' ? 'Accepted' : 'Rejected'}: ${items.length}`,
    '',
  ].join('\n')
}

/** `vm/100` of two clusters are two objects: a person has one of them in mind. */
function refuseAmbiguous(bench: Bench, word: string, found: OpenItem[]): void {
  const objects = [...new Set(found.map((item) => item.object))]
  const clusters = new Set(objects.map((object) => parseRef(object).cluster))
  if (clusters.size < 2 || !parseRefs(splitField(word)[0], bench.workspace.clusters)) return
  throw new PmpcError('PMPC_AMBIGUOUS', `"${word}" is open in ${[...clusters].join(' and ')}; nothing was changed`, {
    suggestions: objects.map((object) => `name the cluster: ${object}`),
    data: {word, objects},
  })
}

function nothingOpen(word: string, verdict: Verdict, open: number): PmpcError {
  return new PmpcError('PMPC_NOTHING_OPEN', `"${word}" selects nothing that is open; nothing was changed`, {
    suggestions:
      open > 0
        ? ['pmpc status', `pmpc ${verdict} vm/100:config.memory   (an object, a field, or the path of a manifest)`]
        : ['pmpc sync'],
    data: {word},
  })
}

/** A manifest whose move to another file is staged, and not committed. */
export interface StagedMove {
  object: string
  from: string
  to: string
}

/**
 * The objects whose manifest's move is staged. Committing at the old path would leave the old value in the index at the new one, and
 * the next commit would undo what was accepted.
 */
export async function stagedMoves(
  bench: Bench,
  [head, work]: [Manifests, Manifests],
  objects: Iterable<string>,
): Promise<StagedMove[]> {
  const moves = [...objects].flatMap((object): StagedMove[] => {
    const ref = parseRef(object)
    const [from, to] = [head.pathOf(ref), work.pathOf(ref)]
    return from !== undefined && to !== undefined && from !== to ? [{object, from, to}] : []
  })
  if (moves.length === 0) return []
  const paths = moves.map(({to}) => bench.inRepository(to))
  const staged = new Set(
    (await bench.repository.status(paths))
      .filter((file) => !file.untracked && !file.intentToAdd && file.staged !== '.')
      .map(({path}) => path),
  )
  return moves.filter(({to}) => staged.has(bench.inRepository(to)))
}

/** What to say of a staged move. */
export function describeMove({object, from, to}: StagedMove): string {
  return `${object}: its move from ${from} to ${to} is staged and not committed`
}

/** What to type before a moved manifest can be accepted: the move alone, without the offer that the working tree holds. */
const commitMoves = 'git commit -m "Move manifests"   (commits what is staged; then run the command again)'

function movedInIndex(moves: StagedMove[]): PmpcError {
  const lines = moves.map(describeMove)
  return new PmpcError('PMPC_MANIFEST_MOVED', `nothing was changed:\n  ${lines.join('\n  ')}`, {
    suggestions: [commitMoves],
    data: {moves},
  })
}

function blockedByAnchor(blocked: Map<string, string>): PmpcError {
  const lines = [...blocked].map(([object, why]) => `${object}: ${why}`)
  return new PmpcError(
    'PMPC_MANIFEST_SHARED',
    `nothing was changed, as a value belongs to several documents:\n  ${lines.join('\n  ')}`,
    {
      suggestions: ['write the value out where it is used, commit that, then run the command again'],
      data: {objects: [...blocked.keys()]},
    },
  )
}
