import type {Config} from '@oclif/core/interfaces'
import {nearest} from '../kit/errors/nearest.js'
import {PmpcError} from '../kit/errors/index.js'
import {installedPlugins, type InstalledPlugin} from './installed.js'
import {packageName, shortName, type KnownPlugins} from './wanted.js'

/** What can be the matter with a plugin, by oclif's word for it. */
const STATES = {
  user: 'installed',
  link: 'linked',
  core: 'part of this checkout',
  dev: 'part of this checkout',
  missing: 'not installed',
  broken: 'cannot be loaded',
} as const

/** A plugin as `pmpc plugins` lists it. */
export interface ListedPlugin {
  /** As it is typed: `sync` for pmpc's own. */
  name: string
  package: string
  version: string
  state: (typeof STATES)[keyof typeof STATES]
}

/** All plugins: those that are there, those that should be and cannot be loaded, those of pmpc's own that are not installed. */
export function listPlugins(config: Config): ListedPlugin[] {
  const known = knownPlugins(config)
  const there = config.getPluginsList().filter(({isRoot, name, parent}) => !isRoot && name !== config.name && !parent)
  const found = new Map(there.map(({name, version, type}) => [name, {version, type: type as keyof typeof STATES}]))
  for (const {name} of installedPlugins(config.dataDir))
    if (!found.has(name)) found.set(name, {version: '?', type: 'broken'})
  for (const [name, version] of Object.entries(known)) if (!found.has(name)) found.set(name, {version, type: 'missing'})
  return [...found]
    .map(([name, {version, type}]) => ({
      ...{name: shortName(name, known), package: name, version},
      state: STATES[type],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** pmpc's own plugins, as the host's package.json names them. */
export function knownPlugins(config: Config): KnownPlugins {
  return config.pjson.oclif.jitPlugins ?? {}
}

/** A plugin of the user's by the name that `pmpc plugins` prints, or by that of its package. @throws PMPC_PLUGIN_NOT_INSTALLED */
export function installedNamed(typed: string, config: Config): InstalledPlugin {
  const name = packageName(typed, knownPlugins(config))
  const found = installedPlugins(config.dataDir).find((plugin) => plugin.name === name)
  if (found) return found
  throw notInstalled(typed, config)
}

/** That a plugin is not there, with the one that was meant, or how to install it. */
export function notInstalled(typed: string, config: Config): PmpcError {
  const known = knownPlugins(config)
  const listed = listPlugins(config)
  const name = packageName(typed, known)
  const here = listed.some((plugin) => plugin.package === name && plugin.state === STATES.core)
  const meant = nearest(
    typed,
    listed.filter(({package: other}) => other !== name).flatMap((plugin) => [plugin.name, plugin.package]),
  )
  const install = Object.hasOwn(known, name) && !here ? [`pmpc plugins install ${typed}`] : []
  const inspect = meant === undefined ? [] : [`pmpc plugins inspect ${meant}`]
  return new PmpcError(
    'PMPC_PLUGIN_NOT_INSTALLED',
    here ? `${typed} is part of this checkout, and not installed beside it.` : `No plugin ${typed} is installed.`,
    {suggestions: [...install, ...(install.length > 0 ? [] : inspect), 'pmpc plugins'], data: {plugin: typed}},
  )
}
