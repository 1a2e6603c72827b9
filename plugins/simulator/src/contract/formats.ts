import {isIP, isIPv4, isIPv6} from 'node:net'
import type {Format} from './property-string.js'
import {ruleFormats} from './firewall-specs.js'
import {parseSize, splitList} from './scalars.js'
import type {Slots} from './contract.js'

/** What checks of formats need to know about the release. */
export interface FormatContext {
  release: '8.4' | '9.2'
  formats: Record<string, Format>
  slots: Slots
  /** Names of the cluster's own CPU models. */
  cpuModels?: () => string[]
}

/** Returns PVE's text for what is wrong with a value, without the final newline; undefined when it is fine. */
type Test = (value: string, context: FormatContext) => string | undefined

const matches =
  (pattern: RegExp, text: string | ((value: string) => string)): Test =>
  (value) =>
    pattern.test(value) ? undefined : typeof text === 'string' ? text : text(value)

const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const dnsName = new RegExp(`^(?:${dnsLabel}\\.)*${dnsLabel}$`)
const configId = /^[a-z][a-z0-9_-]+$/i
const storageId = /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i
const tag = /^[a-z0-9_][a-z0-9_\-+.]*$/i
const unicastMac = /^[a-f0-9][02468ace](?::[a-f0-9]{2}){5}$/i
const privileges = /^(Datastore|Group|Mapping|Permissions|Pool|Realm|SDN|Sys|User|VM)\.[A-Za-z.]+$/

function cidr(value: string, kinds: (4 | 6)[], lowest4 = 8): boolean {
  const match = /^([^/]+)\/(\d+)$/.exec(value)
  if (!match) return false
  const length = Number(match[2])
  if (kinds.includes(4) && isIPv4(match[1]!)) return length >= lowest4 && length <= 32
  return (
    kinds.includes(6) &&
    isIPv6(match[1]!) &&
    !match[1]!.includes('%') &&
    length >= (lowest4 === 0 ? 0 : 8) &&
    length <= 128
  )
}

const isAddress6 = (value: string): boolean => isIPv6(value) && !value.includes('%')
const isAddress = (value: string): boolean => isIP(value) !== 0 && !value.includes('%')

function userId(value: string): string | undefined {
  if (value.length < 3) return `user name '${value}' is too short`
  if (value.length > 64) return `user name '${value}' is too long (${value.length} > 64)`
  return /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/.test(value)
    ? undefined
    : `value '${value}' does not look like a valid user name`
}

function volumeId(value: string): string | undefined {
  return /^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i.test(value) ? undefined : `unable to parse volume ID '${value}'`
}

function storage(value: string, {release}: FormatContext): string | undefined {
  if (release !== '8.4' && value.length < 2) return `storage ID '${value}' cannot be shorter than 2 characters`
  return storageId.test(value) ? undefined : `storage ID '${value}' contains illegal characters`
}

function pool(value: string): string | undefined {
  if (!/^[A-Za-z0-9.\-_]+(?:\/[A-Za-z0-9.\-_]+)*$/.test(value))
    return `pool name '${value}' contains invalid characters`
  return value.split('/').length > 3 ? `pool name '${value}' nested too deeply (max levels = 3)` : undefined
}

function vlanRange(value: string): string | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(value)
  const inRange = (text: string): boolean => Number(text) >= 2 && Number(text) <= 4094
  if (!match || !inRange(match[1]!)) return `invalid VLAN tag '${match?.[1] ?? value}'`
  if (match[2] === undefined) return undefined
  if (!inRange(match[2])) return `invalid VLAN tag '${match[2]}'`
  return Number(match[2]) > Number(match[1]) ? undefined : `VLAN range must go from lower to higher tag '${value}'`
}

function pair(kind: string, test: Test): Test {
  return (value, context) => {
    if (value === '1') return undefined
    const at = value.indexOf(':')
    const ids = at < 0 || value.indexOf(':', at + 1) >= 0 ? [value] : [value.slice(0, at), value.slice(at + 1)]
    for (const id of ids) {
      const problem = test(id, context)
      if (problem) return `${kind} '${value}' contains invalid ID - ${problem}\n\n`
    }
    return undefined
  }
}

function bootDevice(value: string, {slots}: FormatContext): boolean {
  const match = /^(ide|sata|scsi|virtio|net|usb|hostpci)(\d+)$/.exec(value)
  return match !== null && Number(match[2]) < (slots.qemu[match[1]!] ?? 0)
}

const contentTypes = new Set(['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import', 'none'])
const hotplugFeatures = new Set(['network', 'disk', 'cpu', 'memory', 'usb', 'cloudinit'])
const taskStates = new Set(['ok', 'error', 'warning', 'unknown'])

