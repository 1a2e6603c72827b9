import {spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {isHeard, steadyNow, tellWork} from '../work/index.js'
import {gitFailure, gitMissing, unreachableFolder} from './errors.js'

/** What one run of `git` gave. */
export interface GitResult {
  code: number
  stdout: Buffer
  stderr: string
}

/** How to run `git`. */
export interface GitOptions {
  /** Bytes for its standard input; without it standard input is closed. */
  input?: Uint8Array | string
  /** Added to the environment of pmpc; undefined takes a variable out. */
  env?: Record<string, string | undefined>
  /** Another folder to run in. */
  cwd?: string
  /** Exit codes that are answers, not failures; `[0]` unless given. */
  accept?: number[]
}

/** Runs `git` with arguments in the folder it was made for. */
export type Git = (args: string[], options?: GitOptions) => Promise<GitResult>

/**
 * Variables by which Git passes its own state to hooks and aliases (`git rev-parse --local-env-vars`, 2.39).
 * A pmpc that runs inside a hook must work on the workspace's repository, not on the index of the commit under way.
 * Configuration given by environment (`GIT_CONFIG_COUNT`, `git -c`) stays: it is what the user asked for.
 */
const inherited = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GLOB_PATHSPECS',
  'GIT_GRAFT_FILE',
  'GIT_ICASE_PATHSPECS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REFLOG_ACTION',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]

/** Whether a variable is Git's own state for hooks and aliases, which no git of ours may see. */
export function isInherited(name: string): boolean {
  return inherited.includes(name)
}

/** The environment of every git of ours: English messages, no prompt, paths taken literally, no lock for a mere read. */
function gitEnvironment(added: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {...process.env}
  for (const name of inherited) delete env[name]
  return {
    ...env,
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    ...added,
  }
}

/**
 * Where and as what every `git` of ours runs, for `spawn`: it leads a group of its own, so that Ctrl-C, which a terminal sends to the whole
 * group, cannot cut it.
 * @param added to the environment of pmpc; undefined takes a variable out
 */
export function apart(cwd: string, added?: Record<string, string | undefined>) {
  return {cwd, env: gitEnvironment(added), detached: true, windowsHide: true} as const
}

/** The same for execa, of a `git` that writes: it must outlive us, and execa would end it when node exits. Exit codes are read, not thrown. */
export function writing(cwd: string, added?: Record<string, string | undefined>) {
  return {...apart(cwd, added), extendEnv: false, cleanup: false, reject: false} as const
}

/**
 * Runs a reading `git`: Node's own spawn, as loading execa would show in what `status`, `describe`, `diff` and `sync` take (the figure
 * `pmpc status --json, after a change` of test/bench). All other programs are run by execa.
 */
export async function readGit(cwd: string, args: string[], options: GitOptions = {}): Promise<GitResult> {
  return told(args, options, async () => readFrom(cwd, args, options))
}

/** @param isAgain it was ended by a Ctrl-C once */
async function readFrom(cwd: string, args: string[], options: GitOptions, isAgain = false): Promise<GitResult> {
  const {ended, ...result} = await new Promise<GitResult & {ended: NodeJS.Signals | null}>((resolve, reject) => {
    const child = spawn('git', args, apart(cwd, options.env))
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A git that refuses early closes its input; what it says on stderr is the error worth showing.
    child.stdin.on('error', () => undefined)
    child.on('error', (error: NodeJS.ErrnoException) => reject(spawnFailure(error, cwd)))
    child.on('close', (code, ended) => {
      resolve({ended, code: code ?? -1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString()})
    })
    child.stdin.end(options.input)
  })
  // The terminal's Ctrl-C may come in the moment before it leads a group of its own: whether that ends pmpc is not for it to say.
  if (ended === 'SIGINT' && !isAgain) return readFrom(cwd, args, options, true)
  return checked(args, result, options)
}

/** Runs a writing `git`, the one place where pmpc changes a repository. Arguments travel as an array without a shell. */
export async function writeGit(cwd: string, args: string[], options: GitOptions = {}): Promise<GitResult> {
  return told(args, options, async () => writeTo(cwd, args, options))
}

async function writeTo(cwd: string, args: string[], options: GitOptions): Promise<GitResult> {
  const {execa} = await import('execa')
  const result = await execa('git', args, {
    ...writing(cwd, options.env),
    encoding: 'buffer',
    stripFinalNewline: false,
    ...(options.input === undefined ? {stdin: 'ignore' as const} : {input: options.input}),
  })
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw spawnFailure({code: result.code}, cwd)
  return checked(
    args,
    {
      code: result.exitCode ?? -1,
      stdout: Buffer.from(result.stdout),
      stderr: Buffer.from(result.stderr).toString(),
    },
    options,
  )
}

/** Tells how long a process took. Of its words the first few: what it did, and not to what. */
async function told(args: string[], options: GitOptions, run: () => Promise<GitResult>): Promise<GitResult> {
  if (!isHeard()) return run()
  const began = steadyNow()
  let code: number | undefined
  try {
    const result = await run()
    code = result.code
    return result
  } finally {
    tellGit(args, began, {code}, options.input)
  }
}

/** @param fields `code`: undefined where the process failed at what it was to do */
export function tellGit(
  args: readonly string[],
  began: number,
  fields: {code: number | undefined; reads?: number},
  input?: Uint8Array | string,
): void {
  const command = args.slice(commandAt(args))
  tellWork({
    kind: 'git',
    milliseconds: steadyNow() - began,
    failed: fields.code === undefined,
    fields: {command: command[0], ...fields},
    details: () => ({args: command, ...(input !== undefined && {input: input.length})}),
  })
}

/** Where the command stands, behind `-c name=value`. */
function commandAt(args: readonly string[]): number {
  let at = 0
  while (args[at] === '-c') at += 2
  return at
}

/** A word of the user's that stands where git expects a revision or a name: it must not be read as an option. */
export function guardWord(word: string, what: string): string {
  if (word === '' || word.startsWith('-') || /[\0\n\r]/.test(word)) {
    throw gitFailure(`${JSON.stringify(word)} cannot be a ${what}.`, {what, word})
  }
  return word
}

function checked(args: string[], result: GitResult, options: GitOptions): GitResult {
  if ((options.accept ?? [0]).includes(result.code)) return result
  throw gitFailure(result.stderr, {command: `git ${args[0] === '-c' ? args[2] : args[0]}`, code: result.code})
}

function spawnFailure(error: {code?: string}, cwd: string): Error {
  // Node reports a missing working directory as if the program were missing.
  if (!existsSync(cwd)) return unreachableFolder(cwd)
  return gitMissing(error.code)
}
