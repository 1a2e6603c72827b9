/** What a {@link PmpcError} is made of beside its message. */
export interface ErrorDetails {
  /** Exit code of the process; see docs/pipelines.md. 1 unless given. */
  exitCode?: number
  /** The next commands to type, most likely one first. Never empty: an error without a remedy is not finished. */
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
  readonly exitCode: number
  readonly suggestions: string[]
  readonly data: Record<string, unknown> | undefined
  /** Read by oclif when it prints the error. */
  readonly oclif: {exit: number}

  /** @param code stable, upper case, begins with `PMPC_` */
  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause})
    this.name = 'PmpcError'
    this.code = code
    this.exitCode = details.exitCode ?? 1
    this.suggestions = details.suggestions
    this.data = details.data
    this.oclif = {exit: this.exitCode}
  }
}

/** Whether a thrown value is a foreseeable error of any copy of the kit. */
export function isPmpcError(error: unknown): error is PmpcError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('PMPC_') && 'suggestions' in error
}

/** The exit codes of pmpc. 2 and 3 only with `--detailed-exitcode`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  differs: 2,
  partial: 3,
  usage: 64,
  bug: 70,
  tryLater: 75,
  notAllowed: 77,
  missing: 127,
  interrupted: 130,
} as const
