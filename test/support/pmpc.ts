import {spawn, type ChildProcess} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

/** The folder of the checkout. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** What is run: the built host of this checkout, or another one, `PMPC_E2E_BIN`. */
export const bin = process.env.PMPC_E2E_BIN ?? path.join(checkout, 'bin', 'run.js')

export interface RunOptions {
  cwd?: string
  /** Added to the sandbox's environment; undefined removes a variable. */
  env?: Record<string, string | undefined>
  /** Standard input; closed and empty unless given. */
  input?: string
  /** Another host than {@link bin}. */
  bin?: string
  /** In a process group of its own, as a shell starts it. */
  detached?: boolean
  /** Called with the child, to send signals. */
  started?: (child: ChildProcess) => void
}

export interface RunResult {
  stdout: string
  stderr: string
  /** Null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
  /** Standard output, parsed; an error that shows both streams when it is no JSON. */
  json<T>(): T
}

/** A temporary home for one test: nothing of the user's is read or written, and no proxy or token of theirs is seen. */
export interface Sandbox {
  /** A folder that is the test's own. */
  folder: string
  env: Record<string, string>
  pmpc(args: string[], options?: RunOptions): Promise<RunResult>
  /** Any other program in the same environment. */
  exec(command: string, args: string[], options?: RunOptions): Promise<RunResult>
  remove(): void
}

/** Variables of the surrounding environment that a child needs to run at all. */
const KEPT = ['PATH', 'TMPDIR', 'SystemRoot', 'PMPC_CODE_CACHE', 'NODE_V8_COVERAGE']

/** Makes a sandbox below the system's folder for temporary files. */
export function sandbox(): Sandbox {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pmpc-test-')))
  const home = path.join(folder, 'home')
  mkdirSync(home)
  const gitConfig = path.join(home, '.gitconfig')
  writeFileSync(gitConfig, '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n')
  const env: Record<string, string> = {
    ...Object.fromEntries(KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    HOME: home,
    LANG: 'C.UTF-8',
    PMPC_HOME: path.join(home, 'pmpc'),
    PMPC_DATA_DIR: path.join(home, 'data'),
    PMPC_CACHE_DIR: path.join(home, 'cache'),
    GIT_CONFIG_GLOBAL: gitConfig,
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const exec: Sandbox['exec'] = (command, args, options = {}) => runIn(folder, env, command, args, options)
  return {
    folder,
    env,
    exec,
    pmpc: (args, options = {}) => exec(process.execPath, [options.bin ?? builtBin(), ...args], options),
    remove: () => rmSync(folder, {recursive: true, force: true}),
  }
}

function builtBin(): string {
  const bundle = path.join(path.dirname(path.dirname(bin)), 'dist', 'index.cjs')
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run \`npm run build\` before the tests`)
  return bin
}

function runIn(
  folder: string,
  sandboxEnv: Record<string, string>,
  command: string,
  args: string[],
  options: RunOptions,
): Promise<RunResult> {
  const env = {...sandboxEnv, ...options.env}
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? folder,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: options.detached,
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
    child.once('error', reject)
    child.once('close', (code, signal) => {
      resolve(result(Buffer.concat(out).toString(), Buffer.concat(err).toString(), code, signal))
    })
    options.started?.(child)
  })
}

function result(stdout: string, stderr: string, code: number | null, signal: NodeJS.Signals | null): RunResult {
  return {
    stdout,
    stderr,
    code,
    signal,
    json<T>(): T {
      try {
        return JSON.parse(stdout) as T
      } catch (cause) {
        throw new Error(`no JSON on standard output:\n${stdout}\nstandard error (exit code ${code}):\n${stderr}`, {
          cause,
        })
      }
    },
  }
}
