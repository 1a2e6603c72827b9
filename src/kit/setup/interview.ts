import {ask, confirm, type PromptContext} from '../cli/index.js'
import {isPmpcError, PmpcError, retold} from '../errors/index.js'
import {readNamed} from '../files/index.js'
import {
  isTokenId,
  meetCluster,
  normalEndpoint,
  normalFingerprint,
  pveumLines,
  resolveCredential,
  showCertificate,
  tokenVariable,
  trustId,
  type Acquaintance,
  type CertificateFacts,
  type ClusterAccess,
  type Environment,
  type Secret,
  type Trust,
} from '../proxmox/index.js'
import {needsOf} from '../fetch/needs.js'
import {credentialFrom, unseenTexts, type OnSecret} from './access.js'
import type {Clusters} from './clusters.js'
import {withAskedSecret} from './secret.js'

/** What flags say of a cluster, and what the workspace knows already. */
export interface InterviewOptions {
  cluster?: string
  endpoint?: string
  tokenId?: string
  fingerprint?: string
  /** Path of a PEM file. */
  ca?: string
  secret?: Secret
  /** Of pmpc.yaml, where there is one. */
  known: Clusters
  env: Environment
  /** Asks, or with `interactive: false` names the flag that is missing. */
  prompts: PromptContext
  /** Tells a person. */
  say: (text: string) => void
  onSecret: OnSecret
}

/** All that is needed to write a workspace. */
export interface Introduced {
  access: ClusterAccess
  /** To be stored; undefined where the environment has it. */
  secret: Secret | undefined
  met: Acquaintance
}

const clusterName = /^[a-z][a-z0-9-]*$/
const userName = /^[^\s:/!;=]+@[A-Za-z][\w.-]+$/

/**
 * Finds out all that a workspace needs to know of a cluster: from flags, from pmpc.yaml, and on a terminal from the person there.
 * Then talks to the cluster: nothing is believed that a person, a flag or a public CA has not vouched for.
 * @throws PMPC_FLAG_REQUIRED (64) naming every flag that is missing where nobody can be asked, and what `meetCluster` throws
 */
export async function introduceCluster(options: InterviewOptions): Promise<Introduced> {
  checkFlags(options)
  requireFlags(options)
  const cluster = options.cluster ?? (await askCluster(options))
  const old = options.known[cluster]
  const endpoint = normalEndpoint(options.endpoint ?? old?.endpoints[0] ?? (await askEndpoint(options)))
  const said = {cluster, endpoint, tokenId: options.tokenId}
  const inContext = (error: unknown): never => {
    throw old === undefined ? asFirstMeeting(error, said) : options.endpoint === undefined ? error : asTyped(error)
  }
  const trust = await firstTrust(endpoint, old?.trust, cluster, options).catch(inContext)
  const tokenId = options.tokenId ?? old?.token ?? (await askTokenId(options))
  said.tokenId = tokenId
  const fromEnvironment = options.env[tokenVariable(cluster)]?.trim()
  const {env, prompts, say} = options
  const meet = async (secret: Secret) => {
    const credential = await credentialFrom(tokenId, secret, options.onSecret)
    return {
      secret,
      met: await meetCluster({cluster, endpoint, trust, credential, wanted: needsOf(), env, signal: prompts.signal}),
    }
  }
  const given = fromEnvironment ? {secret: fromEnvironment} : await secretOf(cluster, tokenId, options)
  const meeting = given ? meet(given) : withAskedSecret({tokenId, prompts, say}, meet)
  const {secret, met} = await meeting.catch(inContext)
  tell(met, options)
  if (options.prompts.interactive && met.privileges.missing.length > 0) await goOnOrStop(options.prompts)
  return {
    access: {cluster, endpoints: await endpointsOf(endpoint, met.trust, old), trust: met.trust, tokenId},
    secret: fromEnvironment ? undefined : secret,
    met,
  }
}

/** For an address that was typed: what pmpc.yaml says is not in question. */
const addressGiven = ['`endpoints` in pmpc.yaml', 'the address given'] as const

function asTyped(error: unknown): unknown {
  if (!isPmpcError(error)) return error
  return retold(error, {suggestions: error.suggestions.map((line) => line.replace(...addressGiven))})
}

/** Where there is no workspace yet, there is no pmpc.yaml to correct and nothing to log in to: `init` is typed again. */
function asFirstMeeting(
  error: unknown,
  said: {cluster: string; endpoint: string; tokenId: string | undefined},
): unknown {
  if (!isPmpcError(error)) return error
  const {cluster, endpoint, tokenId} = said
  const flags = `--cluster ${cluster} --endpoint ${endpoint}`
  const suggestions = error.suggestions.map((line) =>
    line
      .replace(...addressGiven)
      .replace('pveum user token list USER@REALM', `pveum user token list ${tokenId?.split('!')[0] ?? 'USER@REALM'}`)
      .replace(`pmpc auth login ${cluster}`, `pmpc init ${flags} --token-id '${tokenId ?? 'USER@REALM!NAME'}'`),
  )
  return retold(error, {suggestions})
}

