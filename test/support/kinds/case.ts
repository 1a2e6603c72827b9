import type {Pair, Sent} from './values.js'

/** Parameters of a call, path variables included. */
export type Given = Readonly<Record<string, Sent>>

/**
 * Objects of a kind that differ in nothing but their name, as many as there are keys that may change: in the n-th the n-th key is changed. Which
 * keys there are is told by the contract; what it cannot tell stands here.
 */
export interface Case {
  readonly kind: string
  /** Told apart by this, where a kind has several: its type. */
  readonly of?: string
  /** Only this version has it. */
  readonly release?: '8.4' | '9.2'
  /** The part of the kind that it is, as the row names it; of parts that are objects' own, `at` says where. */
  readonly part?: string
  /** Filled in to the row's calls, as text: `base`, `type`. */
  readonly fills?: Readonly<Record<string, string>>
  /** What names the n-th object, in paths and as parameters. */
  readonly names: (n: number, call: 'create' | 'update' | 'remove') => Given
  /** Its id, as pmpc has it; of a part that of the object it is a part of. */
  readonly id: (n: number) => string
  /** Where in the configuration a part stands. */
  readonly at?: (n: number) => readonly string[]
  /** Sent whenever one is made, and never changed. */
  readonly fixed?: Given
  /** Keys that are fixed in this case, though the call that changes others knows them. */
  readonly still?: string
  /** The keys of the contract that it takes, in words; all of them unless given. */
  readonly keys?: string
  /** Values where the schema does not say enough. */
  readonly values?: Readonly<Record<string, Pair | ((n: number) => Pair)>>
  /** Keys, in words, that no call takes out of such an object. */
  readonly needed?: string
  /** Keys, in words, without which there is no such object. */
  readonly always?: string
  /** Keys, in words, that have another value once they are taken out: PVE's own. */
  readonly back?: string
  /** The parts are a list: a new one stands before all others. */
  readonly row?: true
  /** Keys, in words, whose second value PVE takes for none: the key goes. */
  readonly drops?: string
  /** Secrets, in words, of which PVE tells something that is none. */
  readonly told?: string
}

/** A call that is made before, so that what cases name is there; in one version only, where it says so. */
export type Before = readonly [call: string, given: Given, release?: '8.4' | '9.2']

/** What is done to all objects at once, each between two syncs. */
export const rounds = ['make', 'change', 'unset', 'again', 'remove'] as const
export type Round = (typeof rounds)[number]

/** Lines that a diff adds and takes out, as `git diff --numstat` counts them. */
export type Lines = readonly [added: number, removed: number]

/** Calls, and what they come to in the document of the object. */
export type Step = readonly [calls: readonly Before[], lines?: Lines]

/** What no key tells: an entry that is two calls, a line that moves. */
export interface Odd {
  readonly kind: string
  readonly what: string
  /** Only this version has it. */
  readonly release?: '8.4' | '9.2'
  readonly id: string
  readonly rounds: {readonly [round in Round]?: Step}
}

/** Cases that belong together, with what they need. */
export interface Group {
  readonly before?: readonly Before[]
  readonly cases: readonly Case[]
  readonly odd?: readonly Odd[]
}
