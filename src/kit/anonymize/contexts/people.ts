import {lower} from '../bytes.js'
import {onlyNames} from '../first-names.js'
import {technical, topLevel} from '../words.js'
import {both, onlyAtStart, shaped} from './shapes.js'
import {at, type Context, lineEnd, lineStart, name, type Placed, placed} from './values.js'

/** A header of mail, or a line of Git: `Name <mail>`. */
export const signed = shaped(/[\w-]+: ([^<\r\n@]{2,60}?) ?</, 'person')

const scanned = /(?:^|[\s("'>:])((?:[A-Z\u00c0-\u00ff][\w.'\u0080-\u00ff-]*[ ]){1,3})$/

/** A person before their address: `Ada Lovelace <ada@…`. */
export const personBefore = (text: string, start: number): Placed[] => {
  if (text.charCodeAt(start - 1) !== 0x3c) return []
  const before = text.slice(lineStart(text, start), start - 1)
  const match = scanned.exec(before.endsWith(' ') ? before : `${before} `)
  if (!match) return []
  const first = start - 1 - (before.endsWith(' ') ? 0 : -1) - match[1]!.length
  return placed('person', text, {start: first, end: start - 1, isQuoted: true})
}

/** Who a secret belongs to that stands behind a slash: `ada / hunter2`. */
export function accountBefore(text: string, start: number): Placed[] {
  const user = /(?:^|[\s"'`(:])([a-z][\w.-]+) \/ ["'`]?$/.exec(text.slice(Math.max(0, start - 48), start))?.[1]
  if (user === undefined) return []
  const end = text.lastIndexOf(' /', start)
  return placed('user', text, {start: end - user.length, end, isQuoted: true})
}

/** A first name and a last one: `Ada Lovelace`; both, where one of the two is a name that people have. */
export const person: Context = (text, start, end) => {
  const next = at(
    / (?:[A-Z]\. )?(?:(?:van|von|de|der|den|del|di|la|le|el|al|bin|zu|Le|La|De|Du|Van|Von|Der|Mac|Mc) ){0,2}([A-Z\u00c0-\u00ff][\w\u0080-\u00ff'-]+)/dy,
    text,
    end,
  )
  const range = next?.indices?.[1]
  // `Ada Q.:`
  const initial = range ? null : at(/ [A-Z]\.(?=[\s:,;)]|$)/y, text, end)
  if (initial) return [name('person', start, text.slice(start, end + initial[0].length))]
  const isAlone = (start === 0 || text[start - 1] === '\n') && /^\s*(?:\n|$)/.test(text.slice(end, end + 3))
  if (isAlone) return [name('person', start, text.slice(start, end))]
  if (!range || technical.has(lower(text.slice(...range)))) {
    // In what people write of a thing it is one of them also by itself.
    const before = text.slice(lineStart(text, start), start)
    if (/copyright|\(c\)/i.test(before)) return []
    return (onlyNames.has(lower(text.slice(start, end))) && text[start - 1] !== '/') ||
      /#|comment|description|notes?\b|kommentar|\b(?:ich bin|i am|i'm)\b/i.test(before)
      ? [name('person', start, text.slice(start, end))]
      : []
  }
  if (/copyright|\(c\)/i.test(text.slice(lineStart(text, start), start))) return []
  const both = [name('person', start, text.slice(start, end)), name('person', range[0], text.slice(...range))]
  const account = at(/ \(([a-z][\w.-]+)\)/dy, text, range[1])?.indices?.[1]
  return account ? [...both, ...placed('user', text, {start: account[0], end: account[1], isQuoted: true})] : both
}

export const organisation = (text: string, start: number, end: number): Placed[] => {
  const match = at(/ ?= ?("?)([^,/\r\n"'()+=]{2,60}?)\1(?= ?[,/\r\n"'()+]|$)/dy, text, end)
  const range = match?.indices?.[2]
  const line = text.slice(lineStart(text, start), Math.min(lineEnd(text, start), start + 400))
  if (!range || !/(?:^|[\s,/(:'"])(?:CN|DC|dc|OU|ou|cn|uid) ?=/.test(line)) return []
  const value = text.slice(...range)
  if (/^[A-Z]{2}$/.test(value) || value.includes('.') || systemNames.test(value)) return []
  // The end of a domain that is not its owner's: `dc=corp,dc=edu,dc=br`.
  if (
    /^dc$/i.test(text.slice(start, end)) &&
    topLevel.has(lower(value)) &&
    /^(?:,dc=\w{2})?(?![,\w])/i.test(text.slice(range[1]))
  )
    return []
  return [name(/^[dD][cC]$/.test(text.slice(start, end)) ? 'domain' : 'name', range[0], value)]
}

const systemNames =
  /^(?:Proxmox Virtual Environment|PVE Cluster Node|PVE Cluster Manager CA|Let's Encrypt|ISRG.*|R\d+|E\d+|users?|people|groups?|computers|admins?|services?|Domain Admins|Users)$/i

/** Who made what everybody has. */
const vendors =
  /\b(?:Dell|Broadcom|Intel|AMD|Advanced Micro Devices|NVIDIA|Nvidia|Hewlett|HP|HPE|Lenovo|Supermicro|Super Micro|Micron|Samsung|Seagate|Toshiba|Western Digital|Realtek|Mellanox|Red Hat|Microsoft|Google|Amazon|Oracle|Canonical|Proxmox|VMware|Cisco|Juniper|Megatrends|Phoenix|QEMU|Insyde|Kingston|Crucial|SanDisk|LSI|Avago|Qlogic|Emulex|Marvell|ASUSTeK|ASRock|Gigabyte|MSI|Fujitsu|IBM|Apple|Ubiquiti|MikroTik|Synology|QNAP|NetApp|Aruba|Fortinet|Sophos|Let's Encrypt|Cloudflare|Hetzner|OVH|Chelsio|Aquantia|Matrox|ASPEED|ASMedia) /

/** A company, by what its name ends in. */
export const companyBefore: Context = (text, start, end) => {
  if (!/^[A-Z]/.test(text.slice(start, end))) return []
  const before = text.slice(Math.max(lineStart(text, start), start - 80), start)
  const found = /(?:[A-Z\u00c3][\w.&\u0080-\u00ff-]* (?:& )?){1,4}$/.exec(before)?.[0]
  if (
    found === undefined ||
    vendors.test(found) ||
    /^(?:The|Our|This|Your|Each|Any) $/.test(found) ||
    technical.has(lower(found.trim()))
  )
    return []
  const last = start + /^[A-Za-z]+/.exec(text.slice(start, end))![0].length
  const behind = at(/(?: (?:Group|Clinic|Hospital|GmbH|Ltd|Inc|AG|LLC|Holdings|Logistics|Freight))+(?!\w)/y, text, last)
  return [name('name', start - found.length, `${found}${text.slice(start, last)}${behind?.[0] ?? ''}`)]
}

/** Who said what follows: `> ada_l wrote:`. What is one word in small letters may be any. */
export const speakerBefore: Context = (text, start) => {
  const before = text.slice(lineStart(text, start), start)
  const full = /(?:^|[,>] )((?:[A-Z][\w'\u0080-\u00ff-]+ ){2})$/.exec(before)?.[1]
  if (full) return placed('person', text, {start: start - full.length, end: start, isQuoted: true})
  const match = /(?:^|[>\s*@])([A-Za-z][\w.-]*[_\d][\w.-]*|(?<=\*\*|@)[a-z][\w.-]+)(?:\*\*)? (?:ha |a )?$/.exec(before)
  if (!match) return []
  const from = lineStart(text, start) + match.index + match[0].indexOf(match[1]!)
  return placed('user', text, {start: from, end: from + match[1]!.length, isQuoted: true})
}

/** Who is logged in, by the terminal (w(1), last(1)). */
export const loginLine: Context = (text, start) => {
  const from = lineStart(text, start)
  const user = /^([a-z][\w.-]*)\s+$/.exec(text.slice(from, start))?.[1]
  return user === undefined ? [] : placed('user', text, {start: from, end: from + user.length, isQuoted: true})
}

/** A line of user.cfg: users with their names and mail (pve-access-control, PVE/AccessControl.pm). */
const userLine = shaped(/user:([^:@\r\n]+)@[^:\r\n]+:[01]:\d*:([^:\r\n]*):([^:\r\n]*):/, 'user', 'person', 'person')

/** A line of passwd. */
const passwdLine = shaped(/([\w.-]+):[^:\s]*:\d+:\d*:([^:,\r\n]*)[^:\r\n]*:(?=[^:\r\n]*:)/, 'user', 'person')

export const passwd = onlyAtStart(passwdLine)

export const accessLine = onlyAtStart(
  both(
    userLine,
    shaped(/group:([\w.-]+):/, 'name'),
    shaped(/pool:([\w.-]+):[^:\r\n]*:[^:\r\n]*:([\w,.-]*):/, 'name', 'name'),
  ),
)
