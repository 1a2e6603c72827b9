import {existsSync, readFileSync, realpathSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {isPmpcError, PmpcError} from '../errors/index.js'
import {CONFIG_PATH} from '../files/names.js'
import {shellWord} from '../files/index.js'
import {openRepository, readGit} from '../git/index.js'
import {lookForWorkspace} from '../workspace/index.js'

/** What a new workspace would become a part of. */
export interface Place {
  /** Top of the repository that its commits would go into; null where it gets one of its own, or is the top itself. */
  within: string | null
}

/**
 * Looks whether a folder may become a workspace; it need not be there yet. One that is a workspace already may be set up again.
 * @throws PMPC_NESTED_WORKSPACE where one workspace would lie in another, PMPC_OWN_CHECKOUT in a checkout of pmpc itself
 */
export async function placeFor(folder: string): Promise<Place> {
  const real = realPathOf(folder)
  if (existsSync(join(real, CONFIG_PATH))) return {within: null}
  const outer = lookForWorkspace(dirname(real))
  if (outer) throw nested(real, outer.root, 'lies in')
  const checkout = checkoutAround(real)
  if (checkout !== undefined) throw ownCheckout(real, checkout)
  const top = await repositoryOf(real)
  const [inner] = top === undefined ? [] : await workspacesBelow(real)
  if (inner !== undefined) throw nested(real, inner, 'is around')
  return {within: top === undefined || top === real ? null : top}
}

/** With links followed as far as there is anything. */
function realPathOf(folder: string): string {
  if (existsSync(folder)) return realpathSync(folder)
  const above = dirname(folder)
  return above === folder ? folder : join(realPathOf(above), basename(folder))
}

/**
 * The checkout of pmpc, or the installed package, that a folder lies in: a package.json names it, whatever the folder is called and wherever it was
 * cloned from. A repository of its own within it is not looked out of.
 */
function checkoutAround(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (isHost(join(at, 'package.json'))) return at
    if (existsSync(join(at, '.git')) || dirname(at) === at) return undefined
  }
}

function isHost(file: string): boolean {
  try {
    const {name, oclif} = JSON.parse(readFileSync(file, 'utf8')) as {name?: unknown; oclif?: {bin?: unknown}}
    return name === 'pmpc' && oclif?.bin === 'pmpc'
  } catch {
    return false
  }
}

async function repositoryOf(folder: string): Promise<string | undefined> {
  try {
    const repository = await openRepository(existingAbove(folder))
    repository.close()
    return realpathSync(repository.root)
  } catch (error) {
    if (isPmpcError(error) && error.code === 'PMPC_NOT_A_REPOSITORY') return undefined
    throw error
  }
}

/** The folder, or the nearest one above it that is there. */
export function existingAbove(folder: string): string {
  return existsSync(folder) ? folder : existingAbove(dirname(folder))
}

/** Workspaces in folders below one, as far as Git knows of them. */
async function workspacesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const {stdout} = await readGit(folder, ['ls-files', '-z'])
  return String(stdout)
    .split('\0')
    .filter((file) => file.endsWith(`/${CONFIG_PATH}`))
    .map((file) => join(folder, dirname(file)))
}

/** A folder that is not there yet: `infra`, `infra-2`, … */
function newFolder(parent: string): string {
  for (let count = 1; ; count++) {
    const folder = join(parent, count === 1 ? 'infra' : `infra-${count}`)
    if (!existsSync(folder)) return folder
  }
}

function nested(folder: string, other: string, how: string): PmpcError {
  const message = `nothing was done: ${folder} ${how} the workspace ${other}, and of two workspaces in one another neither can be read`
  return new PmpcError('PMPC_NESTED_WORKSPACE', message, {
    suggestions: [
      `pmpc init ${shellWord(other)} --cluster NAME   # another cluster in that workspace`,
      `pmpc init ${shellWord(newFolder(dirname(how === 'lies in' ? other : folder)))}   # a workspace beside it`,
    ],
    data: {folder, workspace: other},
  })
}

function ownCheckout(folder: string, checkout: string): PmpcError {
  const message = `nothing was done: ${folder} lies in pmpc's own code (${checkout}), and your cluster would be committed into that`
  return new PmpcError('PMPC_OWN_CHECKOUT', message, {
    suggestions: ['pmpc init ~/infra'],
    data: {folder, checkout},
  })
}
