// What a new guest is to be: from what was typed, from what the cluster has, and from answers.
import {isPmpcError, PmpcError} from '../../errors/index.js'
import {kindOf, type ClusterState, type Config, type Declared, type KindName} from '../../resources/index.js'
import {guestTravelOf} from '../../resources/travels/index.js'
import {manifestOf, type Document} from '../../reconcile/index.js'
import {step, type Caller} from '../../runs/index.js'
import {fromManifest} from '../../values/index.js'
import type {Workspace} from '../../workspace/index.js'
import {fieldCalled, withAssigned} from '../assignments.js'
import type {Described} from '../create.js'
import {readerOf} from '../sync-fetch.js'
import {Choices, type Offered} from './choices.js'
import {defaultsOf} from './defaults.js'
import {clonedKey, sourceOf, type Source} from './origin.js'

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

/** All of a manifest but the id. */
export type Wish = Omit<Declared, 'id'>

/** Finds out what a guest is to be; what cannot be left out, and nobody has said, is asked. */
export class Interview {
  private readonly choices: Choices
  private readonly defaults
  private readonly keys: ReadonlySet<string>

  constructor(
    private readonly workspace: Workspace,
    private readonly request: Described,
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
    const {command} = request
    const named = request.from === undefined ? undefined : sourceOf(request.from, {kind, command}, this.state)
    const name = await this.name(named)
    const node = await this.node(named)
    const source = named ?? sourceOf(await this.from(node), {kind, command}, this.state)
    const document: Document = {kind, beside: {}, config: {}}
    await this.addVolumes(document.config, source, node)
    if (source.is === 'clone') for (const key of this.parts()) this.put(document.config, key, clonedKey(source, key))
    if (name !== undefined) this.put(document.config, kindOf(kind).nameKey!, name)
    const {document: made, problems} = withAssigned(document, request.assignments)
    if (problems.length > 0) throw impossible(problems, command)
    const {id: _id, ...declared} = manifestOf({cluster: this.state.cluster, kind, id: 0}, made)
    const from = this.originOf(source)
    const placement =
      declared.placement ?? (node !== undefined && choices.onlyNode() === undefined ? {node} : undefined)
    return {...declared, ...(from && {from}), ...(placement && {placement})}
  }

  private get kind(): KindName {
    return this.request.kind
  }

  /** undefined: as its backup calls it. */
  private async name(source: Source | undefined): Promise<string | undefined> {
    const {kind, request} = this
    if (request.name === undefined && request.keepsName && source?.is === 'backup') return undefined
    const key = kindOf(kind).nameKey!
    const problemOf = (text: string): string | undefined =>
      text === '' ? 'a name is needed' : fromManifest(kind, key, text).problems[0]
    const given =
      request.name ??
      (await request.ask({message: 'Name', flag: 'NAME', validate: (text) => problemOf(text.trim()) ?? true}))
    const problem = problemOf(given)
    if (problem !== undefined)
      throw new PmpcError('PMPC_BAD_VALUE', `${JSON.stringify(given)} cannot be its name: ${problem}`, {
        suggestions: [`${request.command} ${request.keepsName ? '--name ' : ''}web01`],
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
    const {storage, isFull, isUnique} = this.request
    const goes = storage === undefined ? {} : {storage}
    // A linked clone stays where its template is.
    const isWhole = isFull === true || (storage !== undefined && source.is === 'clone' && source.isTemplate)
    if (source.is === 'clone') return {clone: Number(source.of.id), ...(isWhole && {full: true}), ...goes}
    if (source.is === 'vztmpl') return {ostemplate: source.volume}
    if (source.is === 'backup') return {archive: source.volume, ...(isUnique && {unique: true}), ...goes}
    return undefined
  }

  private read(config: Config, key: string, text: string): void {
    this.put(config, key, fromManifest(this.kind, key, text).value)
  }

  private put(config: Config, key: string, value: Config[string] | undefined): void {
    if (value !== undefined) config[key] = value
  }
}

function impossible(problems: readonly {message: string; isUnknown?: true}[], command: string): PmpcError {
  const code = problems.some(({isUnknown}) => isUnknown) ? 'PMPC_UNKNOWN_FIELD' : 'PMPC_BAD_VALUE'
  const lines = problems.map(({message}) => message)
  return new PmpcError(code, `nothing was written:\n  ${lines.join('\n  ')}`, {
    suggestions: [`${command.split(' ', 2).join(' ')} --help`, 'pmpc describe vm/100   # how another one has it'],
    data: {problems: lines},
  })
}
