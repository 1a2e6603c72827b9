import {parse4, parse6, parseMac} from './addresses.js'
import {lower} from './bytes.js'
import type {Find} from './model.js'
import {daemon, fullName, labels, machine, names, reversedDomain, service} from './names.js'
import {isTelling4, isTelling6} from './pseudonyms.js'
import {AT, COLON, DASH, DIGIT, DOT, HEX, LETTER, PERCENT, sortOf, UNDERSCORE} from './scan.js'
import {securityId, serialNumber, target} from './serials.js'
import {builtinRealms, isTechnical, publicDomains, systemUsers} from './words.js'

/** What a word tells by itself; offsets within the word. */
export interface Form extends Find {
  /** Spelled otherwise than usual: the octets of a name in `in-addr.arpa` stand the other way round. */
  spelled?: 'reverse'
  /** A word of its own that stands for the same thing wherever it is found. */
  isName?: boolean
  /** Ordinary numbers look so, too: it counts where nothing before it says that it is a version. */
  isNumber?: boolean
}

/** Keys of services, by the maker's own documentation; the table of `kit/secrets` has those which need more than a word. */
const tokens =
  /^(?:(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{20,}|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w-]{18,}|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|AIza[\w-]{35}|ya29\.[\w.-]{20,}|GOCSPX-[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|sk-[\w-]{20,}|[rsp]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[\w-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|dop_v1_[0-9a-f]{40,}|hv[sbr]\.[\w-]{20,}|s\.[A-Za-z0-9]{24}|SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}|AGE-SECRET-KEY-1[0-9A-Z]{50,}|age1[0-9a-z]{58}|(?=(?:[A-Z]*[2-7]){3})[A-Z2-7]{32}|tskey-[\w-]{15,}|dckr_pat_[\w-]{20,}|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|lin_api_\w{30,}|glsa_\w{30,}|glc_[\w+/=]{30,}|pul-[0-9a-f]{40}|rubygems_[0-9a-f]{40,}|hf_[A-Za-z]{30,}|sq0\w{3}-[\w-]{20,}|EAA[A-Za-z0-9]{30,}|AQ[A-Za-z0-9]{34,}|\d{8,10}:AA[\w-]{30,}|K10[0-9a-f]{48,64}::[\w-]+:[0-9a-f]{32}|(?:node|m|disco|priv)key:[0-9a-f]{64}|claim-\w{20}|pve[1248][cbsp]-[0-9a-f]{10}|pbs[cbsp]-[0-9a-f]{10}|pmg[cbsp]-[0-9a-f]{10})$/

const uuid =
  /(?<![0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])/g
const [sure, likely] = ['sure', 'likely'] as const

/** Without any of these a word of letters and digits is nothing by itself. */
const joints = DOT | DASH | COLON | UNDERSCORE | AT
/** A time, as most lines of many logs begin with. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** What a word tells, in order, none over another. Linear in its length. @param sort of what it consists */
export function formsOf(word: string, sort = sortOf(word)): Form[] {
  if (word.length > 600 || ((sort & joints) === 0 && word.length < 12) || time.test(word)) return []
  const found: Form[] = []
  look(word, 0, found, sort)
  return found
}

function look(word: string, at: number, found: Form[], sort = sortOf(word)): void {
  for (const {needs, shortest, not, rule} of rules)
    if ((sort & needs) === needs && word.length >= shortest && (sort & not) === 0 && rule(word, at, found)) return
}

/** One way in which a word tells something. @returns whether that is all it tells */
type Rule = (word: string, at: number, found: Form[]) => boolean

const wordy = LETTER | UNDERSCORE | AT

/** What a word must consist of, how long it is at least, what it must not hold, and the way. Most words are of no interest to most of them. */
const rules: readonly {needs: number; shortest: number; not: number; rule: Rule}[] = [
  {needs: COLON, shortest: 20, not: 0, rule: upid},
  {needs: DIGIT, shortest: 14, not: AT, rule: token},
  {needs: LETTER, shortest: 20, not: DIGIT | AT, rule: token},
  {needs: DIGIT | DOT, shortest: 7, not: wordy | HEX | DASH | PERCENT, rule: address4},
  {needs: COLON, shortest: 3, not: wordy | DASH | PERCENT, rule: address6},
  {needs: COLON | PERCENT, shortest: 3, not: 0, rule: address6},
  {needs: DIGIT, shortest: 12, not: 0, rule: mac},
  {needs: HEX | COLON, shortest: 17, not: DIGIT, rule: mac},
  {needs: COLON, shortest: 11, not: wordy | DASH | DOT | PERCENT, rule: shortMac},
  {needs: DIGIT | COLON, shortest: 13, not: wordy | DASH | DOT | PERCENT, rule: socket},
  {needs: COLON | DASH, shortest: 7, not: wordy | PERCENT, rule: range6},
  {needs: COLON | DIGIT, shortest: 9, not: DOT | DASH | AT | UNDERSCORE | PERCENT, rule: begun6},
  {needs: DASH, shortest: 36, not: 0, rule: uuids},
  {needs: DIGIT, shortest: 35, not: AT | PERCENT, rule: otherUuid},
  {needs: DOT, shortest: 12, not: 0, rule: reversed},
  {needs: DIGIT, shortest: 9, not: 0, rule: target},
  {needs: AT, shortest: 3, not: 0, rule: atSign},
  {needs: COLON, shortest: 2, not: 0, rule: colons},
  {needs: DIGIT | DASH, shortest: 7, not: 0, rule: dashed},
  {needs: DIGIT | UNDERSCORE, shortest: 7, not: DASH, rule: dashed},
  {needs: DASH, shortest: 5, not: DOT | COLON | AT | UNDERSCORE | PERCENT, rule: machine},
  {needs: DASH, shortest: 30, not: DOT | COLON | AT | UNDERSCORE | PERCENT, rule: securityId},
  {needs: DASH, shortest: 6, not: DOT | COLON | AT | PERCENT, rule: service},
  {needs: UNDERSCORE, shortest: 6, not: DASH | DOT | COLON | AT | PERCENT, rule: service},
  {needs: DOT, shortest: 5, not: 0, rule: daemon},
  {needs: DOT, shortest: 8, not: COLON | AT | DASH | PERCENT, rule: reversedDomain},
  {needs: DOT, shortest: 4, not: 0, rule: names},
  {needs: DIGIT | DOT, shortest: 9, not: 0, rule: within},
  {needs: DIGIT | DOT, shortest: 7, not: DASH | COLON | AT | UNDERSCORE | PERCENT, rule: wildcard},
  {needs: DIGIT, shortest: 9, not: 0, rule: serialNumber},
]

function token(word: string, at: number, found: Form[]): boolean {
  if (!tokens.test(word)) return false
  found.push({kind: 'token', start: at, end: at + word.length, confidence: sure})
  return true
}

function address4(word: string, at: number, found: Form[]): boolean {
  const match = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?:\.(\d{1,5}))?(?::\d{1,5})?$/.exec(word)
  if (!match) return false
  const text = match[1]!
  const octets = parse4(text)
  // Five numbers are an address and its port only where tcpdump says so: a port is no small number.
  if (!octets || (match[2] !== undefined && Number(match[2]) < 20)) return true
  // Firmware is numbered so, and no address: `7.00.30.10`.
  if (/\.0\d(?:\.|$)/.test(text) && !/^\d{3}\./.test(text) && text.split('.').some((octet) => octet === '00'))
    return true
  if (isTelling4(octets) && !isMask(octets))
    found.push({kind: 'ipv4', start: at, end: at + text.length, confidence: sure, isNumber: true})
  return true
}

