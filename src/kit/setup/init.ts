import {isDeepStrictEqual} from 'node:util'
import {isPmpcError, retold} from '../errors/index.js'
import {readInside} from '../files/inside.js'
import {
  openRepository,
  readGit,
  writeGit,
  type CommittedFile,
  type Repository,
  type WorktreeFile,
} from '../git/index.js'
import {commitMessage} from '../git/trailers.js'
import {credentialFile, saveCredential, type ClusterAccess, type Environment, type Secret} from '../proxmox/index.js'
import {exclusively, newRunId} from '../runs/index.js'
import type {WantedFile, WorkspaceSettings} from '../workspace/index.js'
import {knownClusters} from './clone.js'
import type {Clusters} from './clusters.js'
import {workspaceFiles} from './files.js'
import {existingAbove} from './place.js'

export interface InitOptions {
  /** The folder that becomes the workspace; made when missing. */
  folder: string
  access: ClusterAccess
  /** Stored in the user's credential file; none where the environment has the token. */
  secret?: Secret
  /** What pmpc.yaml is to say beside the cluster. */
  settings?: Omit<WorkspaceSettings, 'clusters'>
  env: Environment
  /** Id of the run, for the commit's trailer. */
  run?: string
}

/** What writing a workspace did. */
export interface WrittenWorkspace {
  /** The workspace's folder, absolute. */
  folder: string
  /** Whether `git init` was needed. */
  newRepository: boolean
  /** The commit made, or null when the workspace had all of it already. */
  commit: string | null
  /** Files of the commit, relative to the workspace. */
  files: string[]
  /** The credential file, or null when nothing was stored. */
  credentials: string | null
}

/**
 * Writes and commits what makes a folder a workspace for a cluster. All or nothing: what it had begun is taken back when a step fails.
 * Existing files keep what they hold: lines are added to `.gitignore` and `.gitattributes`, the cluster to `pmpc.yaml`.
 * @throws PMPC_GIT_… of the room git, PMPC_CONFIG for a pmpc.yaml that cannot be read
 */
export async function initWorkspace(options: InitOptions): Promise<WrittenWorkspace> {
  const undo: (() => Promise<void>)[] = []
  try {
    return await initSteps(options, undo)
  } catch (error) {
    for (const step of undo.reverse()) await step()
    throw error
  }
}

/**
 * What would stop the commit at the end is told before anybody is asked anything: no Git, no identity, a merge under way.
 * The folder itself need not be there yet. @throws PMPC_GIT_…, PMPC_READ_ONLY of the room git
 */
export async function assertCommittable(folder: string): Promise<void> {
  const there = existingAbove(folder)
  try {
    const repository = await openRepository(there)
    await repository.assertReady().finally(() => repository.close())
  } catch (error) {
    if (!isPmpcError(error) || error.code !== 'PMPC_NOT_A_REPOSITORY') throw error
    await assertIdentityOutside(there)
  }
}

async function assertIdentityOutside(folder: string): Promise<void> {
  await readGit(folder, ['var', 'GIT_COMMITTER_IDENT'])
}

async function initSteps(options: InitOptions, undo: (() => Promise<void>)[]): Promise<WrittenWorkspace> {
  const {access, secret, env} = options
  const folder = await makeFolder(options.folder, undo)
  const fresh = await ensureRepository(folder, undo)
  const run = options.run ?? newRunId()
  return exclusively(folder, {command: 'pmpc init', run: {id: run}}, async (repository) => {
    const before = (await knownClusters(folder))[access.cluster]
    const wanted = await workspaceFiles(access, options.settings)
    const credentials = secret === undefined ? null : await storeCredential(access, secret, env, undo)
    await setUpDrivers(repository, undo)
    const {commit, written} = await commitWanted(repository, folder, wanted, messageFor(access, before, run))
    return {folder, newRepository: fresh, commit, files: written, credentials}
  })
}

/** By what the workspace knew of the cluster before. */
function titleFor({cluster, endpoints, tokenId, trust}: ClusterAccess, before: Clusters[string] | undefined): string {
  if (before === undefined) return `set up the cluster ${cluster}`
  const changed = [
    ...(isDeepStrictEqual(before.trust, trust) ? [] : ['trust another certificate']),
    ...(isDeepStrictEqual(before.endpoints, endpoints) ? [] : ['use another address']),
    ...(before.token === tokenId ? [] : ['use another token']),
  ]
  if (changed.length === 0) return `bring the files of the cluster ${cluster} up to date`
  return `${changed.join(', ')} of the cluster ${cluster}`
}

