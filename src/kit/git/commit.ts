import {randomBytes} from 'node:crypto'
import {applyJournal, indexStates, recover, sameState, type OnStep} from './settle.js'
import {isTrue, type Context} from './context.js'
import {isPmpcError} from '../errors/index.js'
import {gitBusy, gitMoved, signingFailed} from './errors.js'
import {assertIdle, readHead} from './head.js'
import {storeFiltered} from './filters.js'
import {openHooks, type Hooks} from './hooks.js'
import {
  dropJournal,
  hasJournal,
  packContent,
  writeJournal,
  type IndexStep,
  type Journal,
  type JournalContent,
} from './journal.js'
import {maintain, noteWritten} from './maintenance.js'
import {hashBlob, packObjects, type NewObject} from './objects.js'
import {guardPath} from './paths.js'
import {readObjects} from './reads.js'
import {moveHead} from './ref.js'
import {readSkipped} from './status.js'
import {editTree, type Entry} from './tree-edit.js'
import {fileId, type LeftFile} from './worktree.js'

/** A file of the commit. */
export interface CommittedFile {
  path: string
  /** The bytes as they are (or would be) in the working tree; null removes the file. */
  content: Uint8Array | null
  /** 100644 for a new file, else as before. */
  mode?: '100644' | '100755'
  /** Store these very bytes, without line-end conversion or filter. True for pmpc's own files below `.pmpc/`. */
  raw?: boolean
  /**
   * For a path of which the user has staged something else: given that, returns what the index shall hold (null: nothing),
   * or undefined to leave it. Without this function it is left, and named in {@link CommitResult.keptStaged}.
   */
  staged?(content: Uint8Array | null): Uint8Array | null | undefined
}

/** A file of the working tree that is to change, whether or not it is committed. */
export interface WorktreeFile {
  path: string
  /** What must be there: {@link hashBlob} of the raw bytes, null for no file, `'any'` for whatever is there now. */
  expect: string | null
  content: Uint8Array | null
  executable?: boolean
}

/** One write: a commit, and with it (or without any) changes of working tree and index. */
export interface WriteRequest {
  /** The commit that was read and is built upon; null on a branch without any. HEAD must still be there. */
  parent: string | null
  /** Files to commit; none means no commit. */
  files?: CommittedFile[]
  /** Commit though nothing in the tree is otherwise: for what the message alone tells. */
  allowEmpty?: boolean | undefined
  worktree?: WorktreeFile[]
  /** New files of the working tree that a plain `git diff` shall show. */
  intentToAdd?: string[]
  /** Names to take out of the index, where they are intent-to-add and nothing else. */
  dropIntentToAdd?: string[]
  /** Subject, body, trailers. Needed with `files`. */
  message?: string
  /** Run pre-commit, commit-msg and post-commit. */
  runHooks?: boolean
  author?: {name: string; email: string; /** ISO 8601 or Git's own form. */ date?: string}
  /** Test seam: called after each step, with its name. */
  onStep?: OnStep
}

/** What a write did. */
export interface CommitResult {
  /** The new commit, or null where the tree would have been the parent's. */
  commit: string | null
  parent: string | null
  written: string[]
  left: LeftFile[]
  /** Paths whose staged version is the user's and was left as it is. */
  keptStaged: string[]
  warnings: string[]
}

/**
 * Commits exactly the given files on top of HEAD and brings index and working tree along; see docs/decisions for the steps.
 * Nothing of the user's is touched: what is staged, intent-to-add or edited stays byte for byte. Ctrl-C and SIGTERM wait until it
 * is over; after SIGKILL at any point, {@link recover} brings all to how it was before, or to how it is after.
 * Throws PMPC_GIT_BUSY, PMPC_GIT_MOVED (75), PMPC_GIT_IDENTITY, PMPC_HOOK_FAILED, PMPC_SIGNING_FAILED, PMPC_READ_ONLY; in each
 * case nothing was changed, unless the error's data says `committed: true`.
 */
export async function commitFiles(context: Context, request: WriteRequest): Promise<CommitResult> {
  return context.critical(async () => commitProtected(context, request))
}

