import {type Entry} from 'pmpc/kit/proxmox'

/** A node as `/cluster/resources` tells it. */
export interface Node {
  node: string
  isOnline: boolean
}

/** A storage of a node. */
export interface Storage {
  node: string
  storage: string
  isShared: boolean
  /** It answers. */
  isActive: boolean
}

/** A guest. */
export interface Guest {
  node: string
  vmid: number
  type: 'qemu' | 'lxc'
  name: string
  isTemplate: boolean
  isRunning: boolean
}

/** What a cluster consists of: the places at which something is read. */
export interface Places {
  nodes: Node[]
  storages: Storage[]
  guests: Guest[]
}

/** Reads them of the entries of `GET /cluster/resources`; in the order of their names. */
export function placesIn(entries: readonly Entry[]): Places {
  const of = (...types: string[]): Entry[] =>
    entries.filter(({type}) => types.includes(String(type))).toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
  return {
    nodes: of('node').map(({node, status}) => ({node: String(node), isOnline: status !== 'offline'})),
    storages: of('storage').map(({node, storage, shared, status}) => ({
      node: String(node),
      storage: String(storage),
      isShared: Number(shared ?? 0) === 1,
      isActive: status === 'available',
    })),
    guests: of('qemu', 'lxc').map(({node, vmid, type, name, template, status}) => ({
      node: String(node),
      vmid: Number(vmid),
      type: type === 'lxc' ? 'lxc' : 'qemu',
      name: typeof name === 'string' ? name : '',
      isTemplate: Number(template ?? 0) === 1,
      isRunning: status === 'running',
    })),
  }
}

/** How pmpc names a guest: `vm/100`, `container/101`. */
export function guestName({type, vmid}: Pick<Guest, 'type' | 'vmid'>): string {
  return `${type === 'lxc' ? 'container' : 'vm'}/${vmid}`
}