function messageFor(access: ClusterAccess, before: Clusters[string] | undefined, run: string): string {
  const {cluster, endpoints, tokenId} = access
  return commitMessage(
    `pmpc init: ${titleFor(access, before)}`,
    [`${endpoints.join(', ')}, as ${tokenId}.`],
    [
      ['run', run],
      ['cluster', cluster],
      ['command', 'init'],
    ],
  )
}

/** Makes the folder; taken back are only those levels that were made. */
async function makeFolder(path: string, undo: (() => Promise<void>)[]): Promise<string> {
  const {mkdir, realpath, rmdir} = await import('node:fs/promises')
  const first = await mkdir(path, {recursive: true})
  if (first !== undefined) {
    undo.push(async () => {
      const {dirname, resolve} = await import('node:path')
      for (let at = resolve(path); at.length >= first.length; at = dirname(at)) await rmdir(at).catch(() => undefined)
    })
  }
  return realpath(path)
}

/** @returns whether it was made */
async function ensureRepository(folder: string, undo: (() => Promise<void>)[]): Promise<boolean> {
  try {
    const repository = await openRepository(folder)
    repository.close()
    return false
  } catch (error) {
    if (!isPmpcError(error) || error.code !== 'PMPC_NOT_A_REPOSITORY') throw error
  }
  undo.push(async () => {
    const {rm} = await import('node:fs/promises')
    await rm(`${folder}/.git`, {recursive: true, force: true})
  })
  await gitInit(folder)
  return true
}

async function gitInit(folder: string): Promise<void> {
  await writeGit(folder, ['init', '--quiet', folder]).catch((error: unknown) => {
    throw isPmpcError(error) ? retold(error, {suggestions: [`git init ${folder}`], data: {folder}}) : error
  })
}

/** Before the commit, so that nothing can fail after it. */
async function setUpDrivers(repository: Repository, undo: (() => Promise<void>)[]): Promise<void> {
  const {readFile, writeFile} = await import('node:fs/promises')
  const file = `${repository.commonDir}/config`
  const before = await readFile(file)
  undo.push(() => writeFile(file, before))
  await repository.installDrivers()
}

async function storeCredential(
  access: ClusterAccess,
  secret: Secret,
  env: Environment,
  undo: (() => Promise<void>)[],
): Promise<string> {
  const {readFile, rm, writeFile} = await import('node:fs/promises')
  const file = await credentialFile(env)
  const before = await readFile(file).catch(() => undefined)
  undo.push(async () => (before === undefined ? rm(file, {force: true}) : writeFile(file, before, {mode: 0o600})))
  return saveCredential(access, secret, env)
}

/** Commits the wanted texts upon HEAD, and brings working tree and index along without what the user has changed there. */
async function commitWanted(
  repository: Repository,
  folder: string,
  wanted: WantedFile[],
  message: string,
): Promise<{commit: string | null; written: string[]}> {
  const {oid} = await repository.head()
  const prefix = await prefixOf(repository, folder)
  const files: CommittedFile[] = []
  const worktree: WorktreeFile[] = []
  const changed: string[] = []
  for (const {path, edit} of wanted) {
    const name = prefix + path
    const committed = oid === null ? null : await repository.readBlob(oid, name)
    const onDisk = readInside(folder, path) ?? null
    const [next, nextOnDisk] = [apply(edit, committed), apply(edit, onDisk)]
    if (!same(next, committed)) {
      changed.push(path)
      files.push({path: name, content: next, staged: (content) => apply(edit, content)})
    }
    if (!same(nextOnDisk, onDisk))
      worktree.push({path: name, expect: onDisk === null ? null : repository.hashBlob(onDisk), content: nextOnDisk})
  }
  if (files.length === 0 && worktree.length === 0) return {commit: null, written: []}
  const {commit} = await repository.commitFiles({parent: oid, files, worktree, message})
  return {commit, written: changed}
}

function apply(edit: WantedFile['edit'], content: Uint8Array | null): Uint8Array {
  return Buffer.from(edit(content === null ? undefined : Buffer.from(content).toString('utf8')))
}

function same(a: Uint8Array, b: Uint8Array | null): boolean {
  return b !== null && Buffer.compare(a, b) === 0
}

/** `infra/` for a workspace in a folder of a repository, empty for one at its top. */
async function prefixOf(repository: Repository, folder: string): Promise<string> {
  const {relative, sep} = await import('node:path')
  const {realpath} = await import('node:fs/promises')
  const inside = relative(await realpath(repository.root), folder)
  return inside === '' ? '' : inside.split(sep).join('/') + '/'
}
