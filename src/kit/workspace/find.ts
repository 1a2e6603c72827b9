import {realpathSync, statSync} from 'node:fs'
import {dirname, isAbsolute, join, relative, resolve, sep} from 'node:path'
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {CONFIG_PATH} from '../files/names.js'

/** Where a workspace is. */
export interface WorkspaceRoot {
  /** Absolute path of the folder that holds pmpc.yaml. */
  root: string
}

/** The workspace that a folder lies in, or null. */
export function lookForWorkspace(startDir: string): WorkspaceRoot | null {
  let folder = resolve(startDir)
  for (;;) {
    if (statSync(join(folder, CONFIG_PATH), {throwIfNoEntry: false})?.isFile()) return {root: folder}
    const above = dirname(folder)
    if (above === folder) return null
    folder = above
  }
}

/** The workspace that a folder lies in. @throws PMPC_NO_WORKSPACE */
export function findWorkspace(startDir: string): WorkspaceRoot {
  const found = lookForWorkspace(startDir)
  if (found) return found
  const folder = resolve(startDir)
  if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory())
    throw new PmpcError('PMPC_NO_WORKSPACE', `there is no folder ${folder}`, {
      suggestions: [`ls ${shellWord(dirname(folder))}`],
      data: {folder},
    })
  throw new PmpcError('PMPC_NO_WORKSPACE', `${folder} is in no workspace: no ${CONFIG_PATH} here or above`, {
    suggestions: ['pmpc init', 'cd into a workspace, or name one with --workspace DIR'],
    data: {folder},
  })
}

/**
 * A path that a person typed, relative to the workspace and with `/`; '' is the workspace itself.
 * @param from the folder against which a relative path is meant; the workspace unless given
 * @throws PMPC_OUTSIDE_WORKSPACE for a path that leaves it, also through a symbolic link
 */
export function insideWorkspace(root: string, path: string, from: string = root): string {
  const absolute = resolve(from, path)
  const within = relative(root, absolute)
  const realWithin = relative(realpathSync(root), realPath(absolute))
  // Where the workspace itself was reached through a link, one of the two is inside.
  if (leaves(realWithin)) throw outside(path, root)
  return (leaves(within) ? realWithin : within).split(sep).join('/')
}

function leaves(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
}

/** With links followed as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPath(above), path.slice(above.length))
  }
}

function outside(path: string, root: string): PmpcError {
  return new PmpcError('PMPC_OUTSIDE_WORKSPACE', `${path} is outside of the workspace ${root}`, {
    suggestions: ['name a file inside the workspace'],
    data: {path, root},
  })
}
