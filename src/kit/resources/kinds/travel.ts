import type {Config, KindName, Observed, Scalar, Value} from '../model.js'

/** What a change can do, from the mildest to the gravest. */
export const consequences = [
  'live',
  'pending-until-reboot',
  'grants',
  'migrate',
  'moves-data',
  'restart',
  'stops',
  'cuts-network',
  'detaches-data',
  'destroys-data',
] as const

/** Stands in a prediction for a value that PVE makes up. */
export const madeUp = '*'

export type Consequence = (typeof consequences)[number]

/**
 * The calls that make, change and remove something: `POST /access/users`. What is filled in stands as the contracts name it: `{base}` is that of the scope, `{node}` and `{parent}` as in paths that
 * are read, all else a key of what travels, its id, or that of what it is a part of.
 */
export interface Calls {
  /** Absent: it is always there, or no call makes it. */
  readonly create?: string
  readonly update?: string
  readonly remove?: string
  /** The parameter of these calls that takes the id, or the key of a member; `idKey` unless given. */
  readonly idParameter?: string
  /** The parameter that takes the whole value, of what is no map. */
  readonly valueParameter?: string
  /** How a key is taken out: by `delete`, or by sending an empty text. Absent where all keys are sent again: by leaving it out. */
  readonly unset?: 'delete' | 'empty'
  /** Several keys are named to `delete` as an array. */
  readonly unsetAs?: 'array'
  /** Sent with each change; an empty text stands for the name itself (`rename`). */
  readonly updating?: Readonly<Record<string, Scalar>>
  /** Which calls take a digest. */
  readonly digest?: readonly ('update' | 'remove')[]
  /** Keys that only the creation takes. */
  readonly createOnly?: readonly string[]
  /** Keys that have to be sent again with each change; `*`: all. */
  readonly resend?: readonly string[]
  /** Sent with each creation: what is the same for all, and left out of the configuration. */
  readonly fixed?: Readonly<Record<string, Scalar>>
  /** Keys that are as they were made though the call that changes takes them; where that depends on another key, by its value: `{key: 'type', of: {nfs: ['server']}}`. */
  readonly still?: readonly string[] | ByKey
  /** Keys without which there is no such thing, so that no call takes them out; by the value of another key, as `still`. */
  readonly needed?: readonly string[] | ByKey
  /** Keys that PVE tells and takes from nobody; by the value of another key, as `still`. */
  readonly untaken?: readonly string[] | ByKey
  /** Values that PVE does not keep as it takes them: pure; and what of them it does not keep. */
  readonly spoilt?: Readonly<Record<string, {readonly isSpoilt: (value: Value) => boolean; readonly what: string}>>
  /** What PVE has where a key is not given, or is taken out. {@link madeUp} stands for what it makes up, and is met by all. */
  readonly own?: Readonly<Record<string, Value | ((config: Config) => Value | undefined)>>
  /** What PVE has where keys are set so, where they hang together: pure. */
  readonly settled?: (config: Config) => Config
  /** Secrets that PVE tells, so that they stand masked in what is read; the others it gives to nobody. */
  readonly told?: readonly string[]
  /** Which secrets there may be of which PVE tells nothing, by the value of a key; all that are not told unless given. */
  readonly secretsOf?: ByKey
  /** Values that PVE takes for none: the key goes. */
  readonly none?: Readonly<Record<string, Scalar>>
  /** By which name a key is sent, where that is not the one under which it is told. */
  readonly named?: Readonly<Record<string, string>>
  /** How a value is sent, where that is not as it is told: pure. A list becomes an array where the contract has one. */
  readonly sent?: Readonly<Record<string, (value: Value) => Value>>
}

/** Lists of keys, by the value of a key. */
export interface ByKey {
  readonly key: string
  readonly of: Readonly<Record<string, readonly string[]>>
}

/**
 * Keys that travel by calls of their own. With `create`: members of a map, by name. With `valueParameter`: one value. With `elements`: sets. Else: keys of a map that
 * is always there.
 */
export interface PartCalls extends Calls {
  /**
   * A list in its order: an entry has no name but its place (`idParameter`), a new one is the first, and `moveto` puts one before the one that
   * is at that place now.
   */
  readonly ordered?: true
  readonly elements?: Elements
  /** The parameter that takes the name of what it is a part of, where that is no name of its owner elsewhere. */
  readonly ownerParameter?: string
  /** Whether nothing else in the configuration names a member, so that it may go before others come: pure. Nothing does unless given. */
  readonly isFree?: (name: string, config: Config) => boolean
  /** Keys of what it is a part of that are sent along. */
  readonly fromOwner?: readonly string[]
  /** What stands for a member in paths, where that is not its name: pure. */
  readonly pathName?: (name: string, owner: Config) => string
}

