import type {Scalar} from '../model.js'

/**
 * How objects of a kind are read and changed: the half of its row that only those load who talk to Proxmox VE. Paths and privileges are those of the
 * contracts of PVE 8.4 and 9.2. In paths `{id}`, `{node}` and the names that stand beside are filled in.
 */
export interface KindWire {
  readonly name: string
  /** Where its objects are listed; or, of what has no list of its own, of which places there is one object each. */
  readonly list?: Listing
  readonly scopes?: readonly Scope[]
  /** Asked of each object: its answer is the configuration. Kinds without it are read whole from their list. */
  readonly item?: string
  /** What of an object stands on paths of its own. */
  readonly parts?: readonly Part[]
  /** Facts that other answers tell. */
  readonly joins?: readonly Join[]
  /** Where it is told what is to be, beside what is. */
  readonly pending?: Pending
  /** Keys of the configuration that are not kept, with the reason. */
  readonly leftOut: Readonly<Record<string, string>>
  /** Keys whose value is never kept, with the reason: the reader masks them. Those of parts with their path: `tokens.value`. */
  readonly secret?: Readonly<Record<string, string>>
  /** What PVE's locks of such an object mean to who reads it. All others last as long as a task, and are told but not kept. */
  readonly locks?: Locks
  /** Any one of these privileges on the path shows the object; null: everybody sees it. `whole`: without it an answer has less in it, and no error. */
  readonly sight: {readonly path: string; readonly privileges: readonly string[]; readonly whole?: true} | null
  /** Versions that have such a kind: since, and until before. */
  readonly since?: string
  readonly until?: string
  /** Answers that say that this version, or this cluster, has no such kind: status or text. */
  readonly absentWhen?: readonly (number | RegExp)[]
  /** What PVE has from the beginning: no manifest is offered unless somebody set something in it. */
  readonly builtin?: (entry: Entry) => boolean
  readonly change: Travel
}

/** An object of an answer, as JSON has it. */
export type Entry = Readonly<Record<string, unknown>>

/** How the entries of a list become objects. */
export interface Listing {
  /** With `{node}`: asked of each node that is online. */
  readonly path: string
  readonly query?: Readonly<Record<string, Scalar>>
  /** Asked once for each of these, by the name that stands in the path: `{type: ['smtp', …]}`. */
  readonly over?: Readonly<Record<string, readonly string[]>>
  /** Only entries in which this key has this value. */
  readonly where?: {readonly key: string; readonly value: string}
  readonly idKey: string
  /** The id in what stands under `idKey`, as a pattern whose first group it is: `^(?:vm|ct):(\d+)$`. */
  readonly idPattern?: RegExp
  /**
   * The entries, where the answer is no list of them, or where several make one object: pure; undefined for an answer that cannot be read.
   * @param given what was filled in to the path: the node, the type
   */
  readonly entries?: (answer: unknown, given: Readonly<Record<string, string>>) => readonly Entry[] | undefined
  /** All that is neither fact nor left out is the configuration. */
  readonly restIsConfig?: boolean
  /**
   * Key of each entry that holds a checksum of the whole file behind the list, with what the node that answers cannot parse and
   * leaves out (pve-common, PVE/SectionConfig.pm (parse_config)).
   */
  readonly digestKey?: string
  /** Keys of an entry that are not kept, with the reason, where the entry is not the configuration. */
  readonly leftOut?: Readonly<Record<string, string>>
  /** Without it nothing is known of a cluster. */
  readonly mustNotFail?: true
}

/** One object for each object of another kind, or one of the cluster. */
export interface Scope {
  /** The kinds of which each object has one; none: there is one. */
  readonly of?: readonly string[]
  /** `cluster`, `node/{id}`. */
  readonly id: string
  /** Filled in for `{base}` of the parts' paths. */
  readonly base: string
  /** Which parts it has; all unless given. */
  readonly parts?: readonly string[]
  /** Only where this is so of the other object. */
  readonly when?: (object: {readonly config: Readonly<Record<string, unknown>>}) => boolean
  /** Read only where this setting of pmpc.yaml says so. */
  readonly setting?: 'guestFirewalls'
  /** Answers that say that there is none here (yet). */
  readonly absentWhen?: readonly (number | RegExp)[]
  /** As of the kind, where it is another one here. */
  readonly sight?: KindWire['sight']
}

/** A part of an object. */
export interface Part {
  /** The key of the configuration that holds it. */
  readonly key: string
  readonly path: string
  readonly query?: Readonly<Record<string, Scalar>>
  /** What is kept of the answer: pure; undefined for an answer that cannot be read. */
  readonly value?: (answer: unknown) => unknown
  /** Only where this is so of the object's entry in its list. */
  readonly when?: (entry: Entry) => boolean
  /** Of each member of the value something stands on a path of its own, with `{member}`: it goes under this key of the member. */
  readonly members?: {readonly path: string; readonly key: string; readonly value?: (answer: unknown) => unknown}
}

/** Facts that an answer tells which is no list of this kind. */
export interface Join {
  readonly path: string
  /** From its keys to the facts. */
  readonly facts: Readonly<Record<string, string>>
  /** The entry that is the object's: its key and, `id` unless given, the field that it equals. */
  readonly by?: {readonly key: string; readonly where?: {readonly key: string; readonly value: string}}
}

/** Of guests a path, of SDN a key of each entry, of networks a key that stands beside the data. */
export type Pending = {readonly path: string} | {readonly key: string} | {readonly beside: string}

export interface Locks {
  /** Its configuration is being written piece by piece, and goes again should that fail: there is no object yet. */
  readonly making: readonly string[]
  /** A state in which it stays until somebody ends it: kept as the fact `lock`. */
  readonly lasting: readonly string[]
}

/** How changes travel; for plan and apply. */
export interface Travel {
  /** `POST /access/users`; absent: it is always there, or no call makes it. */
  readonly create?: string
  readonly update?: string
  readonly remove?: string
  /** The parameter of these calls that takes the id; `idKey` unless given. */
  readonly idParameter?: string
  /** How a key is taken out: by `delete`, or by sending an empty text. */
  readonly unset?: 'delete' | 'empty'
  /** Which calls take a digest. */
  readonly digest?: readonly ('update' | 'remove')[]
  /** Keys that only the creation takes. */
  readonly createOnly?: readonly string[]
  /** Keys that have to be sent again with each change; `*`: all. */
  readonly resend?: readonly string[]
  /** The call that makes changes come true, once for all of the kind. */
  readonly commit?: string
  /** The gravest consequence that a change can have (design: plan and apply). */
  readonly consequence: string
}
