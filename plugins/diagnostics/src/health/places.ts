import type {Entry} from 'pmpc/kit/proxmox'
import {isSet, number, text} from './values.js'

/** A node as `/cluster/resources` tells it. */
export interface Node {
  node: string
  isOnline: boolean
  /** Bytes and threads; 0 where it does not tell. */
  memory: number
  cpus: number
}

/** A storage of a node. */
export interface Storage {
  node: string
  storage: string
  isShared: boolean
  type: string
}

/** A guest. */
export interface Guest {
  node: string
  vmid: number
  type: 'qemu' | 'lxc'
  name: string
  pool: string | undefined
  lock: string | undefined
  isTemplate: boolean
  isRunning: boolean
  /** It is off, and not only unknown. */
  isStopped: boolean
  /** Bytes and cores that it may use, and bytes that it does. */
  memory: number
  cpus: number
  usedMemory: number
  /** Of the root of a container; 0 of a VM. */
  disk: number
  usedDisk: number
}

/** What a cluster consists of: the places at which something is read. */
export interface Places {
  nodes: Node[]
  storages: Storage[]
  guests: Guest[]
}

/** Reads them of the entries of `GET /cluster/resources`, in the order of their ids. */
export function placesIn(entries: readonly Entry[]): Places {
  const of = (...types: string[]): Entry[] =>
    entries.filter(({type}) => types.includes(String(type))).toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
  return {
    nodes: of('node').map((entry) => ({
      node: text(entry.node),
      isOnline: entry.status !== 'offline',
      memory: number(entry.maxmem),
      cpus: number(entry.maxcpu),
    })),
    storages: of('storage').map((entry) => ({
      node: text(entry.node),
      storage: text(entry.storage),
      isShared: isSet(entry.shared),
      type: text(entry.plugintype),
    })),
    guests: of('qemu', 'lxc').map(guestIn),
  }
}

function guestIn(entry: Entry): Guest {
  const {node, vmid, type, name, pool, lock, template, status} = entry
  return {
    node: text(node),
    vmid: number(vmid),
    type: type === 'lxc' ? 'lxc' : 'qemu',
    name: text(name),
    pool: typeof pool === 'string' ? pool : undefined,
    lock: typeof lock === 'string' ? lock : undefined,
    isTemplate: isSet(template),
    isRunning: status === 'running',
    isStopped: status === 'stopped',
    memory: number(entry.maxmem),
    cpus: number(entry.maxcpu),
    usedMemory: number(entry.mem),
    disk: number(entry.maxdisk),
    usedDisk: number(entry.disk),
  }
}

/** How pmpc names a guest: `vm/100`, `container/101`. */
export function guestName({type, vmid}: Pick<Guest, 'type' | 'vmid'>): string {
  return `${type === 'lxc' ? 'container' : 'vm'}/${vmid}`
}

/** How a storage is named: a shared one once, another with its node. */
export function storageName({node, storage, isShared}: Pick<Storage, 'node' | 'storage' | 'isShared'>): string {
  return isShared ? `storage/${storage}` : `storage/${node}/${storage}`
}
