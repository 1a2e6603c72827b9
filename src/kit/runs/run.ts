import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {exitCodes, type PmpcError} from '../errors/index.js'
import {argvForLog, spellingsOf} from '../secrets/redact.js'
import {roundMilliseconds as round, steadyNow, type Work, type WorkKind} from '../work/index.js'
import type {ItemState} from './caller.js'
import {Cleaner} from './cleaner.js'
import {Covered} from './covered.js'
import {newRunId} from './id.js'
import {isAtLeast, type Level, type Line} from './lines.js'
import {openLog, type LogFile} from './log-file.js'

/** One command from start to end, with an id that its log lines, its commit and its lock share. */
export interface Run {
  /** Sorts by time; the value of the trailer `Pmpc-Run`. */
  readonly id: string
  /** Where the lines go; undefined outside a workspace. */
  readonly logPath: string | undefined
  /** Why nothing is logged, where a link or the like stands in the way. */
  readonly unlogged: PmpcError | undefined
  /** Whether somebody looks for a fault: more is told then. */
  readonly isDebug: boolean
  /** The lines so far, as they were written, where they were asked for: {@link RunOptions.keepLines}. */
  readonly lines: readonly Line[]
  /** Milliseconds by phase, summed where a phase ran more than once. */
  readonly timings: Readonly<Record<string, number>>
  /** From now on this value is nowhere in the log, nor in what is printed. */
  registerSecret(secret: string | undefined): void
  /** What {@link registerSecret} was told, in all its spellings. */
  readonly secrets: ReadonlySet<string>
  /** Writes a line. Never throws. */
  log(event: string, fields?: Record<string, unknown>, level?: Level): void
  /** The same, where somebody looks for a fault only; the fields are made then. */
  debug(event: string, fields: () => Record<string, unknown>): void
  /** Writes down what took time and is over. */
  work(work: Work): void
  /** Counts milliseconds that went into what is told at the end, as one sum. */
  spend(part: 'render', milliseconds: number): void
  /** Times a part of the run, and logs its beginning and end. */
  phase: Phase
  /** Times the phases of one part, a cluster say, by themselves; they count in the run as well. */
  clock(): {phase: Phase; timings: Readonly<Record<string, number>>}
  /** Times a step that is shown to whoever waits; no phase, as its title is a sentence. */
  step: Phase
  /** How far an object is that is worked on; its end is logged with how long it took. */
  item(name: string, state: ItemState, text?: string): void
  /** Writes the last line: exit code and timings. Later lines are dropped. */
  finish(exitCode: number, fields?: Record<string, unknown>): void
}

type Phase = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** What a run begins with. */
export interface RunOptions {
  /** Root of the workspace; without one (or with one that is none) nothing is written. */
  workspaceRoot?: string
  /** As a person types it, `pmpc sync`. */
  command: string
  argv?: string[]
  version?: string
  /** Given where the id was made earlier. */
  id?: string
  /** When the command began, by {@link steadyNow}; now unless given. */
  began?: number
  /** What is written; everything unless given. */
  level?: Level | 'off'
  isDebug?: boolean
  /** Keeps the lines, for whoever tells them elsewhere at the end. */
  keepLines?: boolean
  /** Told each line. */
  onLine?: ((line: Line) => void) | undefined
  /** As by {@link Run.registerSecret}, before the first line. */
  secrets?: readonly string[]
}

/** Kept lines of one run: a command that goes on for days must not fill the memory. */
const mostKept = 20_000

/** What happens and is no news where all goes well. */
const quiet: ReadonlySet<string> = new Set(['phase.start', 'step.start', 'request', 'git', 'object.start'])
/** What waits for others before it is written: should the process be killed, it is missing. */
const light: ReadonlySet<string> = new Set(['run.start', 'request', 'git'])

