import {isIPv4, isIPv6} from 'node:net'
import {isInteger, parseSize, parseStartup, parseVolumeId, splitList} from './scalars.js'
import {type Version, findKey} from './schema.js'

/** What is wrong with a text, in PVE's words; undefined when nothing is. */
type Checker = (text: string, version: Version) => string | undefined

/** A checker of texts that match. Perl's `$` also matches before a last line end. */
const like =
  (pattern: RegExp, message: string | ((text: string) => string)): Checker =>
  (text) =>
    pattern.test(text.replace(/\n$/, '')) ? undefined : typeof message === 'string' ? message : message(text)

const dnsName = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
const nodeName = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
const realm = String.raw`[A-Za-z][A-Za-z0-9.\-_]+`
const user = String.raw`[^\s:/]+`
const emailUser = String.raw`[\w+\-~]+(?:\.[\w+\-~]+)*`
const email = new RegExp(`^${emailUser}@[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)*$`)
// What Perl calls letters and digits in texts from a request are those of Unicode.
const bridgeName = /^[-_.\p{L}\p{M}\p{N}\p{Pc}]+$/u
const groupLike = /^[A-Za-z0-9.\-_]+$/

const isAddress4 = (text: string): boolean => isIPv4(text)
const isAddress6 = (text: string): boolean => isIPv6(text) && !text.includes('%')
const isAddress = (text: string): boolean => isAddress4(text) || isAddress6(text)
const isName = (text: string): boolean => dnsName.test(text)

function isNetwork(text: string, isHost: (host: string) => boolean, longest: number, shortest = 8): boolean {
  const match = /^([^/]+)\/(\d+)$/.exec(text)
  return match !== null && isHost(match[1]!) && Number(match[2]) >= shortest && Number(match[2]) <= longest
}

const isNetwork4 = (text: string): boolean => isNetwork(text, isAddress4, 32)
const isNetwork6 = (text: string): boolean => isNetwork(text, isAddress6, 128)
const isAddressOrNetwork = (text: string): boolean =>
  isAddress(text) || isNetwork(text, isAddress4, 32, 0) || isNetwork(text, isAddress6, 128, 0)

const when =
  (fits: (text: string) => boolean, message: string | ((text: string) => string)): Checker =>
  (text) =>
    fits(text) ? undefined : typeof message === 'string' ? message : message(text)

function checkId(kind: string): Checker {
  return (text, version) => {
    if (version !== '8.4' && text.length < 2) return `${kind} ID '${text}' cannot be shorter than 2 characters`
    return /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i.test(text) ? undefined : `${kind} ID '${text}' contains illegal characters`
  }
}

/** Ids of SDN objects: letters and digits, not longer than the kernel takes. */
function checkSdnId(kind: string, pattern: RegExp, longest?: number): Checker {
  return (text) => {
    if (!pattern.test(text)) return `${kind} ID '${text}' contains illegal characters`
    return longest !== undefined && text.length > longest
      ? `${kind} ID '${text}' can't be more length than ${longest} characters`
      : undefined
  }
}

/** `source:target` pairs, one target for all, or 1 for each to itself. */
function checkPairs(checkOne: Checker): Checker {
  return (text, version) => {
    const wrong = pairsProblem(text, version, checkOne)
    return wrong === undefined ? undefined : `${wrong}\n`
  }
}

function pairsProblem(text: string, version: Version, checkOne: Checker): string | undefined {
  const sources = new Set<string>()
  let identity = false
  let fallback = false
  for (const entry of splitList(text)) {
    if (entry === '1') {
      identity = true
      continue
    }
    const match = /^([^:]+):([^:]+)$/.exec(entry)
    for (const id of match ? [match[1]!, match[2]!] : [entry]) {
      const wrong = checkOne(id, version)
      if (wrong !== undefined) return `entry '${entry}' contains invalid ID - ${wrong}\n`
    }
    if (match && sources.has(match[1]!)) return `duplicate mapping for source '${match[1]}'`
    if (!match && fallback) return 'default target ID can only be provided once'
    if (match) sources.add(match[1]!)
    else fallback = true
  }
  return identity && (fallback || sources.size > 0)
    ? 'identity mapping cannot be combined with other mappings'
    : undefined
}

