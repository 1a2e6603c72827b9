import {exitCodeOf, exitCodes, isPmpcError} from '../errors/index.js'
import type {Painter} from './color.js'

/** An error as it is told, whoever threw it. This is `error` of the JSON that `--json` prints. */
export interface Failure {
  /** Stable: `PMPC_…`. */
  code: string
  message: string
  exitCode: number
  suggestions: string[]
  data: Record<string, unknown>
}

/** What oclif and Node put on their errors; tested by property, as every package has its own copy of the classes. */
interface ForeignError extends Error {
  code?: string
  exitCode?: number
  oclif?: {exit?: number}
  /** On errors of oclif's parser: what was parsed. Never printed, as arguments may hold secrets. */
  parse?: unknown
  suggestions?: string[]
  path?: string
}

/** Marks an error that came out of oclif's parser. */
const PARSE_FAILED = 'PARSE_FAILED'

/** Has an error that the parser threw told as a usage error; one of ours stays what it is. */
export function parseFailed(error: unknown): unknown {
  if (isPmpcError(error) || !(error instanceof Error) || !('oclif' in error)) return error
  return Object.assign(error, {code: PARSE_FAILED})
}

export interface FailureContext {
  /** The command as it is typed, `pmpc get`, to point at its help. */
  command: string
  /** Where the run's log is, when there is one. */
  logFile?: string | undefined
}

/** What an operating system refuses that is neither our bug nor a usage error, and what to do about it. */
const SYSTEM_ERRORS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
}

/** Whether an error only says that the process should end with a code, without anything to print. */
export function isSilentExit(error: unknown): error is ForeignError {
  return error instanceof Error && 'code' in error && error.code === 'EEXIT'
}

/** Whether a prompt was left, or a request was dropped, because somebody pressed Ctrl-C. */
function isInterrupt(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.message === 'SIGINT')
}

/** Tells any thrown value as a {@link Failure}. What nobody foresaw is a bug of ours: exit code 70. */
export function describeFailure(thrown: unknown, context: FailureContext): Failure {
  if (isPmpcError(thrown)) {
    const {code, message, exitCode, suggestions, data} = thrown
    return {code, message, exitCode, suggestions, data: data ?? {}}
  }
  if (isInterrupt(thrown)) return interrupted()
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as ForeignError
  return (
    usageFailure(error, context) ??
    unknownCommand(error) ??
    systemFailure(error) ??
    oclifFailure(error) ??
    bug(error, context)
  )
}

/** Somebody, or something, ended the run. */
export function interrupted(): Failure {
  return failure('PMPC_INTERRUPTED', 'Interrupted.', [])
}

const escape = '\u001B'
/** What colours text, and dims it. */
const styles = new RegExp(`${escape}\\[[0-9;]*m`, 'g')

/**
 * oclif's parser throws errors of many classes, some with what was parsed; all of them are about what was typed.
 * Its messages end in a pointer to --help, or in an explanation of flags that nobody typed, and begin with the flag on a line of its own; what
 * is wrong with flags stands below a heading, dimmed on a terminal.
 */
function usageFailure(error: ForeignError, {command}: FailureContext): Failure | undefined {
  if (error.parse === undefined && error.code !== PARSE_FAILED) return undefined
  const message = error.message
    .replaceAll(styles, '')
    .replace(/\n*See more help with --help$/, '')
    .replace(/\n*Note: --\S+ allows multiple values\..*$/s, '')
    .replace(/^The following errors? occurred:\s+/, '')
    .replaceAll(/^\s*Missing required flag (\S+)$/gm, '--$1 is missing')
    .replace(/^Parsing (--\S+)\s+/, '$1: ')
    .trim()
  return failure('PMPC_USAGE', message, [`${command} --help`])
}

/** `pmpc nonsense --help` reaches oclif's help, not our hook. */
function unknownCommand(error: ForeignError): Failure | undefined {
  const name = /^Command (.+) not found\.?$/i.exec(error.message)?.[1]
  if (name === undefined || error.oclif === undefined) return undefined
  const message = `There is no command \`pmpc ${name.replaceAll(':', ' ')}\`.`
  return failure('PMPC_COMMAND_NOT_FOUND', message, ['pmpc --help'], {command: name})
}

function systemFailure(error: ForeignError): Failure | undefined {
  const meaning = error.code === undefined ? undefined : SYSTEM_ERRORS[error.code]
  if (meaning === undefined) return undefined
  const where = error.path === undefined ? '' : `${error.path}: `
  const suggestions = error.path === undefined ? ['df -h && id'] : [`ls -ld ${error.path}`]
  const data = {errno: error.code, ...(error.path === undefined ? {} : {path: error.path})}
  return failure('PMPC_SYSTEM', `${where}${meaning} (${error.code})`, suggestions, data)
}

/** An error of another oclif plugin. oclif's own default for it is 2, which means a difference here. */
function oclifFailure(error: ForeignError): Failure | undefined {
  if (error.oclif === undefined || error.oclif.exit === undefined) return undefined
  const exitCode = error.oclif.exit === 2 ? exitCodes.failed : error.oclif.exit
  return {code: 'PMPC_PLUGIN_FAILED', message: error.message, exitCode, suggestions: error.suggestions ?? [], data: {}}
}

function bug(error: ForeignError, {command, logFile}: FailureContext): Failure {
  const message = `${error.message || error.name} (this is a bug in pmpc, not yours)`
  return failure('PMPC_BUG', message, [`PMPC_DEBUG=1 ${command}`], logFile === undefined ? {} : {logFile})
}

/** What is told of an error that is no `PmpcError`, with the exit code of its code. */
function failure(code: string, message: string, suggestions: string[], data: Record<string, unknown> = {}): Failure {
  return {code, message, exitCode: exitCodeOf(code), suggestions, data}
}

/** The failure for people: what happened, then what to type, one `Try:` a line, then the code under which docs/errors.md tells more. */
export function failureText(failure: Failure, paint: Painter): string {
  const lines = [
    `${paint('red', 'Error:')} ${setIn(failure.message)}`,
    ...failure.suggestions.map((suggestion) => `${paint('dim', 'Try:')}   ${setIn(suggestion)}`),
    `${paint('dim', `Code:  ${failure.code}`)}`,
    ...(typeof failure.data.logFile === 'string' ? [`${paint('dim', 'Log:')}   ${failure.data.logFile}`] : []),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** What a failure says, and what Proxmox VE said: what the catalogue of errors is asked for. */
export function wordsOf({message, data}: Failure): string[] {
  return [message, data.text, data.exitstatus].filter((text) => typeof text === 'string')
}

/** The last line of an error that the catalogue knows. @param known what it says of it, a command to type first */
export function explainLine(known: string, paint: Painter): string {
  return `${paint('dim', 'Explain:')} ${known}\n`
}

/** Further lines of a text from elsewhere are set in, so that none of them passes for one of ours (`Try: …`). */
export function setIn(text: string): string {
  return text.replaceAll(/\n(?! {2})/g, '\n  ')
}

/** The failure for programs: what `--json` prints on standard output. */
export function failureJson(failure: Failure): {error: Failure} {
  return {error: failure}
}
