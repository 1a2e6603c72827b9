import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {appliedIn, trailersOf} from '../git/trailers.js'
import type {LoggedCommit} from '../git/log.js'
import {
  allOf,
  boundDocument,
  copyField,
  copyOf,
  declaredDocument,
  editsBetween,
  equalDocuments,
  fieldsOf,
  getField,
  manifestOf,
  observedDocument,
  peoplesManifests,
  saysNothing,
  setField,
  type Document,
  type Edit,
  type Edits,
  type Manifests,
  type View,
} from '../reconcile/index.js'
import {
  equalValues,
  formatField,
  formatRef,
  isAnotherGuest,
  isGuest,
  isMap,
  localKey,
  own,
  parseField,
  parseRef,
} from '../resources/index.js'
import type {Config, Declared, Field, ObjectRef, Observed, Scalar, Value} from '../resources/index.js'
import {wireKindOf} from '../resources/kinds/on-wire.js'
import {devicesOf} from '../plan/index.js'
import {travelOf} from '../resources/kinds/travels.js'
import {guestTravelOf} from '../resources/travels/index.js'
import type {Caller} from '../runs/index.js'
import {isWithheld} from '../secrets/index.js'
import {meets} from '../values/index.js'
import {printManifest, type Workspace} from '../workspace/index.js'
import {applyIn, type ApplyRequest, type ApplyResult} from './apply.js'
import {absence} from './destroy.js'
import {editedWith, opened} from './edited.js'
import {byKey, laterRuns, observationsOf, recordedAround, type Objects} from './undo-runs.js'
import {filesIn, namedSince, renamed, volumeBack} from './volume-back.js'

/** Which run is to be turned round. */
export interface UndoRequest extends Omit<
  ApplyRequest,
  'clusters' | 'words' | 'exclude' | 'refresh' | 'only' | 'edited' | 'takeAway' | 'begun'
> {
  /** A run, or a commit of one; the last one that changed anything unless given. */
  of?: string | undefined
  /** Told what does not come back, before anything is asked. */
  onLeftOut?(left: readonly LeftAsIs[]): void
}

/** What is not turned round, with the reason. */
export interface LeftAsIs {
  object: string
  field?: string
  why: string
}

/**
 * Turns the wishes of a run round: what was recorded before it becomes what the manifests wish, and is applied; what it made is to go. What cannot come back (growth,
 * destroyed data, secrets), and what people have changed since, is left as it is. Where it comes to nothing the working tree is as it was.
 * @throws PMPC_NOT_FOUND where there is no such run; PMPC_NOTHING_TO_UNDO, with the reasons; and as `apply`
 */
export async function undo(
  workspace: Workspace,
  request: UndoRequest,
  caller: Caller,
  version: string,
): Promise<ApplyResult> {
  return opened(workspace, caller, 'pmpc undo', async ({repository, session, view, work}) => {
    const {commits, applied} = await observationsOf(session, request.of)
    const turning = new Turning(view, work, applied)
    // One commit a cluster.
    for (const commit of commits) await turning.turn(commit)
    const {edits, left, made} = turning
    if (edits.length === 0) throw nothingLeft(commits[0]!, left)
    request.onLeftOut?.(left)
    const objects = edits.map(({ref}) => formatRef(ref))
    const applying: ApplyRequest = {
      ...{...request, words: [], exclude: [], refresh: false, only: new Set(objects)},
      clusters: [...new Set(edits.map(({ref}) => ref.cluster))],
      edited: await editedWith(work, edits),
      takeAway: made,
      as: 'undo',
      again: ['pmpc undo', ...(request.of === undefined ? [] : [shellWord(request.of)])].join(' '),
    }
    const result = await applyIn(workspace, repository, applying, caller, version)
    return {...result, warnings: [...left.map(leftText), ...result.warnings]}
  })
}

/** One line of what is left as it is. */
export function leftText({object, field, why}: LeftAsIs): string {
  return `${object}${field === undefined ? '' : ` ${field}`} stays: ${why}`
}

function nothingLeft(commit: LoggedCommit, left: readonly LeftAsIs[]): PmpcError {
  const lines = left.slice(0, 20).map(leftText)
  const told = lines.length > 0 ? `:\n  ${lines.join('\n  ')}` : ': what it did has left nothing that a manifest says'
  return new PmpcError('PMPC_NOTHING_TO_UNDO', `nothing of ${commit.oid.slice(0, 10)} can be turned round${told}`, {
    suggestions: [`git show ${commit.oid.slice(0, 10)}`, 'pmpc log'],
    data: {commit: commit.oid, left: [...left]},
  })
}

