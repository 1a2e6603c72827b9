import {createClient, type Client, type ClientOptions} from './client.js'
import {resolveCredential, type ClusterAccess} from './credentials.js'
import type {Environment} from './environment.js'
import {gated} from './gates.js'

/**
 * A client of a cluster of pmpc.yaml, with the user's credential for it. The credential goes only to the endpoints it is bound to,
 * and no write to a node that does not know it.
 * @throws what `resolveCredential` and `createClient` throw
 */
export async function connectCluster(
  access: ClusterAccess,
  options: {env?: Environment} & Pick<ClientOptions, 'userAgent' | 'limits' | 'onExchange' | 'clock'> = {},
): Promise<Client> {
  const env = options.env ?? process.env
  const {credential, endpoints} = await resolveCredential(access, env)
  return gated(createClient({...options, env, cluster: access.cluster, trust: access.trust, endpoints, credential}))
}
