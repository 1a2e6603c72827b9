/** How grave a line is; each holds the ones before it. */
export const LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type Level = (typeof LEVELS)[number]

/**
 * A line of a run's log. What else stands in it belongs to the event: docs/logs.md tells which there are. Values of parameters, and secrets, are in
 * none of them.
 */
export interface Line {
  /** ISO 8601, when it was written; of the first line, when the command began. */
  time: string
  /** The run's id: the same in its commits, its lock and its trace. */
  run: string
  level: Level
  /** The command as a person types it, `pmpc sync`. */
  operation: string
  event: string
  /** The part of the run that was under way. */
  phase?: string
  /** Milliseconds from the beginning of the command to that of what the line tells. */
  at: number
  /** How long that took, in milliseconds. */
  milliseconds?: number
  /** What it was about, `home/vm/100`. */
  objects?: string[]
  error?: LoggedError
  [field: string]: unknown
}

/** An error as it is logged: what it was, what it came from, and what to do. */
export interface LoggedError {
  /** Stable, `PMPC_…`. */
  code: string
  message: string
  exitCode: number
  /** What it came from, the next one first. */
  cause: string[]
  /** What to type. */
  recovery: string[]
}

/** Whether a level is at least as grave as another one. */
export function isAtLeast(level: unknown, least: Level): boolean {
  return LEVELS.indexOf(level as Level) <= LEVELS.indexOf(least)
}

/** The messages of what an error came from; a chain that runs in a circle ends. */
export function causesOf(error: unknown): string[] {
  const causes: string[] = []
  let cause = error instanceof Error ? error.cause : undefined
  // An error that is told again with more around it has the first one as its cause.
  const isKnown = (text: string): boolean =>
    [String((error as Error).message), ...causes].some((one) => text.endsWith(one))
  for (let depth = 0; cause !== undefined && depth < 8; depth++) {
    const text = cause instanceof Error ? [codeOf(cause), cause.message].filter(Boolean).join(': ') : String(cause)
    if (!isKnown(text)) causes.push(text)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return causes
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '')