// ---- what it was before

/** One object of a run. */
interface Done {
  ref: ObjectRef
  /** Fields that were wished. */
  fields: readonly string[]
  /** As it was recorded before the run, and by it. */
  was: Observed | undefined
  is: Observed | undefined
}

/** An object before and after. */
type Sides = [Observed | undefined, Observed | undefined]

class Turning {
  readonly edits: Edits = []
  readonly left: LeftAsIs[] = []
  /** What the run made: its manifests go with it. */
  readonly made: string[] = []
  private readonly people: ReadonlyMap<string, Declared>
  /** What was recorded last of the cluster whose turn it is. */
  private now: Objects = new Map()
  private cluster = ''

  constructor(
    private readonly view: View,
    private readonly work: Manifests,
    /** The commits of all runs, the last one first. */
    private readonly applied: readonly LoggedCommit[],
  ) {
    this.people = peoplesManifests(view.noted, view.head, work.index)
  }

  async turn(commit: LoggedCommit): Promise<void> {
    const {session} = this.view
    const [cluster] = trailersOf(commit, 'cluster')
    const [parent] = commit.parents
    if (cluster === undefined || parent === undefined || !session.workspace.clusters.includes(cluster)) return
    const [before, after] = await recordedAround(session, commit, cluster)
    this.now = byKey(await session.state(cluster))
    this.cluster = cluster
    for (const {object, what, how} of appliedIn(commit)) {
      const ref = parseRef(`${cluster}/${object}`)
      if (how !== 'done') this.leave(ref, `it was not done (${how})`)
      else {
        const key = localKey(ref)
        const [was, is] = await this.asNamedNow(key, commit, [before.get(key), after.get(key)])
        const fields = typeof what === 'string' ? [] : what
        const edits = this.isAnother(key, is)
          ? this.leave(ref, 'another guest has its VMID since')
          : this.editsOf({ref, fields, was, is})
        if (edits.length > 0) this.edits.push({ref, edits})
      }
    }
    this.turnOthers(cluster, new Set(appliedIn(commit).map(({object}) => object)), {before, after})
  }

  /** A guest before and after the run, its volumes by the names that they have since others were moved, and moved back. */
  private async asNamedNow(key: string, commit: LoggedCommit, [was, is]: Sides): Promise<Sides> {
    const now = this.now.get(key)
    if (!was || !is || !now || !isGuest(is.kind)) return [was, is]
    const there = filesIn(now.config)
    if ([...filesIn(is.config)].every((file) => there.has(file))) return [was, is]
    const named = namedSince(
      {was: was.config, is: is.config},
      await laterRuns(this.view.session, this.applied, {commit, key}),
    )
    const asNow = (side: Observed): Observed => ({...side, config: renamed(side.config, named)})
    return [asNow(was), asNow(is)]
  }

  /** What PVE changed of other objects, as the plan said: a group that went is in its users and in the ACL again. */
  private turnOthers(
    cluster: string,
    done: ReadonlySet<string>,
    {before, after}: {before: Objects; after: Objects},
  ): void {
    if (this.left.some(({field}) => field === undefined)) return
    for (const [key, was] of before) {
      const is = after.get(key)
      if (done.has(key) || !is || equalValues(was.config, is.config)) continue
      const ref = parseRef(`${cluster}/${key}`)
      if (!this.view.head.declared(ref)) continue
      const edits = this.change({ref, fields: []}, was, is)
      if (edits.length > 0) this.edits.push({ref, edits})
    }
  }

  /** Whether what was recorded last is another guest than the one that the run left there. */
  private isAnother(key: string, is: Observed | undefined): boolean {
    const now = this.now.get(key)
    return is !== undefined && now !== undefined && isGuest(is.kind) && isAnotherGuest(is, now)
  }

  /** What has grown comes back as large as it is. */
  private leaveGrown(
    {kind, id}: Observed,
    key: string,
    source: Document,
    {size, why}: {size: string; why: string},
  ): void {
    const place: Field = {path: ['config', key, 'size']}
    setField(source, place, size)
    this.leave({cluster: this.cluster, kind, id}, why, formatField(place))
  }

  private leave(ref: ObjectRef, why: string, field?: string): [] {
    this.left.push({object: formatRef(ref), ...(field !== undefined && {field}), why})
    return []
  }

  private editsOf(done: Done): Edit[] {
    const {was, is} = done
    if (was && !is) return this.comeBack(done.ref, was)
    if (!was && is) return this.takeBack(done.ref, is)
    return was && is ? this.change(done, was, is) : []
  }

