import {resolve as resolvePath} from 'node:path'
import {recover, type OnStep, type Recovered} from './settle.js'
import {CatFile} from './cat-file.js'
import {commitFiles, type CommitResult, type WriteRequest} from './commit.js'
import type {Context} from './context.js'
import {driversInstalled, installDrivers, installHunkNames, type Program} from './drivers.js'
import {gitFailure} from './errors.js'
import {readGit, writeGit} from './exec.js'
import {
  assertIdentity,
  assertIdle,
  assertVersion,
  assertWritable,
  operationInProgress,
  readHead,
  type Head,
  type Operation,
} from './head.js'
import {hasJournal, leftoversIn} from './journal.js'
import {readLog, type LoggedCommit, type LogOptions} from './log.js'
import {hashBlob, type ObjectFormat} from './objects.js'
import type {TreeEntry} from './objects.js'
import {listTree, readBlob, readBlobs, readCommit, readTree, resolve, type BlobName, type TreeFile} from './reads.js'
import {listTracked, readSkipped, readStatus, type PathStatus, type StatusOptions} from './status.js'
import {fileId} from './worktree.js'

/** A repository with a working tree, opened for one command. */
export interface Repository {
  /** The top of the working tree, absolute. */
  readonly root: string
  /** The Git folder of this working tree, absolute. */
  readonly gitDir: string
  /** The Git folder shared by all working trees, absolute. */
  readonly commonDir: string
  readonly isShallow: boolean
  readonly objectFormat: ObjectFormat
  head(): Promise<Head>
  operationInProgress(): Operation | null
  /** What a mutating command asks before it begins: idle, writable, Git new enough, an identity. Throws what is missing. */
  assertReady(): Promise<void>
  /** Throws PMPC_GIT_IDENTITY where Git would not make a commit. */
  assertIdentity(): Promise<void>
  /** The commit a revision means; throws PMPC_UNKNOWN_REVISION. */
  resolve(rev: string): Promise<string>
  readBlob(rev: string, path: string): Promise<Uint8Array | null>
  readBlobs(names: BlobName[]): Promise<(Uint8Array | null)[]>
  listTree(rev: string, prefix?: string): Promise<TreeFile[]>
  /** Tree and parents of a commit; null where Git does not hold it, as behind the end of a shallow clone. */
  commit(oid: string): Promise<{tree: string; parents: string[]} | null>
  /** The entries of one tree, by its id. */
  tree(oid: string): Promise<TreeEntry[]>
  log(options?: LogOptions): Promise<LoggedCommit[]>
  status(paths?: string[], options?: StatusOptions): Promise<PathStatus[]>
  /** The entries among `paths` that are outside of a sparse checkout: in the index, and not to be in the working tree. */
  skipped(paths: string[]): Promise<Map<string, {mode: string; oid: string}>>
  /** What the index holds at a path below a folder of the working tree, in any spelling of its letters; from that folder. */
  tracked(folder: string, path: string): Promise<string[]>
  /** The id of a file with exactly these bytes. */
  hashBlob(content: Uint8Array): string
  /** The id of a working-tree file's bytes as they are; null: none there, undefined: a folder or link. */
  fileId(path: string): string | null | undefined
  commitFiles(request: WriteRequest): Promise<CommitResult>
  recover(onStep?: OnStep): Promise<Recovered>
  /** Whether a killed command left steps to {@link recover}. */
  needsRecovery(): boolean
  /** Names in the Git folder of what commands write there for a moment: one that is at work, or was killed. */
  leftovers(): string[]
  /** All configuration of Git, last value of a key wins. */
  config(): Promise<Map<string, string>>
  /** Sets up the diff and merge drivers of state files in this repository's configuration. */
  installDrivers(program?: Program): Promise<void>
  driversInstalled(): Promise<'yes' | 'no' | 'outdated'>
  /** Sets up what names the hunks of manifests, where the drivers are there without it. */
  installHunkNames(): Promise<void>
  /** For the other functions of this room. */
  readonly context: Context
  /** Ends the reading process; the repository stays usable. */
  close(): void
}

/** How to open. */
export interface OpenOptions {
  /** Told of each git process before it starts. */
  onSpawn?: ((args: string[]) => void) | undefined
  /** Runs what must not be torn in two, a commit: until it is over nobody ends the process. It is simply run unless given. */
  critical?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined
}

