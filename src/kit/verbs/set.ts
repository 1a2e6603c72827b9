import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {commitMessage} from '../git/index.js'
import {declaredDocument, getField, peoplesManifests, type Edit, type Edits} from '../reconcile/index.js'
import {formatField, formatRef, parentsOf, parseRef} from '../resources/index.js'
import type {ClusterState, Declared, ObjectRef, Observed, Value} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {redactText} from '../secrets/redact.js'
import {differenceAt} from '../state/difference.js'
import {lookUp, selectablesIn, selectorOf, type Workspace} from '../workspace/index.js'
import type {ApplyResult} from './apply.js'
import {refuseSecrets, secretHint, withAssigned, type Assignment, type Impossible} from './assignments.js'
import {applyDeclared, declare, editsTo, uncommittedFile, undeclared, type Applying} from './declaring.js'
import {opened, type Opened} from './edited.js'
import {fitting, isFiltered, type Meant} from './meant.js'

/** What is to be set, and of which objects. */
export interface SetRequest {
  /** Names, of pmpc.yaml. */
  clusters: readonly string[]
  /** What words select; guests where more is given. */
  meant: Meant
  assignments: readonly Assignment[]
  /** Write it into the working tree alone. */
  isUncommitted?: boolean
  /** Apply it then. */
  applying?: Applying
  /** Told once it is written, before it is applied. */
  onDeclared?(outcome: SetOutcome): void
}

/** What `pmpc set --json` prints. */
export interface SetResult {
  changed: {object: string; file: string; fields: string[]}[]
  /** null: HEAD held it already, or `--no-commit`. */
  commit: string | null
  /** Of `--apply`. */
  applied?: ApplyResult
}

/** {@link SetResult}, with what people are told. */
export interface SetOutcome {
  result: SetResult
  fields: ChangedField[]
  /** Objects that say so already. */
  same: string[]
  /** Objects that a selector means, and no manifest declares. */
  left: string[]
  warnings: string[]
}

/** What a manifest said, and says; undefined: nothing. */
export interface ChangedField {
  object: string
  field: string
  from: Value | undefined
  to: Value | undefined
}

/**
 * Sets fields in the manifests of objects, and commits that alone. What one of them has not, cannot be, or cannot be spliced is told, by object, and nothing is written.
 * @throws PMPC_UNKNOWN_FIELD, PMPC_NO_SECRET, PMPC_NOT_MANAGED, PMPC_MANIFEST_UNCOMMITTED; as `selectorOf`, `declare` and `applyDeclared`
 */
export async function setFields(
  workspace: Workspace,
  request: SetRequest,
  caller: Caller,
  version: string,
): Promise<SetOutcome> {
  return opened(workspace, caller, 'pmpc set', async (open) => {
    const {view, work} = open
    const people = peoplesManifests(view.noted, view.head, work.index)
    const {refs, left} = await chosen(open, people, request)
    refuseSecrets(
      refs.map(({kind}) => kind),
      request.assignments,
      {
        how: (key, kind) => secretHint(kind, formatRef(refs.find((ref) => ref.kind === kind)!), key),
        register: (secret) => caller.run.registerSecret(secret),
      },
    )
    const changes = refs.map((ref) => changeOf(open, ref, request.assignments))
    refuseProblems(changes, request)
    const isCommitted = !request.isUncommitted
    const uncommitted = isCommitted && changes.find(({head}) => !head)
    if (uncommitted) throw uncommittedFile(uncommitted.ref, work.pathOf(uncommitted.ref)!)
    const edits = (side: 'head' | 'work'): Edits =>
      changes.flatMap(({ref, [side]: of}) => (of && of.edits.length > 0 ? [{ref, edits: of.edits}] : []))
    const {commit, warnings} = await declare(open, {
      ...{head: isCommitted ? edits('head') : [], work: edits('work')},
      message: messageOf(
        changes.flatMap(({head}) => head?.fields ?? []),
        caller,
      ),
    })
    const told = changes.map((change) => ({...change, fields: fieldsOf(change, isCommitted)}))
    const changed = told.filter(({fields}) => fields.length > 0)
    const outcome: SetOutcome = {
      result: {
        changed: changed.map(({ref, fields}) => ({
          object: formatRef(ref),
          file: work.pathOf(ref)!,
          fields: fields.map(({field}) => field),
        })),
        commit,
      },
      fields: changed.flatMap(({fields}) => fields),
      same: told.filter((change) => !changed.includes(change)).map(({ref}) => formatRef(ref)),
      left,
      warnings,
    }
    request.onDeclared?.(outcome)
    const {applying} = request
    if (!applying) return outcome
    const applied = await applyDeclared({workspace, opened: open}, {refs, commit, applying}, caller, version)
    return {...outcome, result: {...outcome.result, applied}}
  })
}

/** What becomes of one object in HEAD and in the working tree. */
interface Change {
  ref: ObjectRef
  /** undefined: HEAD does not declare it. */
  head: Side | undefined
  work: Side
}

interface Side {
  edits: Edit[]
  fields: ChangedField[]
  problems: Impossible[]
}

function changeOf({view, work}: Opened, ref: ObjectRef, assignments: readonly Assignment[]): Change {
  const [head, mine] = [view.head, work].map((manifests) => sideOf(ref, manifests.declared(ref), assignments))
  return {ref, head, work: mine!}
}