/** How the elements of sets travel: those that come by `create`, those that go by `remove`. */
export interface Elements {
  /** How many keys lead from the part to a set. */
  readonly depth: number
  /**
   * Parameters of a call for some elements: pure.
   * @param place the keys between the part and the set
   */
  readonly parameters: (place: readonly string[], elements: readonly Scalar[]) => Readonly<Record<string, Scalar>>
  /** Only elements that have the same of this travel in one call: pure. All unless given. */
  readonly group?: (element: Scalar) => string
  /** An element that comes takes the place of another that has the same of this: pure. The element itself unless given. */
  readonly identity?: (element: Scalar) => string
  /** What is sent besides to take them out. */
  readonly removing: Readonly<Record<string, Scalar>>
}

/** How changes of a kind travel; for plan and apply. */
export interface Travel extends Calls {
  /** Keys that travel by calls of their own, by their place without what stands for any key: `rules`, `ipsets.members`; in the order in which they are made. */
  readonly parts?: Readonly<Record<string, PartCalls>>
  /** Parts that an object has to be without before it can be removed. */
  readonly emptied?: readonly string[]
  /** Parts whose members go before others come: of what is there once only, as an address. */
  readonly goesFirst?: readonly string[]
  /** The facts of an object after a change: pure. Undefined before: it is made. */
  readonly facts?: (
    before: Readonly<Record<string, Scalar>> | undefined,
    object: {readonly config: Config; readonly parent: Observed | undefined},
  ) => Record<string, Scalar>
  /** What PVE makes of a configuration whose members hang together: pure. */
  readonly joined?: (config: Config, before: Config) => Config
  /** Whether an object is PVE's own and cannot be changed, or cannot be removed: pure. */
  readonly frozen?: (object: Observed) => boolean
  readonly lasting?: (object: Observed) => boolean
  /** Other objects that PVE changes along: pure. */
  readonly also?: (change: {
    readonly before: Observed | null
    readonly after: Observed | null
    readonly around: {objects(kind: KindName): readonly Observed[]}
  }) => readonly {kind: KindName; id: string | number; after: Observed | null}[]
  /** The parameter that says whether it runs, and its words. */
  readonly power?: {readonly parameter: string; readonly running: string; readonly stopped: string}
  /** Of an object that goes some time after the call: the fact that says so, and its value. */
  readonly marked?: {readonly fact: string; readonly value: Scalar}
  /** The call that makes changes come true, once for all of the kind: the last of a plan. */
  readonly commit?: string
  /** The call that takes back all that was written and waits for `commit`; from which release on, where not all have it. */
  readonly revert?: {readonly call: string; readonly since?: string}
  /** What happens by a change. */
  readonly consequence: Consequence
  /** The same of some keys, by their place: `rules`, `subnets`. */
  readonly consequences?: Readonly<Record<string, Consequence>>
  /** What happens by its creation, where that is milder. */
  readonly making?: Consequence
  /** What is to be known of a place that comes, in a few words: `tokens`. */
  readonly notes?: Readonly<Record<string, string>>
  /** What happens by its removal, where that is graver. */
  readonly removal?: Consequence
  /**
   * Keys that name other objects, by their place below `config`, or beside it: `{pool: 'pool', 'placement.node': 'node', 'fleecing.storage': 'storage'}`. `*` stands
   * for any key, a word that ends in one for itself and a number (`net*`). Of a map its keys are the names, of a set its elements; rows are no step.
   */
  readonly refs?: Readonly<Record<string, RefTo>>
  /** What no two objects of a cluster may have, by the places of the keys, written as those of `refs`. */
  readonly claims?: Readonly<Partial<Record<Claim, readonly string[]>>>
  /** What else it names, by the id of the object or where no place tells: pure. */
  readonly names?: (object: {readonly id: string | number; readonly config: Config}) => readonly Named[]
}

/**
 * Of which kind, or of which kinds one, the object is that a key names. With a pattern its first group is the id; what does not match names nothing.
 * `keyOf`: it may also be a key of an object of that kind, as an interface of a node's network is. `odd`: PVE takes the name of what is not there.
 */
export type RefTo =
  | string
  | readonly string[]
  | {readonly kinds: readonly string[]; readonly pattern?: RegExp; readonly keyOf?: string; readonly odd?: true}

/** An object that another one names: one of these kinds. */
export interface Named {
  readonly kinds: readonly string[]
  readonly id: string
  /** The keys below `config` that lead to its name; those of `pool`, `placement` and `from` stand beside it. */
  readonly path: readonly string[]
  readonly keyOf?: string
  readonly odd?: true
}

/** `address`: of the Internet protocol, with or without the length of its network. `volume`: by its name. */
export type Claim = 'mac' | 'address' | 'volume'

/** The part of a row that tells how changes travel. */
export interface KindTravel extends Travel {
  readonly name: string
}
