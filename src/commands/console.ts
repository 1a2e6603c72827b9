import {Args, BaseCommand, Flags} from '../kit/cli/index.js'
import {
  clustersWithState,
  consoleOf,
  consoleTypes,
  hasSerialPort,
  itemOf,
  loadStates,
  type ConsoleAddress,
  type Item,
} from '../kit/observed/index.js'
import {shellWord} from '../kit/files/inside.js'
import type {ObjectRef} from '../kit/resources/model.js'
import {clustersNamed, knownIn, requireWorkspace, resolveObject} from '../kit/workspace/index.js'

export default class Console extends BaseCommand<ConsoleAddress> {
  static override readonly effect = 'reads'
  static override summary = "Print the address of the console of a guest, or of a node's shell."
  static override description =
    "For a browser that is logged in to Proxmox VE: the address holds no ticket. It is made of the state that the last sync committed and of the cluster's endpoint in pmpc.yaml; no cluster is asked."
  static override examples = [
    '<%= config.bin %> console vm/100',
    '<%= config.bin %> console dns1 --type xtermjs',
    '<%= config.bin %> console node/pve1',
    'xdg-open "$(<%= config.bin %> console web01)"',
  ]
  static override args = {
    object: Args.string({description: 'a guest or a node: vm/100, web01, node/pve1', required: true}),
  }
  static override flags = {
    type: Flags.option({
      options: consoleTypes,
      summary: 'Which console; noVNC of a VM unless its display is a serial port, else xterm.js.',
    })(),
    cluster: Flags.string({summary: 'The cluster it is in, where there are several.', helpValue: 'NAME'}),
  }

  async run(): Promise<ConsoleAddress> {
    const {args, flags} = await this.parse(Console)
    const {root, config, clusters} = await requireWorkspace(this.folder)
    const item = await this.itemOf(root, args.object, flags.cluster)
    const [cluster] = clustersNamed(clusters, [item.cluster], this.typed)
    const address = consoleOf(item, config.clusters[cluster!]!.endpoints[0]!, flags.type)
    this.say(address.url)
    this.tellWhyNot(item, address)
    return address
  }

  private async itemOf(root: string, word: string, cluster: string | undefined): Promise<Item> {
    const command = `pmpc console ${shellWord(word)}`
    const only = cluster === undefined ? undefined : [cluster]
    const states = await loadStates(root, {only, command})
    const [ref] = resolveObject(word, {
      all: clustersWithState(root),
      known: knownIn(states),
      clusters: states.map((state) => state.cluster),
      command: 'pmpc console',
      found: 'was seen at the last sync',
    }) as [ObjectRef]
    const state = states.find((each) => each.cluster === ref.cluster)!
    return itemOf(
      ref.cluster,
      state.objects.find(({kind, id}) => kind === ref.kind && id === ref.id)!,
    )
  }

  /** Why there may be nothing to see. */
  private tellWhyNot(item: Item, {object, status, type}: ConsoleAddress): void {
    if (item.type === 'qemu' && type === 'xtermjs' && !hasSerialPort(item))
      this.hint(`${object} has no serial port, which xterm.js shows: --type novnc`)
    if (status === undefined || status === 'running' || status === 'online') return
    const start = item.vmid === undefined ? '' : `: pmpc start ${shellWord(object)}`
    this.hint(`At the last sync it was ${status}; there is nothing to see until it runs${start}`)
  }
}
