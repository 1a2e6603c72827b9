import {lower} from '../bytes.js'
import {isTechnical, numbered, technical} from '../words.js'
import {shaped} from './shapes.js'
import {isOdd} from './odd.js'
import {assigned, at, type Context, flagged, lineStart, none, type Placed, placed, valueFrom} from './values.js'

const monthHead =
  /[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?(?: \[\d+\])? [\w.-]+(?= [^\s:]+:| \S+\[\d+\]| \w+ +(?:notice|info|error|warning|debug|alert|crit))/y
const isoHead = /[\dT:.+Z-]*[\dZ] [\w.-]+(?= [^\s:]+:| [^\s[]+\[\d+\])/y

/** A time, as it begins lines of journals. */
export const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** Where the host stands in the head of a line of a log that begins with a month or a time; undefined where there is none. Lines of logs are many. */
export function hostOfLine(text: string, start: number): {start: number; end: number} | undefined {
  const isIso = text.charCodeAt(start) < 0x3a
  if (isIso && start > 0 && text.charCodeAt(start - 1) !== 0x0a) return undefined
  const head = isIso ? isoHead : monthHead
  head.lastIndex = start
  if (!head.test(text)) return undefined
  return {start: text.lastIndexOf(' ', head.lastIndex - 1) + 1, end: head.lastIndex}
}

/** Whose line it is. */
export const lineOfLog: Context = (text, start) => {
  const host = hostOfLine(text, start)
  return host ? placed('host', text, {...host, isQuoted: true}) : []
}

/** The host that a line of an inventory is about. */
export const lineHead: Context = (text, start) => {
  const from = lineStart(text, start)
  const match = /^[^\S\r\n]*([A-Za-z0-9][\w-]*)[ \t]/.exec(text.slice(from, start))
  const inLine = /^[^\S\r\n]*([A-Za-z0-9][\w-]*): ?\{[^\S\r\n]*$/.exec(text.slice(from, start))?.[1]
  if (inLine !== undefined) {
    const first = text.indexOf(inLine, from)
    return placed('host', text, {start: first, end: first + inLine.length, isQuoted: true})
  }
  const above = match
    ? undefined
    : /([\w-]+):[^\S\r\n]*\r?\n[^\S\r\n]+$/d.exec(text.slice(Math.max(0, start - 120), start))
  const range = above?.indices?.[1]
  if (range)
    return placed('host', text, {
      start: Math.max(0, start - 120) + range[0],
      end: Math.max(0, start - 120) + range[1],
      isQuoted: true,
    })
  if (!match) return []
  const first = from + match[0].length - 1 - match[1]!.length
  return placed('host', text, {start: first, end: first + match[1]!.length, isQuoted: true})
}

/** Hosts in a list: `a,b:2`, `["a", "b"]`. */
export const hostList: Context = (text, _start, end) => {
  const between = at(assigned, text, end) ?? at(/[^\S\r\n]+/y, text, end)
  if (!between) return []
  const from = end + between[0].length
  const list = at(
    /(?:\[ ?)?["']?[A-Za-z][\w-]*(?::\d+)?(?:["']?[,;] ?["']?[A-Za-z][\w-]*(?::\d+)?)*["']?(?: ?\])?(?=\s*$)/my,
    text,
    from,
  )
  if (!list) return []
  return [...list[0].matchAll(/[A-Za-z][\w-]*/g)].flatMap((match) =>
    placed('host', text, {start: from + match.index, end: from + match.index + match[0].length, isQuoted: true}),
  )
}

/** Hosts that commas join, where an expression has them in its groups. */
export const namesOf = (expression: RegExp): Context => {
  const places = new RegExp(expression.source, 'dy')
  return (text, start) =>
    (at(places, text, start)?.indices ?? []).slice(1).flatMap((range) =>
      range
        ? [...text.slice(...range).matchAll(/[\w-]+/g)].flatMap((match) =>
            placed('host', text, {
              start: range[0] + match.index,
              end: range[0] + match.index + match[0].length,
              isQuoted: true,
            }),
          )
        : [],
    )
}

/** The host that begins a line, where an expression follows it. */
export const headOf = (expression: RegExp): Context => {
  const next = new RegExp(expression.source, 'y')
  return (text, start) => {
    if (!at(next, text, start)) return none
    const from = lineStart(text, start)
    const head = /^([a-z][\w-]*)\s+$/.exec(text.slice(from, start))
    return head ? placed('host', text, {start: from, end: from + head[1]!.length, isQuoted: true}) : none
  }
}

/** A record of a zone: `web01 IN A …`. */
export const zoneLine: Context = (text, start, end) => {
  if (!at(/\s+(?:A|AAAA|CNAME|PTR|SRV|TXT)\s/y, text, end)) return []
  const from = lineStart(text, start)
  const head = /^([A-Za-z][\w-]*)\.?\s+(?:\d+\s+)?$/.exec(text.slice(from, start))
  return head ? placed('host', text, {start: from, end: from + head[1]!.length, isQuoted: true}) : []
}

/** Whose card it is, as DHCP tells it: `bc:24:11:00:00:01 (nas)`, `10.0.0.2 bc:24:11:00:00:01 nas`. */
export const hostAfter: Context = (text, start, end) => {
  if (text.charCodeAt(end + 1) === 0x28) return cardOf(text, start, end)
  return text.charCodeAt(end) === 0x20 && /\d ?$/.test(text.slice(start - 2, start)) ? cardsLast(text, start, end) : []
}
const cardsLast = shaped(/[0-9A-Fa-f:-]{17} ([A-Za-z][\w-]*)(?=\s*$|["\\])/m, 'host')
const cardOf = shaped(/[0-9A-Fa-f:]{17} \(([a-z][\w-]*)\)/, 'host')

/** A host before its address in brackets, `nas (10.0.0.2)`, and those of a line of /etc/hosts. */
export function hostsAround(text: string, start: number, end: number): Placed[] {
  const before = start === 0 ? '\n' : text[start - 1]!
  if (before === '\n') return hostsBehind(text, end)
  if (before === '(') return hostBefore(text, start)
  if (before === '/') return clientBefore(text, start, end)
  if (before !== ' ' && before !== '\t') return []
  const near = text.slice(Math.max(0, start - 80), start)
  const server = serverBefore.exec(near.slice(-64))
  if (server) return placed('host', text, {start: start - 1 - server[1]!.length, end: start - 1, isQuoted: true})
  const cell =
    (cellBefore.test(near) ? firstCell.exec(near) : undefined) ??
    cellBefore.exec(near) ??
    /\(([a-z][a-z-]*\d*), $/.exec(near)
  if (cell && !technical.has(lower(cell[1]!))) {
    const from = start - cell[0].length + cell[0].indexOf(cell[1]!)
    return placed('host', text, {start: from, end: from + cell[1]!.length, isQuoted: true})
  }
  // A table of hosts, their addresses and their cards or other addresses.
  const first = /(?:^|\n)[ \t]*([a-z][\w-]*)(?:[ \t]{2,}|[ \t])$/.exec(near)
  if (!first || technical.has(first[1]!)) return []
  const isTable = at(/[ \t]+(?:[0-9A-Fa-f]{2}[:-]){5}|[ \t]{2,}[0-9a-f:]+::?[0-9a-f:]+(?=\s)/y, text, end)
  const isAlias =
    (/[a-z][-_]\w|[a-z]\d/.test(first[1]!) || isOdd(first[1]!)) && at(/(?:\/\d{1,3})?[ \t]*(?:#|\r?\n|$)/y, text, end)
  if (
    !isTable &&
    !(isAlias && !isTechnical(lower(first[1]!))) &&
    !(first[0].endsWith('  ') && /[a-z]-[a-z]|[a-z]\d$/.test(first[1]!))
  )
    return []
  const from = start - first[0].length + first[0].indexOf(first[1]!)
  return placed('host', text, {start: from, end: from + first[1]!.length, isQuoted: true})
}

/** The cell of a table before that of an address, in Markdown. */
const cellBefore = /\|\s*(?:\*\*|`)?([A-Za-z][\w-]*)(?:\*\*|`)?\s*\|\s*`?$/

/** The first cell of the line, which names what the line is about. */
const firstCell = /(?:^|\n)\|\s*(?:\*\*|`)?([a-z][\w-]*)(?:\*\*|`)?\s*\|[^\n]*$/

/** A host and its port or its address in a list: `- "web:9100"`, `"nas:192.0.2.7"`. */
export const listedHost: Context = (text, start) => {
  const name = /^[a-z][a-z0-9-]*/.exec(text.slice(start, start + 64))![0]
  const before = text.slice(Math.max(0, start - 2), start)
  return /["'`]$|^- $|\($/.test(before) && !technical.has(name)
    ? placed('host', text, {start, end: start + name.length, isQuoted: true})
    : []
}

const isSmall = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || code === 0x2d || code === 0x20

/** `on web01`, `auf web01`: what ends in a number, and is nothing that is numbered on every machine. */
export const placeName: Context = (text, _start, end) => {
  // Cheap, as these are the most frequent words of all.
  let letters = end + 1
  if (text.charCodeAt(end) !== 0x20) return none
  for (let code = text.charCodeAt(letters); isSmall(code) && letters < end + 64;) code = text.charCodeAt(++letters)
  const digit = text.charCodeAt(letters)
  if (!(digit >= 0x30 && digit <= 0x39)) return none
  const match = at(/ (?:dem |der |node |host |the )?([a-z][a-z-]*[a-z])\d{1,2}(?![\w(/]|[.:-]\w)/y, text, end)
  if (!match || numbered.has(match[1]!) || technical.has(match[0].trim())) return none
  const last = end + match[0].length
  const from = last - match[0].length + match[0].lastIndexOf(match[1]!)
  return placed('host', text, {start: from, end: last, isQuoted: true}).map((one) => ({...one, isFirm: false}))
}

const serverBefore = /\bserver ([A-Za-z][\w-]*) $/

/** Whose connection it is, as OpenVPN tells it: `ada/192.0.2.7:1194`. */
function clientBefore(text: string, start: number, end: number): Placed[] {
  const user = /(?:^|[\s:])([a-z][\w.-]*)\/$/.exec(text.slice(Math.max(0, start - 48), start))?.[1]
  if (user === undefined || !/:\d{2,5}$/.test(text.slice(start, end))) return []
  return placed('user', text, {start: start - 1 - user.length, end: start - 1, isQuoted: true})
}

/** A host before its address in brackets. */
function hostBefore(text: string, start: number): Placed[] {
  const before = /(?<![\w@.-])([a-z][\w-]*(?:\d|-|[a-z]{3})[\w-]*) \($/.exec(text.slice(Math.max(0, start - 64), start))
  if (!before || technical.has(before[1]!)) return []
  const last = start - 2
  return placed('host', text, {start: last - before[1]!.length, end: last, isQuoted: true}).map((one) => ({
    ...one,
    isFirm: false,
  }))
}

/** What follows an address that begins a line: the account of a server, as Postfix keeps them; hosts, as /etc/hosts has them. */
function hostsBehind(text: string, end: number): Placed[] {
  // A line of a server of the web: whose request it was.
  const request = at(/ \S+ ([A-Za-z][\w.-]*)(?=(?:@[\w.-]+)? \[\d)/y, text, end)
  if (request) {
    const last = end + request[0].length
    return placed('user', text, {start: last - request[1]!.length, end: last, isQuoted: true})
  }
  const account = at(/[^\S\r\n]+[\w.@-]+:(\S+)(?=\s*$)/my, text, end)
  if (account)
    return placed('password', text, {
      start: end + account[0].length - account[1]!.length,
      end: end + account[0].length,
      isQuoted: true,
    })
  const line = at(/[^\S\r\n]+((?:[A-Za-z][\w.-]*(?:[^\S\r\n]+|(?=[\r\n#]|$)))+)(?:#.*)?\r?$/my, text, end)
  if (!line) return []
  const from = end + line[0].indexOf(line[1]!)
  return [...line[1]!.matchAll(/(?<![\w.-])[A-Za-z][\w-]*(?![\w.-])/g)].flatMap((match) =>
    placed('host', text, {start: from + match.index, end: from + match.index + match[0].length, isQuoted: true}),
  )
}

/** What stands beside the name of a user, in files of cloud-init and of other programs. */
const isUsers =
  /\bgecos\b|\b(?:ssh[-_]authorized[-_]keys|lock_passwd|primary_group|plain_text_passwd|hashed_passwd)\b ?[:=]|<user>|\buser add\b/

/** A list of them, in YAML. */
const listOfUsers = /(?:^|\n)[ \w]*users:[ \t]*\r?\n(?:[ -][^\n]*\n)*[ -]+$/

/** A name by itself says little: it is a host's in a guest's configuration, and where what only guests have stands around it. */
export const guestName: Context = (text, start, end) => {
  const between =
    at(assigned, text, end) ??
    (text[start - 1] === '-' ? at(flagged, text, end) : text[start - 1] === '<' ? at(/>(?=\w)/y, text, end) : null)
  const value = between ? valueFrom(text, end + between[0].length, false) : undefined
  if (!value) return []
  if (
    isUsers.test(text.slice(Math.max(0, start - 60), start + 300)) ||
    listOfUsers.test(text.slice(Math.max(0, start - 300), start))
  )
    return placed('user', text, value)
  const around = text.slice(Math.max(0, start - 500), end + 500)
  const isGuests =
    /\b(?:vmid|vm_id|newid|hostname|ostype|onboot|scsihw|net0|maxmem|target_node|node_name|ring0_addr|nodeid|quorum_votes|cipassword|qemu|lxc|proxmox_\w+)\b|<domain type=|<memory unit=|kind: ?(?:vm|container)/.test(
      around,
    )
  const word = text.slice(value.start, value.end)
  if (/"(?:host|agent|beat|observer|guest|machine)": ?\{\s*"?$/.test(text.slice(Math.max(0, start - 60), start)))
    return placed('host', text, value)
  if (/"(?:surname|last_?name|family_?name)"/i.test(around)) return placed('person', text, value)
  if ((/[A-Z]/.test(word) && !/^[A-Z].*-.*\d/.test(word)) || technical.has(word)) return []
  if (/"type": ?"cluster"|"quorate"/.test(around) && !isGuests) return placed('name', text, value)
  return isGuests ? placed('host', text, value) : []
}

/** A line of what `pvesm status` prints. */
export const storageLine: Context = (text, start, end) => {
  if (!at(/\s+(?:active|inactive|disabled)\s/y, text, end)) return []
  const from = lineStart(text, start)
  const storage = /^([A-Za-z][\w.-]*)\s+$/.exec(text.slice(from, start))?.[1]
  return storage === undefined ? [] : placed('name', text, {start: from, end: from + storage.length, isQuoted: true})
}

/** A disk and the storage that it is on. */
export const volume = shaped(/\w+[:=] ?['"]?([A-Za-z][\w.-]*)(?=:)/, 'name')
