import {PmpcError} from 'pmpc/kit/errors'
import {listInside, readInside, shellWord} from 'pmpc/kit/files'
import {commitMessage, prefixOf, type Repository} from 'pmpc/kit/git'
import {exclusively, reading, step, type Caller, type Derived} from 'pmpc/kit/runs'
import type {ClusterState} from 'pmpc/kit/resources'
import type {Workspace} from 'pmpc/kit/workspace'
import {coverageOf, type Coverage} from './coverage.js'
import {estateOf, readEstate, selectedIn} from './estate.js'
import {
  FOLDER,
  MARK,
  targetNames,
  type Generated,
  type GeneratedFile,
  type TargetName,
  type Verdict,
} from './generated.js'
import {targets} from './targets.js'
import {openTexts} from './texts.js'

/** What `pmpc iac generate --json` prints; docs/json.md. */
export interface GenerateResult {
  /** All files that the code consists of, from the workspace; also those that were so before. */
  files: string[]
  /** Those among them that are written, or would be. */
  written: string[]
  /** Those that were generated once and are not any more. */
  removed: string[]
  /** The commit; null where nothing was to be committed. */
  commit: string | null
  verdicts: Verdict[]
  coverage: Coverage
}

export interface GenerateRequest {
  targets: readonly TargetName[]
  /** Words that mean the objects whose files are written; none are all. */
  only: readonly string[]
  /** Write over generated files that somebody edited and did not commit. */
  force: boolean
}

/** A file as it is to be, and as it is. */
export interface Change {
  /** From the workspace. */
  path: string
  before: string | null
  after: string | null
}

/** What is to be written, and what it is. */
export interface Generation {
  changes: Change[]
  result: GenerateResult
}

/**
 * Writes the code of a workspace into `iac/` and commits it.
 * @throws PMPC_IAC_UNMAPPED, PMPC_IAC_EDITED, PMPC_FILE_DIFFERS, PMPC_TEMPLATE, PMPC_NO_STATE; as `exclusively` and `commitFiles`; nothing was written then
 */
export async function generate(workspace: Workspace, request: GenerateRequest, caller: Caller): Promise<Generation> {
  return exclusively(workspace.root, caller, async (repository) => {
    const {oid: parent} = await repository.head()
    const made = await step(caller, 'Write the code', async () => generated(workspace, request))
    await refuseEdited(repository, workspace.root, parent, made.changes, request.force)
    const prefix = prefixOf(repository, workspace.root)
    const committed = await uncommitted(repository, parent, prefix, made)
    caller.signal?.throwIfAborted()
    if (committed.length === 0) return made
    const files = committed.map(({path, after}) => ({path: prefix + path, content: bytes(after)}))
    const {commit} = await repository.commitFiles({
      parent,
      files,
      worktree: made.changes.map(({path, before, after}) => ({
        path: prefix + path,
        content: bytes(after),
        expect: before === null ? null : repository.hashBlob(Buffer.from(before)),
      })),
      message: messageOf(request, made.result, caller),
    })
    return {...made, result: {...made.result, commit}}
  })
}

/** The same, without writing anything. */
export async function wouldGenerate(workspace: Workspace, request: GenerateRequest): Promise<Generation> {
  return reading(workspace.root, async () => generated(workspace, request))
}

/**
 * The code of what is about to be recorded, for whoever commits it: of the targets that were generated before, all of them where none was. What somebody
 * edited since and did not commit stays as it is, with a warning.
 * @throws as {@link generate}
 */
export async function derivedCode(workspace: Workspace, states: readonly ClusterState[]): Promise<Derived> {
  const {root} = workspace
  const before = targetNames.filter((name) => filesBelow(root, `${FOLDER}/${name}`).length > 0)
  const request = {targets: before.length > 0 ? before : targetNames, only: [], force: false}
  const {changes} = await generated(workspace, request, states)
  return reading(root, async (repository) => {
    const {oid: parent} = await repository.head()
    const edited = new Set(await editedIn(repository, root, parent, changes))
    return {
      files: changes.flatMap(({path, after}) => (edited.has(path) ? [] : [{path, content: bytes(after)}])),
      warnings: [...edited].map((path) => `${path} was not written anew: it has edits that no commit holds`),
    }
  })
}

const bytes = (text: string | null) => (text === null ? null : Buffer.from(text))

/** The code of what was recorded, held against what lies there. */
async function generated(
  workspace: Workspace,
  {targets: wanted, only}: GenerateRequest,
  states?: readonly ClusterState[],
): Promise<Generation> {
  const estate = states ? estateOf(workspace, states) : await readEstate(workspace)
  const selected = selectedIn(estate, only, workspace, 'pmpc iac generate --only')
  const {root} = workspace
  const texts = await openTexts(root)
  const before = {read: (path: string) => readInside(root, `${FOLDER}/${path}`)?.toString('utf8')}
  const made: Generated = {files: [], ledger: [], verdicts: []}
  for (const name of wanted) {
    const target = await targets[name]()
    const {files, ledger, verdicts} = await target(estate, texts, before)
    made.files.push(...files)
    made.ledger.push(...ledger)
    made.verdicts.push(...verdicts)
  }
  const changes = changesOf(root, made.files, wanted, selected)
  const written = changes.filter(({after}) => after !== null).map(({path}) => path)
  const removed = changes.filter(({after}) => after === null).map(({path}) => path)
  return {
    changes,
    result: {
      files: made.files.map(({path}) => `${FOLDER}/${path}`).sort(),
      ...{written, removed, commit: null, verdicts: made.verdicts, coverage: coverageOf(made.ledger)},
    },
  }
}

