import {exitCodes, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {parseUpid} from '../values/upid.js'
import {brokenOff, type AnswerLimit, type Limits} from './limits.js'
import {guestOf} from './paths.js'

/** An answer of the API that is not a success, or not an answer of the API at all. */
export interface FailedAnswer {
  status: number
  /** The HTTP reason phrase: the first line of PVE's message. */
  reason: string
  contentType: string
  body: string
  /** `Location`, of a redirect. */
  location?: string
}

/** What was asked, for messages. */
export interface Call {
  method: string
  path: string
  /** The VMID that its task is about. */
  guest?: string
  endpoint?: string
  /** The name of the cluster in pmpc.yaml. */
  cluster?: string
  /** Token id or user that asked. */
  who?: string
}

/** What the scheduler and the client need to know of a failure. */
export interface Failure {
  error: PmpcError
  /** A read may be sent again after a pause. */
  retry: boolean
  /** The node, or the way to it, has too much to do. */
  overload: boolean
}

interface Parsed {
  text: string
  fields?: Record<string, string>
  /** Whether the body is what PVE writes. */
  fromPve: boolean
}

interface Pattern {
  code: string
  text?: RegExp
  status?: number | readonly number[]
  /** Said of changes only: an answer to a read is never a value that the caller could correct, nor a state in the way of what was asked. */
  ofWrites?: true
  /** The call changes something and this failure says not whether it did. */
  writeOutcomeUnknown?: boolean
  retry?: boolean
  overload?: boolean
  say?: (text: string, call: Call, match: RegExpExecArray | null) => string
  data?: (match: RegExpExecArray | null, call: Call) => Record<string, unknown>
  suggest: (call: Call, match: RegExpExecArray | null) => string[]
}

const named = (command: string, call: Call) => (call.cluster === undefined ? command : `${command} ${call.cluster}`)
const nodeOf = (call: Call) => /^\/nodes\/([^/]+)/.exec(call.path)?.[1]
/** Undefined: the path names no node; a proxy in front, or the node that answers, speaks of another one. */
const nodeWords = (call: Call) => (nodeOf(call) === undefined ? undefined : `node ${nodeOf(call)}`)
/** Who logs in with a password may have meant a token: its id is that of the user, and a name behind `!`. */
const tokenList = (who = 'USER@REALM') => {
  const [user, name] = who.split('!')
  const why =
    name === undefined && user !== 'USER@REALM'
      ? `a token is ${user}!NAME, ${user} alone takes the password`
      : 'does the token exist, and has it expired?'
  return `pveum user token list ${user}   # on a node: ${why}`
}
const asNode = (_: unknown, call: Call) => ({node: nodeOf(call)})
const again = () => ['Repeat the command in a moment']
const readAgain = () => ['pmpc sync', 'then plan again: somebody else changed the object meanwhile']

/**
 * What PVE says, and what a caller can do about it. The first row that fits wins.
 * Texts are those of 7.4 to 9.2, from its sources and from answers of real hosts (test/unit/proxmox/errors.test.ts); a text may begin
 * with what PVE was doing (`create user failed: …`).
 */
const patterns: readonly Pattern[] = [
  {
    code: 'PMPC_NO_QUORUM',
    text: /no quorum|unable to open file '\/etc\/pve\/[^']*\.tmp\.\d+' - Permission denied/,
    say: (text) => `the cluster has no quorum, so nothing can be changed (${text})`,
    suggest: (call) => ['pvecm status   # on a node', named('pmpc auth test', call)],
  },
  {
    code: 'PMPC_NOT_AUTHENTICATED',
    status: 401,
    say: (text, call) =>
      `${call.endpoint ?? 'the cluster'} does not accept the credential${whose(call)}${text === '' ? '' : ` (${text})`}`,
    suggest: (call) => [named('pmpc auth login', call), tokenList(call.who)],
  },
  {
    code: 'PMPC_NOT_FOUND',
    status: 403,
    text: /Permission check failed \((pool|storage) '([^']*)' does not exist\)/,
    data: (match) => ({what: match?.[1], id: match?.[2]}),
    suggest: () => ['pmpc sync'],
  },
  {
    code: 'PMPC_NOT_ALLOWED',
    status: 403,
    text: /Permission check failed \((\/[^,)]*), ([^)]+)\)/,
    say: (_, call, match) =>
      `not allowed: ${privilegesOf(match).join(' or ')} on ${match?.[1]} is missing${whose(call)}`,
    data: (match) => ({path: match?.[1], privileges: privilegesOf(match)}),
    suggest: (call, match) => [
      `pveum acl modify ${match?.[1]} --tokens '${call.who ?? 'USER@REALM!TOKEN'}' --roles ${roleFor(privilegesOf(match))}   # on a node, as root`,
      named('pmpc auth test', call),
    ],
  },
  {
    code: 'PMPC_NOT_ALLOWED',
    text: /only root can |only allowed for root@pam|user != root@pam|Only root can /,
    say: (text) => `only root@pam itself may do this, no token can: ${text}`,
    data: () => ({rootOnly: true}),
    suggest: () => ['pmpc sync   # when it is done on the node, by qm set or pct set'],
  },
  {
    code: 'PMPC_NOT_ALLOWED',
    status: 403,
    say: (text, call) => `not allowed${whose(call)}: ${text}`,
    suggest: (call) => [named('pmpc auth test', call)],
  },
  {
    code: 'PMPC_CHANGED_MEANWHILE',
    ofWrites: true,
    text: /checksum mismatch|detected modified configuration/,
    suggest: readAgain,
  },
  {
    code: 'PMPC_LOCKED',
    ofWrites: true,
    text: /(?:VM|CT)(?: \d+)? is locked \(([^)]+)\)/,
    data: (match) => ({lock: match?.[1]}),
    suggest: () => [
      'pvesh get /cluster/tasks   # on a node: which task holds the lock? Wait for it',
      'qm unlock ID, or pct unlock ID   # on the node, when no task runs any more',
    ],
  },
  {
    code: 'PMPC_LOCKED',
    text: /can't (?:lock file|acquire lock) |got lock (?:request )?timeout|could not acquire lock/,
    retry: true,
    overload: true,
    suggest: again,
  },
  {
    code: 'PMPC_ALREADY',
    ofWrites: true,
    text: /(?:VM|CT) \d+ already running/,
    data: () => ({state: 'running'}),
    suggest: () => ['Nothing to do: it runs'],
  },
  {
    code: 'PMPC_ALREADY',
    ofWrites: true,
    text: /(?:VM|CT) \d+ (?:is )?not running/,
    data: () => ({state: 'stopped'}),
    suggest: () => ['Nothing to do for a stop; start the guest for anything else'],
  },
  {
    code: 'PMPC_PENDING',
    ofWrites: true,
    status: 400,
    text: /hotplug problem|unable to hotplug/,
    say: (text, call) => `${whatOf(call)}: stored, but it takes effect only after a restart: ${text}`,
    suggest: () => ['pmpc sync   # shows what is pending', 'Restart the guest when it may be interrupted'],
  },
  {
    code: 'PMPC_NOT_FOUND',
    status: 400,
    text: /no such task/,
    data: () => ({what: 'task'}),
    suggest: () => ['pvesh get /cluster/tasks'],
  },
  {
    code: 'PMPC_EXISTS',
    status: 400,
    text: /vmid: .*already exists/,
    suggest: () => ['pmpc sync', 'pvesh get /cluster/nextid   # on a node: another VMID'],
  },
  {
    code: 'PMPC_BAD_PARAMETER',
    ofWrites: true,
    status: 400,
    text: /not defined in schema and the schema does not allow additional properties/,
    data: () => ({unknownHere: true}),
    suggest: (call) => [
      named('pmpc auth test', call) + '   # says which version each node runs',
      'Take the key out of the manifest: that node does not know it',
    ],
  },
  {
    code: 'PMPC_BAD_PARAMETER',
    ofWrites: true,
    status: 400,
    suggest: () => ['Correct the value named above, then repeat the command'],
  },
  {
    code: 'PMPC_BAD_PARAMETER',
    ofWrites: true,
    status: 500,
    text: /400 Parameter verification failed\./,
    suggest: () => ['Correct the value named above, then repeat the command'],
  },
  {
    code: 'PMPC_BAD_PARAMETER',
    ofWrites: true,
    text: /unable to parse |type check \('|invalid format|unexpected property|missing value for required option|no such option /,
    status: 500,
    suggest: () => ['Correct the value named above, then repeat the command'],
  },
  {
    code: 'PMPC_PROTECTED',
    ofWrites: true,
    text: /protection mode enabled/,
    suggest: () => ['Set protection: 0 in its manifest and apply that first'],
  },
  {
    code: 'PMPC_HA_MANAGED',
    ofWrites: true,
    text: /used in HA resources|in error state, must be disabled and fixed first|not HA managed/,
    suggest: () => ['ha-manager status   # on a node'],
  },
  {
    code: 'PMPC_REPLICATED',
    ofWrites: true,
    text: /replication job|non-replicatable|replicated VM/i,
    suggest: () => ['pvesr list   # on a node'],
  },
  {
    code: 'PMPC_SHUTDOWN_IGNORED',
    ofWrites: true,
    text: /quit\/powerdown failed|shutdown failed/,
    suggest: ({path, guest = guestOf(path) ?? 'GUEST'}) => [
      `pmpc stop ${guest}   # cuts it off: what runs in it has no time to end`,
      'Shut it down from inside',
    ],
  },
  {
    code: 'PMPC_PAUSED',
    ofWrites: true,
    text: /VM is paused/,
    suggest: ({path}) => [`pmpc resume ${guestOf(path) ?? 'GUEST'}   # or pmpc stop`],
  },
  {
    code: 'PMPC_IS_TEMPLATE',
    ofWrites: true,
    text: /if it's a template/,
    suggest: () => ['pmpc create vm NAME --from ID --apply   # or ct: Clone it, and start the clone'],
  },
  {
    code: 'PMPC_CANNOT_MIGRATE',
    ofWrites: true,
    text: /can't migrate |lxc live migration|non-migratable snapshot/,
    suggest: () => [
      'pvesh get /nodes/NODE/qemu/ID/migrate   # which nodes, and what stands in the way',
      'A container moves by a restart, a running VM online, local devices not at all',
    ],
  },
  {
    code: 'PMPC_SNAPSHOTS',
    ofWrites: true,
    text: /snapshot feature is not available|with snapshots and delete the source|is not most recent snapshot/,
    suggest: () => ['qm listsnapshot ID, or pct listsnapshot ID   # on the node: remove those in the way first'],
  },
  {
    code: 'PMPC_CANNOT_SHRINK',
    ofWrites: true,
    text: /shrinking disks is not supported|unable to shrink disk size|already at specified size/,
    suggest: () => ['Give a larger size: disks only grow', 'pmpc sync   # reads the size it has'],
  },
  {
    code: 'PMPC_NEEDS_IFUPDOWN2',
    ofWrites: true,
    text: /need ifupdown2/,
    suggest: () => ['apt install ifupdown2   # on the node'],
  },
  {
    code: 'PMPC_AGENT',
    text: /QEMU guest agent/,
    suggest: () => ['Install qemu-guest-agent in the guest and set agent: 1'],
  },
  {
    code: 'PMPC_STORAGE_OFFLINE',
    text: /storage '([^']+)' is (?:not online|disabled|not available)/,
    data: (match) => ({storage: match?.[1]}),
    suggest: (_, match) => [`pvesm status --storage ${match?.[1]}   # on the node`],
  },
  {
    code: 'PMPC_NO_SPACE',
    ofWrites: true,
    text: /insufficient free space|out of space|No space left|not enough free space/i,
    suggest: () => ['pvesm status   # on the node: which storage is full?'],
  },
  {
    code: 'PMPC_IN_USE',
    ofWrites: true,
    text: /is running - destroy failed|container is running|template if VM is running|still in use|is not empty|contains snapshots|is used by|referenced by/,
    suggest: () => ['Remove first what the message names, then repeat the command'],
  },
  {
    code: 'PMPC_EXISTS',
    text: /already exists|already defined|config file already exists/,
    suggest: () => ['pmpc sync', 'pmpc accept   # adopts what is there; or choose another id'],
  },
  {
    code: 'PMPC_NOT_FOUND',
    text: /hostname lookup '([^']+)' failed/,
    say: (_, call, match) =>
      `there is no node '${match?.[1]}' in the cluster${call.cluster === undefined ? '' : ` ${call.cluster}`}`,
    data: (match) => ({what: 'node', id: match?.[1]}),
    suggest: () => ['pmpc get nodes', 'pmpc sync'],
  },
  {
    code: 'PMPC_NOT_FOUND',
    text: /Configuration file 'nodes\/([^/]+)\/(qemu-server|lxc)\/(\d+)\.conf' does not exist/,
    say: (_, __, match) =>
      `there is no ${match?.[2] === 'lxc' ? 'container' : 'VM'} ${match?.[3]} on ${match?.[1]}: it was deleted, or it runs on another node`,
    data: (match) => ({what: 'guest', id: Number(match?.[3]), node: match?.[1]}),
    suggest: () => ['pmpc sync'],
  },
  {
    code: 'PMPC_NOT_FOUND',
    text: /does not exist|no such |not found|No such file/i,
    status: [400, 404, 424, 500],
    suggest: () => ['pmpc sync'],
  },
  {
    code: 'PMPC_NOT_IMPLEMENTED',
    status: 501,
    say: (text, call) => `${call.endpoint ?? 'this node'} does not know ${call.method} ${call.path} (${text})`,
    suggest: (call) => [named('pmpc auth test', call) + '   # says which version each node runs'],
  },
  {
    code: 'PMPC_NODE_UNREACHABLE',
    status: 595,
    say: (text, call) =>
      `${nodeWords(call) ?? 'a node'} cannot be reached through ${call.endpoint ?? 'the cluster'}: ${text}`,
    data: asNode,
    suggest: () => ['pvecm status   # on another node: is it off, or cut off?'],
  },
  {
    code: 'PMPC_NODE_UNREACHABLE',
    status: 596,
    text: /certificate verify failed/,
    data: asNode,
    suggest: (call) => [
      `pvecm updatecerts   # on ${nodeOf(call) ?? 'the node'}: its peers do not trust its certificate`,
    ],
  },
  {
    code: 'PMPC_NODE_UNREACHABLE',
    status: [596, 597, 599],
    retry: true,
    overload: true,
    writeOutcomeUnknown: true,
    say: (text, call) =>
      `no answer from ${nodeWords(call) ?? call.endpoint ?? 'the cluster'} within PVE's 30 s, or it broke off: ${text}`,
    data: asNode,
    suggest: again,
  },
  {
    code: 'PMPC_UNREACHABLE',
    status: [429, 502, 503, 504],
    retry: true,
    overload: true,
    writeOutcomeUnknown: true,
    say: (text, call) => `${call.endpoint ?? 'the endpoint'} is overloaded or not ready: ${text}`,
    suggest: again,
  },
]