const isMask = ([a]: readonly number[]) => a === 255

function address6(word: string, at: number, found: Form[]): boolean {
  let bare = /^[0-9a-fA-F:.]+/.exec(word)?.[0] ?? ''
  // What follows may be a zone: fe80::1%vmbr0.
  if (bare.length < word.length && word[bare.length] !== '%') return false
  let groups = parse6(bare)
  if (!groups) {
    // With a port, as tcpdump has it: 2001:db8::20.443
    const port = /^(.*)\.\d{1,5}$/.exec(bare)
    groups = port ? parse6(port[1]!) : undefined
    if (!groups) return false
    bare = port![1]!
  }
  // `12:30::` and `a::b` of programs; addresses have digits, and more than that.
  if (!/\d/.test(bare) || (bare.length < 6 && !bare.startsWith('f') && !bare.startsWith('2'))) return true
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const dotted = bare.lastIndexOf(':') + 1
    if (bare.includes('.')) address4(bare.slice(dotted), at + dotted, found)
    else if (isTelling4([groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255]))
      found.push({kind: 'ipv6', start: at, end: at + bare.length, confidence: sure})
    return true
  }
  if (isTelling6(groups)) found.push({kind: 'ipv6', start: at, end: at + bare.length, confidence: sure})
  return true
}

