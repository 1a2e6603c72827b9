import {exitCodes, isPmpcError, PmpcError} from '../errors/index.js'
import type {Credential} from './auth.js'
import type {ClientOptions, Reader} from './client.js'
import {openReader} from './connect.js'
import type {Environment} from './environment.js'
import {readConnectionError} from './errors.js'
import {apiPath} from './paths.js'
import {readPrivileges, type PrivilegeReport, type Wanted} from './privileges.js'
import {mapsIn} from './shapes.js'
import {
  clusterCaOf,
  fetchCertificate,
  normalFingerprint,
  trustId,
  type CertificateFacts,
  type CertificateInfo,
  type Trust,
} from './trust.js'
import {namedNodes, parseVersion, type PveVersion} from './versions.js'

/** What a first, successful conversation with a cluster brought. */
export interface Acquaintance {
  /** What to trust from now on: the cluster's own CA where it signed what the server shows, else what was given. */
  trust: Trust
  /** SHA-256 of what is pinned, and what that is. */
  pinned: {what: 'ca' | 'certificate' | 'system'; fingerprint?: string}
  /** Token id or user. */
  who: string
  version: PveVersion | undefined
  /** Sorted. */
  nodes: string[]
  privileges: PrivilegeReport
  /** How many guests it shows; undefined where that cannot be told. */
  guests: number | undefined
}

export interface MeetOptions {
  cluster: string
  endpoint: string
  /** Believed for the first connection. */
  trust: Trust
  credential: Credential
  /** The rights that a sync needs. */
  wanted: Wanted
  env: Environment
  userAgent?: string
  limits?: ClientOptions['limits']
  signal?: AbortSignal
}

/**
 * An endpoint as people type it: `192.0.2.10`, `pve1.example.com:8006`, `https://pve1:8006/`. The port is 8006 unless one is named.
 * @throws PMPC_BAD_ENDPOINT
 */
export function normalEndpoint(typed: string): string {
  const text = typed.trim().replace(/\/+$/, '')
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `https://${/^[\da-f]*:[\da-f:]+$/i.test(text) ? `[${text}]` : text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (
    url === undefined ||
    url.protocol !== 'https:' ||
    url.username !== '' ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new PmpcError(
      'PMPC_BAD_ENDPOINT',
      `'${typed}' is no endpoint of Proxmox VE: it looks like https://HOST:8006`,
      {
        exitCode: exitCodes.usage,
        suggestions: ['pmpc init --endpoint https://HOST:8006'],
        data: {endpoint: typed},
      },
    )
  }
  const named = /:\d+$/.test(whole)
  return named ? url.origin : `https://${url.hostname}:8006`
}

/** The certificate of an endpoint, for a person to judge. Sends no request. @throws PMPC_UNREACHABLE, PMPC_NOT_PVE */
export async function showCertificate(
  endpoint: string,
  env: Environment,
  connectTimeout?: number,
): Promise<CertificateFacts> {
  try {
    return await fetchCertificate(endpoint, {env, connectTimeout})
  } catch (error) {
    throw readConnectionError(error, {method: 'GET', path: '/', endpoint})
  }
}

/**
 * Talks to a cluster for the first time: checks the credential, reads its rights, and through the connection that is
 * trusted already fetches the cluster's own CA. That is pinned instead of the one certificate, if it really signed what the server
 * shows and a second connection that trusts nothing else succeeds.
 * @throws what a client throws: PMPC_TLS_CHANGED, PMPC_NOT_AUTHENTICATED, PMPC_UNREACHABLE, …
 */
export async function meetCluster(options: MeetOptions): Promise<Acquaintance> {
  const client = open(options, options.trust)
  try {
    const version = parseVersion(await client.get('/version', {}, {signal: options.signal}))
    const [privileges, list, guests] = await Promise.all([
      readPrivileges(client, options.wanted),
      client.get('/nodes').then(namedNodes),
      countGuests(client),
    ])
    const nodes = list.map(({node}) => node).sort()
    const online = list.filter(({status}) => status !== 'offline').map(({node}) => node)
    const trust =
      'fingerprint' in options.trust ? await betterTrust(client, online, options, options.trust) : options.trust
    return {trust, pinned: await describeTrust(trust), who: client.who ?? '', version, nodes, privileges, guests}
  } finally {
    await client.close()
  }
}

/** Good to know, and no more. */
async function countGuests(client: Reader): Promise<number | undefined> {
  const path = '/cluster/resources'
  return client
    .get(path, {type: 'vm'})
    .then((answer) => mapsIn(answer, path).length)
    .catch(() => undefined)
}

function open(options: MeetOptions, trust: Trust): Reader {
  const {cluster, endpoint, credential, env, userAgent, limits} = options
  return openReader({cluster, endpoints: [endpoint], trust, credential, env, userAgent, limits})
}

/** The CA of the cluster instead of one certificate, so that a renewed certificate or another node is no alarm. */
async function betterTrust(
  client: Reader,
  nodes: string[],
  options: MeetOptions,
  first: {fingerprint: string},
): Promise<Trust> {
  const leaf = await showCertificate(options.endpoint, options.env)
  if (leaf.fingerprint !== normalFingerprint(first.fingerprint)) return first
  for (const node of nodes.slice(0, 3)) {
    const ca = await clusterCaOf(await certificatesOn(client, node, options.signal), leaf.pem)
    if (ca === undefined) continue
    const trust = {ca}
    return (await isEnough(options, trust)) ? trust : first
  }
  return first
}

async function certificatesOn(
  client: Reader,
  node: string,
  signal: AbortSignal | undefined,
): Promise<CertificateInfo[]> {
  try {
    const path = apiPath('nodes', node, 'certificates', 'info')
    const found = mapsIn((await client.get(path, {}, {signal})) ?? [], path)
    return found.flatMap(({pem}) => (typeof pem === 'string' ? [{pem}] : []))
  } catch (error) {
    // The fingerprint remains: what cannot be read here is no reason to stop.
    if (isPmpcError(error) && error.code !== 'PMPC_INTERRUPTED') return []
    throw error
  }
}

/** Whether the server is believed under this trust alone: proven by a connection of its own. */
async function isEnough(options: MeetOptions, trust: Trust): Promise<boolean> {
  const client = open(options, trust)
  try {
    await client.get('/version')
    return true
  } catch (error) {
    if (isPmpcError(error) && error.code.startsWith('PMPC_TLS')) return false
    throw error
  } finally {
    await client.close()
  }
}

async function describeTrust(trust: Trust): Promise<Acquaintance['pinned']> {
  const id = await trustId(trust)
  if (id === 'system') return {what: 'system'}
  const [kind, fingerprint] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)]
  return {what: kind === 'ca' ? 'ca' : 'certificate', fingerprint}
}
