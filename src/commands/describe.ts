import {Args, BaseCommand, Flags} from '../kit/cli/index.js'
import {PmpcError} from '../kit/errors/index.js'
import {
  besides,
  clustersWithState,
  describeText,
  itemOf,
  loadStates,
  yamlText,
  type Item,
} from '../kit/observed/index.js'
import {parseRefs} from '../kit/resources/refs.js'
import type {ClusterState} from '../kit/resources/model.js'
import {findWorkspace} from '../kit/workspace/index.js'

export default class Describe extends BaseCommand<Item> {
  static override readonly effect = 'reads'
  static override summary = 'Show all that was observed of one object.'
  static override description = 'Reads the state that the last sync committed; it asks no cluster.'
  static override examples = [
    '<%= config.bin %> describe vm 100',
    '<%= config.bin %> describe vm/100 -o yaml',
    '<%= config.bin %> describe 100 -o json',
    '<%= config.bin %> describe home/storage/local',
  ]
  static override args = {
    kind: Args.string({
      description: 'kind of the object, or the whole of it: vm/100, home/vm/100, 100',
      required: true,
    }),
    id: Args.string({description: 'its id'}),
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
    const item = findItem(words, root, await loadStates(root, flags.cluster))
    if (flags.output === 'yaml' && !this.jsonEnabled()) this.print(await yamlText(item))
    else this.say(describeText(item, this.paint).trimEnd())
    return item
  }
}

/** The one object that is meant. Throws PMPC_BAD_OBJECT, PMPC_NOT_FOUND, PMPC_AMBIGUOUS. */
function findItem(words: string, root: string, states: ClusterState[]): Item {
  const refs = parseRefs(words, clustersWithState(root))
  if (!refs) {
    throw new PmpcError('PMPC_BAD_OBJECT', `"${words}" names no object: expected KIND ID, KIND/ID or a VMID`, {
      suggestions: ['pmpc describe vm 100', 'pmpc get guests'],
      data: {object: words},
    })
  }
  const items = states.flatMap((state) =>
    state.objects
      .filter(({kind, id}) => refs.some((ref) => ref.cluster === state.cluster && ref.kind === kind && ref.id === id))
      .map((object) => itemOf(state.cluster, object, besides(root, state)(object))),
  )
  if (items.length === 1) return items[0]!
  const names = items.map(({cluster, kind, id}) => `${cluster}/${kind}/${id}`)
  if (items.length === 0) throw notFound(words, refs[0]!.kind)
  throw new PmpcError('PMPC_AMBIGUOUS', `"${words}" may be ${names.join(' or ')}.`, {
    suggestions: names.map((name) => `pmpc describe ${name}`),
    data: {objects: names},
  })
}

function notFound(words: string, kind: string): PmpcError {
  return new PmpcError('PMPC_NOT_FOUND', `No ${words} was seen at the last sync.`, {
    suggestions: [
      `pmpc get ${kind === 'vm' || kind === 'container' ? 'guests' : kind}`,
      'pmpc sync',
      `pmpc log ${words}`,
    ],
    data: {object: words},
  })
}