const checkUser: Checker = (text) => {
  const name = text === '0' ? '' : text
  if (name.length < 3) return `user name '${name}' is too short`
  if (name.length > 64) return `user name '${name}' is too long (${name.length} > 64)`
  return new RegExp(`^${user}@${realm}$`).test(name)
    ? undefined
    : `value '${name}' does not look like a valid user name`
}

const checkPool: Checker = (text) => {
  if (text.split('/').length > 3) return `pool name '${text}' nested too deeply (max levels = 3)`
  return /^[A-Za-z0-9.\-_]+(?:\/[A-Za-z0-9.\-_]+){0,2}$/.test(text)
    ? undefined
    : `pool name '${text}' contains invalid characters`
}

const checkVlans: Checker = (text) => {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return `invalid VLAN configuration '${text}'`
  const start = match[1]!
  // To Perl an end of 0 is none.
  const end = match[2] === '0' ? undefined : match[2]
  const wrong = [start, end].find((tag) => tag !== undefined && (Number(tag) < 2 || Number(tag) > 4094))
  if (wrong !== undefined) return `invalid VLAN tag '${wrong}'`
  return end !== undefined && Number(start) >= Number(end)
    ? `VLAN range must go from lower to higher tag '${text}'`
    : undefined
}

const checkCpuset: Checker = (text) => {
  // Perl's split drops empty elements at the end.
  const fits = text
    .replace(/,+$/, '')
    .split(',')
    .every((part) => {
      const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part)
      return match !== null && (match[2] === undefined || Number(match[1]) <= Number(match[2]))
    })
  return fits || text === '' ? undefined : 'unable to parse cpuset option'
}

const hotplugFeatures = new Set(['network', 'disk', 'cpu', 'memory', 'usb', 'cloudinit'])

const checkHotplug: Checker = (text) => {
  if (text === '0' || text === '1') return undefined
  const wrong = splitList(text).find((feature) => !hotplugFeatures.has(feature))
  return wrong === undefined ? undefined : `invalid hotplug feature '${wrong}'`
}

const isDrive = (name: string): boolean =>
  /^(?:ide|sata|scsi|virtio)\d+$/.test(name) && findKey('qemu', name)?.slot !== undefined
const isSlot = (name: string): boolean =>
  /^(?:net|usb|hostpci)\d+$/.test(name) && findKey('qemu', name)?.slot !== undefined

const checkVolumeId: Checker = (text) => (parseVolumeId(text) ? undefined : `unable to parse volume ID '${text}'`)
const checkVolumeOrPath: Checker = (text, version) => (text.startsWith('/') ? undefined : checkVolumeId(text, version))

