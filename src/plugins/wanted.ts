import {statSync} from 'node:fs'
import path from 'node:path'
import {nearest} from '../kit/errors/nearest.js'
import {PmpcError} from '../kit/errors/index.js'

/** pmpc's own plugins by package name, with the version that belongs to this host: `oclif.jitPlugins` of package.json. */
export type KnownPlugins = Readonly<Record<string, string>>

/** Where a plugin is fetched from. */
export type Source = 'registry' | 'tarball' | 'folder' | 'address'

/** What `pmpc plugins install` was asked for. */
export interface Wanted {
  /** As it was typed. */
  typed: string
  from: Source
  /** What npm is told: `@pmpc/plugin-sync@0.1.0`, `file:/tmp/x.tgz`, an address. */
  spec: string
  /** The package's name; of a registry's only, as others are known when they are there. */
  name?: string
  /** A version, range or tag, where one was typed. */
  tag?: string
}

const PREFIX = '@pmpc/plugin-'

/** `sync` for pmpc's own `@pmpc/plugin-sync`; the whole name of any other package. */
export function shortName(name: string, known: KnownPlugins): string {
  return Object.hasOwn(known, name) ? name.slice(PREFIX.length) : name
}

/** The package that a person means by a name: `sync` is pmpc's own plugin, never a package called `sync`. */
export function packageName(typed: string, known: KnownPlugins): string {
  return Object.hasOwn(known, PREFIX + typed) ? PREFIX + typed : typed
}

/** Addresses that npm fetches by itself, or through git. */
const ADDRESS = /^(?:(?:https?|ssh|git|git\+(?:ssh|https?|file)|github|gitlab|bitbucket|gist):|git@)/

const PATH = /^(?:file:|\.{0,2}\/|\.{1,2}$)/

/** A package's name, and what may follow it; an alias (`x@npm:y`) is none. */
const NAMED = /^((?:@[a-z0-9][\w.~-]*\/)?[a-z0-9][\w.~-]*)(?:@([\w.^~<>=*+-]+))?$/

/** What an unscoped name has to begin with: it tells apart what is meant for pmpc from a name that was only mistyped. */
const UNSCOPED = 'pmpc-plugin-'

/**
 * Reads what was typed. A short name is one of pmpc's own plugins and nothing else; a stranger's package is named in full.
 * @param folder that relative paths are meant from
 * @throws PMPC_PLUGIN_UNKNOWN for a name that is neither, PMPC_PLUGIN_NOT_FOUND for a file that is not there
 */
export function readWanted(typed: string, known: KnownPlugins, folder: string): Wanted {
  if (ADDRESS.test(typed)) return {typed, from: 'address', spec: typed}
  return atPath(typed, folder) ?? fromRegistry(typed, known)
}

function atPath(typed: string, folder: string): Wanted | undefined {
  const file = path.resolve(folder, typed.replace(/^file:(\/\/)?/, ''))
  const stats = statSync(file, {throwIfNoEntry: false})
  const isPath = PATH.test(typed) || /\.(tgz|tar\.gz)$/.test(typed)
  // `plugins/sync` is a folder where there is one. oclif would fetch it from GitHub.
  if (!isPath && !(typed.includes('/') && !typed.startsWith('@') && stats?.isDirectory())) return undefined
  if (stats === undefined) throw notThere(file)
  return {typed, from: stats.isDirectory() ? 'folder' : 'tarball', spec: `file:${file}`}
}

function notThere(file: string): PmpcError {
  return new PmpcError('PMPC_PLUGIN_NOT_FOUND', `There is no file ${file}.`, {
    suggestions: [`ls ${path.dirname(file)}`],
    data: {file},
  })
}

function fromRegistry(typed: string, known: KnownPlugins): Wanted {
  const [, typedName = '', tag] = NAMED.exec(typed) ?? []
  const name = packageName(typedName, known)
  const own = Object.hasOwn(known, name)
  if (!own && !name.startsWith('@') && !name.startsWith(UNSCOPED)) throw unknown(typed, typedName, known)
  const spec = `${name}@${tag ?? (own ? known[name] : 'latest')}`
  return {typed, from: 'registry', spec, name, ...(tag !== undefined && {tag})}
}

/** pmpc's own plugin that a name is likely to be a misspelling of. */
export function meantPlugin(name: string, known: KnownPlugins): string | undefined {
  const short = Object.keys(known).map((own) => shortName(own, known))
  const found = nearest(name, [...Object.keys(known), ...short])
  return found === undefined ? undefined : packageName(found, known)
}

function unknown(typed: string, name: string, known: KnownPlugins): PmpcError {
  const meant = name === '' ? undefined : meantPlugin(name, known)
  const own = Object.keys(known).map((each) => shortName(each, known))
  // oclif takes `user/repository` for GitHub's.
  const inFull = typed.includes('/') ? [`./${typed}`, `https://github.com/${typed}`] : []
  const likely = meant === undefined ? inFull : [shortName(meant, known)]
  return new PmpcError(
    'PMPC_PLUGIN_UNKNOWN',
    `pmpc has no plugin ${JSON.stringify(typed)}; it has ${own.join(', ')}. Another one's is named in full: @SCOPE/NAME, ${UNSCOPED}NAME, ./FILE.tgz, ./FOLDER or https://….`,
    {
      suggestions: [...likely.map((each) => `pmpc plugins install ${each}`), 'pmpc plugins'],
      data: {plugin: typed, known: own},
    },
  )
}
