import type {Logger} from '@oclif/core/interfaces'
import {run} from '@oclif/core/run'
import {settings} from '@oclif/core/settings'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {painter, shown} from './kit/cli/color.js'
import {
  describeFailure,
  explainLine,
  failureJson,
  failureText,
  isSilentExit,
  wordsOf,
  type Failure,
} from './kit/cli/failure.js'
import {
  flush,
  ignoreClosedPipe,
  isTrue,
  isUnopened,
  jsonText,
  markUnopened,
  writeError,
  writeOut,
} from './kit/cli/output.js'

/** Runs the command line through oclif, and ends the process. @param root the folder of the host's package.json */
export async function main(root: string): Promise<void> {
  watchStreams()
  let telling: Promise<void> | undefined
  process.once('uncaughtException', (error) => {
    // Telling it may fail as well, when nothing can be written any more (a full disk): that ends the process, and is not told again.
    process.on('uncaughtException', () => process.exit(process.exitCode ?? 1))
    telling = endWith(error)
  })
  // A user's NODE_ENV=development must not make oclif look for TypeScript.
  settings.enableAutoTranspile = false
  const typed = versionIfAlone(takeLeading(process.argv.slice(2), process.env))
  // One that is relative would be another folder to whoever works elsewhere.
  if (process.env.PMPC_DATA_DIR) process.env.PMPC_DATA_DIR = path.resolve(process.env.PMPC_DATA_DIR)
  try {
    await runOclif(root, typed)
    await flushStreams()
    // What printing it came to is told before the process ends.
    await telling
    process.exit()
  } catch (error) {
    await endWith(error)
  }
}

/** Flags of every command that take no value. */
const LEADING = /^(-[vq]|--(verbose|quiet|json|no-prompt|debug))$/

/**
 * `pmpc -C DIR status` and `pmpc -v status`, as Git takes them: oclif takes flags after the command only. The variable says the same as `-C`; the
 * others go before the first flag, as all words behind one may be its value (`--token-command`).
 */
function takeLeading(typed: string[], env: NodeJS.ProcessEnv): string[] {
  const flags: string[] = []
  let rest = typed
  for (;;) {
    const [first = '', second] = rest
    const joined = /^--workspace=(.+)$/.exec(first)?.[1]
    const folder = joined ?? (first === '-C' || first === '--workspace' ? second : undefined)
    if (folder !== undefined) env.PMPC_WORKSPACE = folder
    else if (LEADING.test(first) && rest.length > 1) flags.push(first)
    else break
    rest = rest.slice(folder === undefined || joined !== undefined ? 1 : 2)
  }
  const at = rest.findIndex((word) => word.startsWith('-'))
  return at < 0 ? [...rest, ...flags] : [...rest.slice(0, at), ...flags, ...rest.slice(at)]
}

/** `pmpc -v`, `pmpc -V` and `pmpc version`; with a command, `-v` is `--verbose`. */
function versionIfAlone(typed: string[]): string[] {
  return typed.length === 1 && /^(-v|version)$/i.test(typed[0]!) ? ['--version'] : typed
}

async function runOclif(root: string, argv: string[]): Promise<void> {
  await run(argv, {
    root,
    userPlugins: !mendsPlugins(argv),
    ...checkoutPlugins(root),
    ...(process.env.DEBUG ? {} : {logger: SILENT}),
  })
}

/** What takes plugins away loads none: one that ends the process while it is loaded could not be got rid of. */
function mendsPlugins(argv: string[]): boolean {
  return /^plugins[ :](uninstall|unlink|remove|reset)\b/.test(argv.slice(0, 2).join(' '))
}

/** oclif's own log is for `DEBUG=oclif*`; without that, the library that writes it is not even loaded. */
const SILENT: Logger = {
  namespace: 'oclif',
  child: () => SILENT,
  debug: () => undefined,
  error: () => undefined,
  info: () => undefined,
  trace: () => undefined,
  warn: () => undefined,
}

/** In a checkout the workspace's plugins are there by themselves; an installed host is bare. `PMPC_BARE=1` makes a checkout bare too. */
function checkoutPlugins(root: string): {pluginAdditions?: {core: string[]; path: string}} {
  const folder = path.join(root, 'plugins')
  if (process.env.PMPC_BARE === '1' || !existsSync(path.join(folder, 'package.json'))) return {}
  return {pluginAdditions: {core: ['@pmpc/plugin-*'], path: folder}}
}

/** Errors that no command of ours has told: of hooks, of oclif, of other people's plugins. */
async function endWith(error: unknown): Promise<void> {
  if (isSilentExit(error)) process.exitCode = error.oclif?.exit ?? 1
  else await report(error)
  await flushStreams()
  process.exit()
}

async function report(error: unknown): Promise<void> {
  const {mapTexts, redactText} = await import('./kit/secrets/index.js')
  const clean = (text: string): string => redactText(text, [], 'message')
  const {withMeantFlag} = await import('./kit/cli/unknown-flag.js')
  const command = typedCommand()
  const failure = describeFailure(withMeantFlag(error, command), {command})
  process.exitCode = failure.exitCode
  const told = mapTexts(failure, clean) as Failure
  if (wantsJson()) writeOut(shown(jsonText(failureJson(told))))
  else writeError(shown(failureText(told, painter(process.stderr)) + (await known(told))))
  if (
    error instanceof Error &&
    (isTrue(process.env.PMPC_DEBUG) || /^--(verbose|debug)$/m.test(process.argv.join('\n')))
  )
    writeError(shown(`${clean(String(error.stack))}\n`))
}

/** What the catalogue of errors knows of it. */
async function known(failure: Failure): Promise<string> {
  const {hintFor} = await import('./kit/catalogue/index.js')
  const hint = hintFor(wordsOf(failure))
  return hint === undefined ? '' : explainLine(hint, painter(process.stderr))
}

/** The command's words, without what follows them: arguments may hold secrets. */
function typedCommand(): string {
  const words = process.argv.slice(2)
  const end = words.findIndex((word) => !/^[a-z][a-z:-]*$/.test(word))
  return ['pmpc', ...(end < 0 ? words : words.slice(0, end)).slice(0, 2)].join(' ')
}

function wantsJson(): boolean {
  const end = process.argv.indexOf('--')
  return (end < 0 ? process.argv : process.argv.slice(0, end)).includes('--json')
}

const STREAMS = ['stdout', 'stderr'] as const

/**
 * Node opens a standard stream when it is first asked for, at the cost of all of its sockets. So that listening for a closed pipe
 * and waiting for the last byte do not open what nobody needs, both are done for streams that were opened: the getter in place of Node's own
 * says that one was not.
 */
function watchStreams(): void {
  for (const name of STREAMS) {
    const original = Object.getOwnPropertyDescriptor(process, name)
    if (!original?.get || !original.configurable) continue
    Object.defineProperty(process, name, {
      ...original,
      get: markUnopened(() => {
        Object.defineProperty(process, name, original)
        ignoreClosedPipe(process[name])
        return process[name]
      }),
    })
  }
}

/** Waits until everything is printed. The process is ended then: a connection that is still kept alive must not keep a finished command. */
async function flushStreams(): Promise<void> {
  await Promise.all(STREAMS.filter((name) => !isUnopened(name)).map((name) => flush(process[name])))
}
