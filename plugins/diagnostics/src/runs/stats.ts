import {localOf, type LogName} from 'pmpc/kit/files'
import type {Part} from 'pmpc/kit/runs'
import {logsSince, type LoggedLine} from './files.js'

/** Figures of one part of one command, in milliseconds, over past runs. docs/schema/stats.json */
export interface Figures {
  command: string
  /** `total`, a phase of the command, or what its time went into: `start`, `requests`, `tasks`, `git`, `programs`, `printing`. */
  phase: string
  /** Runs in which it was. */
  count: number
  /** How many of them ended with an error; an exit code that tells what was found is none. */
  failed: number
  median: number
  p95: number
  max: number
}

/** What `pmpc stats --json` prints. */
export interface StatsResult {
  runs: number
  /** Runs without an end: they were killed, or still run. */
  unfinished: number
  figures: Figures[]
}

/** What belongs to a run's parts, as it is told. */
const parts: Readonly<Record<string, string>> = {
  request: 'requests',
  task: 'tasks',
  git: 'git',
  program: 'programs',
  render: 'printing',
}

/** One number of one run. */
interface Measured {
  phase: string
  milliseconds: number
}

/** Figures of past runs, commands in order, of each the whole first. @param command only of this one, as it is typed: `sync` */
export function statsOf(
  root: string,
  {since, command, but}: {since?: number; command?: string; but: string},
): StatsResult {
  const values = new Map<string, {of: Pick<Figures, 'command' | 'phase'>; all: number[]; failed: number}>()
  let [runs, unfinished] = [0, 0]
  for (const file of logsSince(root, since)) {
    const lines = file.id === but ? [] : endsOf(root, file)
    const [first] = lines
    const name = first?.operation?.replace(/^pmpc /, '')
    if (!first || name === undefined || (command !== undefined && name !== command)) continue
    if (since !== undefined && Date.parse(first.time ?? '') < since * 1000) continue
    runs++
    const end = lines.find(({event}) => event === 'run.end')
    if (!end) unfinished++
    for (const {phase, milliseconds} of end ? measured(first, end) : []) {
      const key = `${name}\0${phase}`
      const entry = values.get(key) ?? {of: {command: name, phase}, all: [], failed: 0}
      values.set(key, entry)
      entry.all.push(milliseconds)
      if (end?.failed === true) entry.failed++
    }
  }
  const figures = [...values.values()].map(({of, all, failed}) => ({...of, count: all.length, failed, ...summed(all)}))
  return {runs, unfinished, figures: figures.toSorted(byCommand)}
}

/** The first line of a log, and its last. */
function endsOf(root: string, file: LogName): LoggedLine[] {
  const text = localOf(root).read(file.name) ?? ''
  const first = text.slice(0, text.indexOf('\n'))
  const last = text.trimEnd().slice(text.trimEnd().lastIndexOf('\n') + 1)
  return [first, last].flatMap((line) => {
    try {
      return [JSON.parse(line) as LoggedLine]
    } catch {
      return []
    }
  })
}

function measured(first: LoggedLine, end: LoggedLine): Measured[] {
  const took = (phase: string, milliseconds: unknown): Measured[] =>
    typeof milliseconds === 'number' ? [{phase, milliseconds}] : []
  const timings = Object.entries((end.timings ?? {}) as Record<string, unknown>)
  const known = Object.entries((end.parts ?? {}) as Record<string, Part>)
  return [
    ...took('total', end.milliseconds),
    ...timings.flatMap(([phase, milliseconds]) => took(phase, milliseconds)),
    ...took('start', first.startup),
    ...known.flatMap(([name, part]) => took(parts[name] ?? name, part.milliseconds)),
  ]
}

/** The whole of a command first; its phases and parts in the order in which runs have them. */
function byCommand(a: Figures, b: Figures): number {
  if (a.command !== b.command) return a.command < b.command ? -1 : 1
  return Number(b.phase === 'total') - Number(a.phase === 'total')
}

function summed(values: readonly number[]): Pick<Figures, 'median' | 'p95' | 'max'> {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
  return {median: round(median), p95: round(sorted[Math.ceil(sorted.length * 0.95) - 1]!), max: round(sorted.at(-1)!)}
}

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10
