import {readInside} from '../files/inside.js'
import {MANIFESTS} from '../files/names.js'
import {describeLeft} from '../git/worktree.js'
import type {Repository} from '../git/index.js'
import {
  assessRecorded,
  offerObject,
  rememberOffers,
  Session,
  viewOf,
  type Assessed,
  type Manifests,
  type Noted,
  type Spliced,
  type View,
} from '../reconcile/index.js'
import {
  forgetParked,
  noteParked,
  parkedPath,
  parkedText,
  parkText,
  recallParked,
  unparkText,
} from '../reconcile/parked.js'
import {formatRef} from '../resources/index.js'
import {exclusively, type Caller} from '../runs/index.js'
import {itemText, manifestTools, type OpenItemText, type Workspace} from '../workspace/index.js'
import {isManifest} from '../workspace/manifest-list.js'

/** What `pmpc park --json` prints; docs/json.md. */
export interface ParkResult {
  /** Manifests that hold no offer any more, by path. */
  manifests: string[]
  /** Those among them that are new and hold text of people's: kept until `unpark`, out of Git's way. */
  texts: {path: string; kept: string}[]
  /** Open objects of which the offer is not in the working tree, also of an earlier `park`. */
  parked: string[]
  warnings: string[]
}

/** What `pmpc unpark --json` prints; docs/json.md. */
export interface UnparkResult {
  /** Manifests that were written, by path. */
  manifests: string[]
  /** How many items are open, and so offered, or told by `pmpc status` where people's text is in the way. */
  open: number
  /** How many of these are conflicts: what people declared stays in the manifest. */
  conflicts: number
  /** Texts of people's that stand in their files again. */
  texts: string[]
  /** Those that could not go back, and are still kept; with the reason, and the manifest that is in the way. */
  kept: {path: string; kept: string; why: string; place: string}[]
  warnings: string[]
}

/**
 * Takes out of the working tree what pmpc offers in it, so that Git can pull, stash or rebase; what is open stays open. New manifests that hold
 * text of people's are moved below `.pmpc/local/parked`. Makes no commit. A killed one is finished by the next command.
 * @throws PMPC_PARKED, PMPC_MANIFEST, PMPC_GIT_BUSY; nothing was changed then
 */
export async function park(workspace: Workspace, caller: Caller): Promise<ParkResult> {
  const work = async (repository: Repository): Promise<ParkResult> => {
    const session = await Session.open(workspace, repository)
    const [view, manifests] = await Promise.all([viewOf(session), session.work()])
    const {edits, noted, open} = await offers(view, manifests, false)
    const spliced = await manifests.splice(edits, {restoreFrom: view.head})
    const texts = await textsInTheWay(session, manifests, spliced)
    // What pmpc offered in a manifest that people wrote into is known again when it is back.
    for (const {ref, path} of manifests.index.documents.values()) {
      const known = view.noted.get(formatRef(ref))
      if (known && texts.has(path)) noted.set(formatRef(ref), known)
    }
    caller.signal?.throwIfAborted()
    const {root} = workspace
    for (const [path, text] of texts) parkText(root, path, text)
    const objects = edits.map(({ref}) => formatRef(ref))
    if (objects.length > 0) noteParked(root, objects)
    const result = await session.write({files: [], work: spliced, message: '', runHooks: false})
    rememberOffers(root, noted)
    return {
      manifests: result.manifests,
      texts: [...texts.keys()].map((path) => ({path, kept: parkedPath(path)})),
      parked: recallParked(root)?.objects.filter((object) => open.some((item) => item.object === object)) ?? [],
      warnings: [...spliced.blocked.map(({object, why}) => `${object}: ${why}`), ...result.left.map(describeLeft)],
    }
  }
  return exclusively(workspace.root, caller, work, {afterwards: 'pmpc park'})
}

/**
 * Offers anew what is open, by what was recorded last, and puts back the texts that were parked. Asks no cluster, and makes no commit.
 * @throws PMPC_MANIFEST, PMPC_GIT_BUSY; nothing was changed then
 */
export async function unpark(workspace: Workspace, caller: Caller): Promise<UnparkResult> {
  const work = async (repository: Repository) => unparkIn(workspace, repository, caller)
  return exclusively(workspace.root, caller, work, {afterwards: 'pmpc unpark'})
}

