import {relative, resolve, sep} from 'node:path'
import {keepWords} from '../completion/index.js'
import {PmpcError} from '../errors/index.js'
import {commitMessage} from '../git/trailers.js'
import {describeLeft} from '../git/worktree.js'
import {
  acceptedDocument,
  assessRecorded,
  describeMove,
  headEdits,
  migration,
  offerObject,
  rememberOffers,
  rulingOf,
  Session,
  stagedMoves,
  viewOf,
  type Assessed,
  type Edits,
  type Manifests,
  type Noted,
  type StagedMove,
  type View,
} from '../reconcile/index.js'
import {formatRef, isWithin, parseField, parseRefs} from '../resources/index.js'
import {exclusively, type Caller} from '../runs/index.js'
import {
  byObject,
  itemText,
  wordOf,
  type OpenItem,
  type OpenItemText,
  type Pair,
  type Workspace,
} from '../workspace/index.js'

export type Verdict = 'accept' | 'reject'

export interface DecisionRequest {
  verdict: Verdict
  /** Paths, objects (`vm/100`) or fields (`vm/100:config.memory`); none means all. */
  words: string[]
  /** The folder that paths are relative to. */
  folder: string
  /** Asked before all that is open is accepted, and conflicts with it: the cluster's side takes people's place. Throws where it is not to. */
  approve?(conflicts: OpenItemText[]): Promise<void>
}

