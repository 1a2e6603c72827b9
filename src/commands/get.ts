import {Args, BaseCommand, clusterFlag, Flags, meantFlags, table} from '../kit/cli/index.js'
import {exitCodes, PmpcError} from '../kit/errors/index.js'
import {nearest} from '../kit/errors/nearest.js'
import {
  belonging,
  besides,
  clustersWithState,
  columnsFor,
  csv,
  isField,
  itemsOf,
  knownFields,
  loadStates,
  rememberedText,
  select,
  snapshotColumns,
  snapshotFields,
  snapshotsOf,
  sortBy,
  yamlText,
} from '../kit/observed/index.js'
import {matches} from '../kit/workspace/glob.js'
import type {Item, ItemColumn, SnapshotItem} from '../kit/observed/index.js'
import {shellWord} from '../kit/files/inside.js'
import {kinds, kindsNamed, type Kind} from '../kit/resources/kinds/index.js'
import type {ClusterState} from '../kit/resources/model.js'
import {formatRef} from '../kit/resources/refs.js'
import {visible} from '../kit/text/index.js'
import type {LiveItem} from '../kit/verbs/listings.js'
import {
  clustersNamed,
  findWorkspace,
  knownIn,
  loadConfig,
  lookUp,
  nearestObject,
  requireWorkspace,
  wantedKinds,
} from '../kit/workspace/index.js'

/** What is no state, and read from the clusters when it is asked for. */
const liveWords = ['backups', 'images', 'tasks'] as const
/** What can be listed. */
const words = ['guests', ...kinds.map(({plural}) => plural), 'snapshots', 'templates', ...liveWords]
const outputs = ['table', 'wide', 'json', 'yaml', 'name', 'csv'] as const

type Output = (typeof outputs)[number]

/** What the flags say that select and print. */
interface Flagged {
  output: Output
  cluster?: string[] | undefined
  node?: string | undefined
  pool?: string | undefined
  status?: string | undefined
  name?: string | undefined
  tag?: string[] | undefined
  label?: string[] | undefined
  'sort-by'?: string | undefined
}

/** The objects; undefined where a table was told as it was kept, without reading any. `--json` always has them. */
export default class Get extends BaseCommand<Item[] | SnapshotItem[] | LiveItem[] | undefined> {
  static override readonly effect = 'reads'
  static override summary = 'List what was observed: guests, nodes, firewalls, users, or objects of any other kind.'
  static override description = `Reads the state that the last sync committed; it asks no cluster. Backups, images (ISO images, templates of containers, images to import) and tasks are no state: these are read from the clusters just then, which it says.

A label compares any key of the configuration or any fact: KEY=VALUE, KEY!=VALUE, KEY, !KEY. Keys and values may hold "*"; keys within
keys are joined by dots (net0.bridge, ipsets.blk.comment), and in brackets where they hold any: ipsets.blk.members["192.0.2.0/24"].comment.`
  static override examples = [
    '<%= config.bin %> get guests',
    '<%= config.bin %> get vms --node pve1 --tag prod --sort-by -memory',
    "<%= config.bin %> get guests -l 'net*.bridge=vmbr1' -o name",
    '<%= config.bin %> get vms 100 web01 -o json',
    '<%= config.bin %> get nodes -o wide',
    '<%= config.bin %> get snapshots --sort-by date',
    '<%= config.bin %> get templates',
    '<%= config.bin %> get backups vm/100 --sort-by -date',
    '<%= config.bin %> get firewalls -l rules.dport=22',
    '<%= config.bin %> get users --sort-by email -o csv',
  ]
  static override strict = false
  static override args = {
    kind: Args.string({
      description: `what to list: guests, snapshots, templates, backups, images, tasks, or a kind: ${kinds.map(({plural}) => plural).join(', ')}`,
      required: true,
    }),
    id: Args.string({
      description: 'only these, by id or name; of snapshots, backups and tasks: those of these guests',
    }),
  }
  static override flags = {
    output: Flags.option({char: 'o', options: outputs, default: 'table', summary: 'How to print it.'})(),
    cluster: clusterFlag,
    ...meantFlags,
    name: Flags.string({summary: 'Only names like this one; of snapshots their own.', helpValue: 'GLOB'}),
    'sort-by': Flags.string({summary: 'Sort by a field; "-" in front turns the order around.', helpValue: 'FIELD'}),
  }

