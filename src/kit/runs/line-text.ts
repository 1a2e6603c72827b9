import type {Line, LoggedError} from './lines.js'

/** Milliseconds as people read them: `0.4 ms`, `12 ms`, `3.21 s`, `2m05s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`
}

/** A line without what {@link headOf} tells: as lines of a file are, and another version's may be, anything may be missing. */
type Loose = Partial<Line>

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const took = ({milliseconds}: Loose): string =>
  typeof milliseconds === 'number' ? `  ${durationText(milliseconds)}` : ''
const failed = (line: Loose): string => (line.failed === true ? '  failed' : '')

/** What is told of an event beside when, how grave and by whom. What is not here is told by its fields. */
const events: Readonly<Record<string, (line: Loose) => string>> = {
  'run.start': ({argv, version}) =>
    `begins${Array.isArray(argv) && argv.length > 0 ? `: ${argv.join(' ')}` : ''}  (pmpc ${text(version)})`,
  'run.end': (line) => `ends with ${text(line.exitCode)}${took(line)}`,
  'phase.start': ({phase}) => `${text(phase)} …`,
  'phase.end': (line) => `${text(line.phase)}${failed(line)}${took(line)}`,
  'step.start': ({step}) => `${text(step)} …`,
  'step.end': (line) => `${text(line.step)}${failed(line)}${took(line)}`,
  request: (line) => `${text(line.method)} ${text(line.path)}  ${line.status === 0 ? 'no answer' : text(line.status)}`,
  git: (line) =>
    `${text(line.command)}${line.reads === undefined ? '' : ` (${text(line.reads)} reads)`}${failed(line)}`,
  program: (line) => `${text(line.program)} ${text(line.command ?? '')}${failed(line)}`,
  task: (line) => `${text(line.type)} ${text(line.id)} on ${text(line.node)}: ${text(line.exitstatus)}`,
  object: (line) => [(line.objects ?? []).join(' '), line.how, line.text].filter(Boolean).map(text).join('  '),
  warning: ({message}) => text(message),
  error: ({error}) => errorText(error),
}

function errorText(error: Partial<LoggedError> = {}): string {
  const causes = (error.cause ?? []).map((cause) => `  from: ${text(cause)}`)
  const recovery = (error.recovery ?? []).map((command) => `  try: ${text(command)}`)
  return [`${text(error.code)}: ${text(error.message)}`, ...causes, ...recovery].join('')
}

/** Their duration stands at the end. */
const timed: ReadonlySet<string> = new Set(['request', 'git', 'program', 'task', 'object'])

/** What stands in each line, and in none of the texts. */
const head: ReadonlySet<string> = new Set(['time', 'run', 'level', 'operation', 'event', 'at'])

/** What a line tells, for people, without its time, its level and its run. Further fields, as a run that is debugged has them, are behind it. */
export function eventText(line: Loose): string {
  const {event = ''} = line
  const tell = events[event]
  if (tell) return `${event}  ${tell(line)}${timed.has(event) ? took(line) : ''}${detailsOf(line)}`
  const fields = Object.entries(line).filter(([key]) => !head.has(key))
  return `${event}  ${fields.map(([key, value]) => `${key}=${text(value)}`).join(' ')}`.trimEnd()
}

const details: readonly string[] = ['parameters', 'bytes', 'args', 'input']

function detailsOf(line: Loose): string {
  // Without the names of its parameters nobody looks for a fault, and its bytes are no news.
  if (line.parameters === undefined && line.args === undefined) return ''
  return details.flatMap((key) => (line[key] === undefined ? [] : `  ${key}=${text(line[key])}`)).join('')
}

/** A whole line as it is told while it happens: the time, and what. */
export function lineText(line: Loose): string {
  return `${String(line.time ?? '').slice(11, 23)}  ${text(line.level ?? 'info').padEnd(5)}  ${eventText(line)}`
}
