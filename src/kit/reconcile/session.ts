import {isPmpcError, PmpcError} from '../errors/index.js'
import {readInside} from '../files/inside.js'
import {AGREED_PATH, MANIFESTS, OPEN_PATH, STATE_FOLDER, statePath} from '../files/names.js'
import {prefixOf} from '../git/paths.js'
import type {CommitResult, CommittedFile, Repository, TreeFile, WorktreeFile} from '../git/index.js'
import {formatRef} from '../resources/index.js'
import type {ClusterState, Declared, ObjectRef} from '../resources/index.js'
import {loadStateBlob} from '../state/index.js'
import {
  indexManifests,
  KnownManifests,
  parseAgreed,
  parseOpen,
  printAgreed,
  printOpen,
  printPair,
} from '../workspace/index.js'
import type {ManifestIndex, OpenItem, Pair, Places, Problem, RevisionSource, Workspace} from '../workspace/index.js'
import {differingByCase, isManifest, oddEntries} from '../workspace/manifest-list.js'
import {spliceManifests} from './texts.js'
import type {Edits, ManifestSide, Spliced} from './texts.js'

/**
 * A workspace laid out for work on it: HEAD's state, open items and manifests, and the working tree's manifests.
 * All of it is of one commit; writing fails when HEAD has moved since.
 */
export class Session {
  /** Ids of the working tree's manifests that a sparse checkout keeps off the disk. */
  private skipped = new Map<string, string>()
  private knownManifests: KnownManifests | undefined

  /** @param tree what is committed, by path in the workspace */
  private constructor(
    readonly workspace: Workspace,
    readonly repository: Repository,
    readonly head: string | null,
    private readonly tree: Map<string, TreeFile>,
    /** What was agreed on. */
    readonly pairs: Pair[],
    /** The open items of a workspace of before, in which they were what agreement followed from. */
    readonly legacy: OpenItem[] | undefined,
    private readonly edited: Spliced | undefined,
  ) {}

  /**
   * Reads HEAD.
   * @param edited edits of the working tree that are not on the disk yet: they count as being there, and are written with what is written first
   * @throws PMPC_AGREED_… for pairs that are none, PMPC_OPEN_… in a workspace of before
   */
  static async open(workspace: Workspace, repository: Repository, edited?: Spliced): Promise<Session> {
    const {oid} = await repository.head()
    const prefix = prefixOf(repository, workspace.root)
    const files = oid === null ? [] : await repository.listTree(oid, prefix.replace(/\/$/, ''))
    const tree = new Map(files.map((file) => [file.path.slice(prefix.length), file]))
    const textOf = async (path: string) => {
      const file = tree.get(path)
      if (file && !file.mode.startsWith('100')) throw noFileInHead(path, file.mode)
      const content = file ? await repository.readBlob(oid!, prefix + path) : null
      return content === null ? undefined : Buffer.from(content).toString('utf8')
    }
    const agreed = await textOf(AGREED_PATH)
    const pairs = parseAgreed(agreed ?? '')
    const isLegacy = agreed === undefined && [...tree.keys()].some((path) => path.startsWith(`${STATE_FOLDER}/`))
    const legacy = isLegacy ? await parseOpen((await textOf(OPEN_PATH)) ?? '') : undefined
    return new Session(workspace, repository, oid, tree, pairs, legacy, edited)
  }

  /** The bytes of a committed file. @throws PMPC_UNSAFE_PATH for a link or submodule, PMPC_TOO_LARGE */
  async committed(path: string): Promise<Uint8Array | undefined> {
    const file = this.tree.get(path)
    if (!file) return undefined
    if (!file.mode.startsWith('100')) throw noFileInHead(path, file.mode)
    return (await this.repository.readBlob(this.head!, this.inRepository(path))) ?? undefined
  }

  /** Id of a committed file's blob. */
  oidOf(path: string): string | undefined {
    return this.tree.get(path)?.oid
  }

  /** B: the snapshot that HEAD holds; undefined where there is none. @throws PMPC_STATE_CORRUPT, PMPC_STATE_NEWER */
  async state(cluster: string): Promise<ClusterState | undefined> {
    const oid = this.oidOf(statePath(cluster))
    if (oid === undefined) return undefined
    const read = async () => (await this.committed(statePath(cluster)))!
    return loadStateBlob({root: this.workspace.root, oid, read}).catch((error: unknown) => {
      throw corruptInHead(statePath(cluster), error)
    })
  }