  async run(): Promise<Item[] | SnapshotItem[] | LiveItem[] | undefined> {
    const {args, argv, flags} = await this.parse(Get)
    if (/^snapshots?$/i.test(args.kind)) return this.snapshots(argv.slice(1).map(String), flags)
    const live = liveWords.find((word) => `${args.kind.toLowerCase().replace(/s$/, '')}s` === word)
    if (live) return this.live(live, argv.slice(1).map(String), flags)
    const ofTemplates = /^templates?$/i.test(args.kind)
    const named = ofTemplates ? kindsNamed('guests') : kindsOrThrow(args.kind)
    await requireFlags(flags, named)
    const {root} = findWorkspace(this.folder)
    const {output, cluster, node, pool, status, name, tag: tags, label: labels, 'sort-by': field} = flags
    const ids = argv.slice(1).map(String)
    const asked =
      ofTemplates || [...ids, node, pool, status, name, tags, labels, field].some((value) => value !== undefined)
    if (!asked && (output === 'table' || output === 'wide') && (await this.tellAll(root, named, {output, cluster})))
      return undefined
    const states = await loadStates(root, {only: cluster, command: `pmpc get ${args.kind}`})
    const observed = itemsOf(states, namesOf(named), (state) => besides(root, state))
    const all = ofTemplates ? observed.filter(({template}) => template === 1) : observed
    if (field !== undefined) await requireField(field.replace(/^-/, ''), all, named)
    const objects = ids.length === 0 ? undefined : this.objectsOf(ids, states, named)
    const selected = select(all, {objects, node, pool, status, name, tags, labels})
    const items = field === undefined ? selected : sortBy(selected, field)
    const isTable = output === 'table' || output === 'wide'
    if (ofTemplates && items.length === 0 && isTable) this.hint('No templates were found.')
    else await this.tell(items, {named, output, clusters: states.length > 1, root})
    if (items.length === 0 && all.length > 0) this.tellUnknown(all, {node, pool, status, tag: tags})
    return items
  }

  /** What is read from the clusters just now. */
  private async live(word: (typeof liveWords)[number], words: string[], flags: Flagged): Promise<LiveItem[]> {
    const {listings, failureOf, unreadTexts} = await import('../kit/verbs/listings.js')
    const listing = listings[word]
    const {output, cluster, node, name, status, 'sort-by': field} = flags
    const command = `pmpc get ${word}`
    for (const flag of [...flagsOfSome, 'name', 'label'] as const)
      if (flags[flag] !== undefined && !listing.flags.some((known) => known === flag))
        throw new PmpcError('PMPC_UNKNOWN_FIELD', `${word} are not chosen by --${flag}.`, {
          suggestions: [...listing.flags.map((known) => `${command} --${known} …`), command],
          data: {field: flag, nearest: null},
        })
    if (field !== undefined && !listing.fields.includes(field.replace(/^-/, '')))
      throw unknownField(field, word, listing.fields)
    const workspace = await requireWorkspace(this.folder)
    const clusters = clustersNamed(workspace.clusters, cluster, command)
    const nodes = node === undefined ? undefined : [node]
    const listed = await listing.list(workspace, {clusters, words, nodes, name, status, command}, this.caller)
    const items = field === undefined ? listed.items : sortBy(listed.items, field)
    const columns = listing.columns({wide: output !== 'table', clusters: clusters.length > 1}, items)
    const isTable = output === 'table' || output === 'wide'
    if (items.length > 0 || !isTable) await this.list(items, columns, output, ({id}) => id)
    else this.hint([`No ${word} were found.`, listing.none].filter((text) => text).join(' '))
    for (const text of unreadTexts(listed)) this.warnUser(text)
    if (listed.more > 0) this.hint(`There are ${listed.more} more: pmpc task list --limit`)
    this.hint('Read from the cluster just now; not recorded.')
    const failure = failureOf(listed)
    if (failure) throw failure
    return items
  }

