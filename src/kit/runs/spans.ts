import type {Line} from './lines.js'

/** What a stretch of a run was spent with. */
export type SpanKind =
  'run' | 'startup' | 'phase' | 'step' | 'object' | 'request' | 'git' | 'task' | 'program' | 'render'

/** A stretch of a run, with those it is made of. */
export interface Span {
  kind: SpanKind
  /** `pmpc sync`, `read`, `GET /nodes`. */
  name: string
  /** Milliseconds from the beginning of the command; what came before that, Node's start, is below zero. */
  start: number
  milliseconds: number
  failed?: true
  /** Its end was not logged: the command was killed, or still runs. */
  unfinished?: true
  objects?: string[]
  /** What else is told of it. */
  fields: Record<string, unknown>
  children: Span[]
}

/** The run of some lines, as a tree. */
export interface Trace {
  run: string
  operation: string
  /** ISO 8601. */
  began: string
  /** Undefined where its end was not logged. */
  exitCode?: number
  /** Warnings and errors, as they were logged. */
  events: Line[]
  root: Span
}

/** A line of a file: another version, or a disk that was full, may have left anything. */
type Loose = Partial<Line>

const leaves = {
  request: (line: Loose) => `${String(line.method)} ${String(line.path).replace(/UPID:[^/]+/, 'UPID')}`,
  git: (line: Loose) => `git ${String(line.command)}`,
  task: (line: Loose) => `${String(line.type)} ${String(line.id)}`.trim(),
  program: (line: Loose) => `${String(line.program)} ${String(line.command ?? '')}`.trim(),
  object: (line: Loose) => (line.objects ?? []).join(' '),
} as const satisfies Partial<Record<SpanKind, (line: Loose) => string>>

const isLeaf = (event: unknown): event is keyof typeof leaves =>
  typeof event === 'string' && Object.hasOwn(leaves, event)

/** Fields that a span says by itself. */
const said: ReadonlySet<string> = new Set([
  ...['time', 'run', 'level', 'operation', 'event', 'at', 'milliseconds', 'objects', 'failed', 'span', 'phase', 'step'],
])

const fieldsOf = (line: Loose): Record<string, unknown> =>
  Object.fromEntries(Object.entries(line).filter(([key]) => !said.has(key)))

/** The tree of a run's lines; undefined where nothing tells of a run. */
export function traceOf(lines: readonly Loose[]): Trace | undefined {
  const first = lines.find(({event}) => event === 'run.start')
  if (first?.run === undefined) return undefined
  const end = lines.find(({event}) => event === 'run.end')
  const {parts, timings, ...rest} = end ? fieldsOf(end) : {}
  const root: Span = {
    kind: 'run',
    name: first.operation ?? 'pmpc',
    start: 0,
    milliseconds: end?.milliseconds ?? Math.max(0, ...lines.map(({at = 0, milliseconds = 0}) => at + milliseconds)),
    ...(end?.failed === true && {failed: true as const}),
    ...(!end && {unfinished: true as const}),
    fields: {...fieldsOf(first), ...rest},
    children: [],
  }
  grow(root, lines)
  addSums(root, first, parts)
  return {
    run: first.run,
    operation: root.name,
    began: first.time ?? '',
    ...(typeof end?.exitCode === 'number' && {exitCode: end.exitCode}),
    events: lines.filter(({event}) => event === 'warning' || event === 'error') as Line[],
    root,
  }
}

/** Node's start, which came before the run, and the printing, of which only the sum is known. */
function addSums(root: Span, {startup}: Loose, parts: unknown): void {
  const rendered = (parts as {render?: {milliseconds?: number}} | undefined)?.render?.milliseconds
  const none = {fields: {}, children: []}
  if (typeof startup === 'number')
    root.children.unshift({
      kind: 'startup',
      name: 'start of Node and pmpc',
      start: -startup,
      milliseconds: startup,
      ...none,
    })
  if (typeof rendered === 'number') {
    const start = Math.max(0, root.milliseconds - rendered)
    root.children.push({kind: 'render', name: 'printing', start, milliseconds: rendered, ...none})
  }
}

