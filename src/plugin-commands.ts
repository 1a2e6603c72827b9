import {existsSync, mkdirSync} from 'node:fs'
import {createRequire} from 'node:module'
import os from 'node:os'
import path from 'node:path'
import {PmpcError, exitCodes, isPmpcError} from './kit/errors/index.js'

/** npm retries a dead registry for minutes; a person at a terminal wants to know within seconds. */
const NPM_SETTINGS: Record<string, string> = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_retry_maxtimeout: '1000',
  npm_config_update_notifier: 'false',
}

/** npm's codes for a registry that does not answer. */
const UNREACHABLE =
  /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EIDLETIMEOUT)\b/

/**
 * Makes `pmpc plugins …` do what is meant: a tarball is found from here (oclif takes `./x.tgz` for a GitHub address, and
 * `file:./x.tgz` from the folder of plugins), and npm gives up on a dead registry soon.
 * @returns the arguments to run; the environment is completed, never overridden
 */
export function preparePluginsCommand(argv: readonly string[], env: NodeJS.ProcessEnv): string[] {
  for (const [name, value] of Object.entries(NPM_SETTINGS)) env[name] ??= value
  // oclif's own `--json` of an installation prints npm's words and an error of another shape; main.ts prints ours.
  const words = isInstallation(argv) ? argv.map((word) => (word === '--json' ? '--silent' : word)) : argv
  return words.map((word) => absoluteTarball(word) ?? word)
}

/** Whether the arguments are those of `pmpc plugins install`. */
export function isInstallation(argv: readonly string[]): boolean {
  return /^plugins[ :](install|add)$/.test(argv[0]?.includes(':') ? (argv[0] ?? '') : argv.slice(0, 2).join(' '))
}

/** What `pmpc plugins install --json` prints. */
export function installedJson(argv: readonly string[]): {installed: string[]} {
  return {installed: argv.slice(argv[0]?.includes(':') ? 1 : 2).filter((word) => !word.startsWith('-'))}
}

function absoluteTarball(argument: string): string | undefined {
  if (argument.startsWith('-') || !/\.(tgz|tar\.gz)$/.test(argument)) return undefined
  const file = path.resolve(argument.replace(/^file:(\/\/)?/, ''))
  if (existsSync(file)) return `file:${file}`
  if (/^(file:|\.{0,2}\/)/.test(argument)) throw tarballMissing(file)
  return undefined
}

/** An error of `pmpc plugins …`, told so that it helps: oclif says of a dead registry that the plugin does not exist in it. */
export async function explainPluginsFailure(error: unknown, root: string, argv: readonly string[]): Promise<unknown> {
  if (isPmpcError(error) || !(error instanceof Error)) return error
  const wanted = argv.filter((argument) => !argument.startsWith('-')).slice(argv[0] === 'plugins' ? 2 : 1)
  if (!/does not exist in the registry|exited with code/.test(error.message)) return error
  const name = /^(\S+) does not exist in the registry/.exec(error.message)?.[1] ?? wanted[0] ?? ''
  return askRegistry(name, root, error)
}

function tarballMissing(file: string): PmpcError {
  return new PmpcError('PMPC_PLUGIN_NOT_FOUND', `There is no file ${file}.`, {
    suggestions: [`ls ${path.dirname(file)}`],
    data: {file},
  })
}

/** Asks npm itself why, as only npm knows which registry its settings lead to. */
async function askRegistry(name: string, root: string, error: Error): Promise<PmpcError> {
  const {execa} = await import('execa')
  const wanted = name.startsWith('file:') ? 'npm' : name
  const words = [npmPath(root), 'view', wanted, 'name', '--json', ...registryFlag()]
  const answer = await execa(process.execPath, words, {cwd: existingDataFolder(), reject: false})
  const said = `${answer.stdout}${answer.stderr}`
  const code = UNREACHABLE.exec(said)?.[1]
  if (code !== undefined) return registryUnreachable(name, code, error)
  return new PmpcError('PMPC_PLUGIN_NOT_INSTALLED', notInstalled(name, said, error), {
    suggestions: ['pmpc plugins', `DEBUG=@oclif/plugin-plugins* pmpc plugins install ${name}`],
    data: {plugin: name},
    cause: error,
  })
}

function notInstalled(name: string, said: string, error: Error): string {
  if (/\bE404\b/.test(said)) return `The npm registry has no plugin ${name}.`
  const reason = /"summary": "([^"]*)"/.exec(said)?.[1] ?? error.message.split('\n')[0]
  return `${name} could not be installed: ${reason}`
}

function registryUnreachable(name: string, code: string, error: Error): PmpcError {
  const short = name.replace('@pmpc/plugin-', '')
  return new PmpcError(
    'PMPC_REGISTRY_UNREACHABLE',
    `The npm registry could not be reached (${code}), so ${name} was not installed.`,
    {
      suggestions: [
        `PMPC_NPM_REGISTRY=https://registry.example/ pmpc plugins install ${short}`,
        `pmpc plugins install ./pmpc-plugin-${short}-VERSION.tgz`,
      ],
      data: {plugin: name, code},
      cause: error,
    },
  )
}

function registryFlag(): string[] {
  const registry = process.env.PMPC_NPM_REGISTRY
  return registry === undefined ? [] : [`--registry=${registry}`]
}

/** npm as plugin-plugins brings it along. */
function npmPath(root: string): string {
  const fromHost = createRequire(path.join(root, 'package.json'))
  const fromPlugins = createRequire(fromHost.resolve('@oclif/plugin-plugins'))
  return path.join(path.dirname(fromPlugins.resolve('npm/package.json')), 'bin', 'npm-cli.js')
}

/** Where plugin-plugins runs npm, so that an .npmrc there counts. */
function existingDataFolder(): string {
  const base = process.env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share')
  const folder = process.env.PMPC_DATA_DIR ?? path.join(base, 'pmpc')
  mkdirSync(folder, {recursive: true})
  return folder
}

/** The tarball of a known plugin in a folder of tarballs (`PMPC_PLUGIN_SOURCE`), named as `npm pack` names it. */
export function tarballIn(folder: string, plugin: string, version: string): string {
  return path.resolve(folder, `${plugin.replace('@', '').replace('/', '-')}-${version}.tgz`)
}

/**
 * Installs a plugin as `pmpc plugins install` does, in a process of its own: npm's words must not reach the standard output of the command
 * that was typed, and its settings not this process.
 * @returns the exit code
 */
export async function installPlugin(root: string, what: string): Promise<number> {
  const {execa} = await import('execa')
  const words = [path.join(root, 'bin', 'run.js'), 'plugins', 'install', what]
  const {exitCode} = await execa(process.execPath, words, {stdin: 'ignore', stdout: 2, stderr: 2, reject: false})
  return exitCode ?? exitCodes.interrupted
}