  /** What selects, selects the guests; `--name` the snapshots. */
  private async snapshots(words: string[], flags: Flagged): Promise<SnapshotItem[]> {
    const {output, cluster, node, pool, status, name, tag: tags, label: labels, 'sort-by': field} = flags
    const {root} = findWorkspace(this.folder)
    const states = await loadStates(root, {only: cluster, command: 'pmpc get snapshots'})
    const guests = kindsNamed('guests')
    const objects = words.length === 0 ? undefined : this.objectsOf(words, states, guests)
    const all = snapshotsOf(select(itemsOf(states, namesOf(guests)), {objects, node, pool, status, tags, labels}))
    const named = name === undefined ? all : all.filter((snapshot) => matches(snapshot.name, name))
    const isKnown = snapshotFields.some((known) => known === field?.replace(/^-/, ''))
    if (field !== undefined && !isKnown) throw unknownField(field, 'snapshots', snapshotFields)
    const items = field === undefined ? named : sortBy(named, field)
    const columns = snapshotColumns({wide: output !== 'table', clusters: states.length > 1})
    const isTable = output === 'table' || output === 'wide'
    if (items.length === 0 && isTable) this.hint('No snapshots were found.')
    else await this.list(items, columns, output, ({cluster: of, id}) => (states.length > 1 ? `${of}/${id}` : id))
    return items
  }

  /** The table of all objects of a kind is kept as text. Returns false where that does not do: as JSON, or on a narrow terminal. */
  private async tellAll(
    root: string,
    named: Kind[],
    {output, cluster: only}: {output: 'table' | 'wide'; cluster: string[] | undefined},
  ): Promise<boolean> {
    if (this.jsonEnabled()) return false
    const name = ['get', ...namesOf(named), output].join('-')
    const text = await rememberedText({root, name, asked: {only, command: `pmpc get ${wordFor(named)}`}}, (states) => {
      const items = itemsOf(states, namesOf(named), (state) => besides(root, state))
      const columns = columnsFor(named, {
        wide: output === 'wide',
        clusters: states.length > 1,
        stale: items.some(isStale),
      })
      return items.length > 0 ? table(items, columns) : ''
    })
    if (text === '') await this.tellNone(named, root)
    const isTold = this.printTableText(text)
    if (isTold && text !== '') this.hintWhole(named, root, only?.[0])
    return isTold
  }

  /** Of what there is one of a row tells little. Where there are several clusters, the hint is about one of those that are shown. */
  private hintWhole(named: Kind[], root: string, shown?: string): void {
    if (!named.every(({id}) => id === 'single')) return
    const clusters = clustersWithState(root)
    const of = clusters.length > 1 ? `${shown ?? clusters[0]!}/` : ''
    this.hint(`See what is in it: pmpc describe ${of}${named[0]!.name}`)
  }

  /** Nothing was found: a value that none of them has was probably misspelt. */
  private tellUnknown(all: Item[], asked: Pick<Flagged, FlagOfSome>): void {
    for (const flag of flagsOfSome) {
      const there = new Set(all.flatMap((item) => valuesOf(item, flag)))
      for (const value of [asked[flag] ?? []].flat().filter((each) => !/[*?]/.test(each) && !there.has(each))) {
        const near = nearest(value, there)
        const known = [...there].sort().slice(0, mostTold).join(', ')
        const meant = near === undefined ? `there is ${known}.` : `did you mean ${near}?`
        this.hint(there.size === 0 ? `None has a ${flag}.` : `None has the ${flag} ${value}; ${meant}`)
      }
    }
  }

