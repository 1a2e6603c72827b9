import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {isTokenId, type Credential} from './auth.js'
import type {Environment} from './environment.js'
import {trustId, type Trust} from './trust.js'

/** What pmpc.yaml says of how to reach a cluster. */
export interface ClusterAccess {
  /** Its name in pmpc.yaml: only a label, a credential is never bound to it. */
  cluster: string
  endpoints: readonly string[]
  trust: Trust
  /** `USER@REALM!TOKEN`, or `USER@REALM` for a login with a password. */
  tokenId: string
}

/** Where a secret comes from: itself, or words of a command that prints it on its first line. */
export type Secret = {secret: string} | {command: readonly string[]}

/** One entry of the credential file. */
export interface StoredCredential {
  endpoint: string
  /** As `trustId` gives it. */
  trust: string
  tokenId: string
  /** For messages only. */
  cluster?: string
  secret?: string
  command?: string[]
}

export interface ResolvedCredential {
  credential: Credential
  /** Those of the cluster's endpoints that the credential may be sent to. Never empty. */
  endpoints: string[]
  source: 'environment' | 'file' | 'command'
}

/** The user's configuration folder: `PMPC_HOME`, else `$XDG_CONFIG_HOME/pmpc`, else `~/.config/pmpc`. */
async function userDir(env: Environment): Promise<string> {
  const {join} = await import('node:path')
  if (env.PMPC_HOME) return env.PMPC_HOME
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, 'pmpc')
  const {homedir} = await import('node:os')
  return join(env.HOME ?? homedir(), '.config', 'pmpc')
}

/** Path of the credential file. */
export async function credentialFile(env: Environment): Promise<string> {
  const {join} = await import('node:path')
  return join(await userDir(env), 'credentials.json')
}

/** `PMPC_TOKEN_HOME_LAB` for the cluster `home-lab`. */
export function tokenVariable(cluster: string): string {
  return `PMPC_TOKEN_${variablePart(cluster)}`
}

/** `PMPC_ENDPOINT_HOME_LAB`: where set, the variable with the token goes nowhere else. */
function endpointVariable(cluster: string): string {
  return `PMPC_ENDPOINT_${variablePart(cluster)}`
}

function variablePart(cluster: string): string {
  return cluster.toUpperCase().replaceAll('-', '_')
}

/**
 * Finds the secret for a cluster and says where it may be sent: the environment wins over the credential file.
 * A file entry counts only for its own endpoint and trust, so that a cloned repository which names another host gets nothing.
 * @throws PMPC_NO_CREDENTIAL, PMPC_CREDENTIAL_BOUND, PMPC_CREDENTIALS_EXPOSED, PMPC_CREDENTIAL_COMMAND
 */
export async function resolveCredential(access: ClusterAccess, env: Environment): Promise<ResolvedCredential> {
  const {secret, command, ...found} = await locateCredential(access, env)
  const text = command === undefined ? (secret ?? '') : await runSecretCommand(command)
  return {credential: credentialOf(access.tokenId, text), ...found}
}

/** Whether there is a credential for a cluster; a command that fetches it is not run. */
export async function hasCredential(access: ClusterAccess, env: Environment): Promise<boolean> {
  try {
    await locateCredential(access, env)
    return true
  } catch (error) {
    if ((error as PmpcError).code === 'PMPC_NO_CREDENTIAL') return false
    throw error
  }
}

interface Located extends Pick<ResolvedCredential, 'endpoints' | 'source'> {
  secret?: string
  command?: string[]
}

async function locateCredential(access: ClusterAccess, env: Environment): Promise<Located> {
  const fromEnvironment = env[tokenVariable(access.cluster)]?.trim()
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return {secret: fromEnvironment, endpoints: boundEndpoints(access, env), source: 'environment'}
  }
  const stored = await readCredentials(env)
  const trust = await trustId(access.trust)
  const mine = stored.filter((entry) => entry.trust === trust && entry.tokenId === access.tokenId)
  const endpoints = access.endpoints.filter((endpoint) => mine.some((entry) => entry.endpoint === origin(endpoint)))
  const entry = mine.find((one) => one.endpoint === origin(endpoints[0] ?? ''))
  if (entry === undefined) throw noCredential(access, trust, stored)
  const {secret, command} = entry
  return {secret, command, endpoints, source: command === undefined ? 'file' : 'command'}
}

