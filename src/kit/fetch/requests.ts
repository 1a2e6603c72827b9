import type {Parameters, Reader, Whole} from '../proxmox/index.js'
import type {KindName} from '../resources/index.js'

/** How many requests were made for the objects of each kind, and for none of them. What several kinds share counts for the first of them. */
export type RequestsByKind = Partial<Record<KindName | 'other', number>>

/** What may be asked of a cluster while it is read. */
export interface Asker {
  get(path: string, query?: Parameters, node?: string): Promise<unknown>
  getWhole(path: string, query?: Parameters, node?: string): Promise<Whole<unknown>>
}

/** Counts who asks. Repetitions of the client are not counted: those are its own affair. */
export class Requests {
  readonly byKind: RequestsByKind = {}

  constructor(private readonly reader: Reader) {}

  /** Asks for a kind. */
  of(name: KindName | 'other'): Asker {
    const count = () => (this.byKind[name] = (this.byKind[name] ?? 0) + 1)
    return {
      get: async (path, query, node) => {
        count()
        return this.reader.get<unknown>(path, query, node === undefined ? undefined : {node})
      },
      getWhole: async (path, query, node) => {
        count()
        return this.reader.getWhole<unknown>(path, query, node === undefined ? undefined : {node})
      },
    }
  }
}