async function commitProtected(context: Context, request: WriteRequest): Promise<CommitResult> {
  assertIdle(context)
  if (hasJournal(context)) await recover(context)
  const id = `pmpc-${randomBytes(5).toString('hex')}`
  const head = await readHead(context)
  if (head.oid !== request.parent) throw gitMoved(request.parent, head.oid)
  // The configuration is for the commit; asked here, it costs no time of its own.
  const [plan] = await Promise.all([planWrite(context, request, id), context.version(), context.config()])
  const onStep = request.onStep ?? (() => undefined)
  const hooks = plan.tree !== null && request.runHooks ? openHooks(context, plan.tree, id) : undefined
  try {
    if (plan.objects.length > 0) await storeObjects(context, plan.objects)
    await onStep('objects')
    const commit = plan.tree === null ? null : await makeCommit(context, request, plan.tree, hooks)
    await onStep('commit')
    return await publish(context, request, {...plan, commit, id}, onStep, hooks)
  } finally {
    hooks?.close()
  }
}

interface Plan {
  /** The tree to commit, or null where nothing is to be committed. */
  tree: string | null
  objects: NewObject[]
  index: IndexStep[]
  worktree: Journal['worktree']
  keptStaged: string[]
}

async function planWrite(context: Context, request: WriteRequest, id: string): Promise<Plan> {
  const files = request.files ?? []
  const drops = (request.dropIntentToAdd ?? []).filter((path) => !files.some((file) => file.path === path))
  const worktree = request.worktree ?? []
  for (const path of [...files, ...worktree].map((file) => file.path)) guardPath(path)
  for (const path of [...drops, ...(request.intentToAdd ?? [])]) guardPath(path)

  const objects = new Map<string, NewObject>()
  const [states, skipped, filtered] = await Promise.all([
    indexStates(context, request.parent, [...files.map((file) => file.path), ...drops]),
    readSkipped(
      context,
      files.map((file) => file.path),
    ),
    storeFiltered(
      context,
      files.flatMap(({path, content, raw}) =>
        content && !(raw ?? path.startsWith('.pmpc/')) ? [{path, content}] : [],
      ),
      id,
    ),
  ])
  const unmerged = [...states].filter(([, state]) => state.unmerged).map(([path]) => path)
  if (unmerged.length > 0) throw unmergedPaths(unmerged)

  const entries = new Map<string, Entry | null>()
  for (const {path, content, mode} of files) {
    const wanted = mode ?? states.get(path)?.head?.mode ?? '100644'
    const oid = filtered.get(path)?.oid ?? (content && addBlob(context, objects, content))
    entries.set(path, content === null || !oid ? null : {mode: wanted, oid})
  }
  const changed = files.some(({path}) => !sameState(entries.get(path), states.get(path)!.head))
  const edited = changed || request.allowEmpty ? await editTree(context, request.parent, entries) : null
  for (const object of edited?.created ?? []) objects.set(object.oid, object)

  const {steps, keptStaged} = await planIndex(context, files, entries, states, objects)
  for (const path of drops) if (states.get(path)!.index === 'intent') steps.push({path, before: 'intent', after: null})
  return {
    tree: edited?.oid ?? null,
    objects: [...objects.values()],
    index: steps.map((step) => (step.after && skipped.has(step.path) ? {...step, skipWorktree: true} : step)),
    worktree: worktree.map((file) => planFile(context, file, objects)),
    keptStaged,
  }
}

type States = Awaited<ReturnType<typeof indexStates>>

async function planIndex(
  context: Context,
  files: CommittedFile[],
  entries: Map<string, Entry | null>,
  states: States,
  objects: Map<string, NewObject>,
): Promise<{steps: IndexStep[]; keptStaged: string[]}> {
  const steps: IndexStep[] = []
  const keptStaged: string[] = []
  for (const {path, staged} of files) {
    const {head, index: before} = states.get(path)!
    const committed = entries.get(path)!
    if (before === 'intent' || sameState(before, head) || sameState(before, committed)) {
      steps.push({path, before, after: committed, committed})
      continue
    }
    const content = before && ((await readObjects(context, [before.oid]))[0] ?? null)
    const merged = staged?.(content)
    if (merged === undefined) {
      keptStaged.push(path)
      continue
    }
    const mode = before?.mode ?? committed?.mode ?? '100644'
    const after = merged === null ? null : {mode, oid: addBlob(context, objects, merged)}
    steps.push({path, before, after, committed})
  }
  return {steps, keptStaged}
}

function addBlob(context: Context, objects: Map<string, NewObject>, content: Uint8Array): string {
  const oid = hashBlob(content, context.objectFormat)
  objects.set(oid, {type: 'blob', oid, content})
  return oid
}

