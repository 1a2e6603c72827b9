import {listLogs} from 'pmpc/kit/files'
import {Covered, durationText, traceOf, type Span, type Trace} from 'pmpc/kit/runs'
import {linesOf, logOf, noRun} from './files.js'

/** Commands that look at runs: the last run that is worth looking at is none of them. */
const lookers = /^pmpc (?:logs|trace|stats|debug)\b/

/**
 * The trace of a run by its id or the beginning of it; of the last run that did anything else than look at runs unless given.
 * @throws PMPC_NO_RUN
 */
export function readTrace(root: string, run: string | undefined): Trace {
  for (const log of run === undefined ? listLogs(root).reverse() : [logOf(root, run)]) {
    const trace = traceOf(linesOf(root, log))
    if (trace && (run !== undefined || !lookers.test(trace.operation))) return trace
  }
  throw noRun(run ?? 'that did anything')
}

/** A line of the tree. */
export interface Row {
  start: string
  took: string
  /** Where in the run it was, as a bar. */
  bar: string
  /** The branches of the tree, and the name. */
  what: string
  isBad: boolean
}

/** How many spans of a kind stand below one by themselves. */
const most = 8
/** Of more, how many of the slowest do. */
const slowest = 3
const barWidth = 24

/** The tree as rows. Where much of a kind lies below one span, the slowest are told, and what all of it comes to; with `all` each. */
export function treeRows({root}: Trace, all = false): Row[] {
  const from = Math.min(0, ...root.children.map(({start}) => start))
  const whole = Math.max(root.start + root.milliseconds - from, 0.1)
  const rows: Row[] = []
  const add = (span: Span, lead: string, below: string): void => {
    rows.push(rowOf(span, lead + nameOf(span), {from, whole}))
    const children = all ? span.children.map((child) => [child]) : grouped(span.children)
    children.forEach((group, at) => {
      const isLast = at === children.length - 1
      const [branch, further] = isLast ? ['└─ ', '   '] : ['├─ ', '│  ']
      if (group.length === 1) return add(group[0]!, below + branch, below + further)
      const sum = sumOf(group)
      rows.push(rowOf(sum, below + branch + sum.name, {from, whole}))
      const slow = group.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, slowest)
      slow.forEach((one, place) =>
        add(
          one,
          below + further + (place === slow.length - 1 ? '└─ ' : '├─ '),
          below + further + (place === slow.length - 1 ? '   ' : '│  '),
        ),
      )
    })
  }
  add(root, '', '')
  return rows
}

/** Children in order; of a kind that there is too much of, all of them are one group where the first one is. */
function grouped(children: readonly Span[]): Span[][] {
  const isMany = (kind: Span['kind']): boolean => children.filter((one) => one.kind === kind).length > most
  const many = new Map<Span['kind'], Span[]>()
  return children.flatMap((child) => {
    const group = many.get(child.kind)
    if (group) {
      group.push(child)
      return []
    }
    const begun = [child]
    if (child.children.length === 0 && isMany(child.kind)) many.set(child.kind, begun)
    return [begun]
  })
}

const plural: Readonly<Partial<Record<Span['kind'], string>>> = {
  request: 'requests',
  git: 'Git commands',
  object: 'objects',
  task: 'tasks',
  program: 'programs',
}

/** One span for many: for how long any of them was under way. */
function sumOf(group: readonly Span[]): Span {
  const [first] = group as [Span]
  const ends = group.map(({start, milliseconds}) => ({start, end: start + milliseconds}))
  const covered = new Covered()
  for (const {start, end} of ends.toSorted((a, b) => a.end - b.end)) covered.add(start, end)
  const sorted = group.map(({milliseconds}) => milliseconds).toSorted((a, b) => a - b)
  const [median, p95] = [0.5, 0.95].map((part) => durationText(sorted[Math.ceil(sorted.length * part) - 1]!))
  const failed = group.filter((one) => one.failed).length
  const bad = failed > 0 ? `, ${failed} failed` : ''
  return {
    kind: first.kind,
    name: `${group.length} ${plural[first.kind] ?? first.kind}${bad}, median ${median}, p95 ${p95}; the slowest:`,
    start: first.start,
    milliseconds: covered.milliseconds,
    ...(failed > 0 && {failed: true as const}),
    fields: {},
    children: [],
  }
}

/** What is told beside the name. */
function nameOf({name, kind, failed, unfinished, fields}: Span): string {
  const told: Partial<Record<Span['kind'], unknown>> = {
    request: fields.status === 0 ? 'no answer' : fields.status,
    git: fields.reads === undefined ? undefined : `${String(fields.reads)} reads`,
    task: [fields.node, fields.exitstatus].filter(Boolean).join(': '),
    object: fields.how,
    run: fields.exitCode === undefined ? undefined : `exit ${String(fields.exitCode)}`,
  }
  const more = told[kind] === undefined || told[kind] === '' ? '' : `  ${String(told[kind])}`
  const end = unfinished ? '  (no end was logged)' : failed && kind !== 'request' && kind !== 'object' ? '  failed' : ''
  return `${name}${more}${end}`
}

function rowOf(span: Span, what: string, {from, whole}: {from: number; whole: number}): Row {
  const place = (moment: number): number => Math.round(((moment - from) / whole) * barWidth)
  const begin = Math.min(place(span.start), barWidth - 1)
  const width = Math.max(1, Math.min(place(span.start + span.milliseconds), barWidth) - begin)
  return {
    start: span.start < 0 ? `-${durationText(-span.start)}` : durationText(span.start),
    took: durationText(span.milliseconds),
    bar: `${'·'.repeat(begin)}${'█'.repeat(width)}`.padEnd(barWidth, '·'),
    what,
    isBad: span.failed === true || span.unfinished === true,
  }
}
