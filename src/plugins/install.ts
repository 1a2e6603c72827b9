import {copyFileSync, existsSync, mkdtempSync, rmSync} from 'node:fs'
import path from 'node:path'
import {PmpcError} from '../kit/errors/index.js'
import {step, type Caller} from '../kit/runs/caller.js'
import {
  installedPlugins,
  keepForNow,
  makeDataFolder,
  packageFolder,
  readPackage,
  rememberPlugin,
  sweep,
  type InstalledPlugin,
  type PackageJson,
} from './installed.js'
import {npmInstall} from './npm.js'
import type {KnownPlugins, Wanted} from './wanted.js'

/** Where plugins are installed, and who says yes. */
export interface Installation {
  /** Folder of the host's package.json. */
  host: string
  /** The folder of the user's plugins. */
  data: string
  known: KnownPlugins
  caller: Caller
  /** Asked before a plugin that is not pmpc's own is fetched, or, from the user's own disk, before it is loaded; what is there may call itself by any name. Throws for a no. */
  approve(what: string): Promise<void>
}

/** A plugin that was installed. */
export interface InstalledResult {
  name: string
  version: string
  /** The version that was there before; null where there was none. */
  previous: string | null
}

/**
 * Installs one plugin: fetches it into a folder of its own without running anything of it, looks whether it is a plugin of pmpc's, loads it once in
 * a process of its own, and only then switches over. Up to the switch the version that was there before stays in use.
 * @throws PMPC_NOT_A_PLUGIN, PMPC_PLUGIN_BROKEN, what {@link npmInstall} and `approve` throw
 */
export async function installWanted(wanted: Wanted, at: Installation): Promise<InstalledResult> {
  if (asksFirst(wanted, at)) await at.approve(wanted.name ?? wanted.typed)
  sweep(at.data)
  const folder = mkdtempSync(path.join(at.data, 'installed', 'v-'))
  try {
    const entry = await stage(wanted, folder, at)
    return switchTo(entry, at.data)
  } catch (error) {
    rmSync(folder, {recursive: true, force: true})
    throw error
  }
}

/** A file or folder of the user's own is looked at first: what it holds, and so whether it is a stranger's, is known only then. */
function asksFirst({from, name}: Wanted, {known}: Installation): boolean {
  return from === 'address' || (from === 'registry' && !Object.hasOwn(known, name!))
}

async function stage(wanted: Wanted, folder: string, at: Installation): Promise<InstalledPlugin> {
  await step(at.caller, `Fetching ${wanted.typed}`, async () => fetchInto(wanted, folder, at))
  const name = wanted.name ?? Object.keys(readPackage(folder)?.dependencies ?? {})[0] ?? wanted.typed
  const entry: InstalledPlugin = {
    name,
    type: 'user',
    root: folder,
    ...(wanted.tag !== undefined && {tag: wanted.tag}),
    ...(wanted.from !== 'registry' && {url: wanted.spec}),
  }
  assertPlugin(packageFolder(entry), wanted.typed)
  if (!asksFirst(wanted, at) && wanted.name === undefined) await at.approve(name)
  await step(at.caller, `Loading ${name}`, async () => assertLoads(entry, at))
  return entry
}

/** npm takes a registry and its token from the .npmrc beside the package.json that it works on. */
async function fetchInto(wanted: Wanted, folder: string, {host, data, caller}: Installation): Promise<void> {
  const settings = [path.join(data, '.npmrc'), path.join(folder, '.npmrc')] as const
  if (existsSync(settings[0])) copyFileSync(...settings)
  const {replaceFile} = await import('../kit/files/write.js')
  replaceFile(path.join(folder, 'package.json'), '{"private": true}\n')
  try {
    await npmInstall(host, folder, wanted, caller.signal)
  } finally {
    rmSync(settings[1], {force: true})
  }
}

