import {isPmpcError} from '../errors/index.js'
import type {Reader} from './client.js'
import {apiPath} from './paths.js'
import {mapsIn} from './shapes.js'

export interface PveVersion {
  major: number
  minor: number
  /** As PVE prints it: `9.2.3`. */
  text: string
}

/** Reads GET /version of 7.4 (`7.4-16`) to 9.2 (`9.2.3`), by the release where there is one. Undefined for what is no such answer. */
export function parseVersion(answer: unknown): PveVersion | undefined {
  const {version, release} = (answer ?? {}) as {version?: unknown; release?: unknown}
  const numbers = (text: unknown) => (typeof text === 'string' ? /^(\d+)\.(\d+)/.exec(text) : null)
  const match = numbers(release) ?? numbers(version)
  if (match === null) return undefined
  return {major: Number(match[1]), minor: Number(match[2]), text: typeof version === 'string' ? version : match[0]}
}

/** Whether a node's code is at least `MAJOR.MINOR`. */
export function atLeast(version: PveVersion, wanted: string): boolean {
  const [major = 0, minor = 0] = wanted.split('.').map(Number)
  return version.major > major || (version.major === major && version.minor >= minor)
}

/**
 * The version of each node: a call runs on its owning node's code, and a cluster under upgrade mixes versions.
 * Undefined for a node that is offline or cannot be reached.
 */
export async function clusterVersions(client: Reader): Promise<Map<string, PveVersion | undefined>> {
  const nodes = namedNodes(await client.get('/nodes'))
  const sorted = nodes.map(({node}) => node).sort()
  const offline = new Set(nodes.filter(({status}) => status === 'offline').map(({node}) => node))
  const versions = await Promise.all(sorted.map((node) => (offline.has(node) ? undefined : nodeVersion(client, node))))
  return new Map(sorted.map((node, index) => [node, versions[index]]))
}

/** The entries of GET /nodes that name a node. @throws PMPC_NOT_PVE for what is no list */
export function namedNodes(answer: unknown): {node: string; status: unknown}[] {
  return mapsIn(answer, '/nodes').flatMap(({node, status}) =>
    typeof node === 'string' && /^[\w.-]+$/.test(node) && !/^\.+$/.test(node) ? [{node, status}] : [],
  )
}

async function nodeVersion(client: Reader, node: string): Promise<PveVersion | undefined> {
  try {
    return parseVersion(await client.get(apiPath('nodes', node, 'version')))
  } catch (error) {
    if (isPmpcError(error) && /^PMPC_(NODE_UNREACHABLE|NO_ANSWER)$/.test(error.code)) return undefined
    throw error
  }
}