/** Formats by name, from the messages of the real daemon and of the oracle. A name that is missing here accepts everything. */

/** Ids of zones and virtual networks in 8.4; 9.2 has patterns for them. */
function sdnId(what: string): Test {
  return (value) => {
    if (!/^[a-zA-Z][a-zA-Z0-9]*[a-zA-Z0-9]$/.test(value)) return `${what} ID '${value}' contains illegal characters`
    return value.length > 8 ? `${what} ID '${value}' can't be more length than 8 characters` : undefined
  }
}

const haNode = matches(new RegExp(`^${dnsLabel}(?::\\d+)?$`), 'value does not look like a valid ha group node')

/** PEM blocks of a label, one or more; text before the first is ignored. Fact: proxmox/pve-common:src/PVE/Certificate.pm. */
function pem(label: string, multiple = false): Test {
  const block = `-----BEGIN ${label}-----\\s*(?:[0-9A-Za-z+/]+\\s*\\n)*[0-9A-Za-z+/]*={0,2}\\s*\\n-----END ${label}-----\\s*`
  const whole = new RegExp(multiple ? `^(?:${block}\\n+)*${block}$` : `^${block}$`)
  return (value) =>
    whole.test(value.slice(Math.max(0, value.indexOf('-----BEGIN '))))
      ? undefined
      : 'not a valid PEM-formatted string.\n'
}

