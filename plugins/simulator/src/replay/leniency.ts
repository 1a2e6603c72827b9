/** How a value is compared where equality would ask too much of a server. */
export type How =
  | 'usage' // a figure that load makes: of the same type, not negative; of what does not run, equal
  | 'uptime' // seconds since a moment
  | 'time' // a moment: the same distance from the recording's own clock
  | 'written' // when a volume was last written: of a guest's in the past, of others as 'time'
  | 'packed' // bytes: of a backup positive, of others equal
  | 'upid' // a part of the UPID beside it
  | 'pid' // a number of a process: mapped
  | 'chance' // may be missing in the recording
  | 'set' // text that lists things in any order
  | 'host' // what only that machine has: of the same type

interface Place {
  /** Paths of requests, without a query. */
  on: RegExp
  /** Places in the body, without the numbers of list entries. */
  at: RegExp
  why: string
}

export interface Leniency extends Place {
  how: How
}

const guestLists =
  /^\/(?:cluster\/resources|pools(?:\/[^/]+)?|nodes\/[^/]+\/(?:qemu|lxc)(?:\/\d+\/status\/current)?)\/?$/
const nodeLists = /^\/nodes\/?$/
const nodeStatus = /^\/nodes\/[^/]+\/status$/
const storages = /^\/nodes\/[^/]+\/storage(?:\/[^/]+\/status)?$/
const contents = /^\/nodes\/[^/]+\/storage\/[^/]+\/content(?:\/.+)?$/
const tasks = /^\/(?:nodes\/[^/]+\/tasks(?:\/[^/]+\/status)?|cluster\/tasks)$/
const certificates = /^\/nodes\/[^/]+\/certificates\/info$/