const fallback: Pattern = {
  code: 'PMPC_REFUSED',
  suggest: (call) => [named('pmpc auth test', call), 'Read the task log and syslog of the node'],
}

/** Characters of a server's text that are told: PVE's own are shorter, all but a list of wrong parameters. */
const toldAtMost = 4000

/** Reads a failed answer of any PVE version and says what a caller can do. Never retried here: see `retry`. */
export function readFailure(answer: FailedAnswer, call: Call): Failure {
  const parsed = parseFailure(answer)
  if (!parsed.fromPve) return notPve(answer, call)
  return failureOf(parsed, answer.status, call)
}

/** The error of a task that ended with anything but `OK` and `WARNINGS: n`. The texts are the same as in answers to writes. */
export function taskFailure(exitstatus: string, upid: string, call: Call): PmpcError {
  const guest = /^\d+$/.exec(parseUpid(upid)?.id ?? '')?.[0]
  const asked = {...call, method: 'POST', ...(guest !== undefined && {guest})}
  const {error} = failureOf({text: exitstatus, fromPve: true}, 500, asked)
  return new PmpcError(
    error.code === 'PMPC_REFUSED' ? 'PMPC_TASK_FAILED' : error.code,
    `the task failed: ${exitstatus}`,
    {
      suggestions: [
        `pmpc task log ${shellWord(upid)}`,
        ...error.suggestions.filter((line) => !line.startsWith('pmpc auth')),
      ],
      data: {...error.data, upid, exitstatus, status: undefined},
    },
  )
}

