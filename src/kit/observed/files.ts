import {statSync} from 'node:fs'
import {isAbsolute, join, relative, resolve} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {readNamed} from '../files/inside.js'
import {statePath} from '../files/names.js'
import {replaceFile} from '../files/write.js'
import {mergeStates} from '../state/merge.js'
import {readState} from '../state/read.js'
import {writeState} from '../state/write.js'
import {localKey} from '../resources/refs.js'
import {MOST_STATE} from '../state/limits.js'
import {stateBytes} from '../state/load.js'
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
  if (file !== undefined && statSync(file, {throwIfNoEntry: false})?.isFile())
    return [{...called(folder, file), bytes: readNamed(file, named!, MOST_STATE)}]
  const {root} = findWorkspace(folder)
  const clusters = clustersWithState(root).filter((cluster) => named === undefined || cluster === named)
  if (clusters.length === 0) throw nothing(named)
  return clusters.flatMap((cluster) => {
    const bytes = stateBytes(root, cluster)
    return bytes ? [{...called(folder, join(root, statePath(cluster))), bytes}] : []
  })
}

function called(folder: string, path: string): Pick<StateFile, 'name' | 'path'> {
  const near = relative(folder, path)
  return {name: near.startsWith('..') || isAbsolute(near) ? path : near, path}
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
  const bytes = [base, ours, theirs].map((path) => readNamed(path, path, MOST_STATE))
  const [was, our, their] = await Promise.all([
    // Without a common ancestor Git hands over an empty file.
    bytes[0]!.length === 0 ? undefined : readState(bytes[0]!, 'the common ancestor'),
    readState(bytes[1]!, 'our side'),
    readState(bytes[2]!, 'their side'),
  ])
  const {state, conflicts} = mergeStates(was, our, their)
  replaceFile(ours, await writeState(state))
  return conflicts.map((conflict) => localKey((conflict.ours ?? conflict.theirs)!))
}