/** Phases and steps first, as they hold the others; then objects and tasks, whose requests are known by what they are about. */
function grow(root: Span, lines: readonly Loose[]): void {
  const holders = new Holders(root, containers(lines, root.milliseconds))
  const found = lines.flatMap((line): Span[] => (isLeaf(line.event) ? [leafOf(line.event, line)] : []))
  const owners = new Map<string, Span[]>()
  const ownerOf = (span: Span, keys: readonly string[] = []): Span | undefined => {
    for (const key of keys) {
      const owner = owners.get(key)?.find((one) => one !== span && holds(one, span))
      if (owner) return owner
    }
    return undefined
  }
  const stage = (isOf: (span: Span) => boolean, keysOf: (span: Span) => readonly string[]): Span[] => {
    const spans = found.filter(isOf)
    for (const span of spans) (ownerOf(span, keysOf(span)) ?? holders.around(span)).children.push(span)
    return spans
  }
  const own = (key: string, span: Span): void => void owners.set(key, [...(owners.get(key) ?? []), span])
  for (const span of stage(
    ({kind}) => kind === 'object',
    () => [],
  ))
    span.objects?.forEach((object) => own(object, span))
  // A task names its guest by a number alone.
  const namedBy = (id: unknown): string[] => [...owners.keys()].filter((object) => object.endsWith(`/${String(id)}`))
  for (const span of stage(
    ({kind}) => kind === 'task',
    ({fields}) => namedBy(fields.id),
  ))
    own(String(span.fields.upid), span)
  stage(
    ({kind}) => kind !== 'object' && kind !== 'task',
    ({fields, objects = []}) => [...(/UPID:[^/]+/.exec(String(fields.path ?? '')) ?? []), ...objects],
  )
  sort(root)
}

/** Phases and steps, one in the other. They are few, and what they hold is much. */
class Holders {
  private readonly inner = new Map<Span, Span[]>()

  constructor(
    private readonly root: Span,
    spans: readonly Span[],
  ) {
    for (const span of spans) {
      const outer = this.around(span)
      outer.children.push(span)
      this.inner.set(outer, [...(this.inner.get(outer) ?? []), span])
    }
  }

  /** The smallest one around a span. */
  around(span: Span): Span {
    let outer = this.root
    for (;;) {
      const next = this.inner.get(outer)?.findLast((one) => holds(one, span))
      if (!next) return outer
      outer = next
    }
  }
}

function sort(span: Span): void {
  span.children.sort((a, b) => a.start - b.start)
  span.children.forEach(sort)
}

/** Phases and steps in the order in which they began. One without an end lasts as long as anything is known of the run. */
function containers(lines: readonly Loose[], last: number): Span[] {
  const spans = new Map<unknown, Span>()
  for (const line of lines) {
    const [, kind, what] = /^(phase|step)\.(start|end)$/.exec(line.event ?? '') ?? []
    if (kind !== 'phase' && kind !== 'step') continue
    const start = line.at ?? 0
    if (what === 'start')
      spans.set(line.span, {
        ...{kind, name: String(line[kind]), start, milliseconds: Math.max(0, last - start)},
        ...{unfinished: true, fields: fieldsOf(line), children: []},
      })
    const span = spans.get(line.span)
    if (what === 'start' || !span) continue
    span.milliseconds = line.milliseconds ?? 0
    delete span.unfinished
    if (line.failed === true) span.failed = true
  }
  return [...spans.values()]
}

function leafOf(kind: keyof typeof leaves, line: Loose): Span {
  const isBad = line.failed === true || line.how === 'failed'
  return {
    kind,
    name: leaves[kind](line),
    start: line.at ?? 0,
    milliseconds: line.milliseconds ?? 0,
    ...(isBad && {failed: true as const}),
    ...(line.objects && {objects: line.objects}),
    fields: fieldsOf(line),
    children: [],
  }
}

/** Times are rounded, and what ends a phase may end a moment after it. */
const slack = 0.3

function holds(outer: Span, inner: Span): boolean {
  const end = (span: Span): number => span.start + span.milliseconds
  return outer.start - slack <= inner.start && end(inner) <= end(outer) + slack
}
