// What a row of the tables is. A table says of each key of a kind which attribute or block of the provider's it is, and when the provider's Read
// stores it: the code has exactly that, so that an import changes nothing. `emit.ts` is what reads them.
import type {KindName, Observed, Scalar, Value} from 'pmpc/kit/resources'
import type {Cluster} from '../../estate.js'
import type {Attribute, Expression} from '../hcl.js'

/**
 * A place in an object that rows are read at: the object, one of its parts, or one of several keys (`net0`). Paths that begin with `config.`, `facts.` or
 * `extra.`, and `id`, are the object's; all others stand below the place.
 */
export interface At {
  readonly cluster: Cluster
  readonly object: Observed
  /** Where in the object: `['config', 'net0']`; empty for the object itself. */
  readonly path: readonly string[]
  /** What stands there. */
  readonly value: unknown
  /** The key's number, where it has one: 2 of `net2`. */
  readonly slot: number | undefined
  /** What stands at a path; undefined where nothing does. */
  get(path: string): Value | undefined
  /** The same as PVE spells it, where that is not the canonical way: `spelled` of estate.ts. */
  spelled(path: string): Value | undefined
  /** The places that a pattern names, `config.net*`: by number, else by name; of a list, its elements. */
  each(pattern: string): At[]
  /** An attribute of what another object became, where the code has it and its value is this one; else the value. */
  reference(kind: KindName, id: string | number, literal: Scalar): Expression
}

/** Something that is so of an object or not. */
export type Test = (at: At) => boolean

/** The path of a key, or what finds it. */
export type Path = string | ((at: At) => string | undefined)

/** An attribute, and the key that it is written from. */
export interface Field {
  readonly to: string
  /** The key: `config.name`, `bridge`; `''` is the place itself. All below it is what this row tells of. None: it follows from the place. */
  readonly from?: Path
  /** What the provider takes where the attribute is absent: it is not written then. */
  readonly default?: Scalar | boolean
  /** Written also where it is the default. */
  readonly always?: true
  /** What is written where the key is absent. */
  readonly absent?: Expression | ((at: At) => Expression | undefined)
  /** What the value is in HCL; undefined: nothing is written. */
  readonly as: (value: Value, at: At) => Expression | undefined
  /** Why the key is told nowhere, where its block is not written and it is not what the provider takes then. */
  readonly alone?: string | {readonly how: 'leftOut'; readonly why: string}
}

/** A block, and the keys that it is written from. */
export interface Block {
  readonly block: string
  /** There are several, one a place: `config.net*`. */
  readonly each?: string | readonly string[]
  /** Which of these. */
  readonly where?: Test
  /** By their place: an empty block stands where there is none before the last. */
  readonly isDense?: true
  /** Whether Read stores it; unless given: where any of its keys is there. */
  readonly when?: Test
  readonly fields: readonly Field[]
  readonly blocks?: readonly Block[]
  /** There are several, read out of one key, which all of them tell of; it has no fields then. */
  readonly parsed?: {readonly from: string; readonly as: (at: At) => readonly (readonly Attribute[])[]}
  /** Why its keys are told nowhere, where `when` says no; unless given, the block is what the provider takes for none. */
  readonly otherwise?: string
}

/** Keys that are not in the code, and why. */
export interface Aside {
  /** Patterns of paths: `*` stands for a number at the end of a key, and for any key where it stands alone; a path for all below it. */
  readonly of: string | readonly string[]
  /** Of which places. */
  readonly where?: Test
  /** The keys below each place: `hidden`; all, unless given. */
  readonly keys?: readonly string[]
  readonly how: 'inexpressible' | 'leftOut'
  readonly why: string
}

/** Names, and a reason each. */
export type Reasons = Readonly<Record<string, string>>

/** What Read stores and nobody can write: it is not in the code, and Terraform is told to leave it alone. */
export interface Hindrance {
  readonly when: Test
  /** The attributes and blocks that are not written. */
  readonly of: readonly string[]
  /** What `ignore_changes` has; unless given: the same. None where the provider takes what is absent for what is there. */
  readonly ignore?: readonly string[]
  readonly why: string | ((at: At) => string)
}

/** Why an object is not safe to edit, or not to be managed, and what makes it so. */
export interface Doubt {
  readonly when: Test
  readonly why: string | ((at: At) => string)
  /** Words of `pmpc set OBJECT …` after which it is not so any more: `scsihw=lsi`, `--unset=net3`. */
  readonly change?: (at: At) => readonly string[]
  /**
   * Where a plan has nothing to do, as to Proxmox VE the value that is to be written down and its absence are one: the commands on a node in the place of
   * that, `['pvesh', 'set', '/cluster/firewall/options', '--ebtables', '1']`.
   */
  readonly onNode?: (at: At) => readonly (readonly string[])[]
}

/** The files that resources stand in; `guest`: one each. */
export type Domain =
  | 'guest'
  | 'access'
  | 'backup'
  | 'cluster'
  | 'firewall'
  | 'ha'
  | 'mapping'
  | 'network'
  | 'node'
  | 'pool'
  | 'sdn'
  | 'storage'

/** A resource of the provider's, and how objects of a kind are written as one. */
export interface Resource {
  readonly type: string
  readonly file: Domain
  /** Of which objects there is one; of all, unless given. */
  readonly when?: Test
  /** The parts of an object that are one each, as `At.each` takes it; unless given, the object is one. */
  readonly each?: string
  /** Which of these. */
  readonly where?: Test
  /** What the provider imports it by. */
  readonly importId: (at: At) => string
  /** What its name ends with, and by which others refer to it, behind the object's: of a part the last key of its path, else nothing. */
  readonly suffix?: (at: At) => string
  /** In the order in which they are written: attributes first, then blocks. */
  readonly fields: readonly Field[]
  readonly blocks?: readonly Block[]
  /** Attributes that others may refer to: written as they are, so that they are known at plan. */
  readonly known?: Readonly<Record<string, (at: At) => Scalar>>
  readonly hindrances?: readonly Hindrance[]
  /** Told by `ignore_changes` of each, with the reason. */
  readonly ignore?: Reasons
}

/** What the objects of a kind become. */
export interface KindRows {
  readonly kind: KindName
  readonly resources: readonly Resource[]
  /** Why there is nothing in the code of an object that none of the resources is about. */
  readonly none?: (at: At) => {how: 'inexpressible' | 'leftOut'; why: string}
  /** What is not in the code, or not all of it: what a row of a resource says of the same key or one below it comes first. */
  readonly asides?: readonly Aside[]
  /** The provider cannot read such an object: it is not in the code. */
  readonly unmanageable?: readonly Doubt[]
  /** It imports without a change, and an edit of anything damages it. */
  readonly unsafe?: readonly Doubt[]
  /** Safe, with something to be told. */
  readonly notes?: readonly Doubt[]
}