function checkFlags({cluster, tokenId, endpoint, fingerprint}: InterviewOptions): void {
  if (cluster !== undefined && !clusterName.test(cluster))
    throw badFlag('--cluster', cluster, 'a name begins with a letter and holds a to z, 0 to 9 and -')
  if (tokenId !== undefined && !isTokenId(tokenId) && !userName.test(tokenId))
    throw badFlag('--token-id', tokenId, 'it looks like user@realm!name')
  if (fingerprint !== undefined && normalFingerprint(fingerprint) === undefined)
    throw new PmpcError(
      'PMPC_BAD_FINGERPRINT',
      `--fingerprint '${fingerprint}': SHA-256 is 64 hexadecimal digits, with or without colons`,
      {suggestions: [compareLine], data: {flag: '--fingerprint', value: fingerprint}},
    )
  if (endpoint !== undefined) normalEndpoint(endpoint)
}

function badFlag(flag: string, value: string, why: string): PmpcError {
  return new PmpcError('PMPC_USAGE', `${flag} '${value}': ${why}`, {
    suggestions: ['pmpc init --help'],
    data: {flag, value},
  })
}

/** All that is missing at once: a script is not corrected flag by flag. */
function requireFlags(options: InterviewOptions): void {
  if (options.prompts.interactive) return
  const old = options.cluster === undefined ? undefined : options.known[options.cluster]
  const missing = [
    ...(options.cluster === undefined ? ['--cluster NAME'] : []),
    ...(options.endpoint === undefined && old === undefined ? ['--endpoint URL'] : []),
    ...(options.tokenId === undefined && old === undefined ? ['--token-id USER@REALM!NAME'] : []),
    ...(options.secret === undefined && old === undefined && !options.env[tokenVariable(options.cluster ?? '')]
      ? ['--token-stdin']
      : []),
  ]
  if (missing.length > 0) throw flagsRequired(missing, options.prompts)
}

function flagsRequired(missing: string[], {command, rest = ''}: PromptContext): PmpcError {
  const [more, other] = [missing.includes('--token-stdin'), missing.includes('--fingerprint SHA256')]
  const hint = [
    ...(more ? ['--token-stdin may also be --token-env VARIABLE or --token-command WORDS…'] : []),
    ...(other ? ['--fingerprint may also be --ca FILE'] : []),
  ]
  return new PmpcError(
    'PMPC_FLAG_REQUIRED',
    `nobody can be asked here, and these flags are missing: ${missing.join(', ')}${hint.length === 0 ? '' : ` (${hint.join('; ')})`}`,
    {
      suggestions: [`${command} ${missing.join(' ').replace('USER@REALM!NAME', "'USER@REALM!NAME'")} --yes${rest}`],
      data: {flags: missing.map((flag) => flag.split(' ')[0])},
    },
  )
}

/**
 * What to believe for the first connection: what a flag says, else what pmpc.yaml says, else a public CA that vouches for the name,
 * else the person at the terminal who has compared the fingerprint. Never anything else.
 */
async function firstTrust(
  endpoint: string,
  known: Trust | undefined,
  cluster: string,
  options: InterviewOptions,
): Promise<Trust> {
  if (options.fingerprint !== undefined) return {fingerprint: normalFingerprint(options.fingerprint) ?? ''}
  if (options.ca !== undefined) return {ca: readCa(options.ca)}
  if (known !== undefined) return known
  const certificate = await showCertificate(endpoint, options.env)
  if (certificate.systemTrusted) return {system: true}
  if (!options.prompts.interactive) throw notVouched(endpoint, certificate, options.prompts)
  options.say(certificateText(endpoint, certificate))
  const right = await confirm(options.prompts, {
    flag: '--fingerprint SHA256',
    message: 'Is this the fingerprint that the node itself shows?',
  })
  if (right) return {fingerprint: certificate.fingerprint}
  throw new PmpcError('PMPC_TLS_UNTRUSTED', `nothing was done: the certificate of ${endpoint} is not believed`, {
    suggestions: [compareLine, `pmpc init --cluster ${cluster} --endpoint ${endpoint} --fingerprint SHA256`],
    data: {endpoint, shown: certificate.fingerprint},
  })
}

const compareLine =
  'openssl x509 -in /etc/pve/local/pve-ssl.pem -noout -fingerprint -sha256   # on the node; pveproxy-ssl.pem, if there is one'

function notVouched(endpoint: string, certificate: CertificateFacts, {command, rest = ''}: PromptContext): PmpcError {
  return new PmpcError(
    'PMPC_FLAG_REQUIRED',
    `nobody vouches for the certificate of ${endpoint}, and nobody can be asked here: --fingerprint SHA256 or --ca FILE is missing\n  it shows SHA-256 ${certificate.fingerprint} (${certificate.subject}, issued by ${certificate.issuer})`,
    {
      suggestions: [
        compareLine,
        `${command} --fingerprint SHA256 --yes${rest}   # what the node shows; or --ca, with its /etc/pve/pve-root-ca.pem`,
      ],
      data: {flags: ['--fingerprint', '--ca'], endpoint, shown: certificate.fingerprint},
    },
  )
}

