import {readdirSync, readFileSync, rmSync, statSync, utimesSync} from 'node:fs'
import path from 'node:path'
import {PmpcError} from '../kit/errors/index.js'
import {shellWord} from '../kit/files/inside.js'
import {makeFolders, replaceFile} from '../kit/files/write.js'

/**
 * The folder of the user's plugins, `~/.local/share/pmpc`. Its package.json names them, as oclif reads it:
 *
 *     package.json            {"oclif": {"plugins": [{"name", "type": "user", "root": "…/installed/a1b2c3"}]}}
 *     installed/<id>/         one plugin in one version, as npm installed it: package.json, node_modules
 *     .npmrc                  the user's, for a registry with a token for instance
 *
 * A version is laid out beside the one that works, and one rename of package.json switches over: whatever happens before leaves all as it was.
 */
export interface InstalledPlugin {
  name: string
  /** `link` is a folder of the user's own, used where it is. */
  type: 'user' | 'link'
  /** The folder that it is found from; the package itself for a link. */
  root: string
  /** Version, range or tag, as it was typed. */
  tag?: string
  /** Where it was fetched from, if from no registry. */
  url?: string
}

/** The part of a package's description that says what it is. */
export interface PackageJson {
  name?: string
  version?: string
  description?: string
  dependencies?: Record<string, string>
  oclif?: {bin?: string; commands?: unknown; hooks?: unknown; plugins?: unknown}
}

/** Reads a package.json; undefined where there is none, or one that is no JSON. */
export function readPackage(folder: string): PackageJson | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    return typeof read === 'object' && read !== null ? read : undefined
  } catch {
    return undefined
  }
}

/** Where the package itself lies. */
export function packageFolder({name, type, root}: InstalledPlugin): string {
  return type === 'link' ? root : path.join(root, 'node_modules', name)
}

/** The user's plugins. @throws PMPC_PLUGINS_DAMAGED */
export function installedPlugins(data: string): InstalledPlugin[] {
  const listed = readList(data).oclif?.plugins
  if (!Array.isArray(listed)) return []
  return listed.filter(isEntry).map((entry) => ({...entry, root: entry.root ?? data}))
}

function isEntry(entry: unknown): entry is Omit<InstalledPlugin, 'root'> & {root?: string} {
  const {name, type} = (entry ?? {}) as Partial<InstalledPlugin>
  return typeof name === 'string' && (type === 'user' || type === 'link')
}

function readList(data: string): PackageJson {
  const file = path.join(data, 'package.json')
  if (statSync(file, {throwIfNoEntry: false}) === undefined) return {}
  const list = readPackage(data)
  if (list !== undefined) return list
  throw new PmpcError('PMPC_PLUGINS_DAMAGED', `${file}, the list of your plugins, cannot be read.`, {
    suggestions: ['pmpc plugins reset'],
    data: {file},
  })
}

/** Adds a plugin, in place of one of the same name. */
export function rememberPlugin(data: string, plugin: InstalledPlugin): void {
  const others = installedPlugins(data).filter(({name}) => name !== plugin.name)
  writeList(data, [...others, plugin])
}

/** Takes a plugin out. Where it was fetched to is removed with it, a linked folder is not. */
export function forgetPlugin(data: string, plugin: InstalledPlugin): void {
  const rest = installedPlugins(data).filter(({name}) => name !== plugin.name)
  writeList(data, rest)
  if (isOurs(data, plugin.root)) rmSync(plugin.root, {recursive: true, force: true})
}

/** Takes all plugins out. */
export function forgetAll(data: string): void {
  makeDataFolder(data)
  writeList(data, [])
  for (const name of ['installed', 'node_modules', 'package-lock.json'])
    rmSync(path.join(data, name), {recursive: true, force: true})
}

function writeList(data: string, plugins: InstalledPlugin[]): void {
  const list = {name: 'pmpc', private: true, oclif: {schema: 1, plugins}}
  replaceFile(path.join(data, 'package.json'), `${JSON.stringify(list, undefined, 2)}\n`, {sync: true})
}

function isOurs(data: string, folder: string): boolean {
  return path.dirname(folder) === path.join(data, 'installed')
}

/** How long a version that was replaced stays: a pmpc that runs with it may still read a file of it. */
const KEPT_MS = 3_600_000

/** Has a version that was replaced stay for an hour from now on. */
export function keepForNow(data: string, folder: string): void {
  if (isOurs(data, folder) && statSync(folder, {throwIfNoEntry: false})) utimesSync(folder, new Date(), new Date())
}

/** @throws PMPC_WRITE_FAILED */
export function makeDataFolder(folder: string): void {
  try {
    makeFolders(folder)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'an error'
    throw new PmpcError('PMPC_WRITE_FAILED', `${folder}, for plugins, cannot be made: ${why}. Nothing was installed.`, {
      suggestions: [
        `ls -ld ${shellWord(path.dirname(folder))}`,
        'unset PMPC_DATA_DIR   # the usual folder, in your home',
      ],
      data: {folder},
      cause: error,
    })
  }
}

/** Removes what was replaced an hour ago or more, and what runs left that were killed. */
export function sweep(data: string): void {
  const folder = path.join(data, 'installed')
  makeDataFolder(folder)
  const used = new Set(installedPlugins(data).map(({root}) => root))
  for (const name of readdirSync(folder)) {
    const version = path.join(folder, name)
    const stats = statSync(version, {throwIfNoEntry: false})
    if (used.has(version) || stats === undefined || stats.mtimeMs > Date.now() - KEPT_MS) continue
    rmSync(version, {recursive: true, force: true})
  }
}