function failureOf(parsed: Parsed, status: number, call: Call): Failure {
  const write = call.method !== 'GET'
  const {pattern, match} = findPattern(parsed.text, status, write)
  if (write && pattern.writeOutcomeUnknown === true)
    return {error: outcomeUnknown(call, parsed.text, status), retry: false, overload: true}
  const fields = parsed.fields ?? (pattern.code === 'PMPC_BAD_PARAMETER' ? fieldsInText(parsed.text) : undefined)
  const error = new PmpcError(
    pattern.code,
    pattern.say?.(parsed.text, call, match) ?? `${whatOf(call)}: ${parsed.text}`,
    {
      suggestions: pattern.suggest(call, match),
      data: {status, request: whatOf(call), text: parsed.text, fields, ...pattern.data?.(match, call)},
    },
  )
  return {error, retry: !write && pattern.retry === true, overload: pattern.overload === true}
}

function findPattern(text: string, status: number, write: boolean): {pattern: Pattern; match: RegExpExecArray | null} {
  for (const pattern of patterns) {
    if (pattern.ofWrites === true && !write) continue
    if (pattern.status !== undefined && ![pattern.status].flat().includes(status)) continue
    const match = pattern.text?.exec(text) ?? null
    if (pattern.text === undefined || match !== null) return {pattern, match}
  }
  return {pattern: fallback, match: null}
}

