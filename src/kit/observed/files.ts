import {readFileSync, statSync, writeFileSync} from 'node:fs'
import {isAbsolute, join, relative, resolve} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {statePath} from '../files/names.js'
import {prefixOf} from '../git/paths.js'
import type {Repository} from '../git/repository.js'
import {mergeStates} from '../state/merge.js'
import {migrateState, type Migrated} from '../state/migrate.js'
import {readState} from '../state/read.js'
import {schemaVersion} from '../state/schema.js'
import {writeState} from '../state/write.js'
import {localKey} from '../resources/refs.js'
import {stateFile} from '../state/load.js'
import {findWorkspace} from '../workspace/find.js'
import {clustersWithState} from './load.js'

/** A state file as it is. */
export interface StateFile {
  /** As people know it: relative to the folder they are in. */
  name: string
  path: string
  bytes: Uint8Array
}

/**
 * The state files that are meant: a file, wherever it is; else a cluster's; else all of the workspace.
 * Throws PMPC_NO_STATE. A file outside any workspace is fine: Git hands over temporary copies.
 */
export async function stateFiles(folder: string, named?: string): Promise<StateFile[]> {
  const file = named === undefined ? undefined : resolve(folder, named)
  if (file !== undefined && statSync(file, {throwIfNoEntry: false})?.isFile()) return [read(folder, file)]
  const {root} = findWorkspace(folder)
  const clusters = clustersWithState(root).filter((cluster) => named === undefined || cluster === named)
  if (clusters.length === 0) throw nothing(named)
  return clusters.map((cluster) => read(folder, stateFile(root, cluster)))
}

function read(folder: string, path: string): StateFile {
  const near = relative(folder, path)
  return {name: near.startsWith('..') || isAbsolute(near) ? path : near, path, bytes: readFileSync(path)}
}

function nothing(named: string | undefined): PmpcError {
  const what =
    named === undefined ? 'No cluster was synced yet.' : `"${named}" is neither a file nor a cluster that was synced.`
  return new PmpcError('PMPC_NO_STATE', what, {suggestions: ['pmpc sync', 'pmpc status'], data: {state: named ?? null}})
}

/**
 * Merges state files object by object into `ours`, as Git's merge driver. Where both sides changed an object ours is kept.
 * @returns the objects in conflict, `vm/100`; empty: the merge is clean
 */
export async function mergeFiles(base: string, ours: string, theirs: string): Promise<string[]> {
  const bytes = [base, ours, theirs].map((path) => readFileSync(path))
  const [was, our, their] = await Promise.all([
    // Without a common ancestor Git hands over an empty file.
    bytes[0]!.length === 0 ? undefined : readState(bytes[0]!, 'the common ancestor'),
    readState(bytes[1]!, 'our side'),
    readState(bytes[2]!, 'their side'),
  ])
  const {state, conflicts} = mergeStates(was, our, their)
  writeFileSync(ours, await writeState(state))
  return conflicts.map((conflict) => localKey((conflict.ours ?? conflict.theirs)!))
}

/** What `pmpc state migrate` did; docs/schema/state-migrate.json. */
export interface MigratedStates {
  /** The commit, or null where every file had that version already. */
  commit: string | null
  files: {cluster: string; from: number; to: number; changed: boolean; lost: Migrated['lost']}[]
  /** Schemas of the manifests that were rewritten, by path. */
  schemas: string[]
}

/** How to migrate. */
export interface MigrateRequest {
  repository: Repository
  root: string
  /** Version of the schema; the current one unless given. */
  to?: number
  /** Message of the commit, trailers included. */
  message: string
}

/**
 * Rewrites the states of the working tree in a version of their schema, and with the current one also `.pmpc/schema`, and commits
 * these files alone. Errors as of `migrateState` and `commitFiles`; nothing was changed then.
 */
export async function migrateStates({repository, root, to, message}: MigrateRequest): Promise<MigratedStates> {
  await repository.assertReady()
  const {oid: parent} = await repository.head()
  const migrated = await Promise.all(clustersWithState(root).map(async (cluster) => migrateOne(root, cluster, to)))
  const rewritten = [...migrated, ...(to === undefined || to === schemaVersion ? await manifestSchemas(root) : [])]
  const changed = rewritten.filter(({before, bytes}) => before === null || Buffer.compare(before, bytes) !== 0)
  const prefix = prefixOf(repository, root)
  const {commit} = await repository.commitFiles({
    parent,
    message,
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
  const before = readFileSync(stateFile(root, cluster))
  return {cluster, path, before, ...(await migrateState(before, to, path))}
}

async function manifestSchemas(root: string): Promise<Rewritten[]> {
  const {manifestTools} = await import('../workspace/index.js')
  return (await manifestTools()).manifestSchemas().map(({path, content}) => {
    const there = statSync(join(root, path), {throwIfNoEntry: false})?.isFile()
    return {path, before: there ? readFileSync(join(root, path)) : null, bytes: Buffer.from(content)}
  })
}
