import {PmpcError} from '../errors/index.js'
import {isTokenId, type ClusterAccess, type Trust} from '../proxmox/index.js'

/** Clusters as pmpc.yaml names them. */
export type Clusters = Record<string, {endpoints: readonly string[]; token?: string; trust: Trust}>

/**
 * The cluster that was named, or the only one.
 * @throws PMPC_UNKNOWN_CLUSTER (64), PMPC_NO_TOKEN_ID (64) when pmpc.yaml does not say who pmpc is there
 */
export function accessTo(clusters: Clusters, name: string | undefined, command: string): ClusterAccess {
  const names = Object.keys(clusters).sort()
  const cluster = name ?? (names.length === 1 ? names[0] : undefined)
  if (cluster === undefined || clusters[cluster] === undefined) throw unknownCluster(name, names, command)
  const {endpoints, token, trust} = clusters[cluster]
  if (token !== undefined && (isTokenId(token) || /^[^\s!]+@[\w.-]+$/.test(token)))
    return {cluster, endpoints, trust, tokenId: token}
  throw new PmpcError(
    'PMPC_NO_TOKEN_ID',
    `pmpc.yaml does not name the token of the cluster ${cluster}: \`token: USER@REALM!NAME\``,
    {
      suggestions: [`pmpc init --cluster ${cluster} --token-id USER@REALM!NAME`],
      data: {cluster, token},
    },
  )
}

function unknownCluster(name: string | undefined, names: string[], command: string): PmpcError {
  const known = names.length === 0 ? 'pmpc.yaml names no cluster yet' : `pmpc.yaml names ${names.join(', ')}`
  return new PmpcError(
    'PMPC_UNKNOWN_CLUSTER',
    name === undefined ? `which cluster? ${known}` : `there is no cluster ${name}: ${known}`,
    {
      suggestions: names.length === 0 ? ['pmpc init'] : names.map((one) => `${command} ${one}`),
      data: {cluster: name, clusters: names},
    },
  )
}
