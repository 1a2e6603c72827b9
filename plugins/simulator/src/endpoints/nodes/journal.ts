import {badParameter} from '../../errors.js'
import {Answer, Download} from '../../calls/print.js'
import {integer, text, type Call, type Endpoints} from '../../calls/call.js'
import type {JournalEntry, LogEntry, NodeState} from '../../state/model.js'
import {findNode, versionOf} from '../../calls/node.js'
import {bootUnits} from './services.js'

function bootLines(call: Call, {bootTime: time}: NodeState): JournalEntry[] {
  const kernel = {time, unit: 'kernel', pid: 0, msg: `Linux version ${versionOf(call).kernel}`}
  const started = bootUnits(call).map(([unit, description]) => ({
    time: time + 10,
    unit,
    tag: 'systemd',
    pid: 1,
    msg: `Started ${unit}.service - ${description}.`,
  }))
  return [kernel, ...started]
}

/** The cluster's log stands in the journal of the node that wrote it. */
function logLine({time, tag, pid, user, msg}: LogEntry): JournalEntry {
  if (tag === 'cluster') return {time, unit: 'pve-cluster', tag: 'pmxcfs', pid, msg: `[status] notice: ${msg}`}
  return {time, unit: tag, pid, msg: `<${user}> ${msg}`}
}

/** A node's journal, oldest first. */
function entriesOf(call: Call): JournalEntry[] {
  const node = findNode(call)
  const logged = call.sim.state.log.filter(({node: name}) => name === node.name).map(logLine)
  return [...bootLines(call, node), ...(node.journal ?? []), ...logged].sort((a, b) => a.time - b.time)
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A moment as the node's clock shows it: `2026-11-26 07:00:00`. */
const localTime = (node: NodeState, time: number): string =>
  new Date(time * 1000).toLocaleString('sv-SE', {timeZone: node.timezone})

/** A line as `journalctl -o short` prints it. */
function printLine(node: NodeState, {time, unit, tag, pid, msg}: JournalEntry): string {
  const [date, clock] = localTime(node, time).split(' ') as [string, string]
  const [, month, day] = date.split('-') as [string, string, string]
  const who = pid === 0 ? unit : `${tag ?? unit}[${pid}]`
  return `${months[Number(month) - 1]} ${day} ${clock} ${node.name} ${who}: ${msg}`
}

/** A date without its clock, or without seconds, means their beginning. */
const fullTime = (given: string): string => `${given}${' 00:00:00'.slice(given.length - 10)}`

function syslog(call: Call): unknown {
  const node = findNode(call)
  const [since, until, service] = [text(call, 'since'), text(call, 'until'), text(call, 'service')]
  const lines = entriesOf(call)
    .filter(({unit}) => service === undefined || unit === service)
    .filter(({time}) => since === undefined || localTime(node, time) >= fullTime(since))
    .filter(({time}) => until === undefined || localTime(node, time) <= fullTime(until))
    .map((entry) => printLine(node, entry))
  const all = lines.length > 0 ? lines : ['-- No entries --']
  const start = integer(call, 'start', 0)
  const limit = integer(call, 'limit', 0) || 50
  return new Answer(
    all.slice(start, start + limit).map((t, index) => ({n: start + index + 1, t})),
    {total: all.length},
  )
}

/** What stands for a place in the journal: the moment, and how many lines of it came before. */
function cursors(entries: JournalEntry[]): string[] {
  let same = 0
  return entries.map(({time}, index) => {
    same = entries[index - 1]?.time === time ? same + 1 : 0
    return `s=${time.toString(16)};i=${same.toString(16)}`
  })
}

const exclusive: [string, string][] = [
  ['startcursor', 'since'],
  ['endcursor', 'until'],
]

/** Lines between two cursors, which stand first and last. Fact: proxmox-mini-journalreader, which answers by itself. */
function journal(call: Call): unknown {
  for (const [cursor, time] of exclusive) {
    if (call.param[cursor] !== undefined && call.param[time] !== undefined)
      throw badParameter(cursor, `parameter conflicts with '${time}'`)
  }
  const node = findNode(call)
  const entries = entriesOf(call)
  const places = cursors(entries)
  const [since, until] = [integer(call, 'since', 0), integer(call, 'until', Infinity)]
  const [first, last] = [places.indexOf(text(call, 'startcursor') ?? ''), places.indexOf(text(call, 'endcursor') ?? '')]
  const inRange = entries
    .map((entry, index) => ({entry, index}))
    .filter(
      ({entry, index}) => entry.time >= since && entry.time <= until && index > first && (last < 0 || index < last),
    )
  const wanted = integer(call, 'lastentries', 0)
  const shown = wanted > 0 ? inRange.slice(-wanted) : inRange
  const ends = [shown[0]?.index ?? first, shown.at(-1)?.index ?? first].map((index) => places[Math.max(0, index)]!)
  const data = [ends[0], ...shown.map(({entry}) => printLine(node, entry)), ends[1]]
  return new Download('application/json', JSON.stringify({data, success: 1}))
}

export const journalEndpoints: Endpoints = {
  'GET /nodes/{node}/syslog': syslog,
  'GET /nodes/{node}/journal': journal,
}
