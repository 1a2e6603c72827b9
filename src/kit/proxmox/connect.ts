import {createClient, type ClientOptions, type Reader, type Writer} from './client.js'
import {resolveCredential, type ClusterAccess} from './credentials.js'
import {gated} from './gates.js'

/** What may be set beside where the cluster is and who asks. */
export interface ConnectOptions extends Pick<
  ClientOptions,
  'env' | 'userAgent' | 'limits' | 'onExchange' | 'clock' | 'signal'
> {
  /** Told each secret before it is used, so that no log shows it. */
  onSecret?(secret: string): void
}

/**
 * Reads a cluster with the user's credential for it, which goes only to the endpoints it is bound to.
 * @throws what `resolveCredential` and `createClient` throw
 */
export async function connectReader(access: ClusterAccess, options: ConnectOptions = {}): Promise<Reader> {
  return openReader(await withCredential(access, options))
}

/** As {@link connectReader}, to change the cluster: no write is sent to a node that does not know it. */
export async function connectWriter(access: ClusterAccess, options: ConnectOptions = {}): Promise<Writer> {
  return gated(createClient(await withCredential(access, options)))
}

/** Reads a cluster with a credential that is at hand, and perhaps not stored yet. @throws PMPC_BAD_ENDPOINT */
export function openReader(options: ClientOptions): Reader {
  const {cluster, who, endpoint, get, getWhole, stats, close} = createClient(options)
  return {cluster, who, endpoint, get, getWhole, stats, close}
}

async function withCredential(access: ClusterAccess, {onSecret, ...options}: ConnectOptions): Promise<ClientOptions> {
  const {credential, endpoints} = await resolveCredential(access, options.env ?? process.env)
  onSecret?.('secret' in credential ? credential.secret : credential.password)
  return {...options, cluster: access.cluster, trust: access.trust, endpoints, credential}
}
