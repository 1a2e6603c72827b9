import path from 'node:path'
import type {Caller} from 'pmpc/kit/runs'
import {steadyNow, tellWork} from 'pmpc/kit/work'
import {environmentFor} from './find.js'

/** How a program is run. */
export interface Running {
  cwd: string
  /** The names of further variables that it is told of. */
  also: RegExp
  /** Further variables. */
  env?: Record<string, string>
}

/** What came of a program. */
export interface Ended {
  /** Null where a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
}

/** Characters: the tests of a thousand guests take a few millions. */
const mostOutput = 2 ** 28

/** Runs a program without a shell, and with as little of the surroundings as it needs. @throws when the caller aborts */
export async function runProgram(caller: Caller, program: string, args: string[], how: Running): Promise<Ended> {
  const {execa} = await import('execa')
  const also = Object.entries(caller.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && how.also.test(entry[0]),
  )
  const began = steadyNow()
  const ended = await execa(program, args, {
    cwd: how.cwd,
    env: environmentFor(caller.env, {...Object.fromEntries(also), ...how.env}),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    maxBuffer: mostOutput,
    ...(caller.signal && {cancelSignal: caller.signal}),
  })
  const code = ended.exitCode ?? null
  tellWork({
    kind: 'program',
    milliseconds: steadyNow() - began,
    failed: code === null,
    // Of its words the first: what it did, and not to what.
    fields: {program: path.basename(program), command: args[0], code},
    details: () => ({args}),
  })
  caller.signal?.throwIfAborted()
  return {code, stdout: ended.stdout, stderr: ended.stderr || (ended.shortMessage ?? '')}
}

/** The last line of what a program said of its failure that is not empty. */
export function lastLine({stdout, stderr}: Ended): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  return lines.findLast((line) => line !== '') ?? 'it said nothing'
}
