import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {PmpcError} from '../errors/index.js'
import {newRunId} from './id.js'
import {openLog, type LogFile} from './log-file.js'
import {redact, spellingsOf, withoutSecrets} from '../secrets/redact.js'

/** One command from start to end, with an id that its log lines, its commit and its lock share. */
export interface Run {
  /** Sorts by time; the value of the trailer `Pmpc-Run`. */
  readonly id: string
  /** Where the lines go; undefined outside a workspace. */
  readonly logPath: string | undefined
  /** Why nothing is logged, where a link or the like stands in the way. */
  readonly unlogged: PmpcError | undefined
  /** Milliseconds by phase, summed where a phase ran more than once. */
  readonly timings: Readonly<Record<string, number>>
  /** From now on this value is nowhere in the log, nor in what is printed. */
  registerSecret(secret: string | undefined): void
  /** What {@link registerSecret} was told, in all its spellings. */
  readonly secrets: ReadonlySet<string>
  /** Writes a line. Never throws. */
  log(event: string, fields?: Record<string, unknown>): void
  /** Times a part of the run, and logs its beginning and end. */
  phase: Phase
  /** Times the phases of one part, a cluster say, by themselves; they count in the run as well. */
  clock(): {phase: Phase; timings: Readonly<Record<string, number>>}
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
}

/** Begins a run. The log is made with its first line, in a workspace only. */
export function startRun(options: RunOptions): Run {
  const id = options.id ?? newRunId()
  const {workspaceRoot} = options
  const inWorkspace = workspaceRoot !== undefined && existsSync(join(workspaceRoot, 'pmpc.yaml'))
  const file: LogFile | undefined = inWorkspace ? openLog(workspaceRoot, id) : undefined
  const secrets = new Set<string>()
  const timings: Record<string, number> = {}
  const began = now()
  const clean = (value: unknown): unknown => redact(value, secrets)

  async function timed<T>(name: string, work: () => Promise<T>, sums: Record<string, number>[]): Promise<T> {
    const start = now()
    run.log('phase.start', {phase: name})
    let failed = true
    try {
      const result = await work()
      failed = false
      return result
    } finally {
      const milliseconds = round(now() - start)
      for (const sum of sums) sum[name] = round((sum[name] ?? 0) + milliseconds)
      run.log('phase.end', {phase: name, milliseconds, ...(failed ? {failed} : {})})
    }
  }

  const run: Run = {
    id,
    logPath: file?.path,
    get unlogged() {
      return file?.refused
    },
    timings,
    registerSecret(secret) {
      // A shorter word would blot out half of the log, and is no secret worth the name.
      if (secret !== undefined && secret.length >= 6) for (const spelling of spellingsOf(secret)) secrets.add(spelling)
    },
    secrets,
    log(event, fields = {}) {
      if (!file) return
      try {
        file.write({time: new Date().toISOString(), run: id, event, ...(clean(fields) as object)})
      } catch {
        // A getter that throws, say; the command goes on.
      }
    },
    phase: async (name, work) => timed(name, work, [timings]),
    clock() {
      const own: Record<string, number> = {}
      return {timings: own, phase: async (name, work) => timed(name, work, [timings, own])}
    },
    finish(exitCode, fields = {}) {
      run.log('run.end', {...fields, exitCode, milliseconds: round(now() - began), timings})
      file?.close()
    },
  }
  run.log('run.start', {
    command: options.command,
    argv: withoutSecrets(options.argv ?? []),
    version: options.version,
    node: process.version,
    platform: process.platform,
    pid: process.pid,
  })
  return run
}

/** Milliseconds of a steady clock. Node loads its `performance` at first use, for 3 ms. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
