import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {Session, viewOf, type Edit, type Edits, type Manifests, type View} from '../reconcile/index.js'
import {formatRef, kindOf, localKey} from '../resources/index.js'
import type {ClusterState, ObjectRef} from '../resources/index.js'
import {exclusively, type Caller} from '../runs/index.js'
import {
  joinedWords,
  knownIn,
  lookUp,
  printManifest,
  resolveObject,
  type Naming,
  type Workspace,
} from '../workspace/index.js'
import {applyIn, type ApplyRequest, type ApplyResult} from './apply.js'
import {withEdited} from './edited.js'

/** What is to go. */
export interface DestroyRequest extends Omit<ApplyRequest, 'words' | 'exclude' | 'refresh' | 'only' | 'takeAway'> {
  /** Objects, each by its own name; `vm/100:unused0` is a volume that no slot holds. */
  words: readonly string[]
}

/**
 * Says in the manifests that objects are to go, in place of what declared them, and applies that; when they are gone, so are the manifests. Where it comes to nothing
 * the working tree is as it was.
 * @throws as `resolveObject` and `apply`; PMPC_NOT_FOUND for what no cluster has; PMPC_NO_MANIFEST for what is observed only; PMPC_UNKNOWN_FIELD for a volume of which no manifest tells
 */
export async function destroy(
  workspace: Workspace,
  request: DestroyRequest,
  caller: Caller,
  version: string,
): Promise<ApplyResult> {
  return exclusively(
    workspace.root,
    caller,
    async (repository) => {
      const session = await Session.open(workspace, repository)
      const [view, work] = await Promise.all([viewOf(session), session.work()])
      const states: ClusterState[] = []
      for (const cluster of request.clusters) states.push((await session.state(cluster)) ?? {cluster, objects: []})
      const doomed = doomedBy(view, work, states, request)
      const edits = doomed.flatMap((one): Edits => {
        const all = one.volume === undefined ? absence(view, work, one.ref) : freed(work, one.ref, one.volume)
        return all.length > 0 ? [{ref: one.ref, edits: all}] : []
      })
      const whole = doomed.filter(({volume}) => volume === undefined).map(({ref}) => formatRef(ref))
      const only = new Set(doomed.map(({ref}) => formatRef(ref)))
      const clusters = [...new Set(doomed.map(({ref}) => ref.cluster))]
      const applying: ApplyRequest = {
        ...{...request, clusters, words: [], exclude: [], refresh: false, only},
        takeAway: whole,
        again: `pmpc destroy ${request.words.map(shellWord).join(' ')}`,
      }
      return withEdited(session, work, edits, async () => applyIn(workspace, repository, applying, caller, version))
    },
    {afterwards: 'pmpc destroy'},
  )
}

/** An object, or a volume of a guest. */
interface Doomed {
  ref: ObjectRef
  /** `unused0` */
  volume?: string
}

function doomedBy(
  {head}: View,
  work: Manifests,
  states: readonly ClusterState[],
  {words, clusters}: DestroyRequest,
): Doomed[] {
  const declared = [head, work].flatMap(({index}) => [...index.documents.values(), ...index.absent.values()])
  const naming: Naming = {
    known: [...knownIn(states), ...declared.map(({ref}) => ({ref, names: []}))],
    ...{clusters, command: 'pmpc destroy', found: 'is in a cluster or a manifest'},
  }
  const there = new Set(states.flatMap(({cluster, objects}) => objects.map((one) => `${cluster}/${localKey(one)}`)))
  const found = joinedWords(words).flatMap((word): Doomed[] => {
    const [object, volume] = volumeIn(word, naming)
    const refs = resolveObject(object, naming)
    const present = refs.filter((ref) => there.has(formatRef(ref)))
    if (present.length === 0) throw notThere(refs[0]!)
    return present.map((ref) => ({ref, ...(volume !== undefined && {volume})}))
  })
  for (const {ref, volume} of found) if (volume === undefined && !kindOf(ref.kind).declared) throw observedOnly(ref)
  const distinct = new Map(found.map((one) => [`${formatRef(one.ref)}:${one.volume ?? ''}`, one]))
  const all = [...distinct.values()]
  // What goes as a whole goes with its volumes.
  return all.filter(
    ({ref, volume}) => volume === undefined || !all.some((one) => !one.volume && formatRef(one.ref) === formatRef(ref)),
  )
}

/** An object, and the volume behind the colon. */
function volumeIn(word: string, naming: Naming): [string, string?] {
  const [, object, key] = /^(.+):([a-z]+\d+)$/.exec(word) ?? []
  if (object === undefined || key === undefined || lookUp(word, naming).length > 0) return [word]
  if (/^unused\d+$/.test(key)) return [object, key]
  throw new PmpcError('PMPC_USAGE', `${word}: only what no slot holds is freed by itself, as ${object}:unused0`, {
    suggestions: [
      `pmpc describe ${shellWord(object)}   # its volumes; take ${key} out of the manifest and apply, to detach it`,
    ],
    data: {object, key},
  })
}

/** The document of an object, saying that it is to go. Comments and all else in it are in HEAD's history. */
function absence({head}: View, work: Manifests, ref: ObjectRef): Edit[] {
  if (work.absentAt(ref) !== undefined) return []
  const {kind, id} = ref
  const there = [work, head].map(({index}) => index.documents.get(formatRef(ref))).find((document) => document)
  const cluster = there?.declared.cluster
  const declared = {...{kind, id, config: {}}, absent: true as const, ...(cluster !== undefined && {cluster})}
  return [there ? {do: 'take', path: there.path, text: printManifest(declared)} : {do: 'write', declared}]
}

/** The wish that a volume be gone is a manifest without it. */
function freed(work: Manifests, ref: ObjectRef, key: string): Edit[] {
  const config = work.declared(ref)?.config
  if (config && Object.hasOwn(config, key)) return [{do: 'set', path: ['config', key], value: undefined}]
  const object = formatRef(ref)
  throw new PmpcError(
    'PMPC_UNKNOWN_FIELD',
    `no manifest tells of ${key} of ${object}, so that nobody has agreed on it, and it cannot be wished away`,
    {suggestions: [`pmpc accept ${shellWord(object)}`, `pmpc describe ${shellWord(object)}`], data: {object, key}},
  )
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
