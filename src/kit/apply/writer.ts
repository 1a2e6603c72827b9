import {connectWriter, type Writer} from '../proxmox/index.js'
import type {Caller} from '../runs/index.js'
import type {Workspace} from '../workspace/index.js'

/**
 * What changes a cluster, with the credential that is bound to it. It does not end with the caller's signal: whoever interrupts an apply waits for
 * what was sent.
 */
export async function writerOf({config}: Workspace, cluster: string, {env, run}: Caller): Promise<Writer> {
  const {endpoints, trust, token} = config.clusters[cluster]!
  return connectWriter(
    {cluster, endpoints, trust, tokenId: token},
    {
      env,
      onSecret: run.registerSecret,
    },
  )
}