function switchTo(entry: InstalledPlugin, data: string): InstalledResult {
  const before = installedPlugins(data).find(({name}) => name === entry.name)
  rememberPlugin(data, entry)
  if (before !== undefined) keepForNow(data, before.root)
  return {
    name: entry.name,
    version: versionIn(packageFolder(entry)),
    previous: before === undefined ? null : versionIn(packageFolder(before)),
  }
}

/** The version of a package; `?` where it does not say. */
export function versionIn(folder: string): string {
  return readPackage(folder)?.version ?? '?'
}

/** Links a folder of the user's own: it is used where it is, and nothing is installed in it. @throws PMPC_NOT_A_PLUGIN, PMPC_PLUGIN_BROKEN */
export async function linkPlugin(folder: string, at: Omit<Installation, 'approve'>): Promise<InstalledResult> {
  const {name} = assertPlugin(folder, folder)
  const entry: InstalledPlugin = {name, type: 'link', root: folder}
  await step(at.caller, `Loading ${name}`, async () => assertLoads(entry, at))
  makeDataFolder(at.data)
  return switchTo(entry, at.data)
}

/**
 * What makes a package a plugin of pmpc's: it says so in its package.json, `oclif.bin`, and has commands or hooks. Nothing is loaded for that.
 * @throws PMPC_NOT_A_PLUGIN
 */
function assertPlugin(folder: string, typed: string): PackageJson & {name: string} {
  const found = readPackage(folder)
  const lacks = found === undefined ? 'it has no package.json' : lacking(found)
  if (found?.name !== undefined && lacks === undefined) return {...found, name: found.name}
  throw new PmpcError('PMPC_NOT_A_PLUGIN', `${typed} is no plugin of pmpc's: ${lacks}. Nothing of it was run.`, {
    suggestions: ['pmpc plugins'],
    data: {plugin: typed, ...(found?.name !== undefined && {name: found.name})},
  })
}

/** The package that plugins are installed into: it has commands too, and is none of them. */
const HOST = 'pmpc'

function lacking({name, oclif}: PackageJson): string | undefined {
  if (name === undefined) return 'its package.json has no name'
  if (name === HOST) return 'it is pmpc itself, which brings its own commands along'
  if (oclif?.bin !== 'pmpc') return 'its package.json does not say so, with `"oclif": {"bin": "pmpc", …}`'
  return oclif.commands || oclif.hooks ? undefined : 'it has neither commands nor hooks'
}

/** Loads all commands and hooks of a plugin in a process of its own, as `pmpc plugins try`. @throws PMPC_PLUGIN_BROKEN */
async function assertLoads(
  {name, root, type}: InstalledPlugin,
  {host, data, caller}: Omit<Installation, 'approve'>,
): Promise<void> {
  const {execa} = await import('execa')
  const folder = packageFolder({name, root, type})
  const words = [path.join(host, 'bin', 'run.js'), 'plugins', 'try', folder, '--json']
  // No other plugin is in the way: one that is broken must not keep its own repair from being installed.
  const env = {PMPC_DATA_DIR: path.join(data, 'installed', 'none'), PMPC_BARE: '1', PMPC_CODE_CACHE: '0'}
  const {stdout, exitCode} = await execa(process.execPath, words, {
    ...{env, cwd: root, stdin: 'ignore', reject: false},
    ...(caller.signal && {cancelSignal: caller.signal}),
    timeout: 60_000,
  })
  caller.signal?.throwIfAborted()
  const said = exitCode === 0 && /"loaded": \[/.test(stdout) ? undefined : reasonIn(stdout)
  if (said === undefined) return
  throw new PmpcError('PMPC_PLUGIN_BROKEN', `${name} cannot be loaded: ${said}`, {
    suggestions: [`PMPC_DEBUG=1 pmpc plugins try ${folder}`],
    data: {plugin: name},
  })
}

function reasonIn(stdout: string): string {
  try {
    return (JSON.parse(stdout) as {error: {message: string}}).error.message
  } catch {
    return 'it ended the process that loaded it'
  }
}
