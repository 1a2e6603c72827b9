import {readInside} from '../files/inside.js'
import {statePath} from '../files/names.js'
import {prefixOf} from '../git/paths.js'
import {commitMessage} from '../git/trailers.js'
import {clustersWithState} from '../observed/load.js'
import {exclusively, type Caller} from '../runs/index.js'
import {stateBytes} from '../state/load.js'
import {migrateState, type Migrated} from '../state/migrate.js'
import {schemaVersion} from '../state/schema.js'

/** What `pmpc state migrate` did; docs/schema/state-migrate.json. */
export interface MigratedStates {
  /** The commit, or null where every file had that version already. */
  commit: string | null
  files: {cluster: string; from: number; to: number; changed: boolean; lost: Migrated['lost']}[]
  /** Schemas of the manifests that were rewritten, by path. */
  schemas: string[]
}

/**
 * Rewrites the states of the working tree in a version of their schema, and with the current one also `.pmpc/schema`, and commits
 * these files alone. Errors as of `migrateState` and `commitFiles`; nothing was changed then.
 */
export async function migrateStates(root: string, to: number, caller: Caller): Promise<MigratedStates> {
  return exclusively(root, caller, async (repository) => {
    const {oid: parent} = await repository.head()
    const migrated = await Promise.all(clustersWithState(root).map(async (cluster) => migrateOne(root, cluster, to)))
    const rewritten = [...migrated, ...(to === schemaVersion ? await manifestSchemas(root) : [])]
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
          ['command', caller.command],
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
    const schemas = changed.filter((file) => !('cluster' in file)).map(({path}) => path)
    return {commit, files, schemas}
  })
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

async function manifestSchemas(root: string): Promise<Rewritten[]> {
  const {manifestTools} = await import('../workspace/index.js')
  const schemas = (await manifestTools()).manifestSchemas()
  return schemas.map(({path, content}) => ({
    path,
    before: readInside(root, path) ?? null,
    bytes: Buffer.from(content),
  }))
}