function readCa(path: string): string {
  try {
    return readNamed(path).toString('utf8')
  } catch (cause) {
    throw badFlag('--ca', path, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`)
  }
}

function certificateText(endpoint: string, certificate: CertificateFacts): string {
  return [
    `${endpoint} shows this certificate, and nobody vouches for it yet:`,
    `  SHA-256  ${certificate.fingerprint}`,
    `  of       ${certificate.subject} (${certificate.names.join(', ')})`,
    `  by       ${certificate.selfSigned ? 'itself' : certificate.issuer}`,
    `  valid    ${certificate.validFrom.slice(0, 10)} to ${certificate.validTo.slice(0, 10)}`,
    `Compare it on the node: ${compareLine}`,
  ].join('\n')
}

function askCluster({known, prompts}: InterviewOptions): Promise<string> {
  const validate = (text: string): true | string =>
    clusterName.test(text.trim()) || 'a to z, 0 to 9 and -, a letter first'
  return ask(prompts, {
    flag: '--cluster NAME',
    message: 'A name for the cluster in this workspace:',
    default: known.home === undefined ? 'home' : undefined,
    validate,
  })
}

function askEndpoint({prompts}: InterviewOptions): Promise<string> {
  return ask(prompts, {flag: '--endpoint URL', message: 'Address of a node (https://HOST:8006):', validate: isEndpoint})
}

function isEndpoint(text: string): true | string {
  try {
    normalEndpoint(text)
    return true
  } catch {
    return 'it looks like https://192.0.2.10:8006'
  }
}

function askTokenId({prompts, say}: InterviewOptions): Promise<string> {
  say(
    [
      'An API token that may read is needed. These lines make one, as root on a node:',
      ...pveumLines('pmpc@pve!sync', {reading: needsOf().reading, exists: false}).map((line) => `  ${line}`),
    ].join('\n'),
  )
  const validate = (text: string): true | string =>
    isTokenId(text.trim()) || userName.test(text.trim()) || 'it looks like user@realm!name'
  return ask(prompts, {flag: '--token-id USER@REALM!NAME', message: 'Token id:', default: 'pmpc@pve!sync', validate})
}

/** As given, else the one stored for this cluster so far; undefined where it is to be asked for. */
async function secretOf(cluster: string, tokenId: string, options: InterviewOptions): Promise<Secret | undefined> {
  if (options.secret !== undefined) return options.secret
  const old = options.known[cluster]
  if (old?.token === tokenId) {
    const {credential} = await resolveCredential(
      {cluster, endpoints: old.endpoints, trust: old.trust, tokenId},
      options.env,
    ).catch(() => ({credential: undefined}))
    if (credential !== undefined) return {secret: 'secret' in credential ? credential.secret : credential.password}
  }
  return undefined
}

/** The endpoints so far stay when the trust does: another node of the same cluster. */
async function endpointsOf(endpoint: string, trust: Trust, old: Clusters[string] | undefined): Promise<string[]> {
  if (old === undefined) return [endpoint]
  const same = (await trustId(old.trust)) === (await trustId(trust))
  return same ? [...new Set([...old.endpoints, endpoint])] : [endpoint]
}

function tell(met: Acquaintance, {say}: InterviewOptions): void {
  const trusted = {ca: "the cluster's own CA", certificate: 'this one certificate', system: 'the CAs of this system'}[
    met.pinned.what
  ]
  say(`${met.who} reaches Proxmox VE ${met.version?.text ?? ''} on ${met.nodes.join(', ')}.`)
  say(
    `Trusted from now on: ${trusted}${met.pinned.fingerprint === undefined ? '' : `, SHA-256 ${met.pinned.fingerprint}`}.`,
  )
  const {missing, none, restricted} = met.privileges
  if (none)
    say(
      'The token has no rights at all yet: every list would be empty, and no sync will take that for an empty cluster.',
    )
  else if (missing.length > 0) say(`The token lacks ${missing.join(', ')} on /: a sync sees a part only.`)
  if (restricted.length > 0)
    say(`On ${restricted.join(', ')} rights are taken away: a sync does not see what is there.`)
  if (!none) for (const line of unseenTexts(met.privileges)) say(line)
  if (missing.length > 0)
    say(
      [
        'As root, on a node:',
        ...pveumLines(met.who, {reading: needsOf().reading, exists: true}).map((line) => `  ${line}`),
      ].join('\n'),
    )
}

async function goOnOrStop(prompts: PromptContext): Promise<void> {
  if (await confirm(prompts, {flag: '--yes', message: 'Go on all the same?', default: true})) return
  throw new PmpcError('PMPC_NOT_CONFIRMED', 'nothing was done', {
    suggestions: ['pmpc init   # when the token has its rights'],
  })
}
