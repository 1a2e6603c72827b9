import {readInside} from 'pmpc/kit/files'
import {commitMessage} from 'pmpc/kit/git'
import {exclusively, reading, step, type Caller, type Derived} from 'pmpc/kit/runs'
import type {ClusterState} from 'pmpc/kit/resources'
import type {Workspace} from 'pmpc/kit/workspace'
import {coveredBefore, coverageOf, LEDGER, type Coverage} from './coverage.js'
import {estateOf, readEstate, selectedIn, withOnly, type Estate} from './estate.js'
import {FOLDER, targetNames, type Generated, type GeneratedFile, type TargetName, type Verdict} from './generated.js'
import {targets, telmateTarget} from './targets.js'
import {openTexts} from './texts.js'
import {bytes, changesOf, commitCode, editedIn, filesBelow, type Change} from './write.js'

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
  /** Of Terraform; for Telmate/proxmox nothing else is written. */
  provider?: 'bpg' | 'telmate'
  /** Words that mean the objects whose files are written; none are all. */
  only: readonly string[]
  /** Write over generated files that somebody edited and did not commit. */
  force: boolean
  /** Write tests in Go, too; once written they are written anew. */
  terratest?: boolean
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
    const made = await step(caller, 'Write the code', async () => generated(workspace, request))
    const {files} = made.result
    const message = messageOf(request, made.result, caller)
    const writing = {root: workspace.root, folder: FOLDER, force: request.force, command: 'pmpc iac generate'}
    const commit = await commitCode(repository, {...writing, files, changes: made.changes, message}, caller)
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
    const edited = new Set(await editedIn(repository, {root, folder: FOLDER}, parent, changes))
    return {
      files: changes.flatMap(({path, after}) => (edited.has(path) ? [] : [{path, content: bytes(after)}])),
      warnings: [...edited].map((path) => `${path} was not written anew: it has edits that no commit holds`),
    }
  })
}

/** The code of what was recorded, held against what lies there. */
async function generated(
  workspace: Workspace,
  {targets: wanted, provider, only, terratest = false}: GenerateRequest,
  states?: readonly ClusterState[],
): Promise<Generation> {
  const {root} = workspace
  const before = {terratest, read: (path: string) => readInside(root, `${FOLDER}/${path}`)?.toString('utf8')}
  const all = states ? estateOf(workspace, states) : await readEstate(workspace)
  const selected = selectedIn(all, only, workspace, 'pmpc iac generate --only')
  const estate = selected ? narrowed(all, selected, {root, provider, ledger: before.read(LEDGER)}) : all
  const texts = await openTexts(root)
  const made: Generated = {files: [], ledger: [], verdicts: []}
  const chosen =
    provider === 'telmate' ? [telmateTarget] : wanted.map((name) => ({folder: name, target: targets[name]}))
  for (const {target: load} of chosen) {
    const target = await load()
    const {files, ledger, verdicts} = await target(estate, texts, before)
    made.files.push(...files)
    made.ledger.push(...ledger)
    made.verdicts.push(...verdicts)
  }
  const files = made.files.map((file) => ({...file, path: `${FOLDER}/${file.path}`}))
  const isMeant = ({objects}: GeneratedFile) => !selected || !objects || objects.some((object) => selected.has(object))
  const changes = changesOf(root, files, selected ? [] : chosen.map(({folder}) => `${FOLDER}/${folder}`), isMeant)
  const written = changes.filter(({after}) => after !== null).map(({path}) => path)
  const removed = changes.filter(({after}) => after === null).map(({path}) => path)
  return {
    changes,
    result: {
      files: files.map(({path}) => path).sort(),
      ...{written, removed, commit: null, verdicts: made.verdicts, coverage: coverageOf(made.ledger)},
    },
  }
}

interface Earlier {
  root: string
  provider: GenerateRequest['provider']
  ledger: string | undefined
}

/**
 * What files of several objects tell of with `--only`: what is meant, and what the code has already. Code that no ledger tells of has to be taken for
 * code of all, as nothing may go from it.
 */
function narrowed(all: Estate, selected: ReadonlySet<string>, {root, provider, ledger}: Earlier): Estate {
  if (provider === 'telmate') return all
  const covered = coveredBefore(ledger)
  const isNew = targetNames.every((name) => filesBelow(root, `${FOLDER}/${name}`).length === 0)
  return covered || isNew ? withOnly(all, new Set([...selected, ...(covered ?? [])])) : all
}

function messageOf(
  {targets: wanted, provider, only}: GenerateRequest,
  {written, removed}: GenerateResult,
  caller: Caller,
): string {
  const isAll = wanted.length === targetNames.length
  const names = provider === 'telmate' ? 'code for Telmate/proxmox' : isAll ? 'code' : wanted.join(' and ')
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