  /** What was removed, made anew where nothing of it is lost. */
  private comeBack(ref: ObjectRef, was: Observed): Edit[] {
    if (isGuest(ref.kind)) return this.leave(ref, 'it was destroyed, and its data with it')
    if (hasSecret(was)) return this.leave(ref, 'it was removed, and what was secret of it is kept nowhere')
    const sides = [this.view.head.declared(ref), this.people.get(formatRef(ref))]
    const written = this.work.declared(ref)
    // A firewall in which nothing is left has gone, and its manifest says so by saying nothing.
    if (written && sides.every((side) => side && saysNothing(side)))
      return editsBetween(declaredDocument(written), observedDocument(was, written))
    if (sides.some((side) => side)) return this.leave(ref, 'its manifest says otherwise by now')
    const declared = manifestOf(ref, observedDocument(was, undefined))
    const path = this.work.absentAt(ref)
    return [path === undefined ? {do: 'write', declared} : {do: 'take', path, text: printManifest(declared)}]
  }

  /** What was made is to go, where it is as it was made. */
  private takeBack(ref: ObjectRef, is: Observed): Edit[] {
    const [head, people] = this.sidesOf(ref)
    const now = observedDocument(is, allOf(is))
    const isAsMade = (side: Document) =>
      Object.entries(side.config).every(
        // A secret that Proxmox VE gives to nobody, in either.
        ([key, value]) =>
          (isWithheld(value) && !Object.hasOwn(now.config, key)) || saysSo(side, now, {path: ['config', key]}),
      )
    if (!head || !people || !isAsMade(head) || !equalDocuments(head, people))
      return this.leave(ref, 'it was made by this run, and its manifest says otherwise by now')
    this.made.push(formatRef(ref))
    return absence(this.view, this.work, ref)
  }

  private sidesOf(ref: ObjectRef): (Document | undefined)[] {
    const sides = [this.view.head.declared(ref), this.people.get(formatRef(ref))]
    return sides.map((side) => side && declaredDocument(side))
  }

  private change({ref, fields}: Pick<Done, 'ref' | 'fields'>, was: Observed, is: Observed): Edit[] {
    const [head, people] = this.sidesOf(ref)
    const written = this.work.declared(ref)
    if (!head || !people || !written) return this.leave(ref, 'no manifest declares it any more')
    const [before, after] = [was, is].map((side) => observedDocument(side, allOf(side)))
    const target = declaredDocument(written)
    const source = copyOf(before!)
    for (const field of namedOrAlong(fields, before!, after!, head)) {
      const name = formatField(field)
      if (equalValues(getField(before, field), getField(after, field))) continue
      if (![head, people].every((side) => saysSo(side, after!, field))) {
        this.leave(ref, isSaid(field, head, people) ? 'it was changed since' : 'its manifest says nothing of it', name)
        continue
      }
      const why = this.back(field, source, {was, is})
      if (why !== undefined) this.leave(ref, why, name)
      else for (const place of [field, ...sizeWith(field)]) copyField(target, place, source)
    }
    return editsBetween(declaredDocument(written), withoutMissing(target))
  }

  /** Puts the value that is to be wished into a document; or why there is none. */
  private back(field: Field, source: Document, sides: {was: Observed; is: Observed}): string | undefined {
    const [first, key = ''] = field.path
    if (first !== 'config') return undefined
    if (losesSecret(field, source, sides.is)) return 'what was secret of it is kept nowhere'
    if (!isGuest(source.kind)) return undefined
    const {was, is} = sides
    const now = this.now.get(localKey(is)) ?? is
    const back = volumeBack(key, field.path[2], {was: was.config, is: is.config, now})
    if (back === undefined) return undefined
    if ('why' in back) return back.why
    const {path} = field
    // Of a key as a whole, the part that names the volume.
    const isWhole = path.length === 2
    if (isWhole || path[2] === back.part) {
      setField(source, {path: ['config', key, back.part]}, back.value)
      if (back.grown) this.leaveGrown(is, key, source, back.grown)
    }
    return undefined
  }
}

/** Whether a manifest says anything of a field: of power and of a place it need not. */
function isSaid(field: Field, ...sides: Document[]): boolean {
  return field.path[0] === 'config' || sides.some((side) => getField(side, field) !== undefined)
}

