import {exitCodeOf, exitCodes, type ExitCode} from './exit-codes.js'

export {exitCodeOf, exitCodes, type ExitCode}

/** What a {@link PmpcError} is made of beside its message. */
export interface ErrorDetails {
  /** Only where it differs from what belongs to the code: `exitCodeOf`. */
  exitCode?: ExitCode
  /** The next commands to type, most likely one first. Empty for an interruption only: an error without a remedy is not finished. */
  suggestions: string[]
  /** Facts for `--json`: the object, the field, the file and line. Never a secret. */
  data?: Record<string, unknown>
  cause?: unknown
}

/**
 * A foreseeable error: it is shown as text without a stack trace, or as `{"error": …}` under `--json`.
 * Each package carries its own copy of this class, so nothing may test `instanceof`: use `isPmpcError` or `err.code`.
 */
export class PmpcError extends Error {
  readonly code: string
  readonly exitCode: ExitCode
  readonly suggestions: string[]
  readonly data: Record<string, unknown> | undefined
  /** Read by oclif when it prints the error. */
  readonly oclif: {exit: number}

  /** @param code stable, upper case, begins with `PMPC_`; decides the exit code */
  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause})
    this.name = 'PmpcError'
    this.code = code
    this.exitCode = details.exitCode ?? exitCodeOf(code)
    this.suggestions = details.suggestions
    this.data = details.data
    this.oclif = {exit: this.exitCode}
  }
}

/** Whether a thrown value is a foreseeable error of any copy of the kit. */
export function isPmpcError(error: unknown): error is PmpcError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('PMPC_') && 'suggestions' in error
}

/** The same error with more context: another message, other suggestions, further data. */
export function retold(
  error: PmpcError,
  {message = error.message, suggestions = error.suggestions, data = {}}: {message?: string} & Partial<ErrorDetails>,
): PmpcError {
  const {code, exitCode} = error
  return new PmpcError(code, message, {exitCode, suggestions, data: {...error.data, ...data}, cause: error})
}
