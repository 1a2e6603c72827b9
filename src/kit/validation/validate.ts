import {existsSync, readdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {isPmpcError} from '../errors/index.js'
import {readInside} from '../files/inside.js'
import {CLUSTER_NAME, CONFIG_PATH, MANIFESTS, statePath} from '../files/names.js'
import {prefixOf} from '../git/paths.js'
import {parseFieldName, type ClusterState} from '../resources/index.js'
import {loadState} from '../state/load.js'
import {
  findWorkspace,
  indexManifests,
  loadConfig,
  manifestTools,
  type ConfigProblem,
  type ManifestIndex,
  type Position,
  type Problem,
  type WorkspaceConfig,
} from '../workspace/index.js'
import {checkClaims} from './claims.js'
import {findingOf, inOrder, type Finding} from './findings.js'
import {checkPossible} from './impossible.js'
import {among} from './paths.js'
import {checkReferences} from './references.js'
import {findingAt, severityOf, type Remark, type Say} from './remark.js'
import {checkReleases} from './values.js'
import {contractsOf, World} from './world.js'

/** What was looked at, and what is wrong in it. */
export interface Validation {
  problems: Finding[]
  /** How many files of manifests were looked at. */
  files: number
  /** How many objects they declare. */
  objects: number
  /** Where the workspace lies in its repository, to be put before the files: `` or `sub/folder/`. */
  prefix: string
}

/**
 * Looks at pmpc.yaml and at the manifests of the working tree, held against each other, against what Proxmox VE takes, and against what was recorded
 * last. No cluster is asked, nothing is written. What is wrong is the result, and no error.
 * @param folder any of the workspace, against which relative paths are meant
 * @param paths files and folders to which the result is narrowed; all unless given
 * @param texts what files of manifests are to hold, in the place of what they hold; null: nothing
 * @throws PMPC_NO_WORKSPACE, and as `among`
 */
export async function validate(
  folder: string,
  paths: readonly string[] = [],
  texts?: ReadonlyMap<string, string | null>,
): Promise<Validation> {
  const {root} = findWorkspace(folder)
  const isWanted = among(root, paths, folder)
  const {config, findings} = await readConfig(root)
  const clusters = config ? Object.keys(config.clusters) : foldersBelow(root)
  const index = await indexManifests({root, clusters, source: 'worktree', instead: texts})
  const worlds = new Map<string, World>()
  for (const cluster of clusters) {
    const {state, damage} = await readState(root, cluster)
    if (damage) findings.push(damage)
    worlds.set(cluster, new World(cluster, index, state, config?.ignore ?? []))
  }
  const remarks: Remark[] = []
  const say: Say = (remark) => {
    if (isWanted(remark.thing.declared!.path)) remarks.push(remark)
  }
  for (const world of worlds.values()) for (const check of checks) check(world, say)
  // Without a pmpc.yaml that can be read nobody knows which clusters there are.
  const read = index.problems.filter(({code, path}) => isWanted(path) && (config || !isOfClusters(code)))
  for (const problem of read) {
    const remark = remarkOf(problem, index, worlds)
    if (remark) remarks.push(remark)
    else findings.push(findingOf({...problem, ...(refused.includes(problem.code) && {severity: 'error'})}))
  }
  const all = [...index.documents.values(), ...index.absent.values(), ...index.unmade]
  const documents = all.filter(({path}) => isWanted(path))
  return {
    problems: inOrder([...findings.filter(({file}) => isWanted(file)), ...(await located(root, remarks, texts))]),
    files: new Set(documents.map(({path}) => path)).size,
    objects: documents.length,
    prefix: prefixOf({root: repositoryOf(root)}, root),
  }
}

const checks: readonly ((world: World, say: Say) => void)[] = [
  checkReleases,
  checkReferences,
  checkClaims,
  checkPossible,
]

/** What Proxmox VE would refuse, where a sync only warns: it has to go on. */
const refused: readonly string[] = ['bad-value', 'unknown-config-key', 'no-such-slot']

/** What is wrong is the key itself, and not its value. */
const ofKeys: readonly string[] = ['unknown-config-key', 'unknown-key', 'no-such-slot']

/** A problem of a field that the reader of manifests found; undefined for what is no field's. */
function remarkOf(
  {object, field, severity, code, message, line, column}: Problem,
  {documents}: ManifestIndex,
  worlds: ReadonlyMap<string, World>,
): Remark | undefined {
  const document = object === undefined ? undefined : documents.get(object)
  const path = field === undefined ? undefined : parseFieldName(field)
  const world = document && worlds.get(document.ref.cluster)
  const thing = world?.things.get(`${document!.ref.kind}/${document!.ref.id}`)
  if (!thing || !path) return undefined
  const isNewer = contractsOf(world!.releases(world!.nodeOf(thing))).isNewer
  const known = refused.includes(code) && !isNewer ? severityOf(thing, path) : severity
  return {thing, severity: severity === 'error' ? severity : known, code, message, path, at: {line, column}}
}

/** Remarks with their places, which only the texts tell. */
async function located(
  root: string,
  remarks: readonly Remark[],
  given?: ReadonlyMap<string, string | null>,
): Promise<Finding[]> {
  if (remarks.length === 0) return []
  const {Locator} = await manifestTools()
  const texts = new Map<string, InstanceType<typeof Locator>>()
  return remarks.map((remark) => {
    const {path, index, position} = remark.thing.declared!
    const text =
      texts.get(path) ?? new Locator(given?.get(path) ?? (readInside(root, path) ?? Buffer.alloc(0)).toString('utf8'))
    texts.set(path, text)
    const isKey = ofKeys.includes(remark.code)
    const place = isKey
      ? text.find(index, remark.path.slice(0, -1), remark.path.at(-1))
      : text.find(index, remark.path, remark.word)
    return findingAt(remark, later(place ?? position, remark.at))
  })
}

/** The value behind its key; the key of a row behind the list. */
function later(one: Position, other: Position = one): Position {
  return (one.line - other.line || one.column - other.column) < 0 ? other : one
}

/** The recorded state of a cluster; or that it cannot be read, so that nothing is held against it. */
async function readState(root: string, cluster: string): Promise<{state?: ClusterState | undefined; damage?: Finding}> {
  try {
    return {state: await loadState({root, cluster})}
  } catch (error) {
    if (!isPmpcError(error)) throw error
    const {message} = error
    return {damage: {file: statePath(cluster), line: 1, column: 1, severity: 'warning', code: 'state', message}}
  }
}

const isOfClusters = (code: string) => code === 'no-cluster' || code === 'unknown-cluster'

/** The folder of the repository around a workspace, without asking Git; the workspace itself where there is none. */
function repositoryOf(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return root
  }
}

/** pmpc.yaml, or all that is wrong with it. */
async function readConfig(root: string): Promise<{config?: WorkspaceConfig; findings: Finding[]}> {
  try {
    return {config: await loadConfig(root), findings: []}
  } catch (error) {
    if (!isPmpcError(error) || error.code !== 'PMPC_CONFIG') throw error
    const {problems} = error.data as {problems: ConfigProblem[]}
    const findings = problems.map(({message, line, column}): Finding => ({
      ...{file: CONFIG_PATH, line, column, severity: 'error', code: 'config', message},
    }))
    return {findings}
  }
}

/** What the folders of manifests are called: clusters, as far as anyone can tell without pmpc.yaml. */
function foldersBelow(root: string): string[] {
  try {
    const entries = readdirSync(join(root, MANIFESTS), {withFileTypes: true})
    return entries.flatMap((entry) => (entry.isDirectory() && CLUSTER_NAME.test(entry.name) ? [entry.name] : []))
  } catch {
    return []
  }
}
