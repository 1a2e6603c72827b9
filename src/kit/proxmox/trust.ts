import type {ConnectionOptions, PeerCertificate, TLSSocket} from 'node:tls'
import type {buildConnector} from 'undici'
import {PmpcError} from '../errors/index.js'
import {readNamed} from '../files/inside.js'
import {visible} from '../text/index.js'
import type {Environment} from './environment.js'
import {bareHost, openTunnel, proxyFor} from './proxy.js'

/**
 * Why a server is believed to be the cluster's:
 * `ca` the cluster's own CA as PEM, the chain is checked and the host name is not (that CA signs only its nodes);
 * `fingerprint` the SHA-256 of the server's certificate;
 * `caFile` and `system` a company's or a public CA, chain and host name are checked.
 */
export type Trust = {ca: string} | {fingerprint: string} | {caFile: string} | {system: true}

/** A server's certificate, for a person to judge. */
export interface CertificateFacts {
  /** SHA-256 of the certificate, upper case with colons, as PVE prints it. */
  fingerprint: string
  subject: string
  issuer: string
  validFrom: string
  validTo: string
  names: string[]
  selfSigned: boolean
  /** Whether the CAs that this system trusts vouch for it under this host name. */
  systemTrusted: boolean
  pem: string
}

export interface TrustContext {
  /** Name of the cluster, for messages. */
  cluster?: string
  env: Environment
  /** Milliseconds until a connection must stand. */
  connectTimeout: number
}

type Refusal = (socket: TLSSocket, endpoint: URL) => PmpcError | undefined

/** Upper case with colons, whatever was typed; undefined when it is no SHA-256. */
export function normalFingerprint(text: string): string | undefined {
  const digits = text.replace(/^sha-?256[:=\s]*/i, '').replaceAll(/[\s:]/g, '')
  if (!/^[0-9a-f]{64}$/i.test(digits)) return undefined
  return (digits.toUpperCase().match(/../g) ?? []).join(':')
}

/**
 * What a credential is bound to beside the endpoint: `ca:SHA256`, `leaf:SHA256` or `system`.
 * The content of a CA file counts, not its name.
 */
export async function trustId(trust: Trust): Promise<string> {
  if ('system' in trust) return 'system'
  if ('fingerprint' in trust) return `leaf:${pinned(trust.fingerprint)}`
  return `ca:${(await certificatesOf(caOf(trust)))
    .map((one) => one.fingerprint256)
    .sort()
    .join('+')}`
}

async function certificatesOf(pem: string): Promise<import('node:crypto').X509Certificate[]> {
  const {X509Certificate} = await import('node:crypto')
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    if (blocks.length === 0) throw new Error('no BEGIN CERTIFICATE')
    return blocks.map((block) => new X509Certificate(block))
  } catch (cause) {
    throw new PmpcError(
      'PMPC_TLS_BAD_CA',
      `the trusted CA is no certificate in PEM form (${(cause as Error).message})`,
      {
        suggestions: ['Copy /etc/pve/pve-root-ca.pem of a node whole into `trust: {ca: …}` of pmpc.yaml', 'pmpc init'],
        cause,
      },
    )
  }
}

function caOf(trust: {ca: string} | {caFile: string}): string {
  if ('ca' in trust) return trust.ca
  try {
    return readNamed(trust.caFile).toString('utf8')
  } catch (cause) {
    throw new PmpcError('PMPC_TLS_BAD_CA', `the CA file ${trust.caFile} cannot be read (${(cause as Error).message})`, {
      suggestions: ['Correct `trust: {caFile: …}` in pmpc.yaml'],
      data: {file: trust.caFile},
      cause,
    })
  }
}

function pinned(text: string): string {
  const fingerprint = normalFingerprint(text)
  if (fingerprint !== undefined) return fingerprint
  throw new PmpcError(
    'PMPC_BAD_FINGERPRINT',
    `'${text}' is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons`,
    {
      suggestions: ['openssl x509 -in /etc/pve/local/pve-ssl.pem -noout -fingerprint -sha256   # on the node'],
    },
  )
}

/**
 * Makes the connector that undici opens its connections with. It hands a socket on only after the certificate passed,
 * so that no byte of a request, and no credential, is sent to a server that is not the trusted one.
 * Not undici's own: that one remembers TLS sessions before anybody has judged the server, and a resumed session shows no certificate.
 */
