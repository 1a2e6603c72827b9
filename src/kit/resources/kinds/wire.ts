import type {Scalar} from '../model.js'

/**
 * How objects of a kind are read: the part of its row that only those load who talk to Proxmox VE. The files of the rows export them by functions: a bundle
 * leaves out a function that nobody calls, but no list in which something is called or spread. Paths and privileges are those of the
 * contracts of PVE 8.4 and 9.2. In paths and queries are filled in: `{id}`, `{node}` (as `belongs` of the other half tells it), `{parent}` (the id of the
 * object that it is a part of), any scalar of its facts or its configuration, as `{zone}`, and what stands beside the path.
 */
export interface KindWire {
  readonly name: string
  /** Where its objects are listed; or, of what has no list of its own, of which places there is one object each: it is there while its parts hold anything. */
  readonly list?: Listing
  readonly scopes?: readonly Scope[]
  /** Asked of each object: its answer is the configuration. Kinds without it are read from their list and their parts. */
  readonly item?: string
  /** What of an object stands on paths of its own. */
  readonly parts?: readonly Part[]
  /** Facts that other answers tell. */
  readonly joins?: readonly Join[]
  /** Where it is told what is to be, beside what is. */
  readonly pending?: Pending
  /** Another answer that names objects of this kind: what is named there is there, whatever its own list says. */
  readonly mentioned?: {readonly path: string; readonly key: string; readonly where?: Where}
  /** Keys of the configuration that are not kept, with the reason. Deeper ones by their path, with `*` for any key and any place of a list: `rules.*.pos`. */
  readonly leftOut: Readonly<Record<string, string>>
  /** Keys whose value is never kept, with the reason: the reader masks them. Those of parts with their path: `tokens.value`. */
  readonly secret?: Readonly<Record<string, string>>
  /**
   * Values that another program shows as they are spelled, where the recorded one has the one spelling that all of them have: such a spelling is kept, as the
   * fact `spelled.KEY` or `spelled.KEY.SUBKEY`.
   */
  readonly spelled?: readonly {readonly key: RegExp; readonly subkey?: string}[]
  /** What PVE's locks of such an object mean to who reads it. All others last as long as a task, and are told but not kept. */
  readonly locks?: Locks
  /** Any one of these privileges on the path shows the object; null: everybody sees it. `whole`: without it an answer has less in it, and no error. */
  readonly sight: {readonly path: string; readonly privileges: readonly string[]; readonly whole?: true} | null
  /** Versions that have such a kind, `9` or `9.2`: since, and until before. It is not asked for where no node has it, and 501 says the same. */
  readonly since?: string
  readonly until?: string
  /** What the cluster says where it has no such kind, whatever its version. */
  readonly absentWhen?: readonly RegExp[]
}

/** An object of an answer, as JSON has it. */
export type Entry = Readonly<Record<string, unknown>>

/** How the entries of a list become objects. */
export interface Listing {
  readonly path: string
  readonly query?: Readonly<Record<string, Scalar>>
  /** Under this query it tells what is in use, where its entries do not tell what waits. */
  readonly inUse?: Readonly<Record<string, Scalar>>
  /** Asked once for each value that this key has in the list of this path; it is filled in, and the entries have it: `{path: '…/targets', key: 'type'}`. */
  readonly over?: {readonly path: string; readonly key: string}
  /** Only entries in which this key has this value. */
  readonly where?: Where
  readonly idKey: string
  /** The id in what stands under `idKey`, as a pattern whose first group it is: `^(?:vm|ct):(\d+)$`. */
  readonly idPattern?: RegExp
  /**
   * The entries, where the answer is no list of them, or where several make one object: pure; undefined for an answer that cannot be read.
   * @param given what `over` filled in to the path
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
  /** Facts that an entry leaves out at times, as of a node that is offline: what was known of them stays. */
  readonly staying?: readonly string[]
  /** Without it nothing is known of a cluster. */
  readonly mustNotFail?: true
  /** Everybody sees an entry of it at least. */
  readonly neverEmpty?: true
}

/** Only entries in which this key has this value. */
export interface Where {
  readonly key: string
  readonly value: string
}

/** One object for each object of another kind, or one of the cluster. */
export interface Scope {
  /** The kinds of which each object has one; none: there is one. */
  readonly of?: readonly string[]
  /** `cluster`, `node/{id}`; what is filled in here and in `base` is the other object's. */
  readonly id: string
  /** Filled in for `{base}` of the parts' paths. */
  readonly base?: string
  /** Which parts it has; all unless given. */
  readonly parts?: readonly string[]
  /** Only where this is so of the other object. */
  readonly when?: (object: {readonly config: Readonly<Record<string, unknown>>}) => boolean
  /** Asked before some of the parts, by their keys: whether there is anything in them; undefined for an answer that cannot be read. */
  readonly probe?: {
    readonly path: string
    readonly parts: Readonly<Record<string, (answer: unknown) => boolean | undefined>>
  }
  /** Read only where this setting of pmpc.yaml says so. */
  readonly setting?: 'guestFirewalls'
  /** What says that there is none here (yet). */
  readonly absentWhen?: readonly RegExp[]
  /** As of the kind, where it is another one here. */
  readonly sight?: KindWire['sight']
}

/** A part of an object. */
export interface Part {
  /** The key of the configuration that holds it; none: it is the configuration. */
  readonly key?: string
  /** It stands beside the configuration. */
  readonly beside?: 'snapshots'
  readonly path: string
  readonly query?: Readonly<Record<string, Scalar>>
  /**
   * What is kept of the answer: pure; undefined for an answer that cannot be read. Where the kind has a `pending` key, it is called with what is to be, and with what is.
   * Without it a map is kept as it is, and of anything else nothing.
   */
  readonly value?: (answer: unknown) => unknown
  /** Only where this is so of the item's answer, or of the entry in its list; and where the object had this part before. */
  readonly when?: (entry: Entry) => boolean
  /** Of each member of the value something stands on a path of its own, with `{member}`: it goes under this key of the member. */
  readonly members?: {readonly path: string; readonly key: string; readonly value?: (answer: unknown) => unknown}
}

/** Facts that an answer tells which is no list of this kind. */
export interface Join {
  readonly path: string
  /** From its keys to the facts. */
  readonly facts: Readonly<Record<string, string>>
  /** The entry that is the object's: the one that has its id under this key. Where a node is asked, that also tells on which nodes it is. Else the answer is all its own. */
  readonly by?: {readonly key: string; readonly where?: Where}
}

/**
 * A path that tells the value that is in use and the one that is to be, key by key: asked while a fact has a value. A key of each entry, of a list and of parts, that
 * holds what is to be (SDN, under `pending=1`). A key beside the data, which is what is to be, that is there while that is not in use (networks): the fact `pending`.
 */
export type Pending =
  | {readonly path: string; readonly while: {readonly fact: string; readonly value: string}}
  | {readonly key: string}
  | {readonly beside: 'changes'}

export interface Locks {
  /** Its configuration is being written piece by piece, and goes again should that fail: there is no object yet. */
  readonly making: readonly string[]
  /** A state in which it stays until somebody ends it: kept as the fact `lock`. */
  readonly lasting: readonly string[]
}
