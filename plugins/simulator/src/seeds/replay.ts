import {readFile} from 'node:fs/promises'
import {promisify} from 'node:util'
import {gunzip} from 'node:zlib'
import {unpackTar} from 'pmpc/kit/files'
import type {Release} from '../contract/contract.js'
import {SeedError} from '../errors.js'
import {checkSeed} from './seed-check.js'
import type {Seed} from './seed.js'

/** The token that a replayed cluster has beside its own, whose secrets are nowhere. */
const token = 'root@pam!replay'

/** The most that a bundle may become. */
const mostBytes = 512 * 2 ** 20

/** `bundle.json` of a bundle of `pmpc report-issue`. */
interface Bundle {
  format: string
  version: number
  estates: {cluster: string; file: string; pve: Release}[]
}

/** What a bundle holds of a cluster. */
export interface Replayed {
  seed: Seed
  pve: Release
  cluster: string
  /** The other clusters in it. */
  others: string[]
}

/**
 * Reads what a bundle of `pmpc report-issue` says of a cluster.
 * @param wanted the cluster; the first one unless given
 * @throws SeedError where it is no such bundle, or holds nothing of a cluster; the system's error when there is no such file
 */
export async function readBundle(path: string, wanted?: string): Promise<Replayed> {
  const packed = await readFile(path)
  const files = new Map((await unpacked(path, packed)).map(({name, bytes}) => [name, Buffer.from(bytes)]))
  const json = (name: string): unknown => {
    try {
      return JSON.parse(files.get(name)?.toString('utf8') ?? '') as unknown
    } catch {
      throw new SeedError(`${path} is no bundle of pmpc report-issue: ${name} in it is missing or damaged`)
    }
  }
  const {format, version, estates} = json('bundle.json') as Partial<Bundle>
  if (format !== 'pmpc report' || version !== 1 || !Array.isArray(estates))
    throw new SeedError(`${path} is no bundle of pmpc report-issue that this version can read`)
  const estate = wanted === undefined ? estates[0] : estates.find(({cluster}) => cluster === wanted)
  const names = estates.map(({cluster}) => cluster)
  if (!estate)
    throw new SeedError(
      names.length === 0
        ? `${path} holds nothing of a cluster: none was recorded where it was made`
        : `${path} holds nothing of the cluster '${wanted}': it holds ${names.join(', ')}`,
    )
  const seed = withToken(checkSeed(json(estate.file)))
  return {seed, pve: estate.pve, cluster: estate.cluster, others: names.filter((name) => name !== estate.cluster)}
}

async function unpacked(path: string, packed: Buffer): Promise<ReturnType<typeof unpackTar>> {
  try {
    return unpackTar(await promisify(gunzip)(packed, {maxOutputLength: mostBytes}))
  } catch (error) {
    throw new SeedError(`${path}: ${(error as Error).message}`)
  }
}

function withToken(seed: Seed): Seed {
  return {...seed, token, tokens: [{tokenid: token, privsep: 0}, ...(seed.tokens ?? [])]}
}
