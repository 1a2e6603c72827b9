import {createHash, generateKeyPairSync, randomBytes, randomUUID, sign, type KeyObject} from 'node:crypto'
import {isIP} from 'node:net'
import {addressBytes, bits, integer, octets, oid, sequence, set, tagged, time, utf8, yes} from './der.js'

/** A server certificate signed by a cluster's own CA, as PVE makes them. */
export interface Certificates {
  /** PEM of the CA. */
  ca: string
  /** PEM of the node's certificate. */
  leaf: string
  /** PEM of the node's private key. */
  key: string
  /** SHA-256 of the node's certificate, upper case with colons. */
  fingerprint: string
}

/** A certificate authority that can sign more certificates, for renewals. */
export interface Authority {
  /** PEM of its own certificate. */
  readonly ca: string
  /**
   * @param names names and addresses it is valid for, in order
   * @param days how long it is valid, two years unless given; below zero it has expired
   */
  issue(commonName: string, names: string[], days?: number): Certificates
}

/** By what an authority is known. Nobody keeps two of them from claiming the same; left out, it is its own. */
export interface Claims {
  commonName?: string
  unit?: string
  /** Identifier of its key, in the authority's certificate and in those that it signs. */
  keyId?: Buffer
}

const day = 86_400_000
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const nameKeys = {CN: '2.5.4.3', OU: '2.5.4.11', O: '2.5.4.10'} as const

type Name = [keyof typeof nameKeys, string][]

const distinguishedName = (name: Name): Buffer =>
  sequence(...name.map(([key, value]) => set(sequence(oid(nameKeys[key]), utf8(value)))))

const extension = (id: string, critical: boolean, content: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(content))

const newKeys = (): {publicKey: KeyObject; privateKey: KeyObject} =>
  generateKeyPairSync('ec', {namedCurve: 'prime256v1'})

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`
}

/** SHA-256 of a PEM certificate, as PVE prints fingerprints. */
export function fingerprintOf(text: string): string {
  const der = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  return createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g)!.join(':')
}

interface Request {
  serial: Buffer
  issuer: Name
  subject: Name
  days: number
  publicKey: KeyObject
  signer: KeyObject
  extensions: Buffer[]
}

function certificate({serial, issuer, subject, days, publicKey, signer, extensions}: Request): string {
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    distinguishedName(issuer),
    sequence(...[Math.min(0, days) - 1, days].map((from) => time(new Date(Date.now() + from * day)))),
    distinguishedName(subject),
    publicKey.export({type: 'spki', format: 'der'}),
    tagged(0xa3, sequence(...extensions)),
  )
  return pem(sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer))))
}

/** Identifier of a key: SHA-1 of its bits. */
function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({type: 'spki', format: 'der'}).subarray(-65))
    .digest()
}

/** Makes a CA named as PVE's (`Proxmox Virtual Environment`). Keys live in memory only. */
export function createAuthority(claims: Claims = {}): Authority {
  const keys = newKeys()
  const name: Name = [
    ['CN', claims.commonName ?? 'Proxmox Virtual Environment'],
    ['OU', claims.unit ?? randomUUID()],
    ['O', 'PVE Cluster Manager CA'],
  ]
  const ownId = claims.keyId ?? keyId(keys.publicKey)
  const authorityKey = extension('2.5.29.35', false, sequence(tagged(0x80, ownId)))
  const ca = certificate({
    serial: Buffer.concat([Buffer.from([0x39]), randomBytes(15)]),
    issuer: name,
    subject: name,
    days: 3650,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    extensions: [
      extension('2.5.29.14', false, octets(ownId)),
      authorityKey,
      extension('2.5.29.19', true, sequence(yes)),
      extension('2.5.29.15', false, bits(Buffer.from([0x06]), 1)),
    ],
  })
  return {
    ca,
    issue(commonName, names, days = 730) {
      const own = newKeys()
      const alternatives = [...new Set(names)].map((name) =>
        isIP(name) > 0 ? tagged(0x87, addressBytes(name)) : tagged(0x82, Buffer.from(name, 'latin1')),
      )
      const leaf = certificate({
        serial: Buffer.concat([Buffer.from([0x02]), randomBytes(7)]),
        issuer: name,
        subject: [
          ['OU', 'PVE Cluster Node'],
          ['O', 'Proxmox Virtual Environment'],
          ['CN', commonName],
        ],
        days,
        publicKey: own.publicKey,
        signer: keys.privateKey,
        extensions: [
          extension('2.5.29.19', false, sequence()),
          extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
          extension('2.5.29.17', false, sequence(...alternatives)),
          extension('2.5.29.14', false, octets(keyId(own.publicKey))),
          authorityKey,
        ],
      })
      const key = own.privateKey.export({type: 'pkcs8', format: 'pem'}) as string
      return {ca, leaf, key, fingerprint: fingerprintOf(leaf)}
    },
  }
}
