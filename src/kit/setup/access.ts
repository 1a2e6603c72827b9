import {
  cleanSecret,
  clusterVersions,
  isTokenId,
  openReader,
  parseVersion,
  pveumLines,
  readPrivileges,
  resolveCredential,
  runSecretCommand,
  saveCredential,
  trustId,
  type ClusterAccess,
  type Credential,
  type Environment,
  type PrivilegeReport,
  type Secret,
} from '../proxmox/index.js'
import {leaveOut, needsOf} from '../fetch/needs.js'
import type {KindName} from '../resources/index.js'

/** What `pmpc auth login` did. */
export interface LoginResult {
  cluster: string
  /** Token id or user. */
  tokenId: string
  endpoints: string[]
  /** What the credential is bound to beside the endpoints. */
  trust: string
  stored: 'secret' | 'command'
  /** The credential file. */
  file: string
  /** Of the node that answered. */
  version: string | null
}

/** What `pmpc auth test` found out. */
export interface AccessReport {
  cluster: string
  /** Token id or user. */
  who: string
  source: 'environment' | 'file' | 'command'
  endpoint: string
  trust: string
  /** Node to version; null for one that is away. */
  versions: Record<string, string | null>
  privileges: PrivilegeReport
  /** Whether a sync sees everything. */
  complete: boolean
  /** Lines to type on a node, as root, that give what is missing. Empty when nothing is. */
  commands: string[]
}

/** Told each secret before it is used, so that neither a log nor a message shows it. */
export type OnSecret = (secret: string) => void

/** The credential that a secret makes; a command is run once, without a shell. */
export async function credentialFrom(tokenId: string, secret: Secret, onSecret: OnSecret): Promise<Credential> {
  const text = 'secret' in secret ? secret.secret : await runSecretCommand(secret.command)
  onSecret(text)
  if (!isTokenId(tokenId)) return {username: tokenId, password: text}
  const clean = cleanSecret(tokenId, text)
  onSecret(clean)
  return {tokenId, secret: clean}
}

/**
 * Checks a secret against the cluster and stores it, bound to the cluster's endpoints and trust. A secret that does not work is not stored.
 * @throws what the client throws
 */
export async function logIn(
  access: ClusterAccess,
  secret: Secret,
  env: Environment,
  onSecret: OnSecret,
): Promise<LoginResult> {
  const {cluster, endpoints, trust, tokenId} = access
  const credential = await credentialFrom(tokenId, secret, onSecret)
  const client = openReader({cluster, endpoints, trust, credential, env})
  try {
    const version = parseVersion(await client.get('/version'))
    return {
      cluster,
      tokenId,
      endpoints: [...endpoints],
      trust: await trustId(trust),
      stored: 'secret' in secret ? 'secret' : 'command',
      file: await saveCredential(access, secret, env),
      version: version?.text ?? null,
    }
  } finally {
    await client.close()
  }
}

/**
 * Who the stored credential is, what it may do, and which versions answer.
 * @param kept the kinds that a sync is to keep
 */
export async function testAccess(
  access: ClusterAccess,
  kept: readonly KindName[],
  env: Environment,
  onSecret: OnSecret,
): Promise<AccessReport> {
  const needs = needsOf(kept)
  const {credential, endpoints, source} = await resolveCredential(access, env)
  onSecret('secret' in credential ? credential.secret : credential.password)
  const client = openReader({cluster: access.cluster, endpoints, trust: access.trust, credential, env})
  try {
    const [privileges, versions] = await Promise.all([readPrivileges(client, needs), clusterVersions(client)])
    const complete = privileges.missing.length === 0 && privileges.restricted.length === 0
    return {
      cluster: access.cluster,
      who: client.who ?? access.tokenId,
      source,
      endpoint: client.endpoint(),
      trust: await trustId(access.trust),
      versions: Object.fromEntries([...versions].map(([node, version]) => [node, version?.text ?? null])),
      privileges,
      complete,
      commands:
        privileges.missing.length === 0 ? [] : pveumLines(access.tokenId, {reading: needs.reading, exists: true}),
    }
  } finally {
    await client.close()
  }
}

/** A line for each kind that a token does not see because only who may change it does. */
export function unseenTexts({unseen}: PrivilegeReport): string[] {
  return Object.entries(unseen).map(
    ([kind, privilege]) =>
      `Of ${kind} nothing is recorded: Proxmox VE shows it to those only who may change it (${privilege} on /), which a token that reads is not to be given; ${leaveOut(kind)}.`,
  )
}
