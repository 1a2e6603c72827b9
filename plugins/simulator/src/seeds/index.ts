import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {checkSaved, type Saved} from '../state/save.js'
import type {Seed} from '../state/seed.js'
import {generateSeed} from './generate.js'

const builtIn: Record<string, () => Promise<{default: unknown}>> = {
  homelab: () => import('./homelab.json'),
  cluster: () => import('./cluster.json'),
  daemon: () => import('./daemon.json'),
  'daemon-two': () => import('./daemon-two.json'),
  offline: () => import('./offline.json'),
}

/** Names of the seeds that come with the simulator. */
export const seedNames = Object.keys(builtIn)

async function readSeedFile(path: string): Promise<Seed | Saved> {
  const text = await readFile(path, 'utf8')
  if (/\.ya?ml$/.test(path)) return (await import('yaml')).parse(text) as Seed
  return JSON.parse(text) as Seed | Saved
}

/** The seed that options ask for: given, generated, built in, or a file, which may be a saved state. @throws when the file cannot be read */
export async function readSeed(options: {
  seed?: string | Seed
  state?: string
  nodes?: number
  guests?: number
}): Promise<Seed | Saved> {
  if (options.state !== undefined && existsSync(options.state)) return checkSaved(await readSeedFile(options.state))
  if (typeof options.seed === 'object') return options.seed
  if (options.seed === undefined && (options.nodes !== undefined || options.guests !== undefined)) {
    return generateSeed(options.nodes ?? 1, options.guests ?? 0)
  }
  const name = options.seed ?? 'homelab'
  const load = builtIn[name]
  return load ? ((await load()).default as Seed) : readSeedFile(name)
}
