import {isPmpcError, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {commitMessage} from '../git/index.js'
import {own, type Config, type ClusterState, type Declared, type KindName, type ObjectRef} from '../resources/index.js'
import {formatRef, isGuest, kindOf} from '../resources/index.js'
import {guestTravelOf} from '../resources/travels/index.js'
import {manifestOf, Session, type Document, type Spliced} from '../reconcile/index.js'
import {reading, step, type Caller} from '../runs/index.js'
import {fromManifest} from '../values/index.js'
import {namesOf, printManifest, type Workspace} from '../workspace/index.js'
import type {ApplyResult} from './apply.js'
import {fieldCalled, refuseSecrets, secretHint, withAssigned, type Assignment} from './assignments.js'
import {Choices, type Offered} from './create-choices.js'
import {defaultsOf} from './create-defaults.js'
import {clonedKey, sourceOf, type Source} from './create-origin.js'
import {applyDeclared, declare, type Applying} from './declaring.js'
import {opened, type Opened} from './edited.js'
import {freeIds} from './free-ids.js'
import {planIn} from './read-plan.js'
import {readerOf} from './sync-fetch.js'

/** Something that lacks, and is asked for. */
export interface Question {
  message: string
  /** What answers it where nobody can be asked: `--node`, `net0.bridge=vmbr0`. */
  flag: string
  /** One of these; any text unless given. */
  choices?: readonly Offered[]
  default?: string
  validate?(answer: string): true | string
}

/** What is to be made. */
export interface CreateRequest {
  cluster: string
  /** A kind of guests. */
  kind: KindName
  name?: string | undefined
  /** A guest, or a volume. */
  from?: string | undefined
  /** A full clone, where a linked one could be. */
  isFull?: boolean
  id?: number | undefined
  node?: string | undefined
  /** Where volumes go. */
  storage?: string | undefined
  /** Of the first volume, in GiB. */
  size?: number | undefined
  assignments: readonly Assignment[]
  isUncommitted?: boolean
  applying?: Applying
  /** Answers what cannot be left out. @throws where nobody can be asked */
  ask(question: Question): Promise<string>
  /** Whether somebody is there, who is asked for what has a default, too. */
  isAsked: boolean
  /** Told once it is written, before it is applied. */
  onDeclared?(outcome: CreateOutcome): void
}

/** What `pmpc create --json` prints. */
export interface CreateResult {
  /** `home/vm/104` */
  object: string
  file: string
  /** null: `--no-commit` */
  commit: string | null
  /** Of `--apply`. */
  applied?: ApplyResult
}

/** {@link CreateResult}, with what people are told. */
export interface CreateOutcome {
  result: CreateResult
  /** The manifest as it was written. */
  text: string
  warnings: string[]
}

/**
 * Writes the manifest of a new guest, and commits it alone. What a plan would refuse is told before, and nothing is written.
 * @throws PMPC_NO_STATE where nothing was recorded; PMPC_BAD_VALUE, PMPC_UNKNOWN_FIELD, PMPC_NO_SECRET, PMPC_EXISTS, PMPC_PLAN_REFUSED; as `sourceOf`, `declare`, `applyDeclared`, and what `ask` throws
 */
export async function create(
  workspace: Workspace,
  request: CreateRequest,
  caller: Caller,
  version: string,
): Promise<CreateOutcome> {
  const {cluster, kind, assignments} = request
  refuseSecrets([kind], assignments, {
    how: (key) => secretHint(kind, `${cluster}/${kind}/${request.id ?? 'VMID'}`, key),
    register: (secret) => caller.run.registerSecret(secret),
  })
  const state = await reading(workspace.root, async (repository) =>
    (await Session.open(workspace, repository)).state(cluster),
  )
  if (!state || state.objects.length === 0) throw nothingRecorded(cluster)
  // Nobody holds the workspace while somebody thinks.
  const wish = await new Interview(workspace, request, state, caller).wish()
  return opened(workspace, caller, 'pmpc create', async (open) =>
    write({workspace, open, request, wish}, caller, version),
  )
}

/** All of a manifest but the id. */
type Wish = Omit<Declared, 'id'>

// ---- what is wanted

class Interview {
  private readonly choices: Choices
  private readonly defaults
  private readonly keys: ReadonlySet<string>

  constructor(
    private readonly workspace: Workspace,
    private readonly request: CreateRequest,
    private readonly state: ClusterState,
    private readonly caller: Caller,
  ) {
    const {kind, assignments} = request
    this.choices = new Choices(state)
    this.defaults = defaultsOf[kindOf(kind).guest!]
    // Keys of the configuration that are given whole, or are to be left out.
    this.keys = new Set(
      assignments.flatMap(({name}) => {
        const [first, key, ...rest] = fieldCalled(kind, name)?.path ?? []
        return first === 'config' && rest.length === 0 ? [key!] : []
      }),
    )
  }

  async wish(): Promise<Wish> {
    const {kind, request, choices} = this
    const name = await this.name()
    const named = request.from === undefined ? undefined : sourceOf(request.from, kind, this.state)
    const node = await this.node(named)
    const source = named ?? sourceOf(await this.from(node), kind, this.state)
    const document: Document = {kind, beside: {}, config: {}}
    await this.addVolumes(document.config, source, node)
    if (source.is === 'clone') for (const key of this.parts()) this.put(document.config, key, clonedKey(source, key))
    this.put(document.config, kindOf(kind).nameKey!, name)
    const {document: made, problems} = withAssigned(document, request.assignments)
    if (problems.length > 0) throw impossible(problems)
    const {id: _id, ...declared} = manifestOf({cluster: this.state.cluster, kind, id: 0}, made)
    const from = this.originOf(source)
    const placement =
      declared.placement ?? (node !== undefined && choices.onlyNode() === undefined ? {node} : undefined)
    return {...declared, ...(from && {from}), ...(placement && {placement})}
  }

  private get kind(): KindName {
    return this.request.kind
  }

  private async name(): Promise<string> {
    const {kind, request} = this
    const key = kindOf(kind).nameKey!
    const problemOf = (text: string): string | undefined =>
      text === '' ? 'a name is needed' : fromManifest(kind, key, text).problems[0]
    const given =
      request.name ??
      (await request.ask({message: 'Name', flag: 'NAME', validate: (text) => problemOf(text.trim()) ?? true}))
    const problem = problemOf(given)
    if (problem !== undefined)
      throw new PmpcError('PMPC_BAD_VALUE', `${JSON.stringify(given)} cannot be its name: ${problem}`, {
        suggestions: [`pmpc create ${kind} web01`],
        data: {name: given},
      })
    return given
  }

  /** Where it is made; undefined: where its source is, or where the plan says. */
  private async node(source: Source | undefined): Promise<string | undefined> {
    const {request, choices} = this
    const nodes = choices.nodes()
    if (request.node !== undefined) {
      if (nodes.some(({value}) => value === request.node)) return request.node
      throw new PmpcError('PMPC_NOT_FOUND', `${this.state.cluster} has no node ${request.node}`, {
        suggestions: [`--node ${nodes.map(({value}) => value).join(', or --node ')}`, 'pmpc get nodes'],
        data: {node: request.node},
      })
    }
    const placed = request.assignments.find(({name}) => name === 'placement.node')?.text
    if (placed !== undefined) return placed
    if (source?.is === 'clone') return String(source.of.facts.node)
    return choices.onlyNode() ?? request.ask({message: 'Node', flag: '--node', choices: nodes})
  }

  /** What it is made of, where nobody has said so: asked where it has to be known, or somebody is there. */
  private async from(node: string | undefined): Promise<string | undefined> {
    const {request, choices, kind, defaults} = this
    const isNeeded = defaults.origins.includes('vztmpl')
    if (!isNeeded && !request.isAsked) return undefined
    const ask = async (offered: readonly Offered[]) =>
      request.ask({message: 'Made of', flag: '--from STORAGE:vztmpl/…', choices: offered})
    const templates = choices.templates(kind)
    if (!request.isAsked) return ask(templates)
    const files = await this.files(
      node,
      defaults.origins.filter((content) => content !== 'backup'),
    )
    const nothing = isNeeded ? [] : [{value: '', note: 'nothing: an empty disk'}]
    const answer = await ask([...nothing, ...templates, ...files])
    return answer === '' ? undefined : answer
  }

  private async files(node: string | undefined, contents: readonly string[]): Promise<Offered[]> {
    if (node === undefined) return []
    const {workspace, state, caller, choices} = this
    try {
      const reader = await readerOf(workspace, state.cluster, caller)
      try {
        return await step(caller, `Reading images of ${node}`, async () => choices.volumes(reader, node, contents))
      } finally {
        await reader.close()
      }
    } catch (error) {
      // Whoever has no credential here chooses among what was recorded.
      if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
      return []
    }
  }

  private async addVolumes(config: Config, source: Source, node: string | undefined): Promise<void> {
    if (source.is === 'clone' || source.is === 'backup') return
    const {defaults, keys, request} = this
    const {disk, net, medium} = defaults
    for (const [key, text] of Object.entries(defaults.keys)) this.read(config, key, text)
    if (source.is === 'iso' && medium) this.read(config, medium.key, medium.text.replace('{volume}', source.volume))
    if (!keys.has(disk.key) && !this.hasVolume()) {
      const storage = request.storage ?? (await this.storage(node))
      const size = request.size ?? (source.is === 'import' ? undefined : await this.size())
      const imported =
        source.is === 'import' ? `,import-from=${source.volume}${size === undefined ? '' : `,size=${size}G`}` : ''
      const volume = `${storage}:${imported === '' ? size : 0}`
      this.read(config, disk.key, disk.text.replace('{volume}', volume) + imported)
    }
    if (!keys.has(net.key)) {
      const bridge =
        request.assignments.find(({name}) => name.endsWith(`${net.key}.bridge`))?.text ?? (await this.bridge(node))
      this.read(config, net.key, `${net.text},bridge=${bridge}`)
    }
  }

  /** Whether a volume is given in another slot than the usual one. */
  private hasVolume(): boolean {
    const {slots} = guestTravelOf(this.kind).volumes
    return this.request.assignments.some(({name, text}) => {
      const [first, key, ...rest] = fieldCalled(this.kind, name)?.path ?? []
      const isVolume =
        first === 'config' && rest.length === 0 && slots.test(key!) && /^(?:scsi|virtio|sata|ide|rootfs)/.test(key!)
      return isVolume && text !== undefined && !/media=cdrom/.test(text)
    })
  }

  private async storage(node: string | undefined): Promise<string> {
    const {choices, defaults, request} = this
    const storages = choices.storages(defaults.disk.content, node)
    if (storages.length === 1) return storages[0]!.value
    return request.ask({message: `Storage of ${defaults.disk.key}`, flag: '--storage', choices: storages})
  }

  private async size(): Promise<number> {
    const {defaults, request} = this
    const {size, key} = defaults.disk
    if (!request.isAsked) return size
    const validate = (text: string) => /^[1-9]\d{0,5}$/.test(text.trim()) || 'a whole number of GiB'
    return Number(
      await request.ask({message: `Size of ${key} in GiB`, flag: '--size', default: String(size), validate}),
    )
  }

  private async bridge(node: string | undefined): Promise<string> {
    const {choices, defaults, request} = this
    const bridges = choices.bridges(node)
    if (bridges.length === 1) return bridges[0]!.value
    const {key} = defaults.net
    return request.ask({
      message: `Bridge of ${key}`,
      flag: `${key}.bridge=${bridges[0]?.value ?? 'vmbr0'}`,
      choices: bridges,
    })
  }

  /** Keys of which a part is given. */
  private parts(): string[] {
    return this.request.assignments.flatMap(({name}) => {
      const [first, key, ...rest] = fieldCalled(this.kind, name)?.path ?? []
      return first === 'config' && rest.length > 0 && !this.keys.has(key!) ? [key!] : []
    })
  }

  private originOf(source: Source): Declared['from'] {
    const {storage, isFull} = this.request
    const goes = storage === undefined ? {} : {storage}
    // A linked clone stays where its template is.
    const isWhole = isFull === true || (storage !== undefined && source.is === 'clone' && source.isTemplate)
    if (source.is === 'clone') return {clone: Number(source.of.id), ...(isWhole && {full: true}), ...goes}
    if (source.is === 'vztmpl') return {ostemplate: source.volume}
    if (source.is === 'backup') return {archive: source.volume, ...goes}
    return undefined
  }

  private read(config: Config, key: string, text: string): void {
    this.put(config, key, fromManifest(this.kind, key, text).value)
  }

  private put(config: Config, key: string, value: Config[string] | undefined): void {
    if (value !== undefined) config[key] = value
  }
}

// ---- what is written

interface Writing {
  workspace: Workspace
  open: Opened
  request: CreateRequest
  wish: Wish
}

async function write(
  {workspace, open, request, wish}: Writing,
  caller: Caller,
  version: string,
): Promise<CreateOutcome> {
  const {work, session} = open
  const {cluster, kind} = request
  const state = (await session.state(cluster)) ?? {cluster, objects: []}
  const id = idOf(open, state, request)
  const ref: ObjectRef = {cluster, kind, id}
  const declared = {...wish, id} as Declared
  const text = printManifest(declared)
  const edited = await work.splice([{ref, edits: [{do: 'write', declared}]}])
  const [file] = edited.texts.keys()
  const warnings = request.isUncommitted
    ? []
    : await refusePlan({workspace, open, edited, ref, typed: request.id !== undefined}, caller, version)
  const written = await declare(open, {
    head: request.isUncommitted ? [] : [{ref, edits: [{do: 'take', path: file!, text}]}],
    work: [{ref, edits: [{do: 'write', declared}]}],
    message: messageOf(ref, wish, caller),
  })
  const {commit} = written
  const outcome: CreateOutcome = {
    result: {object: formatRef(ref), file: file!, commit},
    text,
    warnings: [...new Set([...sameName(open, ref, wish), ...warnings, ...written.warnings])],
  }
  request.onDeclared?.(outcome)
  const {applying} = request
  if (!applying) return outcome
  const applied = await applyDeclared({workspace, opened: open}, {refs: [ref], commit, applying}, caller, version)
  return {...outcome, result: {...outcome.result, applied}}
}

/** Proxmox VE takes one name for several guests; people seldom mean it. */
function sameName({view, work}: Opened, {cluster, kind}: ObjectRef, {config}: Wish): string[] {
  const nameIn = (of: KindName, from: Config) => namesOf(of, from)[0]
  const name = nameIn(kind, config)
  const other = [view.head, work]
    .flatMap(({index}) => [...index.documents.values()])
    .find(
      ({ref, declared}) => ref.cluster === cluster && isGuest(ref.kind) && nameIn(ref.kind, declared.config) === name,
    )
  return other ? [`${formatRef(other.ref)} is called ${name}, too`] : []
}

/** @throws PMPC_EXISTS for one that is taken, or where none is left */
function idOf({view, work}: Opened, state: ClusterState, {id, kind}: CreateRequest): number {
  const named = [view.head, work].flatMap(({index}) => [...index.documents.values(), ...index.absent.values()])
  const ids = freeIds(
    state,
    named.map(({ref}) => ref),
  )
  if (id !== undefined && !ids.isTaken(id)) return id
  const free = ids.take()
  if (id === undefined && free !== undefined) return free
  const message = id === undefined ? `no VMID below ${ids.upper} is free` : `${id} is the id of a guest already`
  throw new PmpcError('PMPC_EXISTS', message, {
    suggestions: [
      ...(id === undefined ? ['pmpc set options next-id.upper=…   # widens the range of the cluster'] : []),
      ...(free === undefined ? [`pmpc create ${kind} … --id 1000000`] : [`pmpc create ${kind} … --id ${free}`]),
    ],
    data: {id: id ?? null, free: free ?? null},
  })
}

/**
 * Makes the plan for it as if it was written.
 * @returns what is odd about it
 * @throws PMPC_PLAN_REFUSED for what stands in its way: nothing was written
 */
async function refusePlan(
  {
    workspace,
    open,
    edited,
    ref,
    typed,
  }: {workspace: Workspace; open: Opened; edited: Spliced; ref: ObjectRef; typed: boolean},
  caller: Caller,
  version: string,
): Promise<string[]> {
  const object = formatRef(ref)
  const session = await Session.open(workspace, open.repository, edited)
  const request = {clusters: [ref.cluster], words: [], exclude: [], refresh: false, only: new Set([object])}
  let plan
  try {
    ;({plan} = await planIn(session, request, caller, version))
  } catch (error) {
    if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
    return [`it was not held against ${ref.cluster}, which could not be asked: ${error.message}`]
  }
  const mine = plan.checks.filter((check) => check.object === object)
  const isThere = plan.actions.find((action) => action.object === object)?.change !== 'create'
  const open_ = plan.undecided.filter((each) => each.object === object)
  const wrong = [
    ...mine
      .filter(({severity}) => severity === 'error')
      .map(({field, message}) => (field ? `${field}: ${message}` : message)),
    ...open_.map(({field, why}) => (field === null ? why : `${field}: ${why}`)),
    ...(isThere && open_.length === 0 ? [`${object} is there by now`] : []),
  ]
  if (wrong.length === 0) return mine.map(({message}) => message)
  throw new PmpcError(
    'PMPC_PLAN_REFUSED',
    `nothing was written, as ${object} could not be made:\n  ${wrong.slice(0, 10).join('\n  ')}`,
    {
      suggestions: [
        ...mine.flatMap(({suggestions}) => suggestions).slice(0, 3),
        ...(isThere
          ? [
              'pmpc sync   # records what is there',
              ...(typed ? [] : [`pmpc create ${ref.kind} … --id ${Number(ref.id) + 1}`]),
            ]
          : []),
        'run it with --no-commit: it writes the manifest, to be mended by hand',
      ],
      data: {object, checks: mine},
    },
  )
}

function messageOf(ref: ObjectRef, {config, from}: Wish, {run}: Caller): string {
  const name = own(config, kindOf(ref.kind).nameKey!)
  const origin = from && Object.entries(from).map(([key, value]) => `${key}=${String(value)}`)
  return commitMessage(
    `create(${ref.cluster}): ${formatRef(ref)} ${typeof name === 'string' ? name : ''}`.trim(),
    origin ? [`made of ${origin.join(', ')}`] : [],
    [
      ['run', run.id],
      ['cluster', ref.cluster],
      ['command', 'create'],
    ],
  )
}

function impossible(problems: readonly {message: string; isUnknown?: true}[]): PmpcError {
  const code = problems.some(({isUnknown}) => isUnknown) ? 'PMPC_UNKNOWN_FIELD' : 'PMPC_BAD_VALUE'
  const lines = problems.map(({message}) => message)
  return new PmpcError(code, `nothing was written:\n  ${lines.join('\n  ')}`, {
    suggestions: ['pmpc create --help', 'pmpc describe vm/100   # how another one has it'],
    data: {problems: lines},
  })
}

function nothingRecorded(cluster: string): PmpcError {
  return new PmpcError(
    'PMPC_NO_STATE',
    `nothing of ${cluster} was recorded yet, so that nobody knows which ids, storages and bridges it has`,
    {
      suggestions: [`pmpc sync --cluster ${shellWord(cluster)}`],
      data: {cluster},
    },
  )
}