function mac(word: string, at: number, found: Form[]): boolean {
  const add = (start: number, text: string) => {
    if (isTellingMac(text.length > 12 && !/[:.-]/.test(text) ? text.slice(-12) : text))
      found.push({kind: 'mac', start: at + start, end: at + start + text.length, confidence: sure})
    return true
  }
  if (word.length >= 13 && word.length <= 17 && /[:.-]/.test(word) && parseMac(word)) return add(0, word)
  // Of what is longer most ends otherwise.
  // What follows from one, by which devices of Zigbee are called.
  if (/^(?:0x)?[0-9a-fA-F]{6}(?:fffe|FFFE)[0-9a-fA-F]{6}$/.test(word)) {
    found.push({kind: 'serial', start: at + word.length - 16, end: at + word.length, confidence: sure})
    return true
  }
  const plain =
    /^(?:[0-9a-fA-F]{4}\.|0x|01)?((?:bc2411|525400|005056|000c29|00163e|080027|00155d|001c42)[0-9a-fA-F]{6})$/i.exec(
      word,
    )
  if (plain && /[a-f]/i.test(plain[1]!)) return add(word[4] === '.' ? 5 : 0, word[4] === '.' ? plain[1]! : word)
  const bridge = /^[0-9a-fA-F]{4}\.((?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2})(?:\.[0-9a-fA-F]{4})?$/.exec(word)
  if (bridge) return add(5, bridge[1]!)
  const joint = word.charCodeAt(word.length - 3)
  const isJoined = (joint === 0x3a || joint === 0x2d) && word.charCodeAt(word.length - 6) === joint
  if (!isJoined && word.length > 19) return false
  const bridged = /^[0-9a-f]{4}\.([0-9a-f]{12})$/.exec(word)
  if (bridged) return add(5, bridged[1]!)
  const named = /^(?:enx|wlx|hwaddr[_-]?|mac[_-]?)([0-9a-fA-F]{12})$/.exec(word)
  if (named && isTellingMac(named[1]!)) {
    found.push({kind: 'mac', start: at, end: at + word.length, confidence: sure})
    return true
  }
  if (!isJoined) return false
  // The firewall's: destination, source and type of the frame in one.
  const frame =
    /^((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}):((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}):([0-9a-fA-F]{2}:[0-9a-fA-F]{2})$/.exec(
      word,
    )
  if (frame) return add(0, frame[1]!) && add(18, frame[2]!)
  const print = /^(?:MD5:)?((?:[0-9a-fA-F]{2}:){15,63}[0-9a-fA-F]{2})$/.exec(word)?.[1]
  if (print) {
    found.push({kind: 'certificate', start: at + word.length - print.length, end: at + word.length, confidence: sure})
    return true
  }
  // A card's address as iSCSI, DHCP and InfiniBand have it, and one behind a key.
  const inside = /^(.*[^0-9a-fA-F:]:?)?((?:[0-9a-fA-F]{2}([:-]))(?:[0-9a-fA-F]{2}\3){4}[0-9a-fA-F]{2})$/.exec(word)
  return inside?.[1] === undefined
    ? false
    : (look(word.slice(0, inside[1].length), at, found), add(inside[1].length, inside[2]!))
}

/** A card's address without zeros before its digits. */
function shortMac(word: string, at: number, found: Form[]): boolean {
  if (word.length > 16 || !/[a-f]/i.test(word) || !/^[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}$/.test(word)) return false
  if (isTellingMac(word)) found.push({kind: 'mac', start: at, end: at + word.length, confidence: sure})
  return true
}