  /** What pmpc.yaml leaves out may be there all the same. */
  private async tellNone(named: Kind[], root: string): Promise<void> {
    const isLeftOut = await leavesOut(root, named)
    this.hint(
      isLeftOut
        ? `No ${wordFor(named)} are kept: pmpc.yaml leaves them out (kinds: or ignore:).`
        : `No ${wordFor(named)} were found.`,
    )
  }

  /** All that the words name, by `formatRef`. One that names nothing is a slip of the pen, or gone; the others are still listed. */
  private objectsOf(words: string[], states: ClusterState[], of: Kind[]): Set<string> {
    const kinds = new Set(namesOf(of))
    const naming = {
      known: knownIn(states).filter(({ref}) => kinds.has(ref.kind)),
      clusters: states.map(({cluster}) => cluster),
    }
    const found = new Map(
      words.map((word) => {
        // `guest/100` is a firewall's id, and not a guest, where firewalls are listed.
        const byId = lookUp(`${wordFor(of)}/${word}`, naming)
        return [word, byId.length > 0 ? byId : lookUp(word, naming)]
      }),
    )
    const unknown = words.filter((word) => found.get(word)!.length === 0)
    if (unknown.length > 0) {
      const near = unknown.flatMap((word) => nearestObject(word, naming) ?? [])
      const meant = near.length > 0 ? `; did you mean ${near.join(', ')}?` : ''
      this.warnUser(`nothing of that kind was observed with the id or name ${unknown.join(', ')}${meant}`, 'pmpc sync')
      this.setExitCode(exitCodes.failed)
    }
    return new Set([...found.values()].flat().map(formatRef))
  }

  private async tell(
    items: Item[],
    {named, output, clusters, root}: {named: Kind[]; output: Output; clusters: boolean; root: string},
  ): Promise<void> {
    if (this.jsonEnabled()) return
    const stale = output !== 'csv' && items.some(isStale)
    const columns = columnsFor(named, {wide: output !== 'table', clusters, stale})
    if (items.length === 0 && (output === 'table' || output === 'wide')) return this.tellNone(named, root)
    await this.list(items, columns, output, ({cluster, kind, id}) => `${clusters ? `${cluster}/` : ''}${kind}/${id}`)
    if (output === 'table' || output === 'wide') this.hintWhole(named, root, items[0]?.cluster)
  }

  private async list<T>(
    items: T[],
    columns: ItemColumn<T>[],
    output: Output,
    nameOf: (item: T) => string,
  ): Promise<void> {
    if (this.jsonEnabled()) return
    if (output === 'csv') this.print(csv(items, columns))
    else if (output === 'yaml') this.print(await yamlText(items))
    else if (output === 'name') for (const item of items) this.say(visible(nameOf(item)))
    else this.printTable(items, columns)
  }
}

/** How many values a hint names. */
const mostTold = 10

/** The flags that ask for what not all kinds have. */
const flagsOfSome = ['node', 'pool', 'status', 'tag'] as const

type FlagOfSome = (typeof flagsOfSome)[number]

/** Whether objects of a kind may have what a flag asks for. */
function mayHave({belongs, facts, guest}: Kind, flag: FlagOfSome): boolean {
  if (flag === 'tag') return guest !== undefined
  return flag === 'status' ? facts.includes(flag) : belongs?.[flag] !== undefined
}

/** Throws PMPC_UNKNOWN_FIELD for a flag that asks for what no object of these kinds has. What names several is a key, and a label. */
async function requireFlags(flags: Flagged, named: Kind[]): Promise<void> {
  for (const flag of flagsOfSome) {
    const [value] = [flags[flag] ?? []].flat()
    if (value === undefined || named.some((kind) => mayHave(kind, flag))) continue
    const [word, others] = [wordFor(named), kinds.filter((kind) => mayHave(kind, flag)).map(({plural}) => plural)]
    const label = (await isField(`${flag}s`, [], named))
      ? [`pmpc get ${word} -l ${shellWord(`${flag}s=${value}`)}`]
      : []
    throw new PmpcError('PMPC_UNKNOWN_FIELD', `${word} have no ${flag}; --${flag} is for ${others.join(', ')}.`, {
      suggestions: [...label, `pmpc get ${word}`],
      data: {field: flag, nearest: null},
    })
  }
}

