import type {Parameters, Reader, Whole} from '../proxmox/index.js'
import type {KindName} from '../resources/index.js'
import {isNodeName} from './entries.js'
import type {Nodes} from './joins.js'
import {unreadable} from './unreadable.js'

/** How many requests were made for the objects of each kind, and for none of them. What several kinds share counts for the first of them. */
export type RequestsByKind = Partial<Record<KindName | 'other', number>>

/** What may be asked of a cluster while it is read. */
export interface Asker {
  get(path: string, query?: Parameters): Promise<unknown>
  getWhole(path: string, query?: Parameters): Promise<Whole<unknown>>
}

/** Counts who asks, and asks nothing of a node that is away. Repetitions of the client are not counted: those are its own affair. */
export class Requests {
  readonly byKind: RequestsByKind = {}
  /** When they are known. */
  nodes: Nodes | undefined

  constructor(private readonly reader: Reader) {}

  /** Asks for a kind. */
  of(name: KindName | 'other'): Asker {
    const count = (path: string) => {
      this.checkNode(path)
      this.byKind[name] = (this.byKind[name] ?? 0) + 1
    }
    return {
      get: async (path, query) => {
        count(path)
        return this.reader.get<unknown>(path, query)
      },
      getWhole: async (path, query) => {
        count(path)
        return this.reader.getWhole<unknown>(path, query)
      },
    }
  }

  /** @throws PMPC_UNREADABLE where a path leads to a node that is none, or is away */
  private checkNode(path: string): void {
    const segment = /^\/nodes\/([^/]+)/.exec(path)?.[1]
    if (segment === undefined) return
    const node = decodeURIComponent(segment)
    if (!isNodeName(node)) throw unreadable('its node cannot be one')
    const offline = this.nodes?.offline.get(node)
    if (offline !== undefined) throw unreadable(offline)
  }
}
