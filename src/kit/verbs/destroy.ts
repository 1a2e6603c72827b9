import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import type {Plan} from '../plan/index.js'
import type {Edit, Edits, Manifests, View} from '../reconcile/index.js'
import {equalValues, formatRef, isGuest, kindOf, kindsNamed, localKey, own, parseRef} from '../resources/index.js'
import type {ClusterState, ObjectRef, Value} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {
  lookUp,
  meantByEach,
  printManifest,
  resolveObject,
  selectablesIn,
  type Naming,
  type Workspace,
} from '../workspace/index.js'
import {applyIn, type ApplyRequest, type ApplyResult} from './apply.js'
import {editedWith, opened} from './edited.js'
import {fitting, isFiltered, nobody, refuseNothing, typedAgain, type Meant} from './meant.js'
import type {Begun} from './plan.js'

/** What is to go. */
export interface DestroyRequest extends Omit<
  ApplyRequest,
  'words' | 'exclude' | 'refresh' | 'only' | 'edited' | 'takeAway' | 'begun'
> {
  /** Objects by their own names, `vm/100:unused0`, a volume that no slot holds, and guests by selectors and flags. */
  meant: Meant
}

/**
 * Says in the manifests that objects are to go, in place of what declared them, and applies that; when they are gone, so are the manifests. Where it comes to nothing
 * the working tree is as it was.
 * @throws as `resolveObject` and `apply`; PMPC_NOT_FOUND for what no cluster has; PMPC_NO_MANIFEST for what is observed only; PMPC_NOT_MANAGED for a volume of a guest without a manifest; PMPC_CHANGED_MEANWHILE for a volume that is another one by now
 */
export async function destroy(
  workspace: Workspace,
  request: DestroyRequest,
  caller: Caller,
  version: string,
): Promise<ApplyResult> {
  return opened(workspace, caller, 'pmpc destroy', async ({repository, session, view, work}) => {
    const states: ClusterState[] = []
    for (const cluster of request.clusters) states.push((await session.state(cluster)) ?? {cluster, objects: []})
    const doomed = doomedBy(view, work, states, request)
    const edits = doomed.flatMap(({ref, volume}): Edits => {
      const all = volume === undefined ? absence(view, work, ref) : []
      return all.length > 0 ? [{ref, edits: all}] : []
    })
    const volumes = doomed.filter(({volume}) => volume !== undefined)
    for (const {ref} of volumes) if (!work.declared(ref)) throw undeclared(ref)
    const whole = doomed.filter(({volume}) => volume === undefined).map(({ref}) => formatRef(ref))
    const only = new Set(doomed.map(({ref}) => formatRef(ref)))
    const clusters = [...new Set(doomed.map(({ref}) => ref.cluster))]
    const applying: ApplyRequest = {
      ...{...request, clusters, words: [], exclude: [], refresh: false, only},
      edited: await editedWith(work, edits),
      takeAway: whole,
      // No manifest names what no slot holds: that it be gone is wished here alone.
      ...(volumes.length > 0 && {begun: begunOf(doomed)}),
      onPlan(plan) {
        refuseOthers(plan, volumes)
        request.onPlan?.(plan)
      },
      as: 'destroy',
      again: typedAgain('pmpc destroy', request.meant),
    }
    return applyIn(workspace, repository, applying, caller, version)
  })
}

/** An object, or a volume of a guest. */
interface Doomed {
  ref: ObjectRef
  /** `unused0`, and what it was at the last sync. */
  volume?: {key: string; is: Value}
}

function doomedBy(
  {head, session}: View,
  work: Manifests,
  states: readonly ClusterState[],
  {meant, clusters}: DestroyRequest,
): Doomed[] {
  const manifests = [head, work].flatMap(({index}) => [...index.documents.values()])
  const absent = [head, work].flatMap(({index}) => [...index.absent.values()])
  const nothing = {names: [], tags: [], pools: [], nodes: []}
  const among = {
    known: [...selectablesIn(states, manifests), ...absent.map(({ref}) => ({ref, ...nothing}))],
    ...{clusters, all: session.workspace.clusters, command: 'pmpc destroy', looks: 'pmpc describe'},
    found: 'is in a cluster or a manifest',
  }
  refuseNothing(meant, among.command)
  const there = new Map<string, ClusterState['objects'][number]>(
    states.flatMap(({cluster, objects}) => objects.map((one) => [`${cluster}/${localKey(one)}`, one] as const)),
  )
  const isThere = (ref: ObjectRef) => there.has(formatRef(ref))
  const {objects, volumes} = volumesApart(meant.words, among)
  const freed = volumes.flatMap(([object, key]): Doomed[] =>
    present(resolveObject(object, among), isThere).map((ref) => {
      const is = own(there.get(formatRef(ref))!.config, key)
      if (is === undefined) throw noVolume(ref, key)
      return {ref, volume: {key, is}}
    }),
  )
  const named = meantByEach(objects, among).flatMap(({word, isName, refs}) =>
    isName ? present(refs, isThere) : guestsOnly(word, refs).filter(isThere),
  )
  const all = objects.length > 0 || volumes.length > 0 ? named : among.known.map(({ref}) => ref)
  const whole = isFiltered(meant) ? fitting(states, meant, all.map(formatRef)).map(parseRef) : named
  const found = [...freed, ...whole.map((ref): Doomed => ({ref}))]
  if (found.length === 0) throw nobody()
  for (const {ref, volume} of found) if (volume === undefined && !kindOf(ref.kind).declared) throw observedOnly(ref)
  const distinct = new Map(found.map((one) => [`${formatRef(one.ref)}:${one.volume?.key ?? ''}`, one]))
  const doomed = [...distinct.values()]
  // What goes as a whole goes with its volumes.
  return doomed.filter(
    ({ref, volume}) =>
      volume === undefined || !doomed.some((one) => !one.volume && formatRef(one.ref) === formatRef(ref)),
  )
}

