import {Args, BaseCommand, Flags} from '../kit/cli/index.js'
import {
  besides,
  clustersWithState,
  describeText,
  itemOf,
  loadStates,
  yamlText,
  type Item,
} from '../kit/observed/index.js'
import {shellWord} from '../kit/files/inside.js'
import type {ClusterState, ObjectRef} from '../kit/resources/model.js'
import {findWorkspace, knownIn, resolveObject} from '../kit/workspace/index.js'

export default class Describe extends BaseCommand<Item> {
  static override readonly effect = 'reads'
  static override summary = 'Show all that was observed of one object.'
  static override description = 'Reads the state that the last sync committed; it asks no cluster.'
  static override examples = [
    '<%= config.bin %> describe vm 100',
    '<%= config.bin %> describe web01',
    '<%= config.bin %> describe vm/100 -o yaml',
    '<%= config.bin %> describe 100 -o json',
    '<%= config.bin %> describe home/storage/local',
    '<%= config.bin %> describe acl',
    '<%= config.bin %> describe firewall guest/100',
  ]
  static override args = {
    kind: Args.string({
      description: 'kind of the object, or the whole of it: vm/100, home/vm/100, 100, acl, or its name',
      required: true,
    }),
    id: Args.string({description: 'its id or name'}),
  }
  static override flags = {
    output: Flags.option({
      char: 'o',
      options: ['text', 'json', 'yaml'] as const,
      default: 'text',
      summary: 'How to print it.',
    })(),
    cluster: Flags.string({summary: 'The cluster it is in, where there are several.', helpValue: 'NAME'}),
  }

  async run(): Promise<Item> {
    const {args, flags} = await this.parse(Describe)
    const {root} = findWorkspace(this.folder)
    const words = args.id === undefined ? args.kind : `${args.kind}/${args.id}`
    const item = findItem(
      words,
      root,
      await loadStates(root, {
        only: flags.cluster === undefined ? undefined : [flags.cluster],
        command: `pmpc describe ${shellWord(words)}`,
      }),
      clustersWithState(root),
    )
    if (flags.output === 'yaml' && !this.jsonEnabled()) this.print(await yamlText(item))
    else this.say(describeText(item, this.paint).trimEnd())
    return item
  }
}

/** The one object that is meant. Throws PMPC_BAD_OBJECT, PMPC_NOT_FOUND, PMPC_AMBIGUOUS. */
function findItem(word: string, root: string, states: ClusterState[], all: string[]): Item {
  const naming = {
    all,
    whole: 'pmpc get guests',
    known: knownIn(states),
    clusters: states.map(({cluster}) => cluster),
    command: 'pmpc describe',
    found: 'was seen at the last sync',
  }
  const [{cluster, kind, id}] = resolveObject(word, naming) as [ObjectRef]
  const state = states.find((each) => each.cluster === cluster)!
  const object = state.objects.find((each) => each.kind === kind && each.id === id)!
  return itemOf(cluster, object, besides(root, state)(object))
}
