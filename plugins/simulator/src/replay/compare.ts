import {skeleton, type Mapping} from './made-up.js'

/** Numbers that depend on the machine or the moment: only their type is compared. */
const volatile = new Set(
  (
    'time ctime starttime endtime pid pstart uptime cpu mem memhost used avail used_fraction free available uid snaptime diskread diskwrite netin ' +
    'netout loadavg localtime wait idle notafter notbefore timestamp saved last_run next_run last_sync next_sync last-run-endtime next-run value ' +
    'swap expire-time modified mtime'
  ).split(' '),
)

/** Figures of the host's hardware and software, its certificate, and passwords that it makes up. */
const host = new Set([
  'cpuinfo',
  'kversion',
  'current-kernel',
  'memory',
  'rootfs',
  'ksm',
  'public-key-bits',
  'public-key-type',
  'pem',
  'boot-info',
  'cert',
  'password',
  'image',
])

/** Text that lists things in any order. */
const sets = new Set(['content', 'nodes', 'privs', 'groups', 'users'])

const identities = [
  'upid',
  'id',
  'key',
  'name',
  'iface',
  'userid',
  'roleid',
  'groupid',
  'realm',
  'poolid',
  'storage',
  'volid',
  'n',
  'cidr',
  'subdir',
  'rule',
  'sid',
  'vmid',
]

export interface Comparison {
  mapping: Mapping
  differences: string[]
  /** Sizes that PVE makes up may stand under these keys. */
  depth: number
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 157)}…` : text
}

function compareText(recorded: string, actual: string, path: string, state: Comparison): void {
  if (recorded === 'MASKED') return
  const [a, b] = [skeleton(recorded), skeleton(actual)]
  if (a.shape !== b.shape) {
    state.differences.push(`${path}: expected ${short(recorded)}, got ${short(actual)}`)
    return
  }
  a.tokens.forEach((token, index) => {
    const problem = state.mapping.pair(token, b.tokens[index]!)
    if (problem !== undefined) state.differences.push(`${path}: ${problem}`)
  })
}

/** What an entry of a list is known by; made-up parts left out. */
function identity(item: unknown, index: number): string {
  if (typeof item !== 'object' || item === null) return skeleton(String(item)).shape
  const entry = item as Record<string, unknown>
  const found = identities.filter((key) => entry[key] !== undefined).map((key) => skeleton(String(entry[key])).shape)
  const more = [
    'vnet',
    'zone',
    'controller',
    'macro',
    'group',
    'path',
    'ugid',
    'roleid',
    'type',
    'field',
    'value',
    'msg',
    'node',
  ]
    .filter((key) => typeof entry[key] === 'string')
    .map((key) => skeleton(String(entry[key])).shape)
  return found.length + more.length > 0
    ? [...found, ...more].join('\u0001')
    : JSON.stringify(Object.keys(entry).sort()) + String(index).padStart(6, '0')
}

function ordered(list: unknown[]): unknown[] {
  return list
    .map((item, index) => ({item, id: identity(item, index)}))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({item}) => item)
}

/** Lines of a task's log without those that only measure the machine: progress and speed. */
function steadyLines(list: unknown[]): unknown[] {
  const isLog = list.length > 0 && list.every((item) => typeof (item as {t?: unknown})?.t === 'string')
  if (!isLog) return list
  const lines = (list as {n: number; t: string}[]).sort((a, b) => a.n - b.n).map(({t}) => t)
  return lines
    .filter(
      (line) =>
        !/^transferred |^drive mirror|^(?:Number of|Total|Literal|Matched|File list|sent|total size)\b/.test(line) &&
        line !== '',
    )
    .map((line, index) => ({n: index, t: line}))
}

function compareLists(before: unknown[], after: unknown[], path: string, state: Comparison): void {
  const [recorded, actual] = [steadyLines(before), steadyLines(after)]
  if (recorded.length !== actual.length) {
    const ids = (list: unknown[]): string[] => list.map(identity)
    const missing = ids(recorded).filter((id) => !ids(actual).includes(id))
    const extra = ids(actual).filter((id) => !ids(recorded).includes(id))
    state.differences.push(
      `${path}: expected ${recorded.length} entries, got ${actual.length}; missing ${short(missing)}, extra ${short(extra)}`,
    )
    return
  }
  const [a, b] = [ordered(recorded), ordered(actual)]
  a.forEach((item, index) => compareValues(item, b[index], `${path}[${index}]`, state))
}

/** An answer that only came at another moment: a task still running, a guest that no status round has seen yet. */
function isEarlier(recorded: Record<string, unknown>, actual: Record<string, unknown>): boolean {
  if (recorded.upid !== undefined && recorded.status === 'running' && actual.exitstatus === 'OK') return true
  const unseen = (entry: Record<string, unknown>): boolean => entry.vmid !== undefined && entry.status === 'unknown'
  return recorded.id === actual.id && recorded.id !== undefined && unseen(recorded) !== unseen(actual)
}

function compareObjects(
  recorded: Record<string, unknown>,
  actual: Record<string, unknown>,
  path: string,
  state: Comparison,
): void {
  if (isEarlier(recorded, actual)) return
  for (const key of Object.keys(recorded)) {
    if (actual[key] === undefined)
      state.differences.push(`${path}.${key}: expected ${short(recorded[key])}, got nothing`)
  }
  for (const key of Object.keys(actual)) {
    if (recorded[key] === undefined)
      state.differences.push(`${path}.${key}: expected nothing, got ${short(actual[key])}`)
    else compareValues(recorded[key], actual[key], `${path}.${key}`, state)
  }
}

const asSet = (text: string): string =>
  text
    .split(/[,;\s]+/)
    .sort()
    .join(',')

/** Compares an answer with the recorded one and notes what differs. */
export function compareValues(recorded: unknown, actual: unknown, path: string, state: Comparison): void {
  const key = /\.([^.[\]]+)(?:\[\d+\])?$/.exec(path)?.[1] ?? ''
  if (host.has(key)) return
  if (
    typeof recorded !== typeof actual ||
    (recorded === null) !== (actual === null) ||
    Array.isArray(recorded) !== Array.isArray(actual)
  ) {
    if (key === 'saved') return
    state.differences.push(`${path}: expected ${short(recorded)}, got ${short(actual)}`)
  } else if (Array.isArray(recorded)) {
    compareLists(recorded, actual as unknown[], path, state)
  } else if (recorded !== null && typeof recorded === 'object') {
    compareObjects(recorded as Record<string, unknown>, actual as Record<string, unknown>, path, state)
  } else if (typeof recorded === 'string') {
    if (sets.has(key)) compareText(asSet(recorded), asSet(actual as string), path, state)
    else if (!volatile.has(key) || !/^[\d.]+$/.test(recorded)) compareText(recorded, actual as string, path, state)
  } else if (recorded !== actual && !volatile.has(key) && !isTime(recorded, actual) && !isUsage(key, path)) {
    state.differences.push(`${path}: expected ${short(recorded)}, got ${short(actual)}`)
  }
}

const isTime = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number' && a > 1_700_000_000 && b > 1_700_000_000

/** Space in use, which a file system makes up. */
const isUsage = (key: string, path: string): boolean =>
  key === 'disk' || (key === 'total' && (path.endsWith('.data.total') || path === 'body.total'))
