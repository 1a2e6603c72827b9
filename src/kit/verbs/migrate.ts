import {readInside} from '../files/inside.js'
import {SCHEMA_FOLDER, statePath} from '../files/names.js'
import {attributeLines} from '../git/drivers.js'
import {prefixOf} from '../git/paths.js'
import {commitMessage} from '../git/trailers.js'
import type {Repository} from '../git/index.js'
import {clustersWithState} from '../observed/load.js'
import {exclusively, type Caller} from '../runs/index.js'
import {stateBytes} from '../state/load.js'
import {migrateState, type Migrated} from '../state/migrate.js'
import {schemaVersion} from '../state/schema.js'
import {withLines} from '../workspace/lines.js'

/** As the commits say it, whatever was typed besides. */
const COMMAND = 'state migrate'

/** What `pmpc state migrate` did; docs/schema/state-migrate.json. */
export interface MigratedStates {
  /** The commit, or null where every file had that version already. */
  commit: string | null
  files: {cluster: string; from: number; to: number; changed: boolean; lost: Migrated['lost']}[]
  /** Schemas of the manifests that were rewritten, by path. */
  schemas: string[]
  /** Pairs of agreement that open items of before became; absent where the workspace had its pairs already. */
  pairs?: number
}

/**
 * Rewrites the states of the working tree in a version of their schema, and with the current one also `.pmpc/schema` and the lines of `.gitattributes`
 * that have come since, and commits these files alone. A workspace of before gets its pairs of agreement, in a commit of their own.
 * Errors as of `migrateState`, `commitFiles` and `Session`; nothing was changed then.
 */
export async function migrateStates(root: string, to: number, caller: Caller): Promise<MigratedStates> {
  return exclusively(root, caller, async (repository) => {
    const {oid: parent} = await repository.head()
    const migrated = await Promise.all(clustersWithState(root).map(async (cluster) => migrateOne(root, cluster, to)))
    const rewritten = [
      ...migrated,
      ...(to === schemaVersion ? [...(await manifestSchemas(root)), ...attributes(root)] : []),
    ]
    const changed = rewritten.filter(({before, bytes}) => before === null || Buffer.compare(before, bytes) !== 0)
    const prefix = prefixOf(repository, root)
    caller.signal?.throwIfAborted()
    const {commit} = await repository.commitFiles({
      parent,
      message: commitMessage(
        `chore(state): version ${to} of the schema`,
        [],
        [
          ['run', caller.run.id],
          ...migrated.map(({cluster}): ['cluster', string] => ['cluster', cluster]),
          ['command', COMMAND],
        ],
      ),
      files: changed.map(({path, bytes}) => ({path: prefix + path, content: bytes, raw: true})),
      worktree: changed.map(({path, before, bytes}) => ({
        path: prefix + path,
        expect: before && repository.hashBlob(before),
        content: bytes,
      })),
    })
    const files = migrated.map((each) => {
      const {cluster, from, to: version, lost} = each
      return {cluster, from, to: version, changed: changed.includes(each), lost}
    })
    if (commit) await repository.installHunkNames()
    const schemas = changed.filter(({path}) => path.startsWith(`${SCHEMA_FOLDER}/`)).map(({path}) => path)
    const agreed = to === schemaVersion ? await migrateAgreement(root, repository, caller) : undefined
    return {commit: agreed?.commit ?? commit, files, schemas, ...(agreed && {pairs: agreed.pairs})}
  })
}

/** Writes what was agreed on in a workspace of before as pairs; undefined in any other. */
async function migrateAgreement(
  root: string,
  repository: Repository,
  {run}: Caller,
): Promise<{commit: string | null; pairs: number} | undefined> {
  const {assessRecorded, migration, Session, viewOf} = await import('../reconcile/index.js')
  const {requireWorkspace} = await import('../workspace/index.js')
  const session = await Session.open(await requireWorkspace(root), repository)
  if (!session.legacy) return undefined
  const view = await viewOf(session)
  const open = await Promise.all(session.workspace.clusters.map(async (cluster) => assessRecorded(view, cluster)))
  const {files, lines} = await migration(session)
  const own = session.ownFiles(
    [...view.pairs],
    open.flatMap(({items}) => items),
  )
  const {commit} = await session.write({
    files: [...files, ...own],
    lines,
    message: commitMessage(
      'chore(agreement): what was agreed on, as pairs',
      [],
      [
        ['run', run.id],
        ...session.workspace.clusters.map((cluster): ['cluster', string] => ['cluster', cluster]),
        ['command', COMMAND],
      ],
    ),
    runHooks: false,
  })
  return {commit, pairs: view.pairs.length}
}

interface Rewritten {
  /** From the workspace's root. */
  path: string
  before: Uint8Array | null
  bytes: Uint8Array
}

async function migrateOne(
  root: string,
  cluster: string,
  to?: number,
): Promise<Rewritten & Migrated & {cluster: string}> {
  const path = statePath(cluster)
  const before = stateBytes(root, cluster)!
  return {cluster, path, before, ...(await migrateState(before, to, path))}
}

/** What Git has to know of the files of a workspace, where it was told of them before: the lines that have come since. */
function attributes(root: string): Rewritten[] {
  const path = '.gitattributes'
  const before = readInside(root, path)
  if (!before) return []
  return [{path, before, bytes: Buffer.from(withLines(Buffer.from(before).toString(), attributeLines))}]
}

async function manifestSchemas(root: string): Promise<Rewritten[]> {
  const {manifestTools} = await import('../workspace/index.js')
  const schemas = (await manifestTools()).manifestSchemas()
  return schemas.map(({path, content}) => ({
    path,
    before: readInside(root, path) ?? null,
    bytes: Buffer.from(content),
  }))
}
