import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {SeedError} from '../errors.js'
import {checkSaved, isSaved, type Saved} from './save.js'
import {checkSeed} from './seed-check.js'
import type {Seed} from './seed.js'
import {generateSeed} from './generate.js'

const builtIn: Record<string, () => Promise<{default: unknown}>> = {
  homelab: () => import('./homelab.json'),
  cluster: () => import('./cluster.json'),
  daemon: () => import('./daemon.json'),
  'daemon-two': () => import('./daemon-two.json'),
  offline: () => import('./offline.json'),
}

/** Whether a seed of this name comes with the simulator; any other name is that of a file. */
export const isSeedName = (name: string): boolean => Object.hasOwn(builtIn, name)

async function readSeedFile(path: string): Promise<Seed | Saved> {
  const text = await readFile(path, 'utf8')
  const yaml = /\.ya?ml$/.test(path) ? await import('yaml') : undefined
  try {
    return checked(yaml ? yaml.parse(text) : JSON.parse(text))
  } catch (error) {
    throw new SeedError(`${path}: ${(error as Error).message}`)
  }
}

const checked = (value: unknown): Seed | Saved => (isSaved(value) ? checkSaved(value) : checkSeed(value))

/** The seed that options ask for: given, generated, built in, or a file, which may be a saved state. @throws SeedError, or the system's error when there is no such file */
export async function readSeed(options: {
  seed?: string | Seed
  state?: string
  nodes?: number
  guests?: number
}): Promise<Seed | Saved> {
  if (options.state !== undefined && existsSync(options.state)) return checkSaved(await readSeedFile(options.state))
  if (typeof options.seed === 'object') return checked(options.seed)
  if (options.seed === undefined && (options.nodes !== undefined || options.guests !== undefined)) {
    return generateSeed(options.nodes ?? 1, options.guests ?? 0)
  }
  const name = options.seed ?? 'homelab'
  const load = builtIn[name]
  return load ? ((await load()).default as Seed) : readSeedFile(name)
}