const tests: Record<string, Test> = {
  ...ruleFormats,
  'pem-certificate': pem('CERTIFICATE'),
  'pem-certificate-chain': pem('CERTIFICATE', true),
  'pem-string': pem('.*?'),
  'pve-vmid': matches(/^[1-9][0-9]{2,8}$/, 'value does not look like a valid VM ID'),
  'pve-node': matches(new RegExp(`^${dnsLabel}$`), 'value does not look like a valid node name'),
  'dns-name': matches(dnsName, 'value does not look like a valid DNS name'),
  'pve-configid': matches(configId, (value) => `invalid configuration ID '${value}'`),
  'pve-storage-id': storage,
  'pve-storage-options': matches(/^\S+$/, (value) => `invalid options '${value}'`),
  'graphite-path': matches(
    /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
    'value does not look like a valid graphite path',
  ),
  'mac-addr': matches(unicastMac, 'value does not look like a valid unicast MAC address'),
  'mac-prefix': (value, {release}) =>
    (release === '8.4'
      ? /^[a-f0-9][02468ace](?::[a-f0-9]{2}){0,2}:?$/i
      : /^[a-f0-9][02468ace](?::[a-f0-9]{1,2}){0,4}:?$/i
    ).test(value)
      ? undefined
      : 'value is not a valid unicast MAC address prefix',
  ipv4: (value) => (isIPv4(value) ? undefined : 'value does not look like a valid IPv4 address'),
  ipv6: (value) => (isAddress6(value) ? undefined : 'value does not look like a valid IPv6 address'),
  ip: (value) => (isAddress(value) ? undefined : 'value does not look like a valid IP address'),
  CIDR: (value) => (cidr(value, [4, 6]) ? undefined : 'value does not look like a valid CIDR network'),
  FullRangeCIDR: (value) => (cidr(value, [4, 6], 0) ? undefined : 'value does not look like a valid CIDR network'),
  CIDRv4: (value) => (cidr(value, [4]) ? undefined : 'value does not look like a valid IPv4 CIDR network'),
  CIDRv6: (value) => (cidr(value, [6]) ? undefined : 'value does not look like a valid IPv6 CIDR network'),
  IPorCIDR: (value) =>
    isAddress(value) || cidr(value, [4, 6]) ? undefined : 'value does not look like a valid IP address or CIDR network',
  IPorCIDRorAlias: (value) =>
    isAddress(value) || cidr(value, [4, 6]) || /^(?:(dc|guest)\/)?[A-Za-z][A-Za-z0-9\-_]{1,63}$/.test(value)
      ? undefined
      : 'value does not look like a valid IP address or CIDR network',
  'pve-ipv4-config': (value) =>
    value === 'dhcp' || value === 'manual' || cidr(value, [4])
      ? undefined
      : 'value does not look like a valid ipv4 network configuration',
  'pve-ipv6-config': (value) =>
    value === 'auto' || value === 'dhcp' || value === 'manual' || cidr(value, [6])
      ? undefined
      : 'value does not look like a valid ipv6 network configuration',
  'pve-iface': matches(
    /^[a-zA-Z][a-zA-Z0-9_]{1,20}(?:[:.]\d+)?$/,
    (value) => `invalid network interface name '${value}'`,
  ),
  'pve-vlan-id-or-range': vlanRange,
  'disk-size': (value, {release}) =>
    parseSize(value, release) === undefined ? `value does not look like a valid disk size: ${value}` : undefined,
  'pve-startup-order': (value) =>
    value.split(',').every((part) => /^(?:order=)?\d+$|^(?:up|down)=\d+$/.test(part))
      ? undefined
      : 'unable to parse startup options',
  'pve-tag': matches(tag, 'invalid characters in tag'),
  'pve-userid': userId,
  'pve-tokenid': matches(
    /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/,
    (value) => `value '${value}' does not look like a valid token ID`,
  ),
  'pve-realm': matches(/^[A-Za-z][A-Za-z0-9.\-_]+$/, 'value does not look like a valid realm'),
  'pve-groupid': matches(/^[A-Za-z0-9.\-_]+$/, (value) => `group name '${value}' contains invalid characters`),
  'pve-roleid': matches(/^[A-Za-z0-9.\-_]+$/, (value) => `role name '${value}' contains invalid characters`),
  'pve-priv': matches(privileges, (value) => `invalid privilege '${value}'`),
  'pve-poolid': pool,
  'pve-volume-id': volumeId,
  'pve-volume-id-or-qm-path': (value) =>
    ['none', 'cdrom'].includes(value) || value.startsWith('/') ? undefined : volumeId(value),
  'pve-volume-id-or-absolute-path': (value) => (value.startsWith('/') ? undefined : volumeId(value)),
  urlencoded: matches(/^[-%a-zA-Z0-9_.!~*'()]*$/, (value) => `invalid urlencoded string: ${value}`),
  'pve-hotplug-features': (value) => {
    if (value === '0' || value === '1') return undefined
    const bad = splitList(value).find((feature) => !hotplugFeatures.has(feature))
    return bad === undefined ? undefined : `invalid hotplug feature '${bad}'`
  },
  'email-opt': matches(
    /^$|^[\w+\-~]+(?:\.[\w+\-~]+)*@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$/,
    'value does not look like a valid email address',
  ),
  email: matches(
    /^[\w+\-~]+(?:\.[\w+\-~]+)*@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$/,
    'value does not look like a valid email address',
  ),
  'email-or-username': matches(
    /^[\w+\-~]+(?:\.[\w+\-~]+)*(?:@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*)?$/,
    'value does not look like a valid email address or user name',
  ),
  address: (value) =>
    isAddress(value) || dnsName.test(value) ? undefined : `value does not look like a valid address: ${value}`,
  'pve-bridge-id': matches(/^[-_.\w\d]+$/, (value) => `invalid bridge ID '${value}'`),
  'pve-sdn-subnet-id': (value) => {
    const [, network, mask] = value.includes('/') ? ['', ...value.split('/')] : value.split('-')
    return cidr(`${network}/${mask}`, [4, 6]) ? undefined : 'value does not look like a valid CIDR network'
  },
  'pve-sdn-zone-id': sdnId('zone'),
  'pve-sdn-vnet-id': sdnId('vnet'),
  'storage-pair': pair('entry', storage),
  'bridge-pair': pair(
    'entry',
    matches(/^[-_.\w\d]+$/, (value) => `invalid bridge ID '${value}'`),
  ),
  'pve-cpuset': matches(/^\s*\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*\s*$/, 'unable to parse cpuset option'),
  'pve-task-status-type': (value) => (taskStates.has(value.toLowerCase()) ? undefined : `invalid status '${value}'`),
  'pve-replication-job-id': (value) => {
    const match = /^(\d+)-(\d+)$/.exec(value)
    if (!match) return `invalid replication job id '${value}'`
    return Number(match[1]) < 100 ? `invalid replication job id '${value}' (guest IDs < 100 are reserved)` : undefined
  },
  'pve-ct-timezone': (value) => (value === 'host' || isTimeZone(value) ? undefined : `invalid time zone '${value}'`),
  'pve-calendar-event': (value) =>
    isCalendarEvent(value)
      ? undefined
      : `invalid calendar event '${value}' - unable to parse calendar event '${value}'\n`,
  'lxc-ip-with-ll-iface': (value) =>
    value === 'host' || isAddress(value.replace(/%.*$/, ''))
      ? undefined
      : 'value does not look like a valid IP address',
  'pve-storage-content': (value) => (contentTypes.has(value) ? undefined : `invalid content type '${value}'`),
  'pve-storage-path': matches(/^\/[^\n]*$/, 'value does not look like a valid absolute path'),
  'pve-qm-bootdisk': (value, context) => (bootDevice(value, context) ? undefined : `invalid boot disk '${value}'`),
  'pve-qm-bootdev': (value, context) => (bootDevice(value, context) ? undefined : `invalid boot device '${value}'`),
  'pve-lxc-dev-string': matches(/^\/dev\/.+$/, (value) => `${value} is not a valid device path`),
  'pve-lxc-mp-string': (value) =>
    /(?:^|\/)\.{1,2}(?:\/|$)/.test(value) ? `${value} contains illegal character sequences` : undefined,
  'pve-ha-resource-id': matches(/^[a-z]+:\S+$/, 'value does not look like a valid ha resource id'),
  'pve-ha-resource-or-vm-id': matches(/^(?:[a-z]+:\S+|\d+)$/, 'value does not look like a valid ha resource id'),
  'pve-ha-node': haNode,
  'pve-ha-group-node': haNode,
}

const weekdays = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*'
const eventWords = /^(?:minutely|hourly|daily|weekly|monthly|quarterly|yearly|annually|semiannually)$/
const eventDays = new RegExp(`^${weekdays}(?:(?:,|\\.\\.|-)${weekdays})*$`, 'i')
const eventNumbers = /^[\d*/,.:-]+$/

/** Whether a text is a calendar event as systemd and PVE write them: days, dates and times. */
function isCalendarEvent(value: string): boolean {
  const parts = value.trim().split(/\s+/)
  return parts.every(
    (part) => eventWords.test(part) || eventDays.test(part) || eventNumbers.test(part) || part === 'UTC',
  )
}

/** What a CPU description may hold beyond its sub-keys. */
export function cpuProblem(value: string, {formats, release, cpuModels}: FormatContext): string | undefined {
  const type = /(?:^|,)(?:cputype=)?([^=,]+)(?:,|$)/.exec(value)?.[1]
  if (type === undefined) return 'CPU is missing cputype'
  if (/(?:^|,)reported-model=/.test(value)) return `Property 'reported-model' not allowed in VM-specific CPU config.`
  const isCustom = type.startsWith('custom-')
  if (isCustom && !cpuModels?.().includes(type.slice(7))) return `Custom cputype '${type.slice(7)}' not found`
  const models = formats['pve-vm-cpu-conf']?.['reported-model']?.enum ?? []
  const versioned = /^x86-64-v[234](?:-AES)?$/
  if (!isCustom && !models.includes(type) && !versioned.test(type))
    return `Built-in cputype '${type}' is not defined (missing 'custom-' prefix?)`
  const flags = /(?:^|,)flags=([^,]*)/.exec(value)?.[1]?.split(';') ?? []
  const known = cpuFlags[release].split(' ')
  const unknown = flags.some((flag) => !known.includes(flag.slice(1)))
  return unknown ? `VM-specific CPU flags must be a subset of: ${known.join(', ')}` : undefined
}

/** Flags that a guest's configuration may name. */
const cpuFlags = {
  '8.4': 'pcid spec-ctrl ibpb ssbd virt-ssbd amd-ssbd amd-no-ssb pdpe1gb md-clear hv-tlbflush hv-evmcs aes',
  '9.2': 'aes amd-no-ssb amd-ssbd hv-evmcs hv-tlbflush ibpb md-clear nested-virt pcid pdpe1gb spec-ctrl ssbd virt-ssbd',
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: value})
    return true
  } catch {
    return false
  }
}

/** Rules of a format beyond its sub-keys. */
const extraRules: Record<string, Test> = {
  'pve-vm-cpu-conf': cpuProblem,
  'prune-backups': (value) =>
    /(?:^|,)keep-all=1/.test(value) && /keep-(?!all)\w+=[1-9]/.test(value)
      ? 'keep-all cannot be set together with other options.'
      : undefined,
}

/** Checks a value by the rules that a format has beyond its sub-keys; returns PVE's text for what is wrong. */
export const checkBeyond = (format: string, value: string, context: FormatContext): string | undefined =>
  extraRules[format]?.(value, context)

/** Checks a value, or each of a list, by a format without sub-keys; returns PVE's text for what is wrong. */
export function checkNamed(format: string, value: string, context: FormatContext): string | undefined {
  const list = /^(.*)-list$/.exec(format)
  const test = tests[format]
  if (test) return test(value, context)
  if (list && tests[list[1]!]) {
    for (const item of splitList(value)) {
      const problem = tests[list[1]!]!(item, context)
      if (problem !== undefined) return problem
    }
  }
  return undefined
}
