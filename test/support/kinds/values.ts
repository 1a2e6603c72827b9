import type {Schema} from '../../../plugins/simulator/src/contract/schema.js'
import {wholePattern} from '../../../plugins/simulator/src/contract/schema.js'

/** What a parameter of the API can be: a text, or several of them where it is an array. */
export type Sent = string | number | readonly string[]

/** A value to make an object with, and another one to change it to. */
export type Pair = readonly [first: Sent, second: Sent]

/** Expanded property strings that schemas only name. */
export type Formats = Record<string, Record<string, Schema>>

/**
 * Two valid values of each format that has a name. Addresses, names and hosts are those that are set aside for examples; where something has to exist,
 * the case says what (cases.ts).
 */
const byFormat: Record<string, Pair> = {
  address: ['192.0.2.7', 'ldap.example.com'],
  CIDR: ['192.0.2.0/24', '198.51.100.0/24'],
  CIDRv4: ['192.0.2.7/24', '192.0.2.8/24'],
  CIDRv6: ['2001:db8::7/64', '2001:db8::8/64'],
  'dns-name': ['example.com', 'example.org'],
  email: ['ops@example.com', 'shop@example.com'],
  'email-list': ['ops@example.com', 'shop@example.com'],
  'email-opt': ['ops@example.com', 'shop@example.com'],
  'email-or-username': ['ops@example.com', 'shop@example.com'],
  'email-or-username-list': ['ops@example.com,root', 'shop@example.com,root'],
  FullRangeCIDR: ['192.0.2.0/24', '198.51.100.0/24'],
  'graphite-path': ['proxmox.one', 'proxmox.two'],
  ip: ['192.0.2.7', '192.0.2.8'],
  'ip-list': ['192.0.2.7,192.0.2.9', '192.0.2.8,192.0.2.9'],
  IPorCIDR: ['192.0.2.0/24', '198.51.100.0/24'],
  ipv4: ['192.0.2.7', '192.0.2.8'],
  ipv6: ['2001:db8::7', '2001:db8::8'],
  'ldap-simple-attr': ['cn', 'sn'],
  'ldap-simple-attr-list': ['person,user', 'account,user'],
  'mac-addr': ['BC:24:11:00:00:01', 'BC:24:11:00:00:02'],
  'mac-prefix': ['BC:24:12', 'BC:24:13'],
  'pve-calendar-event': ['02:00', 'sat 03:15'],
  'pve-configid': ['one', 'two'],
  'pve-day-of-week-list': ['mon,tue', 'mon,wed'],
  'pve-dir-override-list': ['iso=one/iso', 'iso=two/iso'],
  'pve-fw-conntrack-helper': ['ftp,sip', 'ftp,tftp'],
  'pve-iface': ['eth1', 'eth2'],
  'pve-iface-list': ['eth1,eth3', 'eth2,eth3'],
  'pve-node': ['pve1', 'pve2'],
  'pve-node-list': ['pve1,pve3', 'pve2,pve3'],
  'pve-ha-node-list': ['pve1:2,pve2:1', 'pve1:2,pve2:3'],
  'pve-ha-group-node-list': ['pve1:2,pve2:1', 'pve1:2,pve2:3'],
  'pve-phys-bits': ['40', '42'],
  'pve-priv-list': ['VM.Audit,VM.PowerMgmt', 'VM.Audit,VM.Console'],
  'pve-sdn-bgp-rt-list': ['65000:1,65000:3', '65000:2,65000:3'],
  'pve-sdn-isis-net': ['49.0001.1921.6800.1002.00', '49.0001.1921.6800.1003.00'],
  'pve-storage-content-list': ['iso,vztmpl', 'iso,snippets'],
  'pve-storage-options': ['vers=4.2', 'vers=4.1'],
  'pve-storage-path': ['/srv/one', '/srv/two'],
  'pve-storage-path-in-property-string': ['/srv/one', '/srv/two'],
  'pve-storage-portal-dns': ['192.0.2.7', '192.0.2.8'],
  'pve-storage-portal-dns-list': ['192.0.2.7,192.0.2.9', '192.0.2.8,192.0.2.9'],
  'pve-storage-server': ['192.0.2.7', '192.0.2.8'],
  'pve-storage-vgname': ['one', 'two'],
  'pve-storage-zfs-blocksize': ['8k', '16k'],
  'pve-userid': ['root@pam', 'pmpc@pve'],
  'pve-vlan-id-or-range-list': ['2-10,20', '2-10,30'],
  'pve-vmid-list': ['100,102', '101,102'],
  'pve-fw-addr-spec': ['192.0.2.0/24', '198.51.100.0/24'],
  'pve-fw-dport-spec': ['22', '443'],
  'pve-fw-sport-spec': ['1024:2048', '1024:4096'],
  'pve-fw-protocol-spec': ['tcp', 'udp'],
}

