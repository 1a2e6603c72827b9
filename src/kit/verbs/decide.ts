import {keepWords} from '../completion/index.js'
import {describeLeft} from '../git/worktree.js'
import type {Repository} from '../git/index.js'
import {
  acceptedDocument,
  assessRecorded,
  headEdits,
  migration,
  offerObject,
  rememberOffers,
  rulingOf,
  Session,
  stagedMoves,
  touchedBy,
  viewOf,
  type Assessed,
  type Edits,
  type Manifests,
  type Noted,
  type View,
} from '../reconcile/index.js'
import {formatRef} from '../resources/index.js'
import {exclusively, reading, type Caller, type Derived} from '../runs/index.js'
import {byObject, type OpenItem, type Pair, type Workspace} from '../workspace/index.js'
import {derivedOf} from './derived.js'
import {decidedText, decisionMessage, type Choice, type DecidedItem, type Verdict} from './decision.js'
import {chooseItems} from './selection.js'
import {blockedByAnchor, movedInIndex} from './unspliceable.js'

export interface DecisionRequest {
  verdict: Verdict
  /** Paths, objects (`vm/100`, `web01`) or fields (`vm/100:config.memory`); none means all that is open. */
  words: string[]
  /** The folder that paths are relative to. */
  folder: string
  /** Only these clusters; all unless given. */
  clusters?: readonly string[] | undefined
  /** Tell what would be decided; write nothing. */
  isDryRun?: boolean
  /** A person's own words for the commit. */
  message?: string | undefined
  /**
   * Asked before more is decided than was spelled out: before conflicts are accepted that no word names as such, as the cluster's side takes
   * people's place, and before all that is open is rejected. Throws where it is not to be.
   */
  approve?(items: DecidedItem[]): Promise<void>
  /** Asked which of the items are meant after all, in the place of `approve`; whoever is asked sees each. Nothing is written before it answers. */
  pick?(items: readonly DecidedItem[]): Promise<readonly boolean[]>
}

/** What `pmpc accept --json` and `pmpc reject --json` print; docs/json.md. */
export interface DecisionResult {
  /** Whether nothing was written: this is what would be. */
  dryRun: boolean
  commit: string | null
  /** What was decided. */
  decided: DecidedItem[]
  /** How many items are still open. */
  stillOpen: number
  /** Manifests committed or changed, by path. */
  manifests: string[]
  /** Fields of the working tree that hold a value of the user's own, and stayed. */
  kept: {object: string; fields: string[]}[]
  warnings: string[]
}

/**
 * Decides open items: `accept` commits the cluster's side as declared, `reject` takes it back out of the working tree; either closes
 * the items, in one commit. What is named and not open `accept` takes over: an object without a manifest, what was rejected.
 * Edits of people's in the same files stay what they are.
 * @throws as `chooseItems`; PMPC_MANIFEST_MOVED, PMPC_MANIFEST_SHARED; nothing was changed then
 */
export async function decide(workspace: Workspace, request: DecisionRequest, caller: Caller): Promise<DecisionResult> {
  const work = async (repository: Repository) => decideIn(await Session.open(workspace, repository), request, caller)
  return request.isDryRun ? reading(workspace.root, work) : exclusively(workspace.root, caller, work)
}

async function decideIn(session: Session, request: DecisionRequest, caller: Caller): Promise<DecisionResult> {
  const {verdict, isDryRun = false} = request
  const [view, work] = await Promise.all([viewOf(session), session.work()])
  const open = await openObjects(view)
  const items = [...open.values()].flatMap((assessed) => assessed.items)
  const choices = await chosen({view, work, open, request})
  const selected = choices.map(({item}) => item)
  const isSelected = new Set(selected)
  const left = items.filter((item) => !isSelected.has(item))
  if (selected.length === 0) return {...nothingDecided, dryRun: isDryRun, stillOpen: left.length}
  const decided = decideObjects({view, work, open, selected}, verdict)
  const committed = await view.head.splice(decided.head, {like: work})
  const written = await work.splice(decided.work, {restoreFrom: view.head})
  for (const {object} of written.kept.filter(({whole}) => whole))
    if (!decided.kept.some((kept) => kept.object === object)) decided.kept.push({object, fields: ['the manifest']})
  const changed = decided.head.map(({ref}) => ref)
  const moved = await stagedMoves(session, [view.head, work], changed)
  if (moved.length > 0) throw movedInIndex(moved)
  const mine = byObject(selected)
  const all = [...committed.blocked, ...written.blocked].filter(({object}) => mine.has(object))
  if (all.length > 0) throw blockedByAnchor(all)
  caller.signal?.throwIfAborted()
  const told = textsOf(choices, open)
  let code: Derived = {files: [], warnings: []}
  const write = async () => {
    const {files, lines} = await migration(session)
    if (verdict === 'accept') code = await derivedOf(session, caller)
    const result = await session.write({
      derived: code.files,
      files: [...files, ...session.ownFiles(decided.pairs, left)],
      lines,
      head: committed,
      work: written,
      message: decisionMessage(verdict, told, caller, request.message),
      runHooks: verdict === 'accept' && changed.length > 0,
    })
    const {root, clusters} = session.workspace
    rememberOffers(root, decided.noted)
    keepWords(root, {clusters, open: left})
    view.history.keep()
    return result
  }
  const result = isDryRun ? undefined : await caller.run.phase('write', write)
  return {
    dryRun: isDryRun,
    commit: result?.commit ?? null,
    decided: told,
    stillOpen: left.length,
    manifests: result?.manifests ?? touchedBy(committed, written),
    kept: decided.kept,
    warnings: [
      ...written.kept.map(({object, why}) => `${object}: ${why}`),
      ...code.warnings,
      ...(result?.warnings ?? []),
      ...(result?.left.map(describeLeft) ?? []),
    ],
  }
}

/** The differences that are meant, after whoever is asked has said so. */
async function chosen({
  view,
  work,
  open,
  request,
}: {
  view: View
  work: Manifests
  open: Map<string, Assessed>
  request: DecisionRequest
}): Promise<Choice[]> {
  const {session, head} = view
  const {verdict, words, folder, clusters = session.workspace.clusters, pick, approve} = request
  const states = await Promise.all(clusters.map(async (cluster) => session.state(cluster)))
  const known = states.filter((state) => state !== undefined)
  const choices = chooseItems({session, verdict, head, work, clusters, states: known, open, folder}, words)
  if (choices.length === 0) return []
  if (pick) {
    const answers = await pick(textsOf(choices, open))
    return choices.filter((_, at) => answers[at])
  }
  const isAsked: Record<Verdict, (choice: Choice) => boolean> = {
    accept: ({state, isSpelledOut}) => state === 'conflict' && !isSpelledOut,
    reject: () => words.length === 0,
  }
  const asked = request.isDryRun ? [] : choices.filter(isAsked[verdict])
  if (asked.length > 0) await approve?.(textsOf(asked, open))
  return choices
}

function textsOf(choices: readonly Choice[], open: ReadonlyMap<string, Assessed>): DecidedItem[] {
  return choices.map((choice) => decidedText(choice, open.get(formatRef(choice.item.ref))!))
}

const nothingDecided: Omit<DecisionResult, 'dryRun'> = {
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