/**
 * `errors` first, then `message`, then the reason phrase: what is there depends on the version (pve-http-server,
 * PVE/APIServer/Formatter/Standard.pm).
 */
function parseFailure(answer: FailedAnswer): Parsed {
  const json = parseObject(answer.body)
  const reason = answer.reason.slice(0, toldAtMost).trim()
  if (json !== undefined) {
    const fields = stringFields(json.errors)
    const told = typeof json.message === 'string' ? json.message.slice(0, toldAtMost).trim() : ''
    const message = told === '' ? reason : told
    const text =
      fields === undefined
        ? message
        : Object.entries(fields)
            .map(([key, value]) => `${key}: ${value}`)
            .join('; ')
    return {text: text.slice(0, toldAtMost), fields, fromPve: true}
  }
  if (answer.body.trim() === '') return {text: reason, fromPve: answer.status < 300 || answer.status >= 400}
  // Before the API layer PVE answers in plain text, and never with 404.
  const foreign = /html/i.test(answer.contentType) || /^\s*[<{[]/.test(answer.body) || answer.status === 404
  return {text: firstLine(answer.body).slice(0, toldAtMost), fromPve: !foreign}
}

function firstLine(text: string): string {
  return (
    text
      .slice(0, 10 * toldAtMost)
      .trim()
      .split('\n')[0] ?? ''
  )
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'data' in value
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Parameters that are named at once. */
const fieldsAtMost = 100

/** What is no text comes from no PVE: it is not spelled out, as that could take forever. */
function fieldText(value: unknown): string {
  return typeof value === 'object' ? '?' : String(value).slice(0, toldAtMost)
}

function stringFields(errors: unknown): Record<string, string> | undefined {
  if (typeof errors !== 'object' || errors === null || Object.keys(errors).length === 0) return undefined
  const told = Object.entries(errors).slice(0, fieldsAtMost)
  return Object.fromEntries(told.map(([key, value]) => [fieldText(key), fieldText(value).trim()]))
}

/**
 * A 500 from inside a locked section: `400 Parameter verification failed.` and then `key: text` lines (pve-cluster, PVE/Cluster.pm,
 * cfs_lock: the lock makes a text of the exception).
 */
function fieldsInText(text: string): Record<string, string> | undefined {
  const lines = text
    .split('\n')
    .slice(1)
    .map((line) => /^\s*([\w.-]+): (.*)$/.exec(line))
  const found = lines.filter((match) => match !== null)
  return found.length === 0 ? undefined : Object.fromEntries(found.map((match) => [match[1] ?? '', match[2] ?? '']))
}

/** A write that may or may not have been done: the caller must read before it repeats it. */
export function outcomeUnknown(call: Call, text: string, status?: number): PmpcError {
  return new PmpcError(
    'PMPC_OUTCOME_UNKNOWN',
    `${whatOf(call)}: no complete answer, so it may have been done or not (${text})`,
    {
      suggestions: ['pmpc sync   # reads what is there now', 'Repeat only what is really missing'],
      data: {status, request: whatOf(call), text, node: nodeOf(call)},
    },
  )
}

/** Something else than PVE answered: a web page, a redirect, a proxy's error, or an answer cut in half. */
export function notPve(answer: FailedAnswer, call: Call): Failure {
  if ([429, 502, 503, 504].includes(answer.status))
    return failureOf({text: `HTTP ${answer.status} ${answer.reason}`, fromPve: true}, answer.status, call)
  const what =
    answer.location === undefined
      ? describeAnswer(answer)
      : `a redirect to ${withoutQuery(answer.location)}, which pmpc does not follow: a credential goes to its own endpoint only`
  const error = new PmpcError(
    'PMPC_NOT_PVE',
    `${call.endpoint ?? 'the endpoint'} is not the API of Proxmox VE: it answered ${what}`,
    {
      suggestions: [
        'Check `endpoints` in pmpc.yaml: the API listens at https://NODE:8006',
        'Is a login page or another web server in front of it?',
      ],
      data: {
        status: answer.status,
        endpoint: call.endpoint,
        contentType: answer.contentType,
        location: answer.location,
      },
    },
  )
  return {error, retry: false, overload: false}
}

/** An answer that broke off in the middle. Worth another try, unlike the rest of PMPC_NOT_PVE. */
export function cutAnswer(call: Call, detail: string): PmpcError {
  return new PmpcError(
    'PMPC_NOT_PVE',
    `${call.endpoint ?? 'the endpoint'} sent only a part of its answer to ${call.method} ${call.path} (${detail})`,
    {
      exitCode: exitCodes.tryLater,
      suggestions: ['Repeat the command in a moment', 'Is a proxy in between that limits size or time?'],
      data: {endpoint: call.endpoint, cut: true},
    },
  )
}

const limitTexts: Readonly<Record<AnswerLimit, string>> = {
  bytes: 'is longer than',
  depth: 'nests deeper than',
  values: 'holds more values than',
}

/** An answer that is more than pmpc takes: no Proxmox VE sends such a one. Not sent again, nor to another endpoint. */
export function overLimit(call: Call, passed: AnswerLimit, limits: Limits): PmpcError {
  const most = passed === 'bytes' ? `${Math.floor(limits.bytes / 1024)} KiB` : String(limits[passed])
  return new PmpcError(
    'PMPC_ANSWER_LIMIT',
    `the answer of ${call.endpoint ?? 'the endpoint'} to ${whatOf(call)} ${limitTexts[passed]} ${most}`,
    {
      suggestions: [
        'Check `endpoints` in pmpc.yaml: is it Proxmox VE that answers there?',
        `pvesh get ${call.path}   # on a node: what is it that is so large?`,
      ],
      data: {endpoint: call.endpoint, request: whatOf(call), limit: passed, most: limits[passed]},
    },
  )
}

function describeAnswer(answer: FailedAnswer): string {
  const title = /<title>([^<]{0,500})/i.exec(answer.body)?.[1]
  const kind =
    /html/i.test(answer.contentType) || /^\s*</.test(answer.body)
      ? 'a web page'
      : `${answer.contentType === '' ? 'something' : answer.contentType} that is no JSON of PVE`
  return `${answer.status} with ${kind}${title === undefined || title.trim() === '' ? '' : ` ("${title.trim().slice(0, 80)}")`}`
}

function withoutQuery(location: string): string {
  return (location.split('?')[0] ?? location).slice(0, toldAtMost)
}

function whatOf(call: Call): string {
  return `${call.method} ${call.path}`
}

function whose(call: Call): string {
  return call.who === undefined ? '' : ` for ${call.who}`
}

function privilegesOf(match: RegExpExecArray | null): string[] {
  return (match?.[2] ?? '').split(/[|,\s]+/).filter((word) => word !== '')
}

function roleFor(privileges: string[]): string {
  return privileges.some((name) => name.endsWith('.Audit')) ? 'PVEAuditor' : 'ROLE'
}

interface SystemFailure {
  /** PMPC_UNREACHABLE unless given. */
  code?: string
  /** Of Node and undici. */
  codes: readonly string[]
  say: (host: string, call: Call) => string
  /** It may pass by itself. */
  passing?: true
  suggestions: string[]
}

const unreachable: readonly SystemFailure[] = [
  {
    codes: ['ECONNREFUSED'],
    say: (at) => `${at} refuses the connection: nothing listens there`,
    suggestions: [
      'systemctl status pveproxy   # on the node',
      'Check `endpoints` in pmpc.yaml: the port is 8006 unless changed',
    ],
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'],
    say: (at) => `the name of ${at} cannot be resolved`,
    suggestions: ['Check `endpoints` in pmpc.yaml', 'Is the VPN up, and does DNS answer?'],
  },
  {
    codes: ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
    say: (at) => `${at} does not answer in time`,
    passing: true,
    suggestions: ['Repeat the command in a moment', 'Is the VPN up, and is port 8006 open in between?'],
  },
  {
    // The endpoint is there, and this one call got no answer: of another it may.
    code: 'PMPC_NO_ANSWER',
    codes: ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', brokenOff.time],
    say: (at, call) => `${at} does not answer ${whatOf(call)} in time`,
    passing: true,
    suggestions: ['Repeat the command in a moment', 'pvesh get PATH   # on the node: does it answer there?'],
  },
  {
    codes: ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'],
    say: (at) => `there is no way to ${at}`,
    passing: true,
    suggestions: ['Is the VPN up?', 'ip route get ADDRESS'],
  },
  {
    codes: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'],
    say: (at) => `${at} closed the connection before it answered`,
    passing: true,
    suggestions: ['Repeat the command in a moment', 'systemctl status pveproxy   # on the node'],
  },
]

/** An error of the network, DNS or TLS layer in the words of a person. PMPC errors pass unchanged. */
export function readConnectionError(error: unknown, call: Call): PmpcError {
  const thrown = error as {code?: string; message?: string}
  if (typeof thrown.code === 'string' && thrown.code.startsWith('PMPC_')) return error as PmpcError
  const at = call.endpoint ?? 'the endpoint'
  const code = codesOf(error).find((one) => unreachable.some((row) => row.codes.includes(one)))
  const row = unreachable.find((one) => one.codes.includes(code ?? ''))
  if (row !== undefined)
    return new PmpcError(row.code ?? 'PMPC_UNREACHABLE', row.say(at, call), {
      exitCode: row.passing ? exitCodes.tryLater : exitCodes.failed,
      suggestions: row.suggestions,
      data: {endpoint: call.endpoint, cause: code},
      cause: error,
    })
  if (
    /wrong version number|packet length too long|http request|HPE_|UND_ERR_/i.test(
      `${thrown.code} ${thrown.message}`,
    ) ||
    thrown.code === 'EPROTO'
  ) {
    return new PmpcError(
      'PMPC_NOT_PVE',
      `${at} is not the API of Proxmox VE: it does not speak HTTPS (${thrown.message ?? ''})`,
      {
        suggestions: ['Check `endpoints` in pmpc.yaml: the API listens at https://NODE:8006'],
        data: {endpoint: call.endpoint},
        cause: error,
      },
    )
  }
  return new PmpcError('PMPC_UNREACHABLE', `${at} cannot be reached: ${thrown.message ?? String(error)}`, {
    suggestions: ['Check `endpoints` in pmpc.yaml'],
    data: {endpoint: call.endpoint, cause: thrown.code},
    cause: error,
  })
}

/** The code of an error and of those inside it: Node wraps what happened at each address of a host into one AggregateError. */
function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const {code, cause, errors} = error as {code?: unknown; cause?: unknown; errors?: unknown}
  const inner = Array.isArray(errors) ? errors.flatMap((one) => codesOf(one)) : []
  return [...(typeof code === 'string' ? [code] : []), ...inner, ...codesOf(cause)]
}