/** A secret as it was typed or piped in: the whole `PVEAPIToken=ID=SECRET` and `ID=SECRET` are understood too. */
export function cleanSecret(tokenId: string, typed: string): string {
  const text = (typed.split(/\r?\n/)[0] ?? '').trim().replace(/^(Authorization: )?PVEAPIToken[= ]/i, '')
  return text.startsWith(`${tokenId}=`) ? text.slice(tokenId.length + 1) : text
}

/** Runs a command of the user's own configuration, without a shell; the first line of its output is the secret. What it prints is never shown. */
export async function runSecretCommand(words: readonly string[]): Promise<string> {
  const {execa} = await import('execa')
  const [program = '', ...rest] = words
  const ended = await execa(program, rest, {stdin: 'inherit', stderr: 'inherit', reject: false})
  if (ended.code === 'ENOENT') throw commandFailed(program, 'is not installed')
  if (ended.signal !== undefined) throw commandFailed(program, `was ended by ${ended.signal}`)
  if (ended.exitCode === undefined) throw commandFailed(program, `cannot be run (${ended.code})`)
  if (ended.exitCode !== 0) throw commandFailed(program, `ended with exit code ${ended.exitCode}`)
  const line = (ended.stdout.split(/\r?\n/)[0] ?? '').trim()
  if (line === '') throw commandFailed(program, 'printed nothing')
  return line
}

/**
 * Stores a secret for each endpoint of a cluster, bound to that endpoint and the trust; entries of the same token there are replaced.
 * @returns path of the file
 */
export async function saveCredential(access: ClusterAccess, secret: Secret, env: Environment): Promise<string> {
  const trust = await trustId(access.trust)
  const origins = access.endpoints.map((endpoint) => origin(endpoint))
  const kept = (await readCredentials(env)).filter(
    (entry) => !(entry.trust === trust && entry.tokenId === access.tokenId && origins.includes(entry.endpoint)),
  )
  const source =
    'secret' in secret ? {secret: cleanSecret(access.tokenId, secret.secret)} : {command: [...secret.command]}
  const added = origins.map((endpoint): StoredCredential => ({
    endpoint,
    trust,
    tokenId: access.tokenId,
    cluster: access.cluster,
    ...source,
  }))
  return writeCredentials([...kept, ...added], env)
}

/** Removes a cluster's entries, whatever the trust. @returns how many there were */
export async function removeCredential(
  access: Pick<ClusterAccess, 'cluster' | 'endpoints' | 'tokenId'>,
  env: Environment,
): Promise<number> {
  const stored = await readCredentials(env)
  const origins = access.endpoints.map((endpoint) => origin(endpoint))
  const kept = stored.filter((entry) => !(entry.tokenId === access.tokenId && origins.includes(entry.endpoint)))
  if (kept.length < stored.length) await writeCredentials(kept, env)
  return stored.length - kept.length
}

/** @throws PMPC_CREDENTIALS_EXPOSED when others than the user can read the file, PMPC_CREDENTIALS_BROKEN when it is not what pmpc wrote */
export async function readCredentials(env: Environment): Promise<StoredCredential[]> {
  const {readFile, stat} = await import('node:fs/promises')
  const file = await credentialFile(env)
  const facts = await stat(file).catch(absent)
  if (facts === undefined) return []
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
    throw new PmpcError(
      'PMPC_CREDENTIALS_EXPOSED',
      `${file} can be read by other users of this machine, so pmpc does not use it`,
      {
        suggestions: [
          `chmod 600 ${file}`,
          'pveum user token list USER@REALM   # on a node: make new ones, if others can have seen these',
        ],
        data: {file},
      },
    )
  }
  return parseCredentials(await readFile(file, 'utf8'), file)
}

function parseCredentials(text: string, file: string): StoredCredential[] {
  try {
    const {credentials} = JSON.parse(text) as {credentials?: unknown}
    if (Array.isArray(credentials)) return credentials.filter((entry): entry is StoredCredential => isStored(entry))
  } catch {
    // told below, without the parser's message: it quotes the text, and the text holds secrets
  }
  throw new PmpcError('PMPC_CREDENTIALS_BROKEN', `${file} is not the file that pmpc wrote`, {
    suggestions: [`mv ${shellWord(file)} ${shellWord(`${file}.old`)} && pmpc auth login`],
    data: {file},
  })
}