  /** W: the working tree's manifests. @throws PMPC_MANIFEST for what cannot be read as one, with file, line and column */
  async work(): Promise<Manifests> {
    const index = await this.workIndex()
    refuseBroken(index, 'here')
    return new Manifests(index, async (path) => {
      const edited = this.edited?.texts.get(path)
      if (edited !== undefined) return edited ?? undefined
      const oid = this.skipped.get(path)
      if (oid === undefined) return textOrNothing(this.workspace.root, path)
      const [content] = await this.repository.readBlobs([{oid}])
      return content ? Buffer.from(content).toString('utf8') : undefined
    })
  }

  /** The working tree's manifests with all that is wrong in them, and with what is odd in HEAD. What a sparse checkout leaves out counts as it is in the index. */
  async workIndex(): Promise<ManifestIndex> {
    const {root, clusters} = this.workspace
    const index = await indexManifests({
      root,
      clusters,
      source: 'worktree',
      known: this.known,
      besides: async (present) => this.besides(present),
      instead: this.edited?.texts,
    })
    const known = new Set(index.problems.map(({path, code}) => `${code} ${path}`))
    const files = [...this.tree].map(([path, {mode}]) => ({path, mode}))
    const committed = files.map(({path}) => path).filter(isManifest)
    const odd = [...oddEntries(files), ...differingByCase(committed)]
    index.problems.push(...odd.filter(({path, code}) => !known.has(`${code} ${path}`)).map(warning))
    return index
  }

  /** What both sides share: nearly all manifests are in the working tree as they are in HEAD. */
  private get known(): KnownManifests {
    return (this.knownManifests ??= new KnownManifests(this.workspace.root))
  }

  /** Whether manifests were read of which the index alone says that they belong to the working tree. */
  get isSparse(): boolean {
    return this.skipped.size > 0
  }

  private async besides(present: ReadonlySet<string>): Promise<RevisionSource> {
    const absent = [...this.tree.keys()].filter(
      (path) => path.startsWith(`${MANIFESTS}/`) && isManifest(path) && !present.has(path),
    )
    const found = await this.repository.skipped(absent.map((path) => this.inRepository(path)))
    const files = absent.flatMap((path) => {
      const entry = found.get(this.inRepository(path))
      return entry ? [{path, ...entry}] : []
    })
    this.skipped = new Map(files.map(({path, oid}) => [path, oid]))
    return {files, readBlobs: async (oids) => this.repository.readBlobs(oids.map((oid) => ({oid})))}
  }

  /** H: HEAD's manifests. What cannot be read there would look as if people had taken it out. @throws PMPC_MANIFEST */
  async declared(): Promise<Manifests> {
    const files = [...this.tree]
      .filter(([path]) => path.startsWith(`${MANIFESTS}/`))
      .map(([path, {oid, mode}]) => ({path, oid, mode}))
    const index = await indexManifests({
      root: this.workspace.root,
      clusters: this.workspace.clusters,
      source: {files, readBlobs: async (oids) => this.repository.readBlobs(oids.map((oid) => ({oid})))},
      known: this.known,
    })
    refuseBroken(index, 'in HEAD')
    return new Manifests(index, async (path) => {
      const content = await this.committed(path)
      return content && Buffer.from(content).toString('utf8')
    })
  }

  /** A path of the workspace as the repository calls it. */
  inRepository(path: string): string {
    return prefixOf(this.repository, this.workspace.root) + path
  }

  /** Whether a path is in HEAD. */
  isCommitted(path: string): boolean {
    return this.tree.has(path)
  }

  /** Whether a cluster's state and these files are what is committed, and the working tree holds them as committed. */
  stands(cluster: string, files: OwnFile[]): boolean {
    const isSame = files.every(({path, content}) => this.oidOf(path) === this.repository.hashBlob(content))
    if (!isSame || this.oidOf(statePath(cluster)) === undefined) return false
    return [statePath(cluster), ...files.map(({path}) => path)].every(
      (file) => (this.repository.fileId(this.inRepository(file)) ?? undefined) === this.oidOf(file),
    )
  }

