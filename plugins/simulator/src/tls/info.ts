import {X509Certificate} from 'node:crypto'
import {isIPv6} from 'node:net'

export interface CertificateInfo {
  pem: string
  fingerprint: string
  subject: string
  issuer: string
  notbefore: number
  notafter: number
  san: string[]
  'public-key-type': string
  'public-key-bits': number
}

const known = new Map<string, CertificateInfo>()

/** A distinguished name as OpenSSL's one-line form: `/CN=…/OU=…`. */
const oneLine = (name: string): string => `/${name.split('\n').join('/')}`

/** An IPv6 address as eight groups of four digits; other names as they are. */
const fullAddress = (name: string): string =>
  isIPv6(name)
    ? name
        .split(':')
        .map((group) => group.padStart(4, '0'))
        .join(':')
        .toLowerCase()
    : name

const keyTypes: Record<string, [string, number]> = {ec: ['id-ecPublicKey', 256], rsa: ['rsaEncryption', 2048]}

/** What PVE reports about a certificate; computed once each. */
export function certificateInfo(pem: string): CertificateInfo {
  const before = known.get(pem)
  if (before) return before
  const certificate = new X509Certificate(pem)
  const [type, bits] = keyTypes[certificate.publicKey.asymmetricKeyType ?? 'ec'] ?? ['unknown', 0]
  const info: CertificateInfo = {
    pem,
    fingerprint: certificate.fingerprint256,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    notbefore: Math.floor(Date.parse(certificate.validFrom) / 1000),
    notafter: Math.floor(Date.parse(certificate.validTo) / 1000),
    san: (certificate.subjectAltName ?? '')
      .split(', ')
      .map((name) => fullAddress(name.replace(/^(DNS|IP Address):/, '')))
      .filter((name) => name !== ''),
    'public-key-type': type,
    'public-key-bits': certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? bits,
  }
  known.set(pem, info)
  return info
}
