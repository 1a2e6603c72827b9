import {existsSync, readFileSync, realpathSync} from 'node:fs'
import {statfs} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {cacheFolder, programOn, shellWord} from 'pmpc/kit/files'
import {credentialFile} from 'pmpc/kit/proxmox'
import {critical, fine, nothing, unseen, warning, type LocalRow, type Seen} from '../model.js'
import type {Surroundings} from '../surroundings.js'
import {isAtLeast} from '../versions.js'
import {isWritable} from '../writable.js'

/** What pmpc itself needs: Node, its plugins, room on the disk. */
export const installation: LocalRow[] = [
  {
    id: 'node.version',
    looksAt: 'the version of Node',
    severity: 'critical',
    look({host: {node, engines}}) {
      const least = engines.replace(/^\D+/, '')
      if (isAtLeast(node, least)) return fine(`Node ${node}`)
      return critical(`Node ${node} is too old: pmpc needs ${least} or newer.`, {
        fix: `nvm install ${least.split('.')[0]}   # or as this system installs Node`,
      })
    },
  },
  {
    id: 'pmpc.path',
    looksAt: "whether `pmpc` means the pmpc that runs: Git's drivers and the shells start it by that name",
    severity: 'warning',
    look({env, host}) {
      const found = programOn(env, 'pmpc')
      const own = real(host.script)
      if (found === undefined)
        return warning('No pmpc is on PATH: shells cannot complete it, and Git finds it by a recorded path only.', {
          fix: `ln -s ${shellWord(own)} ~/.local/bin/pmpc`,
        })
      if (real(found) === own || leadsTo(found, own)) return fine(`pmpc ${host.version}, ${found}`)
      return warning(`\`pmpc\` starts ${found}, and this is ${own}: Git's drivers may be of another version.`, {
        objects: [found],
        fix: `${shellWord(found)} --version   # then take one of the two out of PATH`,
      })
    },
  },
  {
    id: 'plugins.loaded',
    looksAt: 'whether each plugin that is installed can be loaded',
    severity: 'critical',
    look({host}) {
      const listed = listedPlugins(host.dataFolder)
      if (listed === undefined)
        return critical(`The list of your plugins in ${host.dataFolder} cannot be read.`, {fix: 'pmpc plugins reset'})
      const there = new Set(host.plugins.map(({name}) => name))
      const lost = listed.filter((name) => !there.has(name))
      if (lost.length === 0) return fine(`${host.plugins.length} plugins`)
      return lost.map((name) =>
        critical(`${name} is installed, and cannot be loaded.`, {
          ...{
            objects: [name],
            fix: `pmpc plugins install ${shortName(name)}   # or: pmpc plugins uninstall ${shortName(name)}`,
          },
        }),
      )
    },
  },
  {
    id: 'plugins.versions',
    looksAt: "whether pmpc's own plugins are of the version that belongs to this pmpc",
    severity: 'warning',
    look({host: {plugins, expected}}) {
      const own = plugins.filter(({name}) => Object.hasOwn(expected, name))
      const other = own.filter(({name, version}) => version !== expected[name])
      if (own.length === 0) return nothing("none of pmpc's own plugins is installed", 'pmpc plugins install sync')
      if (other.length === 0) return fine(own.map(({name, version}) => `${shortName(name)} ${version}`).join(', '))
      return other.map(({name, version}) =>
        warning(`${shortName(name)} is ${version}; to this pmpc belongs ${expected[name]}.`, {
          ...{objects: [name], fix: `pmpc plugins install ${shortName(name)}`},
        }),
      )
    },
  },
  {
    id: 'folders.writable',
    looksAt: 'whether the folders of configuration, plugins and caches can be written',
    severity: 'critical',
    async look(at) {
      const folders = await ownFolders(at)
      const shut = folders.filter((folder) => !isWritable(existing(folder)))
      if (shut.length === 0) return fine(folders.join(', '), folders)
      return shut.map((folder) =>
        critical(`${folder} cannot be written.`, {objects: [folder], fix: `ls -ld ${shellWord(existing(folder))}`}),
      )
    },
  },
  {
    id: 'disk.space',
    looksAt: 'the room on the disks of the workspace, the caches and temporary files',
    severity: 'critical',
    async look(at) {
      const folders = [...(at.root === undefined ? [] : [at.root]), ...(await ownFolders(at)), tmpdir()]
      return spaceSeen(
        await Promise.all(folders.map(async (folder) => ({folder, free: await freeAt(existing(folder))}))),
      )
    },
  },
  {
    id: 'environment.variables',
    looksAt: 'variables with tokens and endpoints of clusters that pmpc.yaml does not name',
    severity: 'warning',
    needs: 'config',
    async look(at) {
      const config = await at.config()
      if (!config || 'error' in config) return unseen('pmpc.yaml cannot be read')
      const known = Object.keys(config.value.clusters).map((name) => name.toUpperCase().replaceAll('-', '_'))
      const named = Object.keys(at.env).filter((name) => /^PMPC_(?:TOKEN|ENDPOINT)_./.test(name))
      const lost = named.filter((name) => !known.includes(name.replace(/^PMPC_[A-Z]+_/, '')))
      if (lost.length === 0) return fine(named.length > 0 ? named.join(', ') : 'none is set', named)
      return lost.map((name) =>
        warning(`${name} is set, and pmpc.yaml names no such cluster: nothing reads it.`, {
          ...{
            objects: [name],
            fix: `unset ${name}   # clusters here: ${Object.keys(config.value.clusters).join(', ') || 'none'}`,
          },
        }),
      )
    },
  },
]

