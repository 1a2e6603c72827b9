import {keepWords} from '../completion/index.js'
import {openRepository} from '../git/index.js'
import {loadStates} from '../observed/load.js'
import {hasCredential, type Environment} from '../proxmox/index.js'
import {loadConfig, lookForWorkspace} from '../workspace/index.js'
import type {Clusters} from './clusters.js'

/** What setting up a clone did. */
export interface ClonedWorkspace {
  folder: string
  /** Clusters of pmpc.yaml for which this machine has no credential. */
  withoutCredential: string[]
}

/** The clusters of the pmpc.yaml in a folder; none where there is no such file. @throws PMPC_CONFIG */
export async function knownClusters(folder: string): Promise<Clusters> {
  const found = lookForWorkspace(folder)
  return found?.root === folder ? (await loadConfig(folder)).clusters : {}
}

/** The folder that is meant where none was named: with a cluster of the workspace around it that workspace, as errors advise from any of its folders. @throws PMPC_CONFIG */
export async function folderOf(cluster: string | undefined, folder: string): Promise<string> {
  const found = lookForWorkspace(folder)
  if (!found || cluster === undefined) return folder
  return cluster in (await knownClusters(found.root)) ? found.root : folder
}

/** Sets up in a clone what Git does not clone, and tells which clusters need a login. */
export async function setUpClone(folder: string, env: Environment): Promise<ClonedWorkspace> {
  const repository = await openRepository(folder)
  try {
    await repository.installDrivers()
  } finally {
    repository.close()
  }
  const clusters = await knownClusters(folder)
  keepWords(folder, {clusters: Object.keys(clusters), states: await loadStates(folder).catch(() => [])})
  const withoutCredential: string[] = []
  for (const [cluster, {endpoints, trust, token}] of Object.entries(clusters)) {
    if (!(await hasCredential({cluster, endpoints, trust, tokenId: token ?? ''}, env))) withoutCredential.push(cluster)
  }
  return {folder, withoutCredential}
}