  /** Commits and writes, all or nothing; see `Repository.commitFiles`. Without files there is no commit. */
  async write(change: ChangeSet): Promise<Written> {
    const {repository} = this
    const inRepository = (path: string) => this.inRepository(path)
    const files: CommittedFile[] = change.files.map(({path, content}) => ({
      path: inRepository(path),
      content,
      raw: true,
    }))
    const worktree: WorktreeFile[] = change.files.map(({path, content}) => ({
      path: inRepository(path),
      expect: current(repository, inRepository(path)),
      content,
    }))
    for (const {path, content} of change.derived ?? []) {
      files.push({path: inRepository(path), content})
      worktree.push({path: inRepository(path), expect: current(repository, inRepository(path)), content})
    }
    for (const {path, edit} of change.lines ?? []) {
      const edited = (content: Uint8Array | null | undefined) =>
        Buffer.from(edit(content ? Buffer.from(content).toString('utf8') : undefined))
      const [committed, onDisk] = [await this.committed(path), readInside(this.workspace.root, path)]
      files.push({path: inRepository(path), content: edited(committed), staged: edited})
      const expect = onDisk === undefined ? null : repository.hashBlob(onDisk)
      worktree.push({path: inRepository(path), expect, content: edited(onDisk)})
    }
    for (const [path, text] of change.head?.texts ?? []) {
      files.push({path: inRepository(path), content: bytesOf(text), staged: stagedBy(change.head!, path)})
    }
    const intentToAdd: string[] = []
    const dropIntentToAdd: string[] = []
    const work = this.edited ? overlaid(this.edited, change.work) : change.work
    for (const [path, text] of work?.texts ?? []) {
      // Outside of a sparse checkout there is no file to offer anything in; accepting it changes HEAD and the index.
      if (this.skipped.has(path)) continue
      const original = work!.originals.get(path)
      const expect = original === undefined ? null : repository.hashBlob(Buffer.from(original))
      worktree.push({path: inRepository(path), expect, content: bytesOf(text)})
      const committed = change.head?.texts.has(path) ? change.head.texts.get(path) !== null : this.isCommitted(path)
      if (!committed) (text === null ? dropIntentToAdd : intentToAdd).push(inRepository(path))
    }
    const result = await repository.commitFiles({
      parent: this.head,
      files,
      worktree,
      intentToAdd,
      dropIntentToAdd,
      message: change.message,
      runHooks: change.runHooks,
      allowEmpty: change.allowEmpty,
    })
    return {
      ...result,
      manifests: touchedBy(change.head, work),
    }
  }

  /** Writes the edits that this session was opened with, where nothing else is to be written. */
  async writeEdited(): Promise<void> {
    if (this.edited) await this.write({files: [], message: '', runHooks: false})
  }

  /** Those of the pairs of which the line stood in the file 90 days ago already. */
  async pairsOf90DaysAgo(): Promise<Set<Pair>> {
    const path = this.inRepository(AGREED_PATH)
    const until = new Date(Date.now() - 90 * 86_400_000).toISOString()
    const [commit] = await this.repository.log({paths: [path], until, limit: 1})
    const content = commit && (await this.repository.readBlob(commit.oid, path))
    const lines = new Set(content ? Buffer.from(content).toString('utf8').split(/\r?\n/) : [])
    return new Set(this.pairs.filter((pair) => lines.has(printPair(pair))))
  }

  /** What was agreed on, and what is open, as their files. */
  ownFiles(pairs: Pair[], items: OpenItem[]): OwnFile[] {
    return [
      {path: AGREED_PATH, content: Buffer.from(printAgreed(pairs))},
      {path: OPEN_PATH, content: Buffer.from(printOpen(items))},
    ]
  }
}

/** A file of pmpc's own, by its path in the workspace. */
export interface OwnFile {
  path: string
  content: Uint8Array
}

/** What to write at once. */
export interface ChangeSet {
  /** pmpc's own files: committed and written. */
  files: OwnFile[]
  /** Files that follow from these, as code does: committed and written, as people's are stored. */
  derived?: readonly {path: string; content: Uint8Array | null}[]
  /** Files of people's to which lines are added: in HEAD, in the index and in the working tree, each as it is there. */
  lines?: {path: string; edit(text: string | undefined): string}[]
  /** Manifests to commit. */
  head?: Spliced
  /** Manifests of the working tree. */
  work?: Spliced
  message: string
  runHooks: boolean
  /** Commit though nothing is otherwise. */
  allowEmpty?: boolean
}

export interface Written extends CommitResult {
  /** Manifests that were committed or written, by path in the workspace. */
  manifests: string[]
}