/** An address and its port, as /proc/net/tcp has them: 1104530A:1F46. */
function socket(word: string, at: number, found: Form[]): boolean {
  const digits = /^([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}$/.exec(word)?.[1]
  if (digits === undefined) return false
  if (!/^(?:0{8}|0{32}|0100007F|0{24}01000000|0{16}FFFF00000100007F)$/.test(digits))
    found.push({kind: 'serial', start: at, end: at + digits.length, confidence: sure})
  return true
}

/** The beginning of an address: 2003:ec:af12:3b00, with what stands for the rest. No time and no date. */
function begun6(word: string, at: number, found: Form[]): boolean {
  const part = /^((?:2[0-9a-f]{3}|f[cd][0-9a-f]{2})(?::[0-9a-f]{1,4}){2,6}?)(?::{1,2}[xX]{1,4}){0,6}$/i.exec(word)?.[1]
  if (part === undefined || part.split(':').length > 7 || !/:[0-9a-f]*[a-f]|:[0-9a-f]{4}/i.test(part)) return false
  found.push({kind: 'ipv6', start: at, end: at + part.length, confidence: sure})
  return true
}

/** From one address to another. */
function range6(word: string, at: number, found: Form[]): boolean {
  const match = /^([0-9a-fA-F:]{4,45})-([0-9a-fA-F:]{1,45})$/.exec(word)
  if (!match || !parse6(match[1]!)) return false
  address6(match[1]!, at, found)
  if (parse6(match[2]!)) address6(match[2]!, at + match[1]!.length + 1, found)
  return true
}

/** What else is one of a kind: arrays of disks (mdadm), volumes of LVM, files of the journal. */
function otherUuid(word: string, at: number, found: Form[]): boolean {
  const match =
    /(?:^|[^0-9a-fA-F:])([0-9a-f]{8}(?::[0-9a-f]{8}){3})$/.exec(word) ??
    /(?:^|-)([A-Za-z0-9]{6}-(?:[A-Za-z0-9]{4}-){5}[A-Za-z0-9]{6})(?:-\w+)?$/.exec(word) ??
    /^CRYPT-[A-Z0-9]{4,8}-([0-9a-f]{32})(?:-.*)?$/.exec(word)
  if (!match || !/\d/.test(match[1]!)) return false
  const start = at + word.lastIndexOf(match[1]!)
  found.push({kind: 'uuid', start, end: start + match[1]!.length, confidence: sure})
  return true
}

/** Addresses of a network: 10.1.2.x. And one in numbers of base eight, as no version is. */
function wildcard(word: string, at: number, found: Form[]): boolean {
  const part = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.[xXyYnNzZ]{1,3}$|^(\d{1,3}\.\d{1,3})\.[xX]{1,3}\.[xXyY]{1,3}$/.exec(word)
  const octets = (part?.[1] ?? part?.[2] ?? '').split('.').map(Number)
  if (part && octets.every((octet) => octet < 256) && octets[0]! > 4 && isTelling4([...octets, 0, 0].slice(0, 4))) {
    found.push({kind: 'ipv4', start: at, end: at + (part[1] ?? part[2])!.length, confidence: sure})
    return true
  }
  if (!/^0[0-3]\d{2}(?:\.0[0-3]\d{2}){3}$|^0x[0-9a-f]{1,2}(?:\.0x[0-9a-f]{1,2}){3}$/i.test(word)) return false
  found.push({kind: 'serial', start: at, end: at + word.length, confidence: sure})
  return true
}

function isTellingMac(text: string): boolean {
  const digits = parseMac(text)!
  if (/^(?:0{12}|f{12}|3333|01005e|0180c2|33ff)/.test(digits)) return false
  return !/^(.)\1*$/.test(digits)
}

function uuids(word: string, at: number, found: Form[]): boolean {
  let [any, from] = [false, 0]
  for (const match of word.matchAll(uuid)) {
    if (/^[0-]+$/.test(match[0])) return true
    any = true
    if (match.index > from) look(trimmed(word.slice(from, match.index)), at + from, found)
    from = match.index + match[0].length
    found.push({kind: 'uuid', start: at + match.index, end: at + from, confidence: sure})
  }
  return any
}

const trimmed = (text: string): string => text.replace(/[^A-Za-z0-9]+$/, '')

/** Names of addresses in the DNS: 5.2.0.192.in-addr.arpa, and the nibbles of ip6.arpa. */
function reversed(word: string, at: number, found: Form[]): boolean {
  if (!/a$/i.test(word)) return false
  const match = /^((?:\d{1,3}\.){1,4})in-addr\.arpa$/i.exec(word) ?? /^((?:[0-9a-f]\.){4,32})ip6\.arpa$/i.exec(word)
  if (!match) return false
  const kind = lower(word).endsWith('ip6.arpa') ? 'ipv6' : 'ipv4'
  found.push({kind, start: at, end: at + match[1]!.length - 1, confidence: sure, spelled: 'reverse'})
  return true
}

/** An address within a longer word: zone-10.1.2.0-24, backup_10.1.2.3.log. Not one of a version: linux-image-6.8.12.1-pve. */
function within(word: string, at: number, found: Form[]): boolean {
  if (!/\d\.\d{1,3}\.\d{1,3}\.\d/.test(word)) return false
  // Written behind a word without a blank, where no version is.
  const glued = /[A-Za-z]{2}((?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3})(?![\d.]*\d|\w)/.exec(word)
  const inner =
    glued && !/(?:ver|version|rev|release|java|jdk|linux|lib|fw)\d/i.test(word) ? parse4(glued[1]!) : undefined
  if (glued && inner)
    found.push({kind: 'ipv4', start: at + glued.index + 2, end: at + glued.index + glued[0].length, confidence: sure})
  for (const match of word.matchAll(/(?<![\dA-Za-z]|\d\.)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?!\.?\d)/g)) {
    const octets = parse4(match[0])
    if (!octets || !isTelling4(octets) || isMask(octets) || octets[0]! < 10) continue
    found.push({kind: 'ipv4', start: at + match.index, end: at + match.index + match[0].length, confidence: sure})
  }
  return false
}

