import type {Schema} from './schema.js'

/** A permission check in the prefix form PVE writes it, such as `["perm", "/vms/{vmid}", ["VM.Audit"]]`. */
export type Check = [string, ...unknown[]]

/** What the contract says about one method of one path. */
export interface Method {
  name: string
  parameters: Schema
  permissions?: {check?: Check; user?: 'all' | 'world'}
  /** Served by pvedaemon rather than pveproxy. */
  protected?: boolean
  /** Name of the path variable that holds the node the call is handed to. */
  proxyto?: string
  allowtoken?: boolean
  /** Of an index: the key that holds a child's name. */
  link?: string
}

export type Release = '8.4' | '9.2'

/** How many slots each indexed key has, by kind of guest: `net` with 32 is net0 to net31. */
export type Slots = Record<'qemu' | 'lxc', Record<string, number>>

interface Condensed {
  version: string
  indexed: Slots
  formats: unknown
  shared: unknown[]
  paths: Record<string, Record<string, Method>>
}

/** One release's API contract, ready for routing and checking. */
export interface Contract {
  release: Release
  slots: Slots
  /** Property-string formats that schemas only name. */
  formats: Record<string, Record<string, Schema>>
  paths: Record<string, Record<string, Method>>
}

const files: Record<Release, () => Promise<{default: unknown}>> = {
  '8.4': () => import('./8.4.json'),
  '9.2': () => import('./9.2.json'),
}

/** Builds a resolver that replaces `{"$": index}` by the shared schema; each shared schema is resolved once. */
function resolver(shared: unknown[]): (node: unknown) => unknown {
  const done = new Map<number, unknown>()
  const resolve = (node: unknown): unknown => {
    if (node === null || typeof node !== 'object') return node
    if (Array.isArray(node)) return node.map(resolve)
    const index = (node as {$?: unknown}).$
    if (typeof index === 'number') {
      if (!done.has(index)) done.set(index, resolve(shared[index]))
      return done.get(index)
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]))
  }
  return resolve
}

/** Slots of indexed keys that are no guest's, such as `acmedomain[n]`. */
const unlistedSlots = 6

/** Spreads `net[n]` to `net0`, `net1`, … as PVE's own schemas are written. */
function spreadSlots(schema: Schema, slots: Record<string, number>): Schema {
  if (!schema.properties || !Object.keys(schema.properties).some((key) => key.endsWith('[n]'))) return schema
  const properties: Record<string, Schema> = {}
  for (const [key, value] of Object.entries(schema.properties)) {
    if (!key.endsWith('[n]')) {
      properties[key] = value
      continue
    }
    const base = key.slice(0, -3)
    for (let index = 0; index < (slots[base] ?? unlistedSlots); index++) properties[`${base}${index}`] = value
  }
  return {...schema, properties}
}

/** Loads the contract of a release. Facts: the official API description of that release, condensed by scripts/condense-contract.mjs. */
export async function loadContract(release: Release): Promise<Contract> {
  const raw = (await files[release]()).default as Condensed
  const resolve = resolver(raw.shared)
  const paths: Contract['paths'] = {}
  for (const [path, methods] of Object.entries(raw.paths)) {
    const slots = path.startsWith('/nodes/{node}/lxc') ? raw.indexed.lxc : raw.indexed.qemu
    paths[path] = Object.fromEntries(
      Object.entries(methods).map(([verb, method]) => [
        verb,
        {...method, parameters: spreadSlots(resolve(method.parameters) as Schema, slots)},
      ]),
    )
  }
  return {release, slots: raw.indexed, formats: resolve(raw.formats) as Contract['formats'], paths}
}
