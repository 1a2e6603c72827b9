import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {localOf, shellWord} from '../files/index.js'
import {commitMessage} from '../git/index.js'
import {declaredDocument, peoplesManifests, Session, viewOf, type Edit, type Manifests} from '../reconcile/index.js'
import {formatField, formatRef, type Declared, type ObjectRef} from '../resources/index.js'
import {reading, type Caller} from '../runs/index.js'
import {joinedWords, manifestTools, namesOf, resolveObject, type Workspace} from '../workspace/index.js'
import {fileNameOf} from '../workspace/file-name.js'
import {applyDeclared, declare, editsTo, uncommittedFile, undeclared, type Applying} from './declaring.js'
import {opened, type Opened} from './edited.js'
import {besideEdits} from './intention.js'
import type {SetResult} from './set.js'

/** Whose manifest is edited, and with what. */
export interface EditRequest {
  /** Names, of pmpc.yaml. */
  clusters: readonly string[]
  /** One object, by id or name. */
  words: readonly string[]
  isUncommitted?: boolean
  applying?: Applying
  /** Lets somebody edit a file, and returns when that is over. */
  edit(path: string): Promise<void>
  /** Asked whether to edit it again, where it cannot be taken as it is. */
  again?(error: PmpcError): Promise<boolean>
  /** Told once it is written, before it is applied. */
  onDeclared?(outcome: EditOutcome): void
}

/** What `pmpc edit --json` prints: as `pmpc set`. */
export type EditResult = SetResult

export interface EditOutcome {
  result: EditResult
  object: string
  warnings: string[]
}

/** A document while it is edited. */
interface Editing {
  ref: ObjectRef
  /** Of its file. */
  path: string
  before: string
}

/**
 * Lets somebody edit the document of an object, and commits what has become of that alone. What cannot be taken is kept aside, and told.
 * @throws PMPC_MANIFEST_SYNTAX, PMPC_NOT_CONFIRMED for an empty text, PMPC_CHANGED_MEANWHILE; as `resolveObject`, `declare`, `applyDeclared`, and what `edit` throws
 */
export async function edit(
  workspace: Workspace,
  request: EditRequest,
  caller: Caller,
  version: string,
): Promise<EditOutcome> {
  // Nobody holds the workspace while somebody edits.
  const editing = await reading(workspace.root, async (repository) =>
    documentFor(await Session.open(workspace, repository), request),
  )
  const local = localOf(workspace.root)
  const {cluster, kind, id} = editing.ref
  const name = `edit/${cluster}/${kind}/${fileNameOf(id)}.yaml`
  local.replace(name, editing.before)
  for (;;) {
    await request.edit(local.path(name)).catch((error: unknown) => {
      if (local.read(name) === editing.before) local.remove(name)
      throw error
    })
    const after = (local.read(name) ?? '').replace(/(?<!\n)$/, '\n')
    if (after.trimEnd() === editing.before.trimEnd()) {
      local.remove(name)
      return {result: {changed: [], commit: null}, object: formatRef(editing.ref), warnings: []}
    }
    try {
      return await opened(workspace, caller, 'pmpc edit', async (open) => {
        const outcome = await put(workspace, open, {editing, after, request}, caller)
        local.remove(name)
        request.onDeclared?.(outcome)
        const {applying} = request
        if (!applying) return outcome
        const {commit} = outcome.result
        const how = {refs: [editing.ref], commit, applying}
        const applied = await applyDeclared({workspace, opened: open}, how, caller, version)
        return {...outcome, result: {...outcome.result, applied}}
      })
    } catch (error) {
      // Gone: it was written, and what failed came after.
      if (!isPmpcError(error) || local.read(name) === undefined) throw error
      if (error.code !== 'PMPC_NOT_CONFIRMED' && (await request.again?.(error))) continue
      throw retold(error, {
        suggestions: [
          ...error.suggestions,
          `less ${shellWord(local.path(name))}   # your text: it is kept until the next pmpc edit`,
        ],
        data: {text: local.path(name)},
      })
    }
  }
}

async function documentFor(session: Session, request: EditRequest): Promise<Editing> {
  const {clusters, words} = request
  const [view, work] = await Promise.all([viewOf(session), session.work()])
  const people = peoplesManifests(view.noted, view.head, work.index)
  const states = await Promise.all(clusters.map(async (cluster) => session.state(cluster)))
  const seen = states.flatMap((state) =>
    (state?.objects ?? []).map((object) => ({
      ref: {cluster: state!.cluster, kind: object.kind, id: object.id},
      names: namesOf(object.kind, object.config),
    })),
  )
  const declared = [...work.index.documents.values()].map(({ref, declared: each}) => ({
    ref,
    names: namesOf(ref.kind, each.config),
  }))
  const naming = {
    known: [...declared, ...seen].filter(({ref}) => clusters.includes(ref.cluster)),
    ...{
      clusters,
      all: session.workspace.clusters,
      command: 'pmpc edit',
      found: 'is declared or was seen at the last sync',
    },
  }
  const [word, ...others] = joinedWords(words)
  if (word === undefined || others.length > 0)
    throw new PmpcError('PMPC_USAGE', 'one object is edited at a time', {
      suggestions: [`pmpc edit ${shellWord(word ?? 'vm/100')}`],
    })
  const refs = resolveObject(word, naming)
  const ref = refs.find((each) => people.has(formatRef(each)))
  if (!ref) throw undeclared(refs[0]!, view.head.pathOf(refs[0]!))
  const path = work.pathOf(ref)!
  if (!request.isUncommitted && !view.head.declared(ref)) throw uncommittedFile(ref, path)
  return {ref, path, before: await textOf(work, ref)}
}

