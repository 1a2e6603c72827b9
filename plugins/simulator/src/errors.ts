/** An answer that is an error: PVE's status and text, and the parameters at fault. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: Record<string, string>,
  ) {
    super(message)
  }
}

/** 500 with PVE's text, as any `die` in its code. */
export const failure = (message: string): ApiError => new ApiError(500, `${message}\n`)

/** 400 for one parameter. */
export const badParameter = (key: string, problem: string): ApiError =>
  new ApiError(400, 'Parameter verification failed.\n', {[key]: problem})

/** 403 with what was missing, such as `/vms/100, VM.Audit`. */
export const forbidden = (what?: string): ApiError =>
  new ApiError(403, what === undefined ? 'Permission check failed\n' : `Permission check failed (${what})\n`)

/** A seed or a saved state that cannot be used; the message says what of it, in a person's words. */
export class SeedError extends Error {
  readonly code = 'SEED'
}
