// What a cluster has that a new guest could be made of, or stand on: as it was recorded, and what only the cluster itself tells.
import {isPmpcError} from '../../errors/index.js'
import {mapsIn, type Reader} from '../../proxmox/index.js'
import {isMap, kindOf, own, type ClusterState, type KindName, type Observed} from '../../resources/index.js'
import {around} from '../../resources/travels/index.js'

/** One of several that may be chosen. */
export interface Offered {
  value: string
  /** What tells it from the others. */
  note?: string
}

/** What there is in a cluster. */
export class Choices {
  constructor(private readonly state: ClusterState) {}

  private of(kind: KindName): Observed[] {
    return this.state.objects.filter((object) => object.kind === kind)
  }

  /** All nodes, those that are online first. */
  nodes(): Offered[] {
    const told = this.of(around.node).map(({id, facts}) => ({
      value: String(id),
      ...(facts.status !== undefined && facts.status !== 'online' && {note: String(facts.status)}),
    }))
    return [...told.filter(({note}) => note === undefined), ...told.filter(({note}) => note !== undefined)]
  }

  /** Storages that a node has, and that take such content. */
  storages(content: string, node: string | undefined): Offered[] {
    return this.of(around.storage)
      .filter(({config}) => textsIn(config.content).includes(content) && Number(config.disable ?? 0) !== 1)
      .filter(({config}) => config.nodes === undefined || node === undefined || textsIn(config.nodes).includes(node))
      .map(({id, config}) => ({value: String(id), note: String(config.type)}))
  }

  /** Bridges of a node, and virtual networks. */
  bridges(node: string | undefined): Offered[] {
    const networks = this.of(around.network).filter(({id}) => node === undefined || id === node)
    const bridges = networks.flatMap(({config}) =>
      Object.entries(config).flatMap(([name, each]) => (/bridge$/i.test(typeOf(each)) ? [name] : [])),
    )
    const vnets = this.of(around.vnet).map(({id}) => ({value: String(id), note: 'virtual network'}))
    return [...[...new Set(bridges)].sort().map((value) => ({value})), ...vnets]
  }

  /** Templates of a kind of guests. */
  templates(kind: KindName): Offered[] {
    const {nameKey = ''} = kindOf(kind)
    return this.of(kind)
      .filter(({config}) => Number(config.template ?? 0) === 1)
      .map(({id, config}) => ({value: `${kind}/${id}`, note: String(own(config, nameKey) ?? '')}))
  }

  /** The node that is meant where nobody names one: the only one. */
  onlyNode(): string | undefined {
    const nodes = this.nodes()
    return nodes.length === 1 ? nodes[0]!.value : undefined
  }

  /**
   * Files on the storages of a node, which only the cluster tells. Of a storage that cannot be read there are none.
   * @param contents `iso`, `vztmpl`, `import`
   */
  async volumes(reader: Reader, node: string, contents: readonly string[]): Promise<Offered[]> {
    const wanted = contents.flatMap((content) =>
      this.storages(content, node).map(({value}) => ({content, storage: value})),
    )
    const found = await Promise.all(
      wanted.map(async ({content, storage}) => {
        const path = `/nodes/${node}/storage/${storage}/content`
        try {
          return mapsIn(await reader.get(path, {content}), path)
        } catch (error) {
          if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
          return []
        }
      }),
    )
    const volumes = found.flat().flatMap(({volid}) => (typeof volid === 'string' ? [volid] : []))
    return [...new Set(volumes)].sort().map((value) => ({value}))
  }
}

const typeOf = (value: unknown): string => (isMap(value) ? String(value.type) : '')

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' ? value.split(/[,;\s]+/) : []
}