/** The document of an object as it stands in its file, without the others. */
async function textOf(manifests: Manifests, ref: ObjectRef): Promise<string> {
  const text = (await manifests.read(manifests.pathOf(ref)!)) ?? ''
  return (await manifestTools()).documentText(text, ref)
}

async function put(
  workspace: Workspace,
  open: Opened,
  {editing, after, request}: {editing: Editing; after: string; request: EditRequest},
  caller: Caller,
): Promise<EditOutcome> {
  const {ref, path, before} = editing
  const {view, work} = open
  const object = formatRef(ref)
  if (work.pathOf(ref) !== path || (await textOf(work, ref)) !== before) throw changedMeanwhile(object, path)
  const was = work.declared(ref)!
  const is = await declaredIn(after, {ref, clusters: workspace.clusters, path})
  if (is.absent && request.applying)
    throw new PmpcError('PMPC_USAGE', `${object} is to go, and an edit destroys nothing`, {
      suggestions: [`pmpc destroy ${shellWord(object)}`],
    })
  const changes = is.absent ? [] : [...editsTo(was, declaredDocument(is)), ...besideEdits(was, is)]
  const take = (at: string): Edit => ({do: 'take', path: at, text: after})
  const head = view.head.pathOf(ref)
  const isSame = head !== undefined && (await textOf(view.head, ref)) === before
  const ofHead = head === undefined || request.isUncommitted ? [] : isSame || is.absent ? [take(head)] : changes
  const fields = is.absent
    ? ['absent']
    : [...new Set(changes.flatMap((edit) => (edit.do === 'set' ? [nameOf(edit.path)] : [])))].sort()
  const {commit, warnings} = await declare(open, {
    head: ofHead.length > 0 ? [{ref, edits: ofHead}] : [],
    work: [{ref, edits: [take(path)]}],
    message: commitMessage(
      `edit(${ref.cluster}): ${object}`,
      [fields.length > 0 ? fields.slice(0, 20).join(', ') : 'how it is written'],
      [
        ['run', caller.run.id],
        ['cluster', ref.cluster],
        ['command', 'edit'],
      ],
    ),
  })
  const uncommitted =
    !isSame && !request.isUncommitted
      ? [`${path} has other edits that are not committed; of this one the fields were, and comments and form were not`]
      : []
  return {result: {changed: [{object, file: path, fields}], commit}, object, warnings: [...uncommitted, ...warnings]}
}

const nameOf = (path: string[]): string => formatField({path: path[0] === 'placement' ? ['placement'] : path})

/** What a text says, which has to be one document of that object. @throws PMPC_MANIFEST_SYNTAX, with lines of the text */
async function declaredIn(
  text: string,
  {ref, clusters, path}: {ref: ObjectRef; clusters: string[]; path: string},
): Promise<Declared> {
  const object = formatRef(ref)
  if (text.trim() === '')
    throw new PmpcError(
      'PMPC_NOT_CONFIRMED',
      `Nothing was changed: the text is empty. To have ${object} unmanaged, take its document out of ${path}.`,
      {
        suggestions: [`git rm ${shellWord(path)}   # then commit`, `pmpc destroy ${shellWord(object)}`],
      },
    )
  const {parseManifests} = await manifestTools()
  const {documents, absent, unmade, problems} = parseManifests(text, path, clusters)
  const lines = problems
    .filter(({severity}) => severity === 'error')
    .map(({line, column, message}) => `${line}:${column}: ${message}`)
  const [one, ...others] = [...documents, ...absent]
  const isIt = one !== undefined && others.length + unmade.length === 0 && formatRef(one.ref) === object
  if (lines.length === 0 && !isIt)
    lines.push(`1:1: it has to be one document of ${object}, with its kind and id as they were`)
  if (lines.length === 0) return one!.declared
  throw new PmpcError(
    'PMPC_MANIFEST_SYNTAX',
    `nothing was changed, as ${object} cannot be read like that:\n  ${lines.slice(0, 10).join('\n  ')}`,
    {
      suggestions: [`pmpc edit ${shellWord(object)}`],
      data: {object, problems: lines},
    },
  )
}

function changedMeanwhile(object: string, path: string): PmpcError {
  return new PmpcError(
    'PMPC_CHANGED_MEANWHILE',
    `${object} was changed in ${path} while it was edited, and nothing was written`,
    {
      suggestions: [`git diff -- ${shellWord(path)}`, `pmpc edit ${shellWord(object)}`],
      data: {object, path},
    },
  )
}