/** Which files are written and which go. What `--only` leaves out stays as it is. */
function changesOf(
  root: string,
  files: readonly GeneratedFile[],
  wanted: readonly TargetName[],
  selected: ReadonlySet<string> | undefined,
): Change[] {
  const isWritten = ({objects}: GeneratedFile) =>
    !selected || !objects || objects.some((object) => selected.has(object))
  const changes: Change[] = []
  for (const file of files) {
    const path = `${FOLDER}/${file.path}`
    const before = readInside(root, path)?.toString('utf8') ?? null
    if (file.isPeoples ? before !== null : before === file.text || !isWritten(file)) continue
    changes.push({path, before, after: file.text})
  }
  if (!selected) {
    const kept = new Set(files.map(({path}) => `${FOLDER}/${path}`))
    for (const path of wanted.flatMap((name) => filesBelow(root, `${FOLDER}/${name}`))) {
      const before = kept.has(path) ? undefined : readInside(root, path)?.toString('utf8')
      if (before !== undefined && isOurs(before)) changes.push({path, before, after: null})
    }
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What Terraform and Ansible keep beside the code is not looked into. */
const notOurs = /^(?:\.terraform|\.git|node_modules|\.pytest_cache|__pycache__)$/

function filesBelow(root: string, folder: string): string[] {
  return listInside(root, folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return notOurs.test(entry.name) ? [] : filesBelow(root, path)
    return entry.isFile() ? [path] : []
  })
}

/** Within how many characters the mark of a generated file stands. */
const head = 400

const isOurs = (text: string): boolean => text.slice(0, head).includes(MARK)

/** What is not in the last commit as it is to be. */
async function uncommitted(
  repository: Repository,
  parent: string | null,
  prefix: string,
  {changes, result}: Generation,
): Promise<{path: string; after: string | null}[]> {
  const changed = new Map(changes.map(({path, after}) => [path, after]))
  if (parent === null) return [...changed].map(([path, after]) => ({path, after}))
  const there = new Map((await repository.listTree(parent, prefix + FOLDER)).map(({path, oid}) => [path, oid]))
  const rest = result.files.filter((path) => !changed.has(path) && !there.has(prefix + path))
  return [
    ...[...changed].map(([path, after]) => ({path, after})),
    ...rest.flatMap((path) => {
      const text = readInside(repository.root, prefix + path)?.toString('utf8')
      return text === undefined ? [] : [{path, after: text}]
    }),
  ]
}

/** Nothing of people's is written over: a file without the mark, or with edits that no commit holds. */
async function refuseEdited(
  repository: Repository,
  root: string,
  parent: string | null,
  changes: readonly Change[],
  force: boolean,
): Promise<void> {
  const foreign = changes.filter(({before}) => before !== null && !isOurs(before))
  if (foreign.length > 0) throw notGenerated(foreign.map(({path}) => path))
  const edited = force ? [] : await editedIn(repository, root, parent, changes)
  if (edited.length > 0) throw editedFiles(edited)
}

/** Those of the files that are there otherwise than the last commit has them. */
async function editedIn(
  repository: Repository,
  root: string,
  parent: string | null,
  changes: readonly Change[],
): Promise<string[]> {
  const prefix = prefixOf(repository, root)
  const committed = parent === null ? [] : await repository.listTree(parent, prefix + FOLDER)
  const ids = new Map(committed.map(({path, oid}) => [path, oid]))
  return changes.flatMap(({path, before}) =>
    before === null || ids.get(prefix + path) === repository.hashBlob(Buffer.from(before)) ? [] : [path],
  )
}

function notGenerated(paths: string[]): PmpcError {
  return new PmpcError('PMPC_FILE_DIFFERS', `${paths.join(', ')}: there already, and not generated by pmpc`, {
    suggestions: [`git mv ${shellWord(paths[0]!)} ${shellWord(`${paths[0]!}.mine`)}`, 'pmpc iac generate --dry-run'],
    data: {paths},
  })
}

function editedFiles(paths: string[]): PmpcError {
  return new PmpcError('PMPC_IAC_EDITED', `${paths.join(', ')}: edited since it was generated, and not committed`, {
    suggestions: [
      `git diff -- ${shellWord(paths[0]!)}`,
      'pmpc iac generate --force   # writes over it',
      'git stash -- iac',
    ],
    data: {paths},
  })
}

function messageOf(
  {targets: wanted, only}: GenerateRequest,
  {written, removed}: GenerateResult,
  caller: Caller,
): string {
  const names = wanted.length === targetNames.length ? 'code' : wanted.join(' and ')
  const of = only.length === 0 ? '' : ` of ${only.join(' ')}`
  return commitMessage(
    `iac: ${names}${of} from what was recorded`,
    [`${written.length} files written, ${removed.length} removed.`],
    [
      ['run', caller.run.id],
      ['command', caller.command.replace(/^pmpc /, '')],
    ],
  )
}
