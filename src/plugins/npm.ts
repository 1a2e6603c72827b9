import {createRequire} from 'node:module'
import path from 'node:path'
import {PmpcError} from '../kit/errors/index.js'
import type {Wanted} from './wanted.js'

/**
 * Nothing of a package runs while it is fetched: neither its own install scripts nor those of what it depends on, nor the `prepare` of a repository
 * or folder. A folder is copied, not linked.
 */
const ARGUMENTS = [
  '--ignore-scripts',
  '--omit=dev',
  '--install-links',
  '--location=project',
  '--no-audit',
  '--no-fund',
  '--no-color',
  '--loglevel=error',
  '--json',
]

/** npm retries a dead registry for minutes; a person at a terminal wants to know within seconds. The user's own settings win. */
const SETTINGS: Record<string, string> = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_retry_maxtimeout: '1000',
  npm_config_update_notifier: 'false',
}

/**
 * Installs one package into a folder of its own, whose package.json then names it.
 * @param host folder of the host's package.json
 * @throws PMPC_REGISTRY_UNREACHABLE, PMPC_PLUGIN_NOT_FOUND, PMPC_PLUGIN_DAMAGED, PMPC_PLUGIN_NOT_INSTALLED
 */
export async function npmInstall(host: string, folder: string, wanted: Wanted, signal?: AbortSignal): Promise<void> {
  const {execa} = await import('execa')
  const registry = process.env.PMPC_NPM_REGISTRY
  const words = ['install', wanted.spec, ...ARGUMENTS, ...(registry === undefined ? [] : [`--registry=${registry}`])]
  const {exitCode, stdout, stderr} = await execa(process.execPath, [npmPath(host), ...words], {
    cwd: folder,
    env: {...SETTINGS, ...process.env, NO_COLOR: '1'},
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    // npm hears no other signal while it waits for an answer.
    killSignal: 'SIGKILL',
    ...(signal && {cancelSignal: signal}),
  })
  signal?.throwIfAborted()
  if (exitCode !== 0) throw failureOf(wanted, stdout, stderr)
}

/** npm as plugin-plugins brings it along. */
function npmPath(host: string): string {
  const fromHost = createRequire(path.join(host, 'package.json'))
  const fromPlugins = createRequire(fromHost.resolve('@oclif/plugin-plugins'))
  return path.join(path.dirname(fromPlugins.resolve('npm/package.json')), 'bin', 'npm-cli.js')
}

/** What npm says of a failure under `--json`; docs.npmjs.com does not list the codes, they are npm's, Node's and those of the library that reads archives. */
interface NpmError {
  code: string
  summary: string
}

interface Meaning {
  /** What npm's code, or its words, are like. */
  like: RegExp
  code: string
  says(what: string, error: NpmError): string
  suggestions(wanted: Wanted): string[]
}

const MEANINGS: Meaning[] = [
  {
    like: /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EIDLETIMEOUT|E50\d|Could not resolve host)\b/,
    code: 'PMPC_REGISTRY_UNREACHABLE',
    says: (what, {code}) => `The npm registry could not be reached (${code}), so ${what} was not installed.`,
    suggestions: ({typed}) => [
      `PMPC_NPM_REGISTRY=https://registry.example/ pmpc plugins install ${typed}`,
      'pmpc plugins install ./FILE.tgz',
    ],
  },
  {
    like: /\bE404\b/,
    code: 'PMPC_PLUGIN_NOT_FOUND',
    says: (what) => `The npm registry has no package ${what}.`,
    suggestions: () => ['pmpc plugins', 'npm config get registry'],
  },
  {
    like: /\bETARGET\b/,
    code: 'PMPC_PLUGIN_NOT_FOUND',
    says: (what) => `The npm registry has no version ${what}.`,
    suggestions: ({name}) => [`npm view ${name} versions`, `pmpc plugins install ${name}@latest`],
  },
  {
    like: /\b(Z_\w+|TAR_\w+|EINTEGRITY)\b|zlib:|unexpected end of file/,
    code: 'PMPC_PLUGIN_DAMAGED',
    says: (what, {code, summary}) =>
      /Z_BUF_ERROR|unexpected end/.test(code + summary)
        ? `${what} is truncated: the archive ends too early.`
        : `${what} is damaged, or no archive of a package (${code}).`,
    suggestions: ({from, spec}) =>
      from === 'tarball' ? [`tar -tzf ${spec.slice('file:'.length)}`] : ['npm cache verify'],
  },
  {
    like: /Could not read package\.json/,
    code: 'PMPC_NOT_A_PLUGIN',
    says: (what) => `${what} is no package: it has no package.json.`,
    suggestions: () => ['pmpc plugins'],
  },
]

const OTHER: Omit<Meaning, 'like'> = {
  code: 'PMPC_PLUGIN_NOT_INSTALLED',
  says: (what, {code, summary}) => `${what} could not be installed: ${summary || code}`,
  suggestions: () => ['pmpc plugins', 'npm ping'],
}

function failureOf(wanted: Wanted, stdout: string, stderr: string): PmpcError {
  const error = npmError(stdout, stderr)
  const {code, says, suggestions} = MEANINGS.find(({like}) => like.test(`${error.code} ${error.summary}`)) ?? OTHER
  const what = wanted.from === 'registry' ? wanted.spec : wanted.typed
  return new PmpcError(code, says(what, error), {
    suggestions: suggestions(wanted),
    data: {plugin: wanted.name ?? wanted.typed, npm: error.code},
  })
}

function npmError(stdout: string, stderr: string): NpmError {
  try {
    const {error} = JSON.parse(stdout) as {error: Partial<NpmError>}
    return {code: String(error.code ?? ''), summary: String(error.summary ?? '').split('\n')[0]!}
  } catch {
    return {code: 'npm', summary: stderr.trim().split('\n').at(-1) ?? ''}
  }
}