/** Whether an object that was removed had secrets, or may have had some that Proxmox VE gives to nobody. */
function hasSecret({kind, config}: Observed): boolean {
  const [{secret = {}}, {secretsOf, told = []}] = [wireKindOf(kind), travelOf(kind)]
  const untold = secretsOf ? own(secretsOf.of, String(own(config, secretsOf.key))) : Object.keys(secret)
  return isWithheld(config) || (untold ?? []).some((key) => !told.includes(key))
}

/** Whether what a field was before is a secret, or holds one that Proxmox VE has told once, when it was made, as a token does. */
function losesSecret(field: Field, before: Document, is: Observed): boolean {
  const value = getField(before, field)
  if (value === undefined) return false
  const [, place = '', member = ''] = field.path
  const isMadeAnew = own(travelOf(is.kind).notes, place) !== undefined && !hasMember(own(is.config, place), member)
  return isMadeAnew || isWithheld(value)
}

const hasMember = (value: Value | undefined, name: string): boolean => isMap(value) && Object.hasOwn(value, name)

/** With another volume comes its size, which was no wish of its own. */
function sizeWith({path: [first, key = '', part = '']}: Field): Field[] {
  return first === 'config' && (part === 'file' || part === 'volume') ? [{path: ['config', key, 'size']}] : []
}

/** A boot order names nothing that does not come back. */
function withoutMissing(document: Document): Document {
  const {order} = isGuest(document.kind) ? guestTravelOf(document.kind) : {}
  const value = order && own(document.config, order.key)
  const devices = devicesOf(value)
  const left = devices.filter((device) => Object.hasOwn(document.config, device))
  if (!order || !isMap(value) || left.length === devices.length) return document
  const rest = Array.isArray(value[order.subkey]) ? left : left.join(';')
  return {...document, config: {...document.config, [order.key]: {...value, [order.subkey]: rest}}}
}

/** The fields of a run, and what PVE changed along, which HEAD agrees with: keys, and, of what is no guest, parts of keys. */
function namedOrAlong(fields: readonly string[], before: Document, after: Document, head: Document): Field[] {
  const named = fields.flatMap((name) => parseField(name) ?? [])
  const keys = new Set(named.flatMap(({path: [first, key]}) => (first === 'config' ? [key!] : [])))
  const all = [...new Set([...Object.keys(before.config), ...Object.keys(after.config)])].sort()
  const others = all.filter((key) => !keys.has(key)).map((key): Field => ({path: ['config', key]}))
  // Of a guest's keys volumes come back with what belongs to them.
  const parts = isGuest(head.kind) ? [] : fieldsOf([before, after]).filter((part) => isBeside(part, named))
  const along = [...others, ...parts].filter((field) => {
    const is = getField(after, field)
    return !equalValues(getField(before, field), is) && equalValues(getField(head, field), is)
  })
  return [...named, ...along]
}

/** Whether a field is a part of the same key as one that is named, and not within any of these. */
function isBeside({path}: Field, named: readonly Field[]): boolean {
  const isSame = (other: Field, length: number) =>
    other.path.length >= length && path.slice(0, length).join('\0') === other.path.slice(0, length).join('\0')
  return named.some((other) => isSame(other, 2)) && !named.some((other) => isSame(other, other.path.length))
}

/** Whether a manifest says of a field what the run has brought about. */
function saysSo(side: Document, after: Document, field: Field): boolean {
  const [first, key = ''] = field.path
  const bound = boundDocument(isGuest(side.kind) ? side : settledIn(side, after), after)
  if (equalValues(getField(bound, field), getField(after, field))) return true
  return first === 'config' && meets(side.kind, key, own(side.config, key), own(after.config, key))
}

/** A manifest with what Proxmox VE makes of it: without what it takes for none (`disable: 0`), with what it has where nothing is said and something is there. */
function settledIn(side: Document, after: Document): Document {
  const {parts = {}, ...calls} = travelOf(side.kind)
  const all = [calls, ...Object.values(parts)]
  const none = Object.assign({}, ...all.map((each) => each.none)) as Record<string, Scalar>
  const filled = new Set(all.flatMap((each) => Object.keys(each.own ?? {})))
  const settled = (map: Config, there: Config): Config => {
    const said = Object.entries(map).flatMap(([key, value]): [string, Value][] => {
      const is = own(there, key)
      if (is === undefined && own(none, key) === value) return []
      return [[key, isMap(value) && isMap(is) ? settled(value, is) : value]]
    })
    const unsaid = Object.entries(there).filter(([key]) => filled.has(key) && !Object.hasOwn(map, key))
    return Object.fromEntries([...said, ...unsaid])
  }
  return {...side, config: settled(side.config, after.config)}
}