async function unparkIn(workspace: Workspace, repository: Repository, caller: Caller): Promise<UnparkResult> {
  const {root} = workspace
  const back = await putBack(await Session.open(workspace, repository))
  const session = await Session.open(workspace, repository)
  const [view, work] = await Promise.all([viewOf(session), session.work()])
  const {edits, noted, open} = await offers(view, work, true)
  const spliced = await work.splice(edits, {restoreFrom: view.head})
  caller.signal?.throwIfAborted()
  // Before they are written: a note of what does not stand there is harmless, an offer without its note would look like people's.
  rememberOffers(root, new Map([...view.noted, ...noted]))
  const result = await session.write({files: [], work: spliced, message: '', runHooks: false})
  rememberOffers(root, noted)
  forgetParked(root)
  return {
    ...back,
    manifests: result.manifests,
    open: open.length,
    conflicts: open.filter(({state}) => state === 'conflict').length,
    warnings: [
      ...[...spliced.kept, ...spliced.blocked].map(({object, why}) => `${object}: ${why}`),
      ...result.left.map(describeLeft),
    ],
  }
}

/** What changes in the working tree so that it holds all offers, or none. */
async function offers(view: View, work: Manifests, isOffered: boolean) {
  const noted = new Map<string, Noted>(view.noted)
  const edits: {ref: Assessed['ref']; edits: ReturnType<typeof offerObject>['edits']}[] = []
  const open: OpenItemText[] = []
  for (const cluster of view.session.workspace.clusters) {
    for (const [object, assessed] of (await assessRecorded(view, cluster)).objects) {
      open.push(...assessed.items.map(itemText))
      if (!view.noted.has(object) && (!isOffered || assessed.items.length === 0)) continue
      const items = isOffered ? assessed.items : []
      const offered = offerObject(assessed, {view, work, next: assessed.head, items})
      if (offered.edits.length > 0) edits.push({ref: assessed.ref, edits: offered.edits})
      if (offered.noted) noted.set(object, offered.noted)
      else noted.delete(object)
    }
  }
  return {edits, noted, open}
}

/**
 * Manifests that Git knows by name only, and that stay where offers go, as people wrote into them: Git neither stashes nor merges over such.
 * They are taken out in the same write.
 */
async function textsInTheWay(session: Session, work: Manifests, spliced: Spliced): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  const prefix = session.inRepository('')
  for (const {path: full, intentToAdd} of await session.repository.status([prefix + MANIFESTS])) {
    const path = full.slice(prefix.length)
    if (!intentToAdd || !isManifest(path) || spliced.texts.get(path) === null) continue
    const original = await work.read(path)
    const text = spliced.texts.get(path) ?? original
    if (text === undefined) continue
    // What git restore leaves of an offer is empty.
    if (text.trim() !== '') texts.set(path, text)
    spliced.texts.set(path, null)
    spliced.originals.set(path, original)
  }
  return texts
}

/** Puts texts back where nothing has taken their place. */
async function putBack(session: Session): Promise<Pick<UnparkResult, 'texts' | 'kept'>> {
  const {repository, workspace} = session
  const {root, clusters} = workspace
  const result: Pick<UnparkResult, 'texts' | 'kept'> = {texts: [], kept: []}
  const paths = recallParked(root)?.texts ?? []
  if (paths.length === 0) return result
  const [work, head, tools] = await Promise.all([session.work(), session.declared(), manifestTools()])
  for (const path of paths) {
    const text = parkedText(root, path)!
    const there = readInside(root, path)?.toString('utf8')
    const refs = tools.parseManifests(text, path, clusters).documents.map(({ref}) => ref)
    const taken = refs.find((ref) => (work.pathOf(ref) ?? head.pathOf(ref)) !== undefined)
    if (there === text || (there === undefined && !taken)) result.texts.push(path)
    else {
      const place = taken ? (work.pathOf(taken) ?? head.pathOf(taken)!) : path
      const why = taken ? `${formatRef(taken)} is declared in ${place} now` : `${path} holds another text now`
      result.kept.push({path, kept: parkedPath(path), why, place})
    }
  }
  const full = (path: string) => session.inRepository(path)
  const missing = result.texts.filter((path) => readInside(root, path) === undefined)
  await repository.commitFiles({
    parent: session.head,
    worktree: missing.map((path) => ({path: full(path), expect: null, content: Buffer.from(parkedText(root, path)!)})),
    intentToAdd: result.texts.map(full),
  })
  for (const path of result.texts)
    if (readInside(root, path)?.toString('utf8') === parkedText(root, path)) unparkText(root, path)
  return result
}