const contentTypes = new Set(['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'none', 'import'])
const checkContent: Checker = when(
  (text) => contentTypes.has(text),
  (text) => `invalid content type '${text}'`,
)

const checkOverride: Checker = (text, version) => {
  const match = /^([a-z]+)=([^.]*(?:\.?[^.]+)+)$/.exec(text)
  if (!match) return `invalid override '${text}'`
  const path = match[2]!
  const wrong = checkContent(match[1]!, version)
  if (wrong !== undefined) return wrong
  return path.length < 1023 && path.split('/').every((part) => part.length < 255)
    ? undefined
    : `invalid override '${text}'`
}

function isHostAndPort(text: string): boolean {
  const plain = /^([A-Za-z0-9.-]+)(?::\d+)?$/.exec(text)
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)
  if (plain) return true
  if (bracketed) return isAddress6(bracketed[1]!) || /^[A-Za-z0-9.-]+$/.test(bracketed[1]!)
  return isAddress6(text.replace(/\.\d+$/, '')) || isAddress6(text)
}

const checkJobId: Checker = (text) => {
  const match = /^(\d+)-(\d+)$/.exec(text)
  if (!match) return `invalid replication job id '${text}'`
  return Number(match[1]) < 100 ? `invalid replication job id '${text}' (guest IDs < 100 are reserved)` : undefined
}

const checkMountPath: Checker = (text) =>
  /\/\.\.?\/|\/\.\.?\n?$|^\.\.\//.test(text) ? `${text} contains illegal character sequences` : undefined

const checkDevice: Checker = (text) =>
  /\/\.\.?(?:\/|\n?$)/.test(text) || !text.startsWith('/dev/') ? `${text} is not a valid device path` : undefined

const checkLinkLocal: Checker = (text) => {
  const match = /^(fe80:[^%]+)%(.*)$/.exec(text)
  if (match && isAddress(match[1]!) && iface.test(match[2]!)) return undefined
  return isAddress(text) ? undefined : 'value does not look like a valid IP address'
}

const iface = /^[a-z][a-z0-9_]{1,20}(?:[:.]\d+)?$/i
const sdnId = /^[a-z][a-z0-9]*[a-z0-9]$/i

function isTimeZone(text: string): boolean {
  if (text === 'UTC') return true
  if (!/^[A-Z]\w+(?:\/[\w+-]+)+$/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', {timeZone: text})
    return true
  } catch {
    return false
  }
}

const checkMask = (text: string): boolean => {
  if (!isIPv4(text)) return false
  const bits = text
    .split('.')
    .reduce((sum, octet) => sum * 256 + Number(octet), 0)
    .toString(2)
    .padStart(32, '0')
  return /^1*0*$/.test(bits)
}

// The firewall's addresses: a reference, an alias, or a list of addresses, networks and ranges of one family.
const checkFirewallAddress: Checker = (text) => {
  if (/^\+\S+$/.test(text)) return undefined
  if (/^(?:dc\/|guest\/)?[A-Za-z][A-Za-z0-9\-_]+$/.test(text)) return undefined
  const elements = splitCommas(text)
  if (!elements) return 'extraneous commas in list'
  for (const element of elements) {
    const wrong = addressProblem(element)
    if (wrong !== undefined) return `invalid IP address: ${wrong}`
  }
  if (new Set(elements.map((element) => element.includes(':'))).size > 1)
    return `detected mixed ipv4/ipv6 addresses in address list '${text}'`
  return elements.length > 1 && elements.some((element) => element.includes('-'))
    ? "you can't use a range in a list"
    : undefined
}

function addressProblem(text: string): string | undefined {
  const range = text.split('-')
  if (range.length === 2)
    return range.every((end) => isAddress(end)) ? undefined : addressProblem(range.find((end) => !isAddress(end))!)
  if (isAddressOrNetwork(text)) return undefined
  const quad = /^[\d.]+$/.test(text) ? text.split('.').find((part) => Number(part) > 255) : undefined
  return quad === undefined ? `Invalid chars in IP ${text}` : `Invalid quad in IP address ${text} - ${quad}`
}

// Perl's split drops empty elements at the end, so that they show in the joined text.
function splitCommas(text: string): string[] | undefined {
  if (text === '') return []
  return text.endsWith(',') ? undefined : text.split(',')
}

/** Ports: numbers, ranges with a colon, names of services (which only the node knows: any name passes here). */
const checkPorts: Checker = (text) => {
  const elements = splitCommas(text)
  if (!elements) return 'extraneous commas in list'
  let count = 0
  for (const element of elements) {
    const range = /^(\d+):(\d+)$/.exec(element)
    const ports = range ? [range[1]!, range[2]!] : isInteger(element) ? [element] : []
    const wrong = ports.find((port) => Number(port) > 65535)
    if (wrong !== undefined) return `invalid port '${wrong}'`
    if (range && Number(range[1]) > Number(range[2]))
      return `backwards range '${element}' not allowed, did you mean '${range[2]}:${range[1]}'?`
    if (ports.length === 0 && !/^[A-Za-z][A-Za-z0-9+._-]*$/.test(element)) return `invalid port '${element}'`
    count += ports.length
  }
  return count > 15 ? 'too many entries in port list (> 15 numbers)' : undefined
}

const protocols = new Set(
  (
    'ip icmp igmp ggp ipencap st tcp egp igp pup udp hmp xns-idp rdp iso-tp4 dccp xtp ddp idpr-cmtp ipv6 ipv6-route ipv6-frag idrp rsvp gre ' +
    'esp ah skip ipv6-icmp ipv6-nonxt ipv6-opts rspf vmtp eigrp ospf ax.25 ipip etherip encap pim ipcomp vrrp l2tp isis sctp fc ' +
    'mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc ethernet mptcp icmpv6'
  ).split(' '),
)
const checkProtocol: Checker = (text) =>
  text === '' || text === '0' || protocols.has(text) || (isInteger(text) && Number(text) <= 255)
    ? undefined
    : `unknown protocol '${text}'`

const days = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*'
const specials = /^(?:minutely|hourly|daily|weekly|monthly|quarterly|semiannually|semi-annually|yearly|annually)$/i
const weekdays = new RegExp(`^${days}(?:(?:\\.\\.|-)${days})?(?:,${days}(?:(?:\\.\\.|-)${days})?)*$`, 'i')

// As far as it can be told without PVE's own parser: weekdays, a date, a time, each of digits and the signs of ranges and steps.
const checkCalendar: Checker = (text) => {
  const words = text.trim().split(/\s+/)
  const fits =
    words.length <= 3 &&
    words.every((word) => specials.test(word) || weekdays.test(word) || /^[\d*][\d*,./:-]*$/.test(word))
  return fits && text.trim() !== ''
    ? undefined
    : `invalid calendar event '${text}' - unable to parse calendar event '${text}'\n`
}

const privileges: Record<'both' | Version, string> = {
  both:
    'Datastore.Allocate Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit Group.Allocate Mapping.Audit Mapping.Modify ' +
    'Mapping.Use Permissions.Modify Pool.Allocate Pool.Audit Realm.Allocate Realm.AllocateUser SDN.Allocate SDN.Audit SDN.Use ' +
    'Sys.AccessNetwork Sys.Audit Sys.Console Sys.Incoming Sys.Modify Sys.PowerMgmt Sys.Syslog User.Modify VM.Allocate VM.Audit VM.Backup ' +
    'VM.Clone VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network ' +
    'VM.Config.Options VM.Console VM.Migrate VM.PowerMgmt VM.Snapshot VM.Snapshot.Rollback',
  '8.4': 'VM.Monitor',
  '9.2':
    'VM.GuestAgent.Audit VM.GuestAgent.FileRead VM.GuestAgent.FileSystemMgmt VM.GuestAgent.FileWrite VM.GuestAgent.Unrestricted VM.Replicate',
}

const checkPrivilege: Checker = (text, version) =>
  `${privileges.both} ${privileges[version]}`.split(' ').includes(text) ? undefined : `invalid privilege '${text}'`

/** What each named format takes, and PVE's words where it refuses. A format that is not here takes anything: the node decides. */
const checkers: Record<string, Checker> = {
  'pve-vmid': like(/^[1-9][0-9]{2,8}$/, 'value does not look like a valid VM ID'),
  'pve-node': like(nodeName, 'value does not look like a valid node name'),
  'dns-name': like(dnsName, 'value does not look like a valid DNS name'),
  'pve-configid': like(/^[a-z][a-z0-9_-]+$/i, (text) => `invalid configuration ID '${text}'`),
  'pve-storage-id': checkId('storage'),
  'acme-plugin-id': checkId('ACME plugin'),
  'pve-bridge-id': like(bridgeName, (text) => `invalid bridge ID '${text}'`),
  'storage-pair': checkPairs(checkId('storage')),
  'bridge-pair': checkPairs(like(bridgeName, (text) => `invalid bridge ID '${text}'`)),
  'mac-addr': like(/^[a-f0-9][02468ace](?::[a-f0-9]{2}){5}$/i, 'value does not look like a valid unicast MAC address'),
  'mac-prefix': (text, version) => {
    const fits =
      version === '8.4'
        ? /^[a-f0-9][02468ace](?::[a-f0-9]{2}){0,2}:?$/i
        : /^[a-f0-9][02468ace](?::[a-f0-9]{2}){0,2}(?::[a-f0-9]?)?$/i
    return fits.test(text) ? undefined : 'value is not a valid unicast MAC address prefix'
  },
  ipv4: when(isAddress4, 'value does not look like a valid IPv4 address'),
  ipv6: when(isAddress6, 'value does not look like a valid IPv6 address'),
  ip: when(isAddress, 'value does not look like a valid IP address'),
  ipv4mask: when(checkMask, 'value does not look like a valid IP netmask'),
  CIDR: when((text) => isNetwork4(text) || isNetwork6(text), 'value does not look like a valid CIDR network'),
  CIDRv4: when(isNetwork4, 'value does not look like a valid IPv4 CIDR network'),
  CIDRv6: when(isNetwork6, 'value does not look like a valid IPv6 CIDR network'),
  FullRangeCIDR: when(
    (text) => isNetwork(text, isAddress4, 32, 0) || isNetwork(text, isAddress6, 128, 0),
    'value does not look like a valid CIDR network',
  ),
  IPorCIDR: when(isAddressOrNetwork, 'value does not look like a valid IP address or CIDR network'),
  IPorCIDRorAlias: when(
    (text) => /^(?:dc\/|guest\/)?[A-Za-z][A-Za-z0-9\-_]+$/.test(text) || isAddressOrNetwork(text),
    'value does not look like a valid IP address or CIDR network',
  ),
  'pve-ipv4-config': when(
    (text) => text === 'dhcp' || text === 'manual' || isNetwork4(text),
    'value does not look like a valid ipv4 network configuration',
  ),
  'pve-ipv6-config': when(
    (text) => text === 'auto' || text === 'dhcp' || text === 'manual' || isNetwork6(text),
    'value does not look like a valid ipv6 network configuration',
  ),
  address: when(
    (text) => isAddress(text) || isName(text),
    (text) => `value does not look like a valid address: ${text}`,
  ),
  email: like(email, 'value does not look like a valid email address'),
  'email-or-username': when(
    (text) => email.test(text) || new RegExp(`^${emailUser}$`).test(text),
    'value does not look like a valid email address or user name',
  ),
  'pve-iface': like(iface, (text) => `invalid network interface name '${text}'`),
  'pve-vlan-id-or-range': checkVlans,
  'disk-size': (text, version) =>
    parseSize(text, version) === undefined ? `value does not look like a valid disk size: ${text}` : undefined,
  'pve-startup-order': when((text) => parseStartup(text) !== undefined, 'unable to parse startup options'),
  'pve-tag': like(/^[a-z0-9_][a-z0-9_\-+.]*$/i, 'invalid characters in tag'),
  'pve-realm': like(new RegExp(`^${realm}$`), 'value does not look like a valid realm'),
  'pve-userid': checkUser,
  'pve-tokenid': like(
    new RegExp(`^${user}@${realm}!${realm}$`),
    (text) => `value '${text}' does not look like a valid token ID`,
  ),
  'pve-groupid': like(groupLike, (text) => `group name '${text}' contains invalid characters`),
  'pve-roleid': like(groupLike, (text) => `role name '${text}' contains invalid characters`),
  'pve-poolid': checkPool,
  'pve-priv': checkPrivilege,
  'ldap-simple-attr': like(
    /^[a-zA-Z0-9]+$/,
    (text) => `value '${text}' does not look like a simple ldap attribute name`,
  ),
  'pve-volume-id': checkVolumeId,
  'pve-volume-id-or-absolute-path': checkVolumeOrPath,
  'pve-volume-id-or-qm-path': (text, version) =>
    text === 'none' || text === 'cdrom' ? undefined : checkVolumeOrPath(text, version),
  urlencoded: like(/^[-%a-zA-Z0-9_.!~*'()]*$/, (text) => `invalid urlencoded string: ${text}`),
  'pve-hotplug-features': checkHotplug,
  'pve-cpuset': checkCpuset,
  'pve-phys-bits': when(
    (text) => text === 'host' || (/^\d{1,2}$/.test(text) && Number(text) >= 8 && Number(text) <= 64),
    "value must be an integer between 8 and 64 or 'host'",
  ),
  'pve-qm-bootdisk': when(
    (text) => isDrive(text) || text === 'efidisk0' || text === 'tpmstate0',
    (text) => `invalid boot disk '${text}'`,
  ),
  'pve-qm-bootdev': when(
    (text) => isDrive(text) || isSlot(text),
    (text) => `invalid boot device '${text}'`,
  ),
  'pve-task-status-type': like(/^(?:ok|error|warning|unknown)$/i, (text) => `invalid status '${text}'`),
  'pve-replication-job-id': checkJobId,
  'pve-ct-timezone': when(
    (text) => text === 'host' || isTimeZone(text),
    (text) => `invalid time zone '${text}'`,
  ),
  'pve-lxc-mp-string': checkMountPath,
  'pve-lxc-dev-string': checkDevice,
  'lxc-ip-with-ll-iface': checkLinkLocal,
  'pve-storage-content': checkContent,
  'pve-storage-path': like(/^\/[^;()]+/, 'value does not look like a valid absolute path'),
  'pve-storage-path-in-property-string': like(/^\/[^;,=()]+/, 'value does not look like a valid absolute path'),
  'pve-storage-server': when(
    (text) => isAddress(text) || isName(text),
    'value does not look like a valid server name or IP address',
  ),
  'pve-storage-portal-dns': when(isHostAndPort, 'value does not look like a valid portal address'),
  'pve-storage-options': like(/^\S+$/, (text) => `invalid options '${text}'`),
  'pve-storage-vgname': like(
    /^[a-z0-9][a-z0-9\-_.]*[a-z0-9]$/i,
    (text) => `lvm name '${text}' contains illegal characters`,
  ),
  'pve-dir-override': checkOverride,
  'pve-day-of-week': like(/^(?:mon|tue|wed|thu|fri|sat|sun)$/, (text) => `invalid day '${text}'`),
  'pve-calendar-event': checkCalendar,
  'pve-ha-resource-id': like(/^[a-z]+:\S+$/, 'value does not look like a valid ha resource id'),
  'pve-ha-resource-or-vm-id': like(/^(?:[a-z]+:\S+|\d+)$/, 'value does not look like a valid ha resource id'),
  'pve-ha-group-node': like(
    /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?::\d+)?$/,
    'value does not look like a valid ha group node',
  ),
  'pve-ha-node': like(
    /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?::\d+)?$/,
    'value does not look like a valid ha node',
  ),
  'pve-sdn-zone-id': checkSdnId('zone', sdnId, 8),
  'pve-sdn-vnet-id': checkSdnId('vnet', sdnId, 8),
  'pve-sdn-controller-id': checkSdnId('controller', /^[a-z][a-z0-9_-]*[a-z0-9]$/i, 64),
  'pve-sdn-ipam-id': checkSdnId('ipam', sdnId),
  'pve-sdn-dns-id': checkSdnId('dns', sdnId),
  'pve-sdn-subnet-id': when(
    (text) => isNetwork4(text) || isNetwork6(text) || /^[a-z][a-z0-9]*-[0-9a-f.:]+-\d+$/i.test(text),
    'value does not look like a valid CIDR network',
  ),
  'pve-fw-addr-spec': checkFirewallAddress,
  'pve-fw-sport-spec': checkPorts,
  'pve-fw-dport-spec': checkPorts,
  'pve-fw-protocol-spec': checkProtocol,
}

/** Whether PVE would take a text in a named format (`pve-node`, `pve-node-list`, `email-opt`): undefined, or its words against it. */
export function formatProblem(format: string, text: string, version: Version): string | undefined {
  const direct = checkers[format]
  if (direct) return direct(text, version)
  const match = /^(.*)-(list|opt)$/.exec(format)
  const checker = match && checkers[match[1]!]
  if (!match || !checker) return undefined
  if (match[2] === 'opt') return text === '' || text === '0' ? undefined : checker(text, version)
  for (const element of splitList(text)) {
    const wrong = checker(element, version)
    if (wrong !== undefined) return wrong
  }
  return undefined
}
