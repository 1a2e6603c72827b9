import {accessSync, constants, existsSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import type {Context} from './context.js'

/** The pmpc that Git's drivers start where none is on the PATH: a checkout's `bin/run.js`, for instance. */
export interface Program {
  node: string
  script: string
}

/**
 * `.gitattributes` of a workspace: state files are read and merged by pmpc, pairs of agreement and open items line by line; hunks of manifests
 * are named by the key that they are in.
 */
export const attributeLines = [
  '.pmpc/state/*.db diff=pmpc merge=pmpc -text',
  '.pmpc/agreed.yaml merge=union text eol=lf',
  '.pmpc/open.yaml merge=union text eol=lf',
  'infra/**/*.yaml diff=pmpcyaml',
  'infra/**/*.yml diff=pmpcyaml',
] as const

/** `.gitignore` of a workspace: what is of this machine only. */
export const ignoreLines = ['.pmpc/local/'] as const

// The recorded program is read from the configuration when a driver runs, so that no path has to be quoted into a shell script.
const recorded = 'n=$(git config pmpc.node); s=$(git config pmpc.script)'

// Git dies (128) in `log -p` and `blame` when a textconv fails, and prints nothing of a change whose two texts are equal: hence
// the blob's id in the end. No cachetextconv: it would keep that id for good, and put a note beside each snapshot.
const textconv = [
  'unset PMPC_WORKSPACE',
  'command -v pmpc >/dev/null 2>&1 && pmpc state show --textconv "$1" && exit',
  `${recorded}; test -x "$n" && test -f "$s" && "$n" "$s" state show --textconv "$1" && exit`,
  'exec git hash-object -- "$1"',
].join('; ')

// Anything above 128 would abort the whole merge, so each failure becomes 1: a conflict, with our side left in place.
const merge = [
  'unset PMPC_WORKSPACE',
  'if command -v pmpc >/dev/null 2>&1; then pmpc state merge "$@" || exit 1; exit 0; fi',
  `${recorded}; if test -x "$n" && test -f "$s"; then "$n" "$s" state merge "$@" || exit 1; exit 0; fi`,
  'echo "pmpc is not installed: $4 keeps our side; install it and run: pmpc sync" >&2; exit 1',
].join('; ')

const settings = {
  'diff.pmpc.textconv': `sh -c '${textconv}' --`,
  'merge.pmpc.name': 'pmpc state, object by object',
  'merge.pmpc.driver': `sh -c '${merge}' -- %O %A %B %P`,
  // Merge bases that are merges themselves: keep an ancestor, without asking pmpc about content that nobody will see.
  'merge.pmpc.recursive': 'binary',
}

/** Git's own rule names the last line without indentation: `config:`. This one names the key below it, `net0:`, or the object. */
const hunkNames = {'diff.pmpcyaml.xfuncname': `^(id: .*|  ["'A-Za-z/@].*:)$`}

/** Writes the drivers, and how to find this pmpc, into the repository's configuration. Does nothing where they are right. */
export async function installDrivers(context: Context, program: Program = thisProgram()): Promise<void> {
  context.forgetConfig()
  const config = await context.config()
  const wanted = {...settings, ...hunkNames, 'pmpc.node': program.node, 'pmpc.script': program.script}
  for (const [key, value] of Object.entries(wanted)) {
    if (config.get(key) !== value) await context.write(['config', '--local', '--replace-all', key, value])
  }
  context.forgetConfig()
}

/** Sets up what names the hunks of manifests where an older pmpc set the drivers up. Nothing depends on it, so nobody is told. */
export async function installHunkNames(context: Context): Promise<void> {
  const config = await context.config()
  const missing = Object.entries(hunkNames).filter(([key]) => !config.has(key))
  if (missing.length === 0 || judgeDrivers(config) === 'no') return
  for (const [key, value] of missing) await context.write(['config', '--local', key, value])
  context.forgetConfig()
}

/**
 * Whether Git can show and merge states here: `outdated` where another version of pmpc set the drivers up, or where they would find
 * no pmpc (none on the PATH, and the recorded one is gone). The remedy for both is {@link installDrivers}, by `pmpc init`.
 */
export async function driversInstalled(context: Context): Promise<DriversState> {
  return judgeDrivers(await context.config())
}

export type DriversState = 'yes' | 'no' | 'outdated'

/** The keys that decide about it. */
export const driverKeys = [...Object.keys(settings), 'pmpc.node', 'pmpc.script']

/** The same of a configuration at hand. */
export function judgeDrivers(config: ReadonlyMap<string, string>): DriversState {
  const present = Object.keys(settings).filter((key) => config.has(key))
  if (present.length === 0) return 'no'
  const right = Object.entries(settings).every(([key, value]) => config.get(key) === value)
  if (!right) return 'outdated'
  const [node, script] = [config.get('pmpc.node'), config.get('pmpc.script')]
  const found = node !== undefined && script !== undefined && isExecutable(node) && existsSync(script)
  return found || isOnPath('pmpc') ? 'yes' : 'outdated'
}

function thisProgram(): Program {
  return {node: process.execPath, script: process.argv[1] ?? ''}
}

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