/** The manifests of one side with their index. */
export class Manifests implements ManifestSide {
  constructor(
    readonly index: ManifestIndex,
    readonly read: (path: string) => Promise<string | undefined>,
  ) {}

  declared(ref: ObjectRef): Declared | undefined {
    return this.index.documents.get(formatRef(ref))?.declared
  }

  pathOf(ref: ObjectRef): string | undefined {
    return this.index.documents.get(formatRef(ref))?.path
  }

  absentAt(ref: ObjectRef): string | undefined {
    return this.index.absent.get(formatRef(ref))?.path
  }

  get places(): Places {
    return this.index.documents
  }

  /** Splices edits into this side's texts; see `spliceManifests`. */
  async splice(edits: Edits, others?: Parameters<typeof spliceManifests>[2]): Promise<Spliced> {
    return spliceManifests(this, edits, others)
  }
}

/** What stands in HEAD alone is in nobody's way here. */
function warning(problem: Problem): Problem {
  return {...problem, severity: 'warning'}
}

function noFileInHead(path: string, mode: string): PmpcError {
  const what = mode === '120000' ? 'a symbolic link' : 'another repository (a submodule)'
  return new PmpcError('PMPC_UNSAFE_PATH', `${path} as committed is ${what}, and no file`, {
    suggestions: [
      `git rm -q --cached ${path} && rm -r ${path} && git commit -m "Take out ${path}"`,
      `git log -- ${path}`,
    ],
    data: {path, mode},
  })
}

/** Paths of the manifests that texts are for, on either side. */
export function touchedBy(...sides: (Spliced | undefined)[]): string[] {
  return [...new Set(sides.flatMap((side) => [...(side?.texts.keys() ?? [])]))].sort()
}

/** What is broken in HEAD is not mended by restoring it from there. */
function corruptInHead(path: string, error: unknown): unknown {
  const {code, data} = error as PmpcError
  if (code !== 'PMPC_STATE_CORRUPT') return error
  return new PmpcError('PMPC_STATE_CORRUPT', `${path} as committed cannot be read: ${String(data?.why)}`, {
    suggestions: [
      `git rm ${path} && git commit -m "Read the state afresh" && pmpc sync   # whatever differs from the manifests is asked about`,
      `git log --oneline -- ${path}   # an earlier one: git restore --source=COMMIT --staged --worktree ${path}, then commit`,
    ],
    data,
    cause: error,
  })
}

function refuseBroken(index: ManifestIndex, where: 'here' | 'in HEAD'): void {
  const errors = index.problems.filter((problem) => problem.severity === 'error')
  if (errors.length === 0) return
  const lines = errors.slice(0, 10).map(({path, line, column, message}) => `${path}:${line}:${column}: ${message}`)
  if (errors.length > 10) lines.push(`… and ${errors.length - 10} more`)
  const {path, line} = errors[0]!
  const what = where === 'here' ? 'the manifests cannot be read' : 'the committed manifests cannot be read'
  throw new PmpcError('PMPC_MANIFEST', `${what}, so nothing was changed:\n  ${lines.join('\n  ')}`, {
    suggestions:
      where === 'here'
        ? [`mend ${path} at line ${line}, then run the command again`, `git diff -- ${path}`]
        : [`mend ${path} at line ${line}, commit it alone (git commit -- ${path}), then run the command again`],
    data: {problems: errors, where},
  })
}

/** What was staged by hand gets the same change, so that it stays a change of its own on top of what is committed. */
function stagedBy({redo}: Spliced, path: string): CommittedFile['staged'] {
  return (content) => (content === null ? undefined : bytesOf(redo.get(path)!(Buffer.from(content).toString('utf8'))))
}

function current(repository: Repository, path: string): string | null {
  return repository.fileId(path) ?? null
}

/** Edits upon edits, of what is on the disk. */
function overlaid(edited: Spliced, more: Spliced | undefined): Spliced {
  return {
    ...edited,
    texts: new Map([...edited.texts, ...(more?.texts ?? [])]),
    originals: new Map([...(more?.originals ?? []), ...edited.originals]),
  }
}

function bytesOf(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text)
}

/** What a link stands for is no text of the workspace's. */
function textOrNothing(root: string, path: string): string | undefined {
  try {
    return readInside(root, path)?.toString('utf8')
  } catch (error) {
    if (isPmpcError(error) && error.code === 'PMPC_UNSAFE_PATH') return undefined
    throw error
  }
}
