import type {Scalar} from '../model.js'

/**
 * A kind is data: a row of the table in this folder. Its three parts are exported apart, so that each bundle carries what it uses: this one, with names,
 * columns and shapes, is for whoever reads what was recorded; {@link KindWire} is for whoever talks to Proxmox VE.
 * Adding a kind is adding a row (docs/house.md).
 */
export interface Kind {
  /** As in `kind:` of a manifest and in `vm/100`. */
  readonly name: string
  /** As in `pmpc get vms`. */
  readonly plural: string
  readonly aliases: readonly string[]
  /** People declare it in a manifest; else it is only observed. */
  readonly declared: boolean
  /** A VMID is a number. `single`: there is one object a cluster, whose id is the kind's name. */
  readonly id: 'vmid' | 'name' | 'single'
  /** What its ids look like, where not every name can be one; and that in words. */
  readonly ids?: {readonly pattern: RegExp; readonly words: string}
  /** The key under which PVE tells the id. */
  readonly idKey: string
  /** The file of a new manifest, below `infra/CLUSTER/`; `{id}` is filled in. */
  readonly file: string
  /** Key of the configuration that holds its name, where it has one. */
  readonly nameKey?: string
  /** The type under which `/cluster/resources` and `/nodes/{node}/…` know a guest. */
  readonly guest?: 'qemu' | 'lxc'
  /** What is kept beside the configuration, under PVE's names. */
  readonly facts: readonly string[]
  /** Facts that are configuration, too, while they have one of these values: PVE itself writes only the others. */
  readonly chosen?: Readonly<Record<string, readonly Scalar[]>>
  /** A key in place of whose value PVE itself puts another as soon as this fact comes to have it: a manifest that has the old one still says the same. */
  readonly turns?: {readonly key: string; readonly fact: string}
  /** pmpc's own keys that its manifests may have beside `config`, and the fact that each follows from. */
  readonly beside?: Beside
  /** Where a pool or a node is asked for (`--pool`, `ignore:`), the field that names it: `facts.pool`, `id`. */
  readonly belongs?: {readonly pool?: string; readonly node?: string}
  /** The object that it is a part of, told by its id, whose first group is the id of that one. */
  readonly parents?: readonly {readonly id: RegExp; readonly kinds: readonly string[]}[]
  /** Keys that PVE makes up: observed, never declared. The sub-keys are those of a property string. */
  readonly generated?: {readonly keys: RegExp; readonly subkeys: Readonly<Record<string, readonly string[]>>}
  /** What PVE has from the beginning, while nobody set anything in it: observed, and no manifest is offered. */
  readonly builtin?: (object: {
    readonly id: string | number
    readonly config: Readonly<Record<string, unknown>>
    readonly facts: Readonly<Record<string, unknown>>
  }) => boolean
  /** What the values of keys are made of, where that is no scalar, and where the contract does not say. */
  readonly shapes?: Shapes
  /** Its own table in the state; the others share one. */
  readonly table?: TableSpec
  /** Columns of `pmpc get`: heading to field (`facts.node`, `config.memory`, `id`). */
  readonly columns: readonly Column[]
}

/**
 * What a value is made of. `text`: white space at its end means nothing. `set`: scalars, the order of which does not count; merged by element. `list`: scalars
 * in their order; one value. `map`: merged by key; `*` stands for any key, and `names` says that such keys are networks, of which `10.0.0.11/24` and
 * `10.0.0.0/24` are one. `rows`: maps in their order, one value; a manifest has a line for each.
 */
export type Shape =
  | 'scalar'
  | 'text'
  | 'set'
  | 'list'
  | {readonly map: Shapes; readonly names?: 'network'}
  | {readonly rows: Shapes; /** The keys that are written first. */ readonly first?: readonly string[]}

/** By key; `*` stands for any key that is not named. */
export type Shapes = Readonly<Record<string, Shape>>

export interface Beside {
  readonly pool?: {readonly fact: string}
  /** Declared where `pinned` is. */
  readonly placement?: {readonly fact: string}
  /** Declared where the manifest has it: `stopped` where the fact is one of these, nothing where it is one of those, else `running`. */
  readonly power?: {readonly fact: string; readonly stopped: readonly Scalar[]; readonly neither?: readonly Scalar[]}
  /** What it can be made from where it is not there: the words of `from:`. */
  readonly from?: readonly ('clone' | 'ostemplate' | 'archive')[]
}

export interface Column {
  readonly heading: string
  /** Of maps within a list or a map it is told how many there are. */
  readonly field: string
  /** Only with `-o wide`. */
  readonly wide?: boolean
  readonly align?: 'right'
  /** Bytes are told in GiB, MiB in these or GiB. */
  readonly unit?: 'bytes' | 'MiB'
  /** A second field, told in brackets behind the first. */
  readonly beside?: string
}

/** Where a fact of a kind is kept. A value that does not fit its column (a number in a text, a NUL) goes to the `facts` column. */
export interface FactColumn {
  /** Name of the column and of the fact. */
  readonly fact: string
  readonly type: 'text' | 'integer'
  /** The table in which a row of that name must exist; a placeholder is made where the cluster reported none. */
  readonly references?: string
}

/** A table of the state that a kind has for itself, or shares with another of its sort. */
export interface TableSpec {
  readonly table: string
  /** The column of the id. */
  readonly id: string
  readonly facts: readonly FactColumn[]
  /** Whether running values and snapshots are kept, as of guests. */
  readonly guest?: boolean
}