/** Of what a name means: what is there. @throws PMPC_NOT_FOUND where nothing of it is */
function present(refs: readonly ObjectRef[], isThere: (ref: ObjectRef) => boolean): ObjectRef[] {
  const found = refs.filter(isThere)
  if (found.length === 0) throw notThere(refs[0]!)
  return found
}

/** A selector means guests: who names nothing has not looked at what else would go. @throws PMPC_BAD_SELECTOR where it means none */
function guestsOnly(word: string, refs: readonly ObjectRef[]): ObjectRef[] {
  const guests = refs.filter(({kind}) => isGuest(kind))
  if (guests.length > 0) return guests
  throw new PmpcError('PMPC_BAD_SELECTOR', `${JSON.stringify(word)} means no guest; all else goes by its own name`, {
    suggestions: refs.slice(0, 2).map((ref) => `pmpc destroy ${shellWord(formatRef(ref))}`),
    data: {selector: word},
  })
}

/** Words that name a volume by the key behind a colon, `vm/100:unused0` or `vm 100:unused0`, and all others. */
function volumesApart(words: readonly string[], among: Naming): {objects: string[]; volumes: [string, string][]} {
  const objects: string[] = []
  const volumes: [string, string][] = []
  for (const word of words) {
    const [, object, key] = /^(?!(?:tag|pool|node):)(.+):([a-z]+\d+)$/.exec(word) ?? []
    if (object === undefined || key === undefined || lookUp(word, among).length > 0) objects.push(word)
    else {
      const isOfKind = !object.includes('/') && kindsNamed(objects.at(-1) ?? '').length > 0
      const whole = isOfKind ? `${objects.pop()}/${object}` : object
      if (!/^unused\d+$/.test(key)) throw inSlot(`${whole}:${key}`, whole, key)
      volumes.push([whole, key])
    }
  }
  return {objects, volumes}
}

function inSlot(word: string, object: string, key: string): PmpcError {
  return new PmpcError('PMPC_USAGE', `${word}: only what no slot holds is freed by itself, as ${object}:unused0`, {
    suggestions: [
      `pmpc describe ${shellWord(object)}   # its volumes; take ${key} out of the manifest and apply, to detach it`,
    ],
    data: {object, key},
  })
}

/** The document of an object, saying that it is to go. Comments and all else in it are in HEAD's history. */
export function absence({head}: View, work: Manifests, ref: ObjectRef): Edit[] {
  if (work.absentAt(ref) !== undefined) return []
  const {kind, id} = ref
  const there = [work, head].map(({index}) => index.documents.get(formatRef(ref))).find((document) => document)
  const cluster = there?.declared.cluster
  const declared = {...{kind, id, config: {}}, absent: true as const, ...(cluster !== undefined && {cluster})}
  return [there ? {do: 'take', path: there.path, text: printManifest(declared)} : {do: 'write', declared}]
}

/** What is to go, by object. */
function begunOf(doomed: readonly Doomed[]): Map<string, Begun> {
  const begun = new Map<string, Begun>()
  for (const {ref, volume} of doomed) {
    const object = formatRef(ref)
    const fields = [...(begun.get(object)?.fields ?? []), ...(volume === undefined ? [] : [`config.${volume.key}`])]
    begun.set(object, {...(volume === undefined && {absent: true as const}), fields})
  }
  return begun
}

/** A number that is free goes to the next volume that is detached: what is to go is the one that was seen. */
function refuseOthers({actions}: Plan, volumes: readonly Doomed[]): void {
  for (const {ref, volume} of volumes) {
    const action = actions.find(({object}) => object === formatRef(ref))
    const wish = action?.fields.find(({field}) => field === `config.${volume!.key}`)
    if (!wish || equalValues(wish.from ?? undefined, volume!.is)) continue
    const name = `${formatRef(ref)}:${volume!.key}`
    throw new PmpcError('PMPC_CHANGED_MEANWHILE', `${name} is another volume by now than at the last sync`, {
      suggestions: ['pmpc sync', `pmpc destroy ${shellWord(name)}   # afterwards, if that is meant`],
      data: {object: formatRef(ref), key: volume!.key},
    })
  }
}

function undeclared(ref: ObjectRef): PmpcError {
  const object = formatRef(ref)
  return new PmpcError('PMPC_NOT_MANAGED', `no manifest declares ${object}, so that nothing of it can be wished`, {
    suggestions: [`pmpc accept ${shellWord(object)}`, `pmpc destroy ${shellWord(object)}   # as a whole`],
    data: {object},
  })
}

function noVolume(ref: ObjectRef, key: string): PmpcError {
  const object = formatRef(ref)
  return new PmpcError('PMPC_NOT_FOUND', `${object} had no ${key} at the last sync`, {
    suggestions: [`pmpc describe ${shellWord(object)}`, 'pmpc sync'],
    data: {object, key},
  })
}

function notThere(ref: ObjectRef): PmpcError {
  const object = formatRef(ref)
  return new PmpcError('PMPC_NOT_FOUND', `${object} is in manifests only: there is nothing to destroy`, {
    suggestions: ['pmpc sync   # if it was made since', `git rm …   # the manifest of ${object}`],
    data: {object},
  })
}

function observedOnly(ref: ObjectRef): PmpcError {
  return new PmpcError('PMPC_NO_MANIFEST', `${formatRef(ref)} is observed only, and no manifest can wish it away`, {
    suggestions: ['pmpc get guests'],
    data: {object: formatRef(ref)},
  })
}