function planFile(context: Context, file: WorktreeFile, objects: Map<string, NewObject>): Journal['worktree'][number] {
  const {path, content, executable} = file
  const before = file.expect === 'any' ? (fileId(context.root, path, context.objectFormat) ?? null) : file.expect
  return {path, before, after: content && packed(context, content, objects), executable}
}

/** What is committed anyway need not stand in the journal a second time. */
function packed(context: Context, content: Uint8Array, objects: Map<string, NewObject>): JournalContent {
  const oid = hashBlob(content, context.objectFormat)
  return objects.has(oid) ? {blob: oid} : packContent(content)
}

async function storeObjects(context: Context, objects: NewObject[]): Promise<void> {
  await context.write(['unpack-objects', '-q'], {input: packObjects(objects, context.objectFormat)})
}

async function makeCommit(
  context: Context,
  request: WriteRequest,
  tree: string,
  hooks: Hooks | undefined,
): Promise<string> {
  const given = request.message ?? 'pmpc'
  const message = hooks ? await hooks.before(given) : given
  const args = ['commit-tree', tree]
  if (request.parent !== null) args.push('-p', request.parent)
  // `commit-tree` is plumbing and takes no notice of this setting by itself.
  const signed = isTrue((await context.config()).get('commit.gpgsign'))
  if (signed) args.push('-S')
  const options = {input: message, env: authorEnvironment(request)}
  const {stdout} = await context.write([...args, '-F', '-'], options).catch((error: unknown) => {
    // Whatever a signing program says of its troubles, in any language: without it the same command would have gone well.
    throw signed && isPmpcError(error) && error.code === 'PMPC_GIT_FAILED' ? signingFailed(error) : error
  })
  return stdout.toString().trim()
}

function authorEnvironment({author}: WriteRequest): Record<string, string> {
  if (!author) return {}
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    ...(author.date === undefined ? {} : {GIT_AUTHOR_DATE: author.date}),
  }
}

async function publish(
  context: Context,
  request: WriteRequest,
  plan: Plan & {commit: string | null; id: string},
  onStep: OnStep,
  hooks: Hooks | undefined,
): Promise<CommitResult> {
  const {commit, keptStaged} = plan
  const journal: Journal = {
    version: 1,
    id: plan.id,
    commit: commit === null ? null : {before: request.parent, after: commit},
    index: plan.index.filter(({before, after}) => !sameState(before, after)),
    worktree: plan.worktree,
    intentToAdd: request.intentToAdd ?? [],
  }
  const result = {commit, parent: request.parent, keptStaged, warnings: [] as string[]}
  const idle = journal.index.length + journal.worktree.length + journal.intentToAdd.length === 0
  if (commit === null && idle) return {...result, written: [], left: []}
  // Again, as a hook or a signature may have taken minutes.
  assertIdle(context)
  writeJournal(context, journal)
  await onStep('journal')
  if (commit !== null) await move(context, request, commit, onStep)
  const applied = await applyJournal(context, journal, onStep).catch((error: unknown) => {
    throw commit === null ? error : halfDone(error, commit)
  })
  if (commit !== null) {
    const loose = noteWritten(context, [...plan.objects.map(({oid}) => oid), commit])
    await maintain(context, loose).catch(() => false)
  }
  const warning = await hooks?.after()
  return {...result, ...applied, warnings: warning === undefined ? [] : [warning]}
}

async function move(context: Context, request: WriteRequest, after: string, onStep: OnStep): Promise<void> {
  const subject = (request.message ?? 'pmpc').split('\n', 1)[0]!
  const reason = `commit${request.parent === null ? ' (initial)' : ''} (pmpc): ${subject}`
  try {
    const {parent: before, runHooks = false} = request
    await moveHead(context, {before, after, reason, runHooks}, async () => onStep('prepared'))
  } catch (error) {
    dropJournal(context)
    throw error
  }
  await onStep('ref')
}

function unmergedPaths(paths: string[]): Error {
  return gitBusy(
    `A merge left ${paths.join(', ')} unresolved in the index.`,
    [`git checkout --ours -- ${paths[0]} && git add ${paths[0]}`, 'git status'],
    {paths},
  )
}

/** The commit stands and its journal too: the next command does the rest. */
function halfDone(error: unknown, commit: string): unknown {
  if (!(error instanceof Error)) return error
  error.message = `${error.message} The commit ${commit.slice(0, 12)} was made; the next pmpc command finishes the index and the working tree.`
  if ('data' in error) Object.assign(error, {data: {...(error.data as object), committed: true, commit}})
  return error
}
