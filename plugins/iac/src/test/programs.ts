import {accessSync, constants, statSync} from 'node:fs'
import {delimiter, isAbsolute, join} from 'node:path'
import type {Caller} from 'pmpc/kit/runs'

type Environment = Caller['env']

/** The path of a program. Folders of PATH that are not absolute are passed over: what lies in a repository is not run for its name. */
export function programOn(env: Environment, name: string): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return folders.map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** What every program is told of the surroundings: where to find others, where home is, how the network is reached. No secret of pmpc's. */
const told = new Set(
  ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR'].concat([
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ]),
)

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

/** Runs a program without a shell, and with as little of the surroundings as it needs. @throws when the caller aborts */
export async function runProgram(caller: Caller, path: string, args: string[], how: Running): Promise<Ended> {
  const {execa} = await import('execa')
  const env = Object.fromEntries(
    Object.entries(caller.env).filter(
      ([name, value]) => value !== undefined && (told.has(name) || how.also.test(name)),
    ),
  )
  const ended = await execa(path, args, {
    cwd: how.cwd,
    env: {...env, ...how.env},
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    ...(caller.signal && {cancelSignal: caller.signal}),
  })
  caller.signal?.throwIfAborted()
  return {code: ended.exitCode ?? null, stdout: ended.stdout, stderr: ended.stderr || (ended.shortMessage ?? '')}
}

/** The last line of what a program said of its failure that is not empty. */
export function lastLine({stdout, stderr}: Ended): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  return lines.findLast((line) => line !== '') ?? 'it said nothing'
}