/** The number of a task, wherever PVE tells it (pve-common, PVE/UPID.pm). */
function upid(word: string, at: number, found: Form[]): boolean {
  if (!word.startsWith('UPID:')) return false
  const match = /^(UPID:)([A-Za-z0-9-]+)(:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^:]+:)([^:]*):(.*)$/.exec(
    word,
  )
  if (!match) return false
  const [, head, node, middle, id, user] = match as unknown as [string, string, string, string, string, string]
  let start = at + head.length
  found.push({kind: 'host', start, end: start + node.length, confidence: sure, isName: true})
  start += node.length + middle.length
  if (id !== '') look(id, start, found)
  if (user !== '') look(user.replace(/[:.]+$/, ''), start + id.length + 1, found)
  return true
}

/** Whoever is somewhere: a mail address, a user of a realm, a login to a host. */
function atSign(word: string, at: number, found: Form[]): boolean {
  const split = word.indexOf('@')
  if (split <= 0 || split === word.length - 1) return false
  const [who, where] = [word.slice(0, split), word.slice(split + 1)]
  // A file of the journal: system@…-….journal
  const file = /^(?:system|user-\d{1,7})@([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{16}\.journal~?$/.exec(word)
  if (file) {
    found.push({kind: 'uuid', start: at + split + 1, end: at + split + 33, confidence: sure})
    return true
  }
  // An image of containers by its checksum.
  if (word.startsWith('sha256:', split + 1)) return true
  // Units of systemd of which there are several, and no account of a realm or of mail.
  if (/^(?:wg-quick|(?:serial-|container-)?getty|systemd-[\w-]+|lvm2-\w+|ifup|modprobe)@[\w:-]+$/.test(word))
    return true
  // How SSH calls ciphers.
  if (/^(?:openssh\.com|libssh\.org|lysator\.liu\.se)(?::|$)/.test(where)) return true

  // An address and what is asked there: 9.9.9.9@853, as unbound has it.
  if (parse4(who)) {
    address4(who, at, found)
    look(where, at + split + 1, found)
    return true
  }
  const start = who.lastIndexOf(':') + 1
  const person = who.slice(start)
  // Units of systemd, packages with their version, columns of sizes.
  if (/^\d|^$/.test(where) && !parse4(where.replace(/:\d+$/, '')) && !parse6(where))
    return /\.(?:service|socket|mount|timer|target)$/.test(where) || !/[a-z]/i.test(where)
  // Daemons of Ceph: ceph-mon@node1.service, mon.node1@0.
  const unit = /^(?:ceph-(?:mon|mgr|mds)@|(?:mon|mgr|mds)\.)([A-Za-z][\w-]*)(?=\.service$|@\d)/.exec(word)
  if (unit) {
    const end = at + unit[0].length
    found.push({kind: 'host', start: end - unit[1]!.length, end, confidence: sure, isName: true})
    return true
  }
  if (/\.(?:service|socket|mount|timer|target|slice|scope)$/.test(where)) return true
  if (start > 1) look(who.slice(0, start - 1), at, found)
  // The file of a user has an end: root@pam.yaml.
  const realm = where
    .replace(/[:@].*$/, '')
    .replace(/\.(?:ya?ml|json|conf|cfg|log|txt|md|db|sock|key|pem|crt|bak|gz)$/, '')
  const isPublic = publicDomains.has(lower(realm))
  const isMail = fullName.test(realm)
  if (/^if\d+$/.test(realm)) return true
  if (
    // The number of a message begins with its date.
    !/^20\d{6,12}\./.test(person) &&
    (!systemUsers.has(lower(person)) || (isMail && person !== 'root' && !isPublic)) &&
    person !== '' &&
    !(person === 'git' && /^[\w.-]+:/.test(where))
  )
    found.push({
      kind: 'user',
      start: at + start,
      end: at + split,
      confidence: sure,
      isName: !systemUsers.has(lower(person)),
    })
  if (builtinRealms.has(lower(realm)) || isPublic) {
    // A login of a realm to a server: user@pbs@backup.example.com
    if (realm.length < where.length) look(where.slice(realm.length + 1), at + split + realm.length + 2, found)
    return true
  }
  const before = found.length
  const isAddress = /^[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%[\w.-]+)?$/.test(where)
  if (isMail) labels(realm, at + split + 1, found)
  else look(isAddress ? where : realm, at + split + 1, found)
  const isRealm = found.length === before
  if (!isAddress && realm.length < where.length)
    look(where.slice(realm.length + 1), at + split + realm.length + 2, found)
  if (isRealm && /^[A-Za-z][\w-]*$/.test(realm))
    found.push({
      kind: 'realm',
      start: at + split + 1,
      end: at + split + 1 + realm.length,
      confidence: likely,
      isName: true,
    })
  return true
}

/** Parts that colons join: a port, a volume, a field of a list. */
function colons(word: string, at: number, found: Form[]): boolean {
  // `IP Address:2001:db8:0:0:0:0:0:1`, as OpenSSL prints it.
  const announced = /^([A-Za-z][\w-]*:)[0-9a-fA-F]{2,4}(?::[0-9a-fA-F]{0,4}){3,7}$/.exec(word)?.[1]
  if (
    announced !== undefined &&
    /[g-z]/i.test(announced) &&
    address6(word.slice(announced.length), at + announced.length, found)
  )
    return true
  const volume =
    /^([A-Za-z][\w.-]+):(?:(?:vm|base|subvol|basevol)-\d|(?:iso|backup|vztmpl|snippets|import|rootdir)$|\d+\/)/.exec(
      word,
    )
  if (volume && !isTechnical(lower(volume[1]!)))
    found.push({kind: 'name', start: at, end: at + volume[1]!.length, confidence: sure, isName: true})
  let start = 0
  for (const part of word.split(':')) {
    if (part !== '' && part !== word && !(volume && start === 0)) look(part, at + start, found)
    start += part.length + 1
  }
  return true
}

/** Names that providers and clouds make of addresses: ip-10-1-2-3, host-10-43-136-14, 10_1_2_3. */
function dashed(word: string, at: number, found: Form[]): boolean {
  const match = /(?:^|[A-Za-z][A-Za-z0-9]*[-_.]|[A-Za-z.])(\d{1,3}([-_])\d{1,3}\2\d{1,3}\2\d{1,3})(?![\d]|[-_]\d)/.exec(
    word,
  )
  if (!match) return false
  const start = match.index + match[0].length - match[1]!.length
  const octets = parse4(match[1]!, match[2])
  if (!octets || !isTelling4(octets) || isMask(octets)) return false
  found.push({kind: 'ipv4', start: at + start, end: at + start + match[1]!.length, confidence: sure})
  return false
}