export async function trustedConnector(trust: Trust, context: TrustContext): Promise<buildConnector.connector> {
  const tls = await import('node:tls')
  const ca = 'ca' in trust || 'caFile' in trust ? caOf(trust) : undefined
  const secureContext = tls.createSecureContext({ca, minVersion: 'TLSv1.2'})
  const refusal = await refusalOf(trust, ca, context)
  const sessions = new Map<string, Buffer>()

  async function open(endpoint: URL): Promise<TLSSocket> {
    const host = bareHost(endpoint.hostname)
    const port = endpoint.port === '' ? 443 : Number(endpoint.port)
    const proxy = await proxyFor(endpoint, context.env)
    const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, host, port, context.connectTimeout)
    const session = sessions.get(endpoint.host)
    const socket = await shakeHands(
      tls,
      {...unjudged(host), host, port, socket: tunnel, session, secureContext},
      context.connectTimeout,
    )
    // Only judged servers get their sessions remembered, so who resumes one is the server that was judged.
    const refused = socket.isSessionReused() ? undefined : refusal(socket, endpoint)
    if (refused === undefined) {
      socket.on('session', (given) => sessions.set(endpoint.host, given))
      return socket
    }
    socket.destroy()
    throw refused
  }

  return (options, callback) => {
    open(new URL(`https://${options.host ?? options.hostname}`)).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error as Error, null),
    )
  }
}

/** The verdict is ours: Node's own closes the socket before the certificate can be shown to anyone. */
function unjudged(host: string): ConnectionOptions {
  return {
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    servername: isAddress(host) ? undefined : host,
    ALPNProtocols: ['http/1.1'],
  }
}

/** SNI must not name an address. */
function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host)
}

function shakeHands(tls: typeof import('node:tls'), options: ConnectionOptions, timeout: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(options)
    const timer = setTimeout(
      () =>
        socket.destroy(
          Object.assign(new Error(`no connection within ${timeout} ms`), {code: 'UND_ERR_CONNECT_TIMEOUT'}),
        ),
      timeout,
    )
    socket.setNoDelay(true)
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    socket.once('close', () =>
      reject(Object.assign(new Error('closed during the TLS handshake'), {code: 'ECONNRESET'})),
    )
  })
}

async function refusalOf(trust: Trust, ca: string | undefined, context: TrustContext): Promise<Refusal> {
  if ('fingerprint' in trust) {
    const expected = pinned(trust.fingerprint)
    return (socket, endpoint) => {
      const shown = socket.getPeerCertificate()
      return shown.fingerprint256 === expected
        ? undefined
        : changed({expected, shown, endpoint, what: 'certificate', context})
    }
  }
  if ('ca' in trust) {
    const expected = (await certificatesOf(ca ?? '')).map((one) => one.fingerprint256).join(', ')
    return (socket, endpoint) => {
      if (socket.authorized) return undefined
      const shown = socket.getPeerCertificate()
      const reason = reasonOf(socket)
      return ageOnly.test(reason)
        ? untrusted({shown, endpoint, reason, context})
        : changed({expected, shown, endpoint, what: 'CA', context})
    }
  }
  const {checkServerIdentity} = await import('node:tls')
  return (socket, endpoint) => {
    const shown = socket.getPeerCertificate()
    if (!socket.authorized) return untrusted({shown, endpoint, reason: reasonOf(socket), context})
    const mismatch = checkServerIdentity(bareHost(endpoint.hostname), shown)
    return mismatch === undefined ? undefined : untrusted({shown, endpoint, reason: mismatch.message, context})
  }
}

/** The signer is the trusted one and only the dates are wrong. */
const ageOnly = /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/

function reasonOf(socket: TLSSocket): string {
  return String(socket.authorizationError ?? 'unknown')
}

interface Shown {
  shown: PeerCertificate
  endpoint: URL
  context: TrustContext
}

function changed({
  expected,
  shown,
  endpoint,
  what,
  context,
}: Shown & {expected: string; what: 'certificate' | 'CA'}): PmpcError {
  const cluster = context.cluster ?? 'NAME'
  const message =
    `${endpoint.origin} shows another ${what === 'CA' ? "cluster's certificate" : 'certificate'} than the one trusted${context.cluster === undefined ? '' : ` for ${context.cluster}`}; nothing was sent to it\n` +
    `  trusted ${what}: ${expected}\n  shown by the server: ${shown.fingerprint256 ?? 'none'} (${nameOf(shown.subject)}, issued by ${nameOf(shown.issuer)})`
  return new PmpcError('PMPC_TLS_CHANGED', message, {
    suggestions: [
      'openssl x509 -in /etc/pve/local/pve-ssl.pem -noout -fingerprint -sha256   # on that node (pveproxy-ssl.pem, if there is one): is it the fingerprint shown?',
      `pmpc init --cluster ${cluster} --endpoint ${endpoint.origin} --fingerprint ${shown.fingerprint256 ?? 'SHA256'}   # only if it is`,
    ],
    data: {
      expected,
      shown: shown.fingerprint256,
      subject: nameOf(shown.subject),
      issuer: nameOf(shown.issuer),
      endpoint: endpoint.origin,
    },
  })
}

