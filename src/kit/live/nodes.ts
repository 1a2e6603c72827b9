import {isPmpcError, PmpcError} from '../errors/index.js'
import {apiPath, mapsIn, type Reader} from '../proxmox/index.js'
import {kinds, type Kind} from '../resources/kinds/index.js'
import {parseId} from '../resources/refs.js'
import type {KindName} from '../resources/model.js'
import type {KnownObject} from '../workspace/objects.js'

/** What a listing lacks: a node that is away, a storage that does not answer. */
export interface Unread {
  cluster: string
  /** `node pve3`, `storage nas on pve1` */
  what: string
  /** One sentence of PVE's or of pmpc's, without its full stop. */
  why: string
}

/** What was read of a cluster just now, and what could not be. */
export interface Listed<Item> {
  items: Item[]
  unread: Unread[]
  /** How many there are beside these, of which not all were wanted. */
  more: number
}

/** A guest as it is now, with its node. */
export interface GuestNow extends KnownObject {
  node: string
  template: boolean
}

/** The kind of what PVE calls `qemu` or `lxc`. */
export function kindOfGuest(type: unknown): KindName | undefined {
  return (kinds as readonly Kind[]).find(({guest}) => guest !== undefined && guest === type)?.name
}

/** Guests of a cluster as it tells them now; a token sees those only that it may audit. Costs one request. */
export async function guestsNow(reader: Reader): Promise<GuestNow[]> {
  const path = '/cluster/resources'
  const entries = mapsIn(await reader.get(path, {type: 'vm'}), path)
  return entries.flatMap(({vmid, type, name, node, template}) => {
    const kind = kindOfGuest(type)
    const id = kind && parseId(kind, String(vmid))
    if (kind === undefined || id === undefined || typeof node !== 'string') return []
    const names = typeof name === 'string' ? [name] : []
    return [{ref: {cluster: reader.cluster!, kind, id}, names, node, template: Number(template ?? 0) === 1}]
  })
}

/**
 * Reads something of several nodes, one beside the other. A node that is away, or does not answer, is told; the others are read.
 * @param only the nodes that are meant; all unless given
 * @throws PMPC_NOT_FOUND for a node that the cluster does not have; what was wrong with the first where none could be read
 */
export async function ofNodes<T>(
  reader: Reader,
  only: readonly string[] | undefined,
  read: (node: string) => Promise<T>,
): Promise<{found: {node: string; data: T}[]; unread: Unread[]}> {
  const cluster = reader.cluster!
  const nodes = await nodesOf(reader, only)
  const failures: PmpcError[] = []
  const unread: Unread[] = []
  const found = await Promise.all(
    nodes.map(async ({node, isAway}) => {
      try {
        if (isAway) throw away(node)
        return [{node, data: await read(node)}]
      } catch (error) {
        if (!isPmpcError(error) || endsAll.has(error.code)) throw error
        failures.push(error)
        unread.push({cluster, what: `node ${node}`, why: error.message.replace(/\.$/, '')})
        return []
      }
    }),
  )
  if (failures.length > 0 && failures.length === nodes.length) throw failures[0]!
  return {found: found.flat(), unread: unread.toSorted((a, b) => (a.what < b.what ? -1 : 1))}
}

/** What is the same at every node, or asks for an end. */
const endsAll: ReadonlySet<string> = new Set(['PMPC_INTERRUPTED', 'PMPC_NOT_AUTHENTICATED', 'PMPC_UNREACHABLE'])

async function nodesOf(
  reader: Reader,
  only: readonly string[] | undefined,
): Promise<{node: string; isAway: boolean}[]> {
  const entries = mapsIn(await reader.get('/nodes'), '/nodes')
  const nodes = entries.flatMap(({node, status}) =>
    typeof node === 'string' && isNodeName(node) ? [{node, isAway: status === 'offline'}] : [],
  )
  const missing = only?.find((name) => !nodes.some(({node}) => node === name))
  if (missing === undefined) return only ? nodes.filter(({node}) => only.includes(node)) : nodes
  throw new PmpcError('PMPC_NOT_FOUND', `${reader.cluster!} has no node ${JSON.stringify(missing)}`, {
    suggestions: ['pmpc get nodes'],
    data: {node: missing, known: nodes.map(({node}) => node)},
  })
}

/** What can stand in a path of the API, and in a UPID (pve-common, PVE/UPID.pm). */
function isNodeName(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(text)
}

function away(node: string): PmpcError {
  return new PmpcError('PMPC_NODE_UNREACHABLE', `node ${node} is offline, as the cluster says`, {
    suggestions: ['pvecm status   # on another node'],
    data: {node},
  })
}

/** The path of a task at its node, with what is below it. */
export function taskPath(node: string, upid: string, ...below: string[]): string {
  return apiPath('nodes', node, 'tasks', upid, ...below)
}
