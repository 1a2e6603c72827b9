import {parse4} from './addresses.js'
import type {Form} from './forms.js'
import type {ByteString} from './model.js'
import type {Located} from './found.js'
import {AT} from './scan.js'

/** Names of files in paths are no hosts, and a snapshot of a data set of ZFS is no user: pool/data@daily. */
export function isMeantIn(
  text: ByteString,
  start: number,
  end: number,
  sort: number,
  {kind, start: first}: Form,
): boolean {
  // A list of VMIDs in a file of PVE's: `pool:shop::101,2104::`.
  if (kind === 'ipv6' && text.charCodeAt(end - 1) === 0x3a && /^\d+::$/.test(text.slice(start, end)))
    return text[end] === '/'
  // An option of a program: `--certificatesresolvers.le.acme.email`.
  if (
    (kind === 'host' || kind === 'domain') &&
    text.charCodeAt(start - 1) === 0x2d &&
    text.charCodeAt(start - 2) === 0x2d
  )
    return false
  if (text.charCodeAt(start - 1) !== 0x2f || text.charCodeAt(start - 2) === 0x2f) return true
  // `pve-manager/9.1.4/5ac30304265fbd8e` names what it was built from.
  if (kind === 'serial') return !/\d/.test(text.charAt(start - 2))
  if (kind === 'host' || kind === 'domain') return !isFile.test(text.slice(start, end))
  return (sort & AT) === 0 || (kind !== 'user' && kind !== 'realm') || text.slice(start, start + first).includes(':')
}

/** Ends of files of programs that are those of countries, too. */
const isFile =
  /\.(?:pl|sh|py|md|so|rs|cc|ps|pm|tf|ml|cf|la|mo|gz|st|ac|am|in|ad|cat|pub|zone|zip|bz|run|link|network|target|page|style|app|tools|py|pw)$/

/** What says that a version follows. */
const said =
  /(?<![-A-Za-z0-9])(?:versions?|versi\u00c3\u00b3n|vers\u00c3\u00a3o|versione|versie|verze|wersja|bump(?:ed)?|ver\.?|v|release|firmware|fw|bios|build|revision|rev\.?|oid|microcode|idrac\d?)(?: is| are| to| from)?["']?[ \t:=("'-]*$|\d\.$/i
/** What has a version, and may have an address: of a network of one's own it is that. */
const meant =
  /(?<![-A-Za-z0-9])(?:driver|package|kernel|agent|upgraded?|updated?|tag|section|chapter)(?: is| are| to| from)?["']?[ \t:=("'-]*$/i

/** A network of one's own (RFC 1918, RFC 6598). */
export const isPrivate = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7]))\./

/** `version 5.19.6.0`, `firmware: 1.2.3.4`: four numbers, and no address. */
export function isVersion(text: string, start: number, end: number): boolean {
  if (/[+~]/.test(text[end] ?? '')) return true
  const before = text.slice(Math.max(0, start - 28), start)
  if (/(?<![\w./])(?:HeadlessChrome|Chrom(?:e|ium)|Firefox|Safari|Edg|OPR|Opera|Vivaldi|Electron)\/$/.test(before))
    return true
  return said.test(before) || (meant.test(before) && !isPrivate.test(text.slice(start, end)))
}

/** The length of a network belongs to its address where that has no bits of hosts: it says which bits of the pseudonym are none. */
export function withLength(text: string, found: Located): void {
  if (text.charCodeAt(found.end) !== 0x2f) return
  const match = /^\/(\d{1,2})(?![\d.])/.exec(text.slice(found.end, found.end + 4))
  const length = Number(match?.[1] ?? 32)
  const octets = parse4(text.slice(found.start, found.end))
  if (!match || length >= 24 || length < 1 || !octets) return
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0)
  if (value % 2 ** (32 - length) !== 0) return
  found.end += match[0].length
  found.piece = undefined
}

/** What stands before a plus sign belongs to the account of an address, too (RFC 5233): `ada+pve@example.com`. */
export function withDetail(text: string, found: Located): void {
  const before = /[\w.+-]+\+$/.exec(text.slice(Math.max(0, found.start - 64), found.start))
  if (!before) return
  found.start -= before[0].length
  found.piece = undefined
}
