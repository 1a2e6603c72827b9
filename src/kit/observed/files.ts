import {readFileSync, statSync, writeFileSync} from 'node:fs'
import {isAbsolute, relative, resolve} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {mergeStates} from '../state/merge.js'
import {readState} from '../state/read.js'
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