/** Whether a rule of pmpc.yaml leaves out all objects of these kinds. A file that cannot be read says nothing. */
async function leavesOut(root: string, named: Kind[]): Promise<boolean> {
  const {ignore} = await loadConfig(root).catch(() => ({ignore: []}))
  const kept = new Set(wantedKinds({ignore}).map(({name}) => name))
  return named.every(({name}) => !kept.has(name))
}

/** What an object has of what a flag selects by. */
function valuesOf(item: Item, flag: FlagOfSome): string[] {
  const value = flag === 'tag' ? item.config.tags : flag === 'status' ? item.status : belonging(item, flag)
  return [value ?? []].flat().map(String)
}

/** Throws PMPC_UNKNOWN_FIELD where objects of these kinds cannot be sorted by a field. Where there are none, any will do. */
async function requireField(field: string, items: Item[], named: Kind[]): Promise<void> {
  if (items.length === 0 || (await isField(field, items, named))) return
  throw unknownField(field, wordFor(named), knownFields(items, named))
}

function unknownField(asked: string, word: string, known: Iterable<string>): PmpcError {
  const field = asked.replace(/^-/, '')
  const near = nearest(field, known)
  return new PmpcError(
    'PMPC_UNKNOWN_FIELD',
    `${word} have no field "${field}"${near === undefined ? '' : `; did you mean ${near}?`}`,
    {
      suggestions: [...(near === undefined ? [] : [`pmpc get ${word} --sort-by ${near}`]), `pmpc get ${word} -o json`],
      data: {field, nearest: near ?? null},
    },
  )
}

function isStale({stale}: Item): boolean {
  return stale !== undefined
}

function wordFor(named: Kind[]): string {
  return named.length > 1 ? 'guests' : named[0]!.plural
}

function namesOf(named: Kind[]): Kind['name'][] {
  return named.map(({name}) => name)
}

/** The kinds that a word means. Throws PMPC_UNKNOWN_KIND, with what was meant. */
function kindsOrThrow(word: string): Kind[] {
  const found = kindsNamed(word)
  if (found.length > 0) return found
  const [object] = meantObject(word)
  if (object !== undefined)
    throw new PmpcError('PMPC_UNKNOWN_KIND', `"${word}" is an object, and no kind.`, {
      suggestions: [`pmpc get ${object}`, `pmpc describe ${shellWord(word)}`],
      data: {kind: word},
    })
  const known = [...words, ...kinds.flatMap(({name, aliases}) => [name, ...aliases])]
  const near = nearest(word, known)
  const begins = near === undefined && word !== '' ? words.filter((each) => each.startsWith(word.toLowerCase())) : []
  const meant = near === undefined ? begins : [near]
  const told = meant.length > 0 ? `did you mean ${meant.join(', ')}?` : 'pmpc get --help lists them.'
  throw new PmpcError('PMPC_UNKNOWN_KIND', `There is no kind "${word}"; ${told}`, {
    suggestions: [`pmpc get ${meant[0] ?? 'guests'}`, 'pmpc get --help'],
    data: {kind: word},
  })
}

/** `vm 100` for `vm/100`, `vm 100 --cluster home` for `home/vm/100`; nothing for what is no object. */
function meantObject(word: string): string[] {
  const parts = word.split('/')
  const at = [0, 1].find((each) => parts.length > each + 1 && kindsNamed(parts[each]!).length > 0)
  if (at === undefined) return []
  const cluster = at === 0 ? '' : ` --cluster ${shellWord(parts[0]!)}`
  return [`${parts[at]!} ${shellWord(parts.slice(at + 1).join('/'))}${cluster}`]
}