/** Texts by which a pattern is met that no format explains: the first two that fit. */
const candidates: readonly string[] = [
  ...['one', 'two', '10:30', '11:45', 'http://proxy.example.com:3128', 'http://proxy.example.org:3128'],
  ...[Array(32).fill('AB').join(':'), Array(32).fill('CD').join(':')],
  ...['1/second', '5/minute', 'mail=mail', 'mail=email', 'one:ff0000', 'one:00ff00', '+aes', '+pcid', '0000:01:00.0'],
  ...['0000:02:00.0', '8086:1533', '8086:1521', '1-1', '1-2', '10.0.0.1', '10.0.0.2'],
]

/** Texts that people write: what YAML or a property string could take for something else is in them. */
const prose: Pair = ['first: 100 % of "ü" # no comment', 'second: [a] {b} & c']

/**
 * Two values of a parameter that its schema takes, and that differ in one thing: of a property string in its last sub-key.
 * @throws where a format or pattern is not known here: a line has to be added, nothing is guessed
 */
export function pairOf(name: string, schema: Schema, formats: Formats): Pair {
  if (schema.type === 'array') {
    const items = schema.items ?? schema.oneOf?.find((one) => one.items)?.items ?? {type: 'string'}
    const [first, second] = pairOf(name, items, formats)
    return [[String(first)], [String(second)]]
  }
  if (schema.enum) return enumPair(schema.enum)
  if (schema.type === 'boolean') return [1, 0]
  if (schema.type === 'integer' || schema.type === 'number') return numberPair(schema)
  const format = typeof schema.format === 'string' ? formats[schema.format] : schema.format
  if (format) return propertyPair(name, format, formats)
  const known = typeof schema.format === 'string' ? byFormat[schema.format] : undefined
  if (known) return known
  if (schema.format !== undefined) throw new Error(`${name}: no values of the format ${String(schema.format)}`)
  if (schema.pattern !== undefined) return patternPair(name, schema)
  if (/^(comment|description|notes-template)/.test(name)) return prose
  return ['one', 'two']
}

function enumPair(words: readonly (string | number)[]): Pair {
  return [words[0]!, words[1] ?? words[0]!]
}

function numberPair({minimum = 1, maximum = Infinity}: Schema): Pair {
  const low = minimum < 0 ? 1 : minimum
  return low + 2 <= maximum ? [low + 1, low + 2] : [low, low + 1 <= maximum ? low + 1 : low]
}

function patternPair(name: string, schema: Schema): Pair {
  const pattern = wholePattern(schema.pattern!, schema.patternFlags)
  const [first, second] = candidates.filter((text) => pattern.test(text) && text.length >= (schema.minLength ?? 0))
  if (first === undefined || second === undefined) throw new Error(`${name}: no values that match ${schema.pattern}`)
  return [first, second]
}

/** All sub-keys, the last one with its second value in the other text. */
function propertyPair(name: string, format: Record<string, Schema>, formats: Formats): Pair {
  const keys = Object.entries(format).filter(([, schema]) => schema.alias === undefined)
  const pairs = keys.map(([key, schema]) => [key, pairOf(`${name}.${key}`, schema, formats)] as const)
  const last = pairs.filter(([, [first, second]]) => first !== second).at(-1)?.[0]
  const text = (at: 0 | 1): string =>
    pairs.map(([key, pair]) => `${key}=${String(pair[key === last ? at : 0])}`).join(',')
  return [text(0), text(1)]
}
