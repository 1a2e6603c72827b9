import {statSync} from 'node:fs'
import {join} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {CONFIG_PATH, MANIFESTS} from '../files/names.js'
import {insideWorkspace} from '../workspace/index.js'
import {isManifest} from '../workspace/manifest-list.js'

/**
 * Whether a file is among those that people named: files, or folders with all that is in them; without any, all are.
 * @param from the folder against which relative paths are meant
 * @throws PMPC_OUTSIDE_WORKSPACE; PMPC_NOT_FOUND for what is not there; PMPC_USAGE for a file that declares nothing
 */
export function among(root: string, paths: readonly string[], from: string): (file: string) => boolean {
  if (paths.length === 0) return () => true
  const named = paths.map((path) => nameOf(root, path, from))
  return (file) => named.some((name) => name === '' || file === name || file.startsWith(`${name}/`))
}

function nameOf(root: string, path: string, from: string): string {
  const name = insideWorkspace(root, path, from)
  const stats = statSync(join(root, name), {throwIfNoEntry: false})
  if (!stats)
    throw new PmpcError('PMPC_NOT_FOUND', `there is no file or folder ${path}`, {
      suggestions: ['pmpc validate', `git ls-files ${MANIFESTS}`],
      data: {path},
    })
  const isLooked = name === CONFIG_PATH || (name.startsWith(`${MANIFESTS}/`) && isManifest(name))
  if (stats.isDirectory() || isLooked) return name
  throw new PmpcError(
    'PMPC_USAGE',
    `${path} declares nothing: manifests are the files ${MANIFESTS}/**/*.yaml and *.yml, beside ${CONFIG_PATH}`,
    {suggestions: [`pmpc validate ${shellWord(MANIFESTS)}`, 'pmpc validate'], data: {path}},
  )
}
