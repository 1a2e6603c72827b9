import {isPmpcError} from '../errors/index.js'
import type {ClusterAccess} from '../proxmox/index.js'
import type {WantedFile, WorkspaceSettings} from '../workspace/index.js'
import {createWorkspace} from '../workspace/index.js'
import {clusterReplacement} from './config-text.js'

/** What makes a folder a workspace that knows a cluster; one that it knows otherwise is set up anew. */
export async function workspaceFiles(
  {cluster, endpoints, tokenId, trust}: ClusterAccess,
  settings: Omit<WorkspaceSettings, 'clusters'> = {},
): Promise<WantedFile[]> {
  const entry = {endpoints: [...endpoints], token: tokenId, trust}
  const replace = await clusterReplacement(cluster, entry)
  const files = await createWorkspace({...settings, clusters: {[cluster]: entry}})
  return files.map((file) =>
    file.path === 'pmpc.yaml' ? {path: file.path, edit: (text) => editOrReplace(file, text, replace)} : file,
  )
}

function editOrReplace(file: WantedFile, text: string | undefined, replace: (text: string) => string): string {
  try {
    return file.edit(text)
  } catch (error) {
    if (text !== undefined && isPmpcError(error) && error.code === 'PMPC_CLUSTER_EXISTS') return replace(text)
    throw error
  }
}