const MiB = 2 ** 20
/** Bytes below which a sync may not get through, and below which it is time to look. */
export const leastFree = {critical: 100 * MiB, warning: 1024 * MiB}

/** What is to be said of the room on some disks. Folders on one disk are told together, as they have the same room. */
export function spaceSeen(folders: readonly {folder: string; free: number}[]): Seen[] {
  const size = (bytes: number) =>
    bytes >= 10 * 1024 * MiB ? `${Math.round(bytes / 1024 / MiB)} GiB` : `${Math.floor(bytes / MiB)} MiB`
  const seen = new Map<number, string[]>()
  for (const {folder, free} of folders) seen.set(free, [...new Set([...(seen.get(free) ?? []), folder])])
  const all = [...seen].map(([free, objects]): Seen => {
    const said = `${size(free)} are free at ${objects[0]!}`
    const told = {objects, fix: `df -h ${shellWord(objects[0]!)}`}
    if (free < leastFree.critical) return critical(`Only ${said}: nothing can be recorded soon.`, told)
    return free < leastFree.warning ? warning(`Only ${said}.`, told) : fine(said, objects)
  })
  const bad = all.filter(({result}) => result !== 'ok')
  return bad.length > 0 ? bad : all.slice(0, 1)
}

/** Where pmpc keeps what is the user's: configuration, plugins, caches. */
async function ownFolders({env, host}: Surroundings): Promise<string[]> {
  return [dirname(await credentialFile(env)), host.dataFolder, cacheFolder(env)]
}

/** The folder, or the nearest above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder))
}

async function freeAt(folder: string): Promise<number> {
  const {bavail, bsize} = await statfs(folder)
  return bavail * bsize
}

/** Names of the plugins that the user has installed, as oclif lists them; undefined: the list is damaged. */
function listedPlugins(folder: string): string[] | undefined {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return []
  try {
    const list = JSON.parse(readFileSync(file, 'utf8')) as {oclif?: {plugins?: {name?: unknown}[]}}
    return (list.oclif?.plugins ?? []).flatMap(({name}) => (typeof name === 'string' ? [name] : []))
  } catch {
    return undefined
  }
}

const shortName = (name: string): string => name.replace(/^@pmpc\/plugin-/, '')

function real(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

/** A script of a few lines that starts it, as package managers write them. */
function leadsTo(script: string, program: string): boolean {
  try {
    const text = readFileSync(script, 'utf8')
    return text.length < 4096 && text.includes(program)
  } catch {
    return false
  }
}
