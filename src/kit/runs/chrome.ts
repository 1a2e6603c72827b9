import type {Span, Trace} from './spans.js'

/**
 * An event of the Trace Event Format, which browsers (chrome://tracing, Perfetto) open: a stretch (`X`), or the name of a row (`M`). Times are in
 * microseconds.
 */
export interface ChromeEvent {
  name: string
  ph: 'X' | 'M' | 'i'
  pid: number
  tid: number
  ts?: number
  dur?: number
  cat?: string
  /** Of an instant: how far its line reaches. */
  s?: 'p'
  args: Record<string, unknown>
}

/** A run as a file of the Trace Event Format. */
export interface ChromeTrace {
  traceEvents: ChromeEvent[]
  displayTimeUnit: 'ms'
  otherData: Record<string, unknown>
}

/** What lies on rows of its own, as much of it runs at the same time; all else is one above the other. */
const groups = ['object', 'task', 'request', 'git', 'program', 'render'] as const
type Group = (typeof groups)[number]
const isGrouped = (kind: string): kind is Group => (groups as readonly string[]).includes(kind)

/** Rows of a group: the numbers of the first are far enough apart. */
const apart = 1000

const microseconds = (milliseconds: number): number => Math.round(milliseconds * 1000)

/** Lays a trace out for a browser. What overlaps lies on different rows, as the format wants it. */
export function chromeTrace({run, operation, began, exitCode, events, root}: Trace): ChromeTrace {
  const pid = 1
  // Node's start lies before the run, and times must not be below zero.
  const shift = Math.max(0, ...all(root).map(({start}) => -start))
  const lanes = new Map<Group, number[]>()
  const rowOf = (span: Span): number => {
    if (!isGrouped(span.kind)) return 1
    const ends = lanes.get(span.kind) ?? []
    lanes.set(span.kind, ends)
    const free = ends.findIndex((end) => end <= span.start)
    const lane = free < 0 ? ends.length : free
    ends[lane] = span.start + span.milliseconds
    return (groups.indexOf(span.kind) + 1) * apart + lane
  }
  const spans = all(root)
    .toSorted((a, b) => a.start - b.start || b.milliseconds - a.milliseconds)
    .map((span): ChromeEvent => ({
      ...{name: span.name, cat: span.kind, ph: 'X', pid, tid: rowOf(span)},
      ...{ts: microseconds(span.start + shift), dur: microseconds(span.milliseconds)},
      args: {
        ...span.fields,
        ...(span.objects && {objects: span.objects}),
        ...(span.failed && {failed: true}),
        ...(span.unfinished && {unfinished: true}),
      },
    }))
  const instants = events.map(({at = 0, event, message, error}): ChromeEvent => ({
    ...{name: `${event}: ${String(message ?? error?.message ?? '')}`, cat: event, ph: 'i', s: 'p', pid, tid: 1},
    ...{ts: microseconds(at + shift), args: error ? {...error} : {}},
  }))
  return {
    traceEvents: [...names(pid, operation, lanes), ...spans, ...instants],
    displayTimeUnit: 'ms',
    otherData: {run, operation, began, ...(exitCode !== undefined && {exitCode})},
  }
}

/** What the process and its rows are called. */
function names(pid: number, operation: string, lanes: ReadonlyMap<Group, number[]>): ChromeEvent[] {
  const row = (tid: number, name: string): ChromeEvent => ({name: 'thread_name', ph: 'M', pid, tid, args: {name}})
  const rows = [...lanes].flatMap(([group, ends]) =>
    ends.map((_, lane) => row((groups.indexOf(group) + 1) * apart + lane, `${group} ${lane + 1}`)),
  )
  return [{name: 'process_name', ph: 'M', pid, tid: 1, args: {name: operation}}, row(1, 'phases'), ...rows]
}

/** A span and all below it. */
export function all(span: Span): Span[] {
  return [span, ...span.children.flatMap(all)]
}