function untrusted({shown, endpoint, reason, context}: Shown & {reason: string}): PmpcError {
  return new PmpcError(
    'PMPC_TLS_UNTRUSTED',
    `the certificate of ${endpoint.origin} is not trusted: ${plainReason(reason)}; nothing was sent to it\n  SHA-256 ${shown.fingerprint256 ?? 'none'} (${nameOf(shown.subject)}, issued by ${nameOf(shown.issuer)}, valid to ${shown.valid_to ?? '?'})`,
    {
      suggestions: [
        'openssl x509 -in /etc/pve/local/pve-ssl.pem -noout -fingerprint -sha256   # on that node: compare',
        `pmpc init --cluster ${context.cluster ?? 'NAME'} --endpoint ${endpoint.origin} --fingerprint ${shown.fingerprint256 ?? 'SHA256'}`,
        'pvecm updatecerts --force   # on the node, when its certificate has expired',
      ],
      data: {reason, shown: shown.fingerprint256, subject: nameOf(shown.subject), endpoint: endpoint.origin},
    },
  )
}

const reasons: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet (is a clock wrong?)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its CA is unknown here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its CA is unknown here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its CA is unknown here',
}

function plainReason(code: string): string {
  return reasons[code] ?? code
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  if (name === undefined) return 'no name'
  const [common, organization] = [name.CN, name.O].map((part) => (Array.isArray(part) ? part.join(', ') : part))
  const shown = [common, organization].filter((part) => part !== undefined && part !== '').join(', ')
  return visible(shown) || 'no name'
}

/**
 * Looks at the certificate of an endpoint without sending a request: for `pmpc init`, which shows it to a person.
 * @throws the raw error of the connection; `readConnectionError` says what it means
 */
export async function fetchCertificate(
  endpoint: string,
  options: {env?: Environment; connectTimeout?: number} = {},
): Promise<CertificateFacts> {
  const url = new URL(endpoint)
  const tls = await import('node:tls')
  const {X509Certificate} = await import('node:crypto')
  const timeout = options.connectTimeout ?? 10_000
  const host = bareHost(url.hostname)
  const port = url.port === '' ? 443 : Number(url.port)
  const proxy = await proxyFor(url, options.env ?? {})
  const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, host, port, timeout)
  const socket = await shakeHands(tls, {...unjudged(host), host, port, socket: tunnel}, timeout)
  socket.on('error', () => undefined)
  const peer = socket.getPeerCertificate()
  socket.destroy()
  const certificate = new X509Certificate(peer.raw)
  return {
    fingerprint: certificate.fingerprint256,
    subject: nameOf(peer.subject),
    issuer: nameOf(peer.issuer),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    names: namesOf(certificate.subjectAltName),
    selfSigned: certificate.checkIssued(certificate),
    systemTrusted: socket.authorized && tls.checkServerIdentity(host, peer) === undefined,
    pem: certificate.toString(),
  }
}

function namesOf(subjectAltName: string | undefined): string[] {
  const names = visible(subjectAltName ?? '')
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
  return names.filter((name) => name !== '')
}

/** One entry of `/nodes/{node}/certificates/info`. */
export interface CertificateInfo {
  filename?: string
  pem?: string
}

/** The CA among a node's certificates that really signed the certificate which the server showed, as PEM, or undefined. */
export async function clusterCaOf(
  certificates: readonly CertificateInfo[],
  leafPem: string,
): Promise<string | undefined> {
  const {X509Certificate} = await import('node:crypto')
  const isCertificate = (pem: string) => {
    try {
      return Boolean(new X509Certificate(pem))
    } catch {
      return false
    }
  }
  const leaf = new X509Certificate(leafPem)
  for (const {pem} of certificates) {
    if (pem === undefined || !isCertificate(pem)) continue
    const candidate = new X509Certificate(pem)
    if (
      candidate.ca &&
      candidate.fingerprint256 !== leaf.fingerprint256 &&
      leaf.checkIssued(candidate) &&
      leaf.verify(candidate.publicKey)
    )
      return candidate.toString().trim() + '\n'
  }
  return undefined
}