/** What `pmpc accept --json` and `pmpc reject --json` print; docs/json.md. */
export interface DecisionResult {
  commit: string | null
  /** The items that were decided. */
  decided: OpenItemText[]
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
export async function decide(workspace: Workspace, request: DecisionRequest, caller: Caller): Promise<DecisionResult> {
  return exclusively(workspace.root, caller, async (repository) => {
    return decideIn(await Session.open(workspace, repository), request, caller)
  })
}

async function decideIn(session: Session, request: DecisionRequest, caller: Caller): Promise<DecisionResult> {
  const [view, work] = await Promise.all([viewOf(session), session.work()])
  const open = await openObjects(view)
  const items = [...open.values()].flatMap((assessed) => assessed.items)
  const selected = select(session, items, [view.head, work], request)
  if (selected.length === 0) return nothingDecided
  const conflicts = selected.filter((item) => item.state === 'conflict')
  if (request.verdict === 'accept' && request.words.length === 0 && conflicts.length > 0)
    await request.approve?.(conflicts.map(itemText))
  const decided = decideObjects({view, work, open, selected}, request.verdict)
  const committed = await view.head.splice(decided.head)
  const written = await work.splice(decided.work, view.head)
  for (const {object} of written.kept.filter(({whole}) => whole))
    if (!decided.kept.some((kept) => kept.object === object)) decided.kept.push({object, fields: ['the manifest']})
  const changed = decided.head.map(({ref}) => ref)
  const moved = await stagedMoves(session, [view.head, work], changed)
  if (moved.length > 0) throw movedInIndex(moved)
  const mine = byObject(selected)
  const all = [...committed.blocked, ...written.blocked].filter(({object}) => mine.has(object))
  if (all.length > 0) throw blockedByAnchor(new Map(all.map(({object, why}) => [object, why])))
  caller.signal?.throwIfAborted()
  const left = items.filter((item) => !selected.includes(item))
  const {files, lines} = await migration(session)
  const result = await session.write({
    files: [...files, ...session.ownFiles(decided.pairs, left)],
    lines,
    head: committed,
    work: written,
    message: decisionMessage(request.verdict, selected, caller),
    runHooks: request.verdict === 'accept' && changed.length > 0,
  })
  const {root, clusters} = session.workspace
  rememberOffers(root, decided.noted)
  keepWords(root, {clusters, open: left})
  view.history.keep()
  return {
    commit: result.commit,
    decided: selected.map(itemText),
    stillOpen: left.length,
    manifests: result.manifests,
    kept: decided.kept,
    warnings: [
      ...written.kept.map(({object, why}) => `${object}: ${why}`),
      ...result.warnings,
      ...result.left.map(describeLeft),
    ],
  }
}

const nothingDecided: DecisionResult = {
  commit: null,
  decided: [],
  stillOpen: 0,
  manifests: [],
  kept: [],
  warnings: [],
}

/** The objects that differ from what was recorded last, by `formatRef`. */
async function openObjects(view: View): Promise<Map<string, Assessed>> {
  const found = new Map<string, Assessed>()
  for (const cluster of view.session.workspace.clusters)
    for (const [object, assessed] of (await assessRecorded(view, cluster)).objects) found.set(object, assessed)
  return found
}

/** What becomes of HEAD, of the working tree and of the pairs. */
interface Decided {
  head: Edits
  work: Edits
  pairs: Pair[]
  noted: Map<string, Noted>
  kept: DecisionResult['kept']
}

/** Decides the selected items; of all objects the offers are brought up to date in which pmpc wrote something. */
function decideObjects(
  {view, work, open, selected}: {view: View; work: Manifests; open: Map<string, Assessed>; selected: OpenItem[]},
  verdict: Verdict,
): Decided {
  const mine = byObject(selected)
  const decided: Decided = {head: [], work: [], kept: [], noted: new Map(view.noted), pairs: []}
  decided.pairs.push(...view.pairs.filter(({ref}) => !mine.has(formatRef(ref))))
  for (const [object, assessed] of open) {
    const items = mine.get(object) ?? []
    if (items.length === 0 && !view.noted.has(object)) continue
    const {ref, head} = assessed
    const next = verdict === 'accept' && items.length > 0 ? acceptedDocument(assessed, items) : head
    const left = assessed.items.filter((item) => !items.includes(item))
    const offered = offerObject(assessed, {view, work, next, items: left})
    const edits = headEdits(ref, head, next)
    if (edits.length > 0) decided.head.push({ref, edits})
    if (offered.edits.length > 0) decided.work.push({ref, edits: offered.edits})
    if (offered.noted) decided.noted.set(object, offered.noted)
    else decided.noted.delete(object)
    const isNew = items.some(({field, base}) => field === undefined && base === null)
    const kept = verdict === 'reject' && isNew && offered.isDeclared ? ['the manifest'] : offered.kept
    if (kept.length > 0) decided.kept.push({object, fields: kept})
    if (items.length > 0) decided.pairs.push(...rulingOf(verdict, assessed, items, view.now))
  }
  return decided
}

function select(
  session: Session,
  items: OpenItem[],
  sides: Manifests[],
  {words, folder, verdict}: DecisionRequest,
): OpenItem[] {
  const selected = new Set<OpenItem>()
  for (const word of joinKinds(words)) {
    const matching = matcherOf(session, sides, word, folder)
    const found = items.filter(matching)
    if (found.length === 0) throw nothingOpen(word, verdict, items[0])
    refuseAmbiguous(session, word, found)
    for (const item of found) selected.add(item)
  }
  return words.length === 0 ? items : items.filter((item) => selected.has(item))
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

function matcherOf(session: Session, sides: Manifests[], word: string, folder: string): (item: OpenItem) => boolean {
  const [object, field] = splitField(word)
  const refs = parseRefs(object, session.workspace.clusters)
  if (refs) {
    const names = new Set(refs.map(formatRef))
    return ({ref, field: of}) => names.has(formatRef(ref)) && (field === undefined || isMeant(of, field))
  }
  const path = relative(session.workspace.root, resolve(folder, word)).split(sep).join('/')
  const below = (file: string | undefined) =>
    file !== undefined && (file === path || path === '' || file.startsWith(`${path}/`))
  return (item) => sides.some((side) => below(side.pathOf(item.ref)))
}

function splitField(word: string): [string, string | undefined] {
  const at = word.indexOf(':')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** `config.net0` selects `config.net0.tag`; `memory` is short for `config.memory`. */
function isMeant(name: string | undefined, wanted: string): boolean {
  const field = name === undefined ? undefined : parseField(name)
  if (!field) return false
  return [wanted, `config.${wanted}`].some((text) => {
    const outer = parseField(text)
    return outer !== undefined && isWithin(field, outer)
  })
}

/** How many items a message spells out. */
const spelledOut = 40

function decisionMessage(verdict: Verdict, items: OpenItem[], {run}: Caller): string {
  const objects = [...byObject(items).keys()]
  const what = objects.length === 1 ? objects[0]! : `${objects.length} objects`
  const lines = items.slice(0, spelledOut).map(({ref, field}) => [formatRef(ref), field ?? []].flat().join(' '))
  if (items.length > lines.length) lines.push(`… and ${items.length - lines.length} more`)
  const clusters = [...new Set(items.map(({ref}) => ref.cluster))].sort()
  return commitMessage(
    `${verdict}(${clusters.join(', ')}): ${what}, ${items.length} ${items.length === 1 ? 'item' : 'items'}`,
    lines,
    [
      ['run', run.id],
      ...clusters.map((cluster): ['cluster', string] => ['cluster', cluster]),
      ['command', verdict],
      [verdict === 'accept' ? 'accepted' : 'rejected', items.length],
    ],
  )
}

/** `vm/100` of two clusters are two objects: a person has one of them in mind. */
function refuseAmbiguous(session: Session, word: string, found: OpenItem[]): void {
  const objects = [...byObject(found).keys()]
  const clusters = new Set(found.map(({ref}) => ref.cluster))
  if (clusters.size < 2 || !parseRefs(splitField(word)[0], session.workspace.clusters)) return
  throw new PmpcError('PMPC_AMBIGUOUS', `"${word}" is open in ${[...clusters].join(' and ')}; nothing was changed`, {
    suggestions: objects.map((object) => `name the cluster: ${object}`),
    data: {word, objects},
  })
}

function nothingOpen(word: string, verdict: Verdict, open: OpenItem | undefined): PmpcError {
  return new PmpcError('PMPC_NOTHING_OPEN', `"${word}" selects nothing that is open; nothing was changed`, {
    suggestions: open
      ? ['pmpc status', `pmpc ${verdict} ${wordOf(itemText(open))}   (an object, a field, or the path of a manifest)`]
      : ['pmpc sync'],
    data: {word},
  })
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