function isStored(entry: unknown): boolean {
  const {endpoint, trust, tokenId} = (entry ?? {}) as Partial<StoredCredential>
  return [endpoint, trust, tokenId].every((value) => typeof value === 'string')
}

/** Whole or not at all: a new file at 0600 takes the place of the old one. */
async function writeCredentials(credentials: StoredCredential[], env: Environment): Promise<string> {
  const [{mkdir, realpath}, {replaceFile}] = await Promise.all([
    import('node:fs/promises'),
    import('../files/write.js'),
  ])
  const given = await credentialFile(env)
  await mkdir(await userDir(env), {recursive: true, mode: 0o700})
  const file = (await realpath(given).catch(absent)) ?? given
  replaceFile(file, JSON.stringify({version: 1, credentials}, undefined, 2) + '\n', {mode: 0o600, permissions: 0o600})
  return given
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}

function boundEndpoints(access: ClusterAccess, env: Environment): string[] {
  const variable = endpointVariable(access.cluster)
  const bound = env[variable]?.trim()
  if (bound === undefined || bound === '') return [...access.endpoints]
  const allowed = bound.split(/[\s,]+/).map((endpoint) => origin(endpoint))
  const endpoints = access.endpoints.filter((endpoint) => allowed.includes(origin(endpoint)))
  if (endpoints.length > 0) return endpoints
  throw new PmpcError(
    'PMPC_CREDENTIAL_BOUND',
    `${variable} allows ${allowed.join(', ')} only, and pmpc.yaml names ${access.endpoints.join(', ')} for ${access.cluster}: the token is not sent there`,
    {
      suggestions: ['git log -p -- pmpc.yaml   # who changed the endpoint?', `Set ${variable} anew if that is right`],
      data: {cluster: access.cluster, allowed, endpoints: [...access.endpoints]},
    },
  )
}

function origin(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint
}

function credentialOf(tokenId: string, secret: string): Credential {
  return isTokenId(tokenId) ? {tokenId, secret: cleanSecret(tokenId, secret)} : {username: tokenId, password: secret}
}

/** When there is one for another place, the reason is named: it may be a repository that wants a token it should not get. */
function noCredential(access: ClusterAccess, trust: string, stored: StoredCredential[]): PmpcError {
  const login = `pmpc auth login ${access.cluster}`
  const here = `${access.endpoints.join(', ')} (trust ${trust})`
  const ofCluster = stored.filter((entry) => entry.cluster === undefined || entry.cluster === access.cluster)
  const other =
    ofCluster.find((entry) => entry.tokenId === access.tokenId) ??
    ofCluster[0] ??
    stored.find((entry) => entry.tokenId === access.tokenId)
  // The same token id at two clusters is common, and no reason to suspect anybody.
  const changed = other !== undefined && ofCluster.includes(other)
  const elsewhere = other && !changed ? `; the one stored for ${other.cluster} is for ${other.endpoint} only` : ''
  const message =
    other === undefined || !changed
      ? `there is no credential for the cluster ${access.cluster}: ${access.tokenId} at ${here}${elsewhere}`
      : `the credential of ${other.tokenId} is bound to ${other.endpoint} (trust ${other.trust}); this repository names ${access.tokenId} at ${here}, so it is not sent`
  return new PmpcError('PMPC_NO_CREDENTIAL', message, {
    suggestions: [
      ...(!changed ? [] : ['git log -p -- pmpc.yaml   # who changed it, and why?']),
      login,
      `export ${tokenVariable(access.cluster)}=SECRET   # in a pipeline`,
    ],
    data: {
      cluster: access.cluster,
      endpoints: [...access.endpoints],
      trust,
      tokenId: access.tokenId,
      boundTo: other === undefined ? undefined : {endpoint: other.endpoint, trust: other.trust, tokenId: other.tokenId},
    },
  })
}

function commandFailed(program: string, what: string): PmpcError {
  return new PmpcError('PMPC_CREDENTIAL_COMMAND', `the command that fetches the secret (${program} …) ${what}`, {
    suggestions: ['Run it by hand to see why', 'pmpc auth login'],
    data: {program},
  })
}