/**
 * Opens the repository around a folder. Throws PMPC_NOT_A_REPOSITORY, PMPC_BARE_REPOSITORY, PMPC_GIT_UNSAFE (owned by somebody
 * else), PMPC_GIT_MISSING (127).
 */
export async function openRepository(folder: string, options: OpenOptions = {}): Promise<Repository> {
  const {onSpawn = () => undefined, critical = async (work) => work()} = options
  const context = await openContext(resolvePath(folder), {onSpawn, critical})
  return {
    root: context.root,
    gitDir: context.gitDir,
    commonDir: context.commonDir,
    isShallow: context.isShallow,
    objectFormat: context.objectFormat,
    context,
    head: async () => readHead(context),
    operationInProgress: () => operationInProgress(context),
    assertIdentity: async () => assertIdentity(context),
    async assertReady() {
      assertIdle(context)
      await assertWritable(context)
      await Promise.all([context.version(), assertIdentity(context)])
    },
    resolve: async (rev) => resolve(context, rev),
    readBlob: async (rev, path) => readBlob(context, rev, path),
    readBlobs: async (names) => readBlobs(context, names),
    listTree: async (rev, prefix) => listTree(context, rev, prefix),
    commit: async (oid) => readCommit(context, oid),
    tree: async (oid) => readTree(context, oid),
    log: async (logOptions) => readLog(context, logOptions),
    status: async (paths = [], statusOptions) => readStatus(context, paths, statusOptions),
    skipped: async (paths) => readSkipped(context, paths),
    tracked: async (folder, path) => listTracked(context, folder, path),
    hashBlob: (content) => hashBlob(content, context.objectFormat),
    fileId: (path) => fileId(context.root, path, context.objectFormat),
    commitFiles: async (request) => commitFiles(context, request),
    recover: async (onStep) => recover(context, onStep),
    needsRecovery: () => hasJournal(context),
    leftovers: () => leftoversIn(context),
    config: async () => context.config(),
    installDrivers: async (program) => installDrivers(context, program),
    driversInstalled: async () => driversInstalled(context),
    installHunkNames: async () => installHunkNames(context),
    close: () => context.objects.close(),
  }
}

const questions = [
  '--git-dir',
  '--git-common-dir',
  '--is-shallow-repository',
  '--show-object-format',
  '--is-bare-repository',
  '--show-toplevel',
]

async function openContext(
  folder: string,
  {onSpawn, critical}: Pick<Context, 'onSpawn' | 'critical'>,
): Promise<Context> {
  const args = ['rev-parse', '--path-format=absolute', ...questions]
  onSpawn(args)
  const {stdout, stderr, code} = await readGit(folder, args, {accept: [0, 128]})
  const [gitDir, commonDir, shallow, format, bare, root] = stdout.toString().split('\n')
  if (bare === 'true') throw gitFailure('this operation must be run in a work tree')
  if (code !== 0 || !gitDir || !commonDir || !root) throw gitFailure(stderr, {command: 'git rev-parse', code, folder})
  const objectFormat = format === 'sha256' ? 'sha256' : 'sha1'
  let config: ReturnType<typeof readConfig> | undefined
  let version: Promise<void> | undefined
  const read: Context['read'] = async (words, runOptions) => {
    onSpawn(words)
    return readGit(runOptions?.cwd ?? root, words, runOptions)
  }
  return {
    root,
    gitDir,
    commonDir,
    isShallow: shallow === 'true',
    objectFormat,
    objects: new CatFile(root, onSpawn),
    read,
    async write(words, runOptions) {
      onSpawn(words)
      return writeGit(runOptions?.cwd ?? root, words, runOptions)
    },
    onSpawn,
    critical,
    version: async () => (version ??= assertVersion(read)),
    config: async () => (await (config ??= readConfig(read))).values,
    ownKeys: async () => (await (config ??= readConfig(read))).own,
    forgetConfig: () => (config = undefined),
  }
}

async function readConfig(read: Context['read']): Promise<{values: Map<string, string>; own: Set<string>}> {
  const {stdout} = await read(['config', '--list', '--show-scope', '-z'])
  const words = stdout.toString().split('\0')
  const values = new Map<string, string>()
  const own = new Set<string>()
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [scope, pair] = [words[at]!, words[at + 1]!]
    const end = pair.indexOf('\n')
    // A key without value is true to Git.
    const [key, value] = end < 0 ? [pair, 'true'] : [pair.slice(0, end), pair.slice(end + 1)]
    values.set(key, value)
    if (scope === 'local') own.add(key)
    else own.delete(key)
  }
  return {values, own}
}