/** All that is not compared for equality. What is not here is: numbers, texts, keys, entries of lists. */
export const leniencies: Leniency[] = [
  {
    how: 'chance',
    on: guestLists,
    at: /\.memhost$/,
    why: 'pvestatd tells one guest, chosen by hash order, in the form of older releases before there are statistics of any',
  },
  {
    how: 'usage',
    on: guestLists,
    at: /\.(?:cpu|mem|memhost|disk|diskread|diskwrite|netin|netout|freemem|pressure[a-z]+)$/,
    why: 'load of guests, and of nodes and storages listed among them',
  },
  {how: 'usage', on: /\/(?:lxc|lxc\/\d+\/status\/current)$/, at: /\.swap$/, why: 'load of containers'},
  {
    how: 'usage',
    on: /\/qemu\/\d+\/status\/current$/,
    at: /\.(?:blockstat|nics|ballooninfo)\.(?:.+\.)?[a-z_]+$/,
    why: 'counters of a running machine',
  },
  {how: 'uptime', on: guestLists, at: /\.uptime$/, why: 'guests run since a moment of the recording'},
  {how: 'pid', on: guestLists, at: /\.pid$/, why: 'made up by the kernel'},
  {how: 'usage', on: nodeLists, at: /^body\.data\.(?:cpu|mem|disk|uptime)$/, why: 'load of nodes'},
  {
    how: 'usage',
    on: nodeStatus,
    at: /\.data\.(?:cpu|wait|idle|loadavg|uptime|(?:memory|swap)\.(?:used|free|available)|rootfs\.(?:used|free|avail)|ksm\.shared)$/,
    why: 'load of the host',
  },
  {
    how: 'host',
    on: nodeStatus,
    at: /\.data\.(?:cpuinfo\.(?:flags|hvm|mhz|model)|kversion|current-kernel\.(?:release|version)|boot-info\.[a-z]+)$/,
    why: 'processor and kernel of the host',
  },
  {how: 'usage', on: storages, at: /\.(?:used|avail|used_fraction)$/, why: 'room in use'},
  {how: 'usage', on: contents, at: /\.used$/, why: 'blocks in use: the file system and qemu-img decide'},
  {how: 'packed', on: contents, at: /\.size$/, why: 'how far a program packs a guest'},
  {how: 'written', on: contents, at: /\.ctime$/, why: 'guests write to their volumes as long as they run'},
  {how: 'time', on: /\/(?:snapshot|snapshot\/[^/]+\/config)$/, at: /\.snaptime$/, why: 'when a snapshot was made'},
  {how: 'time', on: tasks, at: /\.(?:starttime|endtime)$/, why: 'when a task ran'},
  {how: 'upid', on: tasks, at: /\.(?:pid|pstart)$/, why: 'made up by the kernel'},
  {how: 'time', on: /^\/cluster\/(?:log|ha\/status\/.+)$/, at: /\.(?:time|timestamp)$/, why: 'when something happened'},
  {
    how: 'host',
    on: /^\/cluster\/log$/,
    at: /\.(?:pid|uid)$/,
    why: 'which worker wrote it, and how old the log is',
  },
  {how: 'time', on: /^\/nodes\/[^/]+\/time$/, at: /\.(?:time|localtime)$/, why: 'the clock'},
  {how: 'time', on: /\/rrddata$/, at: /\.time$/, why: 'samples end at the present'},
  {how: 'usage', on: /\/rrddata$/, at: /\.(?!time$)[a-z]+$/, why: 'load'},
  {
    how: 'time',
    on: /^\/cluster\/(?:backup|jobs\/.+|replication)$|\/replication(?:\/.+)?$/,
    at: /\.(?:next-run|next_sync|last_sync|last_try|timestamp)$/,
    why: 'counted from the present',
  },
  {how: 'usage', on: /^\/cluster\/metrics\/export$/, at: /\.value$/, why: 'load of the host at a moment'},
  {how: 'time', on: /^\/cluster\/metrics\/export$/, at: /\.timestamp$/, why: 'when a figure was taken'},
  {how: 'host', on: certificates, at: /\.(?:pem|public-key-bits|public-key-type)$/, why: 'keys are the host’s own'},
  {how: 'host', on: certificates, at: /\.(?:notbefore|notafter)$/, why: 'when the host was installed'},
  {
    how: 'host',
    on: /\/(?:vnc|spice|term)proxy$/,
    at: /\.data\.(?:cert|password)$/,
    why: 'certificate and one-time password',
  },
  {how: 'host', on: /\/rrd$/, at: /\.data\.image$/, why: 'a picture of the load'},
  {
    how: 'set',
    on: /^\/(?:storage|nodes\/[^/]+\/storage|cluster\/resources|pools)(?:\/|$)/,
    at: /\.(?:content|nodes)$/,
    why: 'printed from a hash, in another order each time',
  },
  {how: 'set', on: /^\/access\//, at: /\.(?:privs|groups|users|members)$/, why: 'printed from a hash'},
]

/** Lists that PVE prints in an order of its own. All others come from hashes, in any order. */
const orderedLists: Place[] = [
  {on: /\/tasks(?:\/[^/]+\/log)?$/, at: /^body\.data$/, why: 'by time; lines as they were written'},
]

/** Lines of task logs that only measure the machine; how many there are depends on its speed. */
const unsteady =
  /^(?:\w+-\w+: )?transferred |^drive mirror|^(?:Number of|Total|Literal|Matched|File list|sent|total size)\b(?! bytes read)/

/** The lenience for a value, if there is any. */
export const leniencyOf = (path: string, at: string): How | undefined =>
  leniencies.find((one) => one.at.test(at) && one.on.test(path))?.how

export const isOrdered = (path: string, at: string): boolean =>
  orderedLists.some((one) => one.at.test(at) && one.on.test(path))

/** Whether a line of a task's log is not compared. */
export const isUnsteady = (line: string): boolean => unsteady.test(line)

/** A command in a log whose options Perl prints in an order drawn by chance: in one of our own. */
function ordered(line: string): string {
  const [head, ...options] = line.split(/ (?=--)/)
  return /: vzdump\b/.test(head!) ? [head, ...options.sort()].join(' ') : line
}

/** A task's log without the lines that only measure the machine. */
export function steadyLog(path: string, body: unknown): unknown {
  const {data, total} = (body ?? {}) as {data?: {n: number; t: string}[]; total?: number}
  if (!/\/tasks\/[^/]+\/log$/.test(path) || !Array.isArray(data) || total !== data.length) return body
  let dropped = 0
  const lines = data.flatMap(({n, t}) => (isUnsteady(t) ? (dropped++, []) : [{n: n - dropped, t: ordered(t)}]))
  return {data: lines, total: total - dropped}
}
