import {existsSync, readdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {isPmpcError} from '../errors/index.js'
import {CLUSTER_NAME, CONFIG_PATH, MANIFESTS} from '../files/names.js'
import {prefixOf} from '../git/paths.js'
import {
  findWorkspace,
  indexManifests,
  loadConfig,
  type ConfigProblem,
  type WorkspaceConfig,
} from '../workspace/index.js'
import {findingOf, inOrder, type Finding} from './findings.js'
import {among} from './paths.js'

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
 * Looks at pmpc.yaml and at the manifests of the working tree, held against each other and what was recorded last. No cluster is asked, nothing is
 * written. What is wrong is the result, and no error.
 * @param folder any of the workspace, against which relative paths are meant
 * @param paths files and folders to which the result is narrowed; all unless given
 * @throws PMPC_NO_WORKSPACE, and as `among`
 */
export async function validate(folder: string, paths: readonly string[] = []): Promise<Validation> {
  const {root} = findWorkspace(folder)
  const isWanted = among(root, paths, folder)
  const {config, findings} = await readConfig(root)
  const clusters = config ? Object.keys(config.clusters) : foldersBelow(root)
  const index = await indexManifests({root, clusters, source: 'worktree'})
  // Without a pmpc.yaml that can be read nobody knows which clusters there are.
  const known = config ? index.problems : index.problems.filter(({code}) => !isOfClusters(code))
  findings.push(...known.map(findingOf))
  const documents = [...index.documents.values()].filter(({path}) => isWanted(path))
  return {
    problems: inOrder(findings.filter(({file}) => isWanted(file))),
    files: new Set(documents.map(({path}) => path)).size,
    objects: documents.length,
    prefix: prefixOf({root: repositoryOf(root)}, root),
  }
}

/** The folder of the repository around a workspace, without asking Git; the workspace itself where there is none. */
function repositoryOf(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return root
  }
}

const isOfClusters = (code: string) => code === 'no-cluster' || code === 'unknown-cluster'

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
