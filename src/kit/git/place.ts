import {lstatSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'

/** A repository as its files tell it. */
export interface Place {
  /** The Git folder of this working tree. */
  gitDir: string
  /** The Git folder shared by all its working trees. */
  commonDir: string
  /** Text of the repository's own configuration. */
  config: string
}

/**
 * Where the Git folder of a working tree is, without starting Git for it (7 ms). Undefined wherever only Git can tell: the folder is not the top of
 * its working tree, somebody else owns it, or its configuration says anything that decides where things are or what is read.
 */
export function placeOf(root: string, env: NodeJS.ProcessEnv = process.env): Place | undefined {
  if (Object.keys(env).some((name) => /^GIT_(CONFIG_(COUNT|PARAMETERS)|TEST_)/.test(name))) return undefined
  try {
    const gitDir = gitFolder(join(root, '.git'))
    if (gitDir === undefined || !isOurs(root) || !isOurs(gitDir)) return undefined
    const shared = textOf(join(gitDir, 'commondir'))
    const commonDir = shared === undefined ? gitDir : resolve(gitDir, shared.trim())
    const config = textOf(join(commonDir, 'config'))
    if (config === undefined || deciding.test(config)) return undefined
    return {gitDir, commonDir, config}
  } catch {
    return undefined
  }
}

/** Other files that are read (`include`, `config.worktree`), another working tree, and forms of repositories that are not the plain one. */
const deciding =
  /\[\s*(?:include|extensions)|\bworktree\s*=|\bbare\b(?!\s*=\s*false\s*$)|repositoryformatversion(?!\s*=\s*0\s*$)/im

function gitFolder(path: string): string | undefined {
  const stats = lstatSync(path, {throwIfNoEntry: false})
  if (stats?.isDirectory()) return path
  if (!stats?.isFile() || !isOurs(path)) return undefined
  const named = /^gitdir: (.+?)\r?\n?$/s.exec(readFileSync(path, 'utf8'))?.[1]
  return named === undefined ? undefined : resolve(path, '..', named)
}

/** Git refuses what another user owns, unless it is told otherwise. */
function isOurs(path: string): boolean {
  return lstatSync(path).uid === process.geteuid?.()
}

/** A file's text; undefined where there is none. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