function sideOf(ref: ObjectRef, declared: Declared | undefined, assignments: readonly Assignment[]): Side | undefined {
  if (!declared) return undefined
  const before = declaredDocument(declared)
  const {document: after, problems} = withAssigned(before, assignments)
  const edits = editsTo(declared, after)
  const paths = edits.flatMap((edit) => (edit.do === 'set' ? [edit.path] : []))
  const fields = paths.map((path): ChangedField => {
    // Where an object is to be is one thing with whether it is to stay there.
    const field = {path: path[0] === 'placement' ? ['placement', 'node'] : path}
    const [from, to] = [before, after].map((side) => getField(side, field))
    return {object: formatRef(ref), field: formatField(field), from, to}
  })
  return {edits, fields, problems}
}

/** What changes in HEAD, where it is committed, or in the working tree. */
function fieldsOf({head, work}: Change, isCommitted: boolean): ChangedField[] {
  const fields = [...work.fields, ...((isCommitted && head?.fields) || [])]
  return [...new Map(fields.map((each) => [each.field, each])).values()].sort((a, b) => (a.field < b.field ? -1 : 1))
}

/** The objects that words mean. Of what a selector means beside, and nobody declared, no manifest can be changed. */
async function chosen(
  {session, view, work}: Opened,
  people: ReadonlyMap<string, Declared>,
  {meant, clusters}: SetRequest,
): Promise<{refs: ObjectRef[]; left: string[]}> {
  const states: ClusterState[] = []
  for (const cluster of clusters) states.push((await session.state(cluster)) ?? {cluster, objects: []})
  const declared = [...work.index.documents.values()].filter(({ref}) => clusters.includes(ref.cluster))
  const among = {
    ...{clusters, all: session.workspace.clusters, known: selectablesIn(states, declared)},
    ...{command: 'pmpc set', found: 'is declared or was seen at the last sync'},
  }
  const isMeant = selectorOf(meant.words, among)
  const selected = among.known.map(({ref}) => ref).filter((ref) => isMeant?.(ref) !== false)
  const refs = isFiltered(meant)
    ? fitting(asDeclared(states, people), meant, selected.map(formatRef)).map(parseRef)
    : selected
  // What is a part of another object has fields of its own.
  const names = new Set(refs.map(formatRef))
  const whole = refs.filter((ref) => !parentsOf(ref).some((parent) => names.has(formatRef(parent))))
  const [mine, others] = [true, false].map((is) => whole.filter((ref) => people.has(formatRef(ref)) === is))
  const named = others!.find((ref) =>
    meant.words.some((word) => lookUp(word, among).some((one) => formatRef(one) === formatRef(ref))),
  )
  const [missing] = named ? [named] : mine!.length === 0 ? others! : []
  if (missing) throw undeclared(missing, view.head.pathOf(missing))
  return {refs: mine!, left: others!.map(formatRef)}
}

/** Guests as their manifests have them, where they run and how they do as was seen: what is meant to be changed is what manifests say. */
function asDeclared(states: readonly ClusterState[], people: ReadonlyMap<string, Declared>): ClusterState[] {
  return states.map(({cluster, objects}) => {
    const seen = new Map(objects.map((object) => [formatRef({cluster, kind: object.kind, id: object.id}), object]))
    const declared = [...people].flatMap(([object, {config, pool, placement}]): [string, Observed][] => {
      const {cluster: of, kind, id} = parseRef(object)
      const node = seen.has(object) ? undefined : placement?.node
      const said = {...(pool !== undefined && {pool}), ...(node !== undefined && {node})}
      return of === cluster ? [[object, {kind, id, config, facts: {...seen.get(object)?.facts, ...said}}]] : []
    })
    return {cluster, objects: [...new Map([...seen, ...declared]).values()]}
  })
}

function refuseProblems(changes: readonly Change[], {meant: {words}}: SetRequest): void {
  const wrong = changes.filter(({work}) => work.problems.length > 0)
  if (wrong.length === 0) return
  const all = wrong.flatMap(({ref, work}) => work.problems.map((problem) => ({...problem, object: formatRef(ref)})))
  const lines = all.slice(0, 20).map(({object, message}) => `${object}: ${message}`)
  if (all.length > lines.length) lines.push(`… and ${all.length - lines.length} more`)
  const unknown = all.find(({isUnknown}) => isUnknown)
  const [{ref}] = wrong as [Change]
  throw new PmpcError(
    unknown ? 'PMPC_UNKNOWN_FIELD' : 'PMPC_BAD_VALUE',
    `nothing was changed:\n  ${lines.join('\n  ')}`,
    {
      suggestions: [
        ...(unknown ? [`pmpc edit ${shellWord(unknown.object)}   # for what Proxmox VE knows and pmpc does not`] : []),
        ...(words.length > 0 && changes.length > wrong.length ? ['pmpc set …   # with the other objects alone'] : []),
        `pmpc describe ${shellWord(formatRef(ref))}`,
      ],
      data: {problems: all.map(({object, message}) => ({object, message}))},
    },
  )
}

/** How many lines of a message tell what was set. */
const mostLines = 40

function messageOf(fields: readonly ChangedField[], {run}: Caller): string {
  const objects = [...new Set(fields.map(({object}) => object))]
  const clusters = [...new Set(objects.map((object) => object.split('/')[0]!))].sort()
  const names = [...new Set(fields.map(({field}) => field))]
  const what = objects.length === 1 ? objects[0]! : `${objects.length} objects`
  const lines = fields.flatMap(({object, field, from, to}) => differenceAt(`${object} ${field}:`, from, to))
  const shown = lines.slice(0, mostLines).map((line) => redactText(line, run.secrets, 'message'))
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} more`)
  const which = names.length > 3 ? `${names.length} fields` : names.join(', ')
  return commitMessage(`set(${clusters.join(', ')}): ${what}, ${which}`, shown, [
    ['run', run.id],
    ...clusters.map((cluster): ['cluster', string] => ['cluster', cluster]),
    ['command', 'set'],
  ])
}