/** Begins a run. The log is made with its first line, in a workspace only. */
export function startRun(options: RunOptions): Run {
  const id = options.id ?? newRunId()
  const {workspaceRoot, command: operation, level: least = 'debug', isDebug = false, keepLines, onLine} = options
  const isLogged = least !== 'off' && workspaceRoot !== undefined && existsSync(join(workspaceRoot, 'pmpc.yaml'))
  const file: LogFile | undefined = isLogged ? openLog(workspaceRoot, id) : undefined
  const isTold = file !== undefined || keepLines === true || onLine !== undefined
  const secrets = new Set<string>()
  const cleaner = new Cleaner(secrets)
  const timings: Record<string, number> = {}
  const parts: Partial<Record<WorkKind, Covered>> = {}
  const spent: Partial<Record<'render', number>> = {}
  const began = options.began ?? steadyNow()
  const lines: Line[] = []
  /** What this log takes itself. */
  const logging = {count: 0, milliseconds: 0}
  /** Phases that are under way, by the number of their span. */
  const open = new Map<number, string>()
  let phase: string | undefined
  const items = new Map<string, number>()
  let spans = 0
  let ended = false
  let failed = false
  const since = (moment: number): number => round(moment - began)
  const enter = (): void => {
    phase = [...open.values()].at(-1)
  }

  function write(event: string, fields: Record<string, unknown>, level: Level, at = steadyNow()): void {
    if (event === 'error') failed = true
    if (!isTold || ended) return
    const before = steadyNow()
    // The first line is written when the run is first asked for, and tells of the beginning.
    const moment = event === 'run.start' ? Date.now() - (before - at) : Date.now()
    const under = phase
    let made: Line | undefined
    const make = (): Line => (made ??= lineOf(moment, level, event, under, since(at), fields))
    if (least !== 'off' && isAtLeast(level, least)) file?.write(make, weightOf(event, level))
    if (keepLines || onLine) tell(make)
    logging.count++
    logging.milliseconds += steadyNow() - before
  }

  function lineOf(
    moment: number,
    level: Level,
    event: string,
    under: string | undefined,
    at: number,
    fields: Fields,
  ): Line {
    const head: Line = {time: new Date(moment).toISOString(), run: id, level, operation, event, at}
    if (under !== undefined) head.phase = under
    return Object.assign(head, cleaner.fields(fields))
  }

  function tell(make: () => Line): void {
    try {
      const line = make()
      if (keepLines && lines.length < mostKept) lines.push(line)
      onLine?.(line)
    } catch {
      // A getter that throws, say; the command goes on.
    }
  }

  async function spanned<T>(kind: 'phase' | 'step', name: string, work: () => Promise<T>, done?: Sum): Promise<T> {
    const start = steadyNow()
    const span = ++spans
    if (kind === 'phase') open.set(span, name)
    enter()
    write(`${kind}.start`, {[kind]: name, span}, 'debug', start)
    let isBad = true
    try {
      const result = await work()
      isBad = false
      return result
    } finally {
      const milliseconds = round(steadyNow() - start)
      done?.(milliseconds)
      write(`${kind}.end`, {milliseconds, [kind]: name, span, ...(isBad && {failed: true})}, 'info', start)
      open.delete(span)
      enter()
    }
  }

  const timed = async <T>(name: string, work: () => Promise<T>, sums: Record<string, number>[]): Promise<T> =>
    spanned('phase', name, work, (milliseconds) => {
      for (const sum of sums) sum[name] = round((sum[name] ?? 0) + milliseconds)
    })

  const run: Run = {
    id,
    logPath: file?.path,
    get unlogged() {
      return file?.refused
    },
    isDebug,
    lines,
    timings,
    registerSecret(secret) {
      // A shorter word would blot out half of the log, and is no secret worth the name.
      if (secret === undefined || secret.length < 6) return
      for (const spelling of spellingsOf(secret)) secrets.add(spelling)
      cleaner.forget()
    },
    secrets,
    log: (event, fields = {}, level = quiet.has(event) ? 'debug' : 'info') => write(event, fields, level),
    debug(event, fields) {
      if (isDebug) write(event, fields(), 'debug')
    },
    work({kind, milliseconds, failed = false, objects, fields, details}) {
      const end = steadyNow()
      const start = end - milliseconds
      const part = (parts[kind] ??= new Covered())
      part.add(start, end, failed)
      if (!isTold) return
      const took = {milliseconds: round(milliseconds), ...(objects?.length && {objects})}
      const told = {...took, ...fields, ...(failed && {failed}), ...(isDebug && details?.())}
      write(kind, told, failed ? 'warn' : quiet.has(kind) ? 'debug' : 'info', start)
    },
    spend(part, milliseconds) {
      spent[part] = (spent[part] ?? 0) + milliseconds
    },
    phase: async (name, work) => timed(name, work, [timings]),
    clock() {
      const own: Record<string, number> = {}
      return {timings: own, phase: async (name, work) => timed(name, work, [timings, own])}
    },
    step: async (title, work) => spanned('step', title, work),
    item(name, state, text) {
      if (state === 'waiting') return
      const now = steadyNow()
      if (state === 'working') {
        if (!items.has(name)) items.set(name, now)
        if (text !== undefined) run.debug('object.working', () => ({objects: [name], text}))
        return
      }
      const start = items.get(name) ?? now
      items.delete(name)
      const level = state === 'done' ? 'info' : 'warn'
      const told = {milliseconds: round(now - start), objects: [name], how: state}
      write('object', {...told, ...(text !== undefined && {text})}, level, start)
    },
    finish(exitCode, fields = {}) {
      if (ended) return
      const milliseconds = round(steadyNow() - began)
      const isBad = failed || exitCode >= exitCodes.usage
      const told = {
        milliseconds,
        ...fields,
        exitCode,
        ...(isBad && {failed: true}),
        timings,
        parts: {...partsOf(parts, spent), logging: {...logging, milliseconds: round(logging.milliseconds)}},
      }
      write('run.end', told, 'info')
      ended = true
      file?.close()
    },
  }
  options.secrets?.forEach(run.registerSecret)
  const {version} = options
  const {version: node, platform, pid} = process
  const startup = round(process.uptime() * 1000 - (steadyNow() - began))
  write('run.start', {argv: argvForLog(options.argv ?? []), version, node, platform, pid, startup}, 'info', began)
  return run
}

type Fields = Readonly<Record<string, unknown>>
type Sum = (milliseconds: number) => void

function weightOf(event: string, level: Level): 'later' | 'now' | 'always' {
  if (event === 'run.end' || isAtLeast(level, 'warn')) return 'always'
  return light.has(event) ? 'later' : 'now'
}

/** What a part of a run came to: how often, and for how many milliseconds anything of it was under way. */
export interface Part {
  count?: number
  failed?: number
  milliseconds: number
}

function partsOf(parts: Partial<Record<WorkKind, Covered>>, spent: Record<string, number>): Record<string, Part> {
  const works = Object.entries(parts).map(([kind, {count, failed, milliseconds}]): [string, Part] => [
    kind,
    {count, ...(failed > 0 && {failed}), milliseconds: round(milliseconds)},
  ])
  const sums = Object.entries(spent).map(([name, milliseconds]): [string, Part] => [
    name,
    {milliseconds: round(milliseconds)},
  ])
  return Object.fromEntries([...works, ...sums])
}
