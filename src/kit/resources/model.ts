import type {KindName} from './kinds/index.js'

/**
 * A configuration value in its canonical form: what two spellings of the same thing have in common.
 * A property string is a map (`net0`), a set or list is an array (`tags`), all else a scalar. Booleans are PVE's 0 and 1.
 */
export type Value = Scalar | ValueMap | ValueList
export type Scalar = string | number
export interface ValueMap {
  [key: string]: Value
}
export type ValueList = Value[]

/** PVE's own keys to canonical values. */
export type Config = Record<string, Value>

export type {KindName} from './kinds/index.js'

export interface Snapshot {
  name: string
  parent?: string
  description?: string
  /** Seconds since the epoch, when it was taken. */
  snaptime?: number
  /** 1 when the memory was saved too. */
  vmstate?: number
}

/** One object as it was read from a cluster. A pure function of PVE's answers: nothing volatile, nothing secret. */
export interface Observed {
  kind: KindName
  id: string | number
  /** Its configuration, pending values included, without the kind's volatile keys; generated keys (`meta`, `vmgenid`, …) are in here. */
  config: Config
  /** What is observed beside the configuration, under PVE's names: `node`, `status`, `pool`, a node's `maxcpu`, … */
  facts: Record<string, Scalar>
  /** Keys with which a running guest runs, where they differ from `config`; null: it runs without that key. */
  running?: Record<string, Value | null>
  snapshots?: Snapshot[]
  /** Keys that PVE returned beside the configuration and that pmpc does not know; verbatim. */
  extra?: Record<string, unknown>
}

/** Everything observed of one cluster; objects sorted by `compareObjects`. */
export interface ClusterState {
  cluster: string
  objects: Observed[]
}

/** Identity of an object: `home/vm/100`. */
export interface ObjectRef {
  cluster: string
  kind: KindName
  id: string | number
}

/** What a manifest declares of an object: PVE's keys inside `config`, pmpc's own beside it. */
export interface Declared {
  kind: KindName
  id: string | number
  /** Only where the document names it; else the folder or the only cluster decides. */
  cluster?: string
  pool?: string
  placement?: {node: string; pinned?: boolean}
  power?: 'running' | 'stopped'
  /** How to make it where it is not there; else only where it came from. */
  from?: Origin
  /** It is to go, or to stay away. */
  absent?: true
  config: Config
}

/** `from:` of a manifest: what a guest is made of. Storages are those that its volumes go to. */
export type Origin =
  | {clone: number; full?: boolean; snapshot?: string; storage?: string}
  | {ostemplate: string; storage?: string}
  | {archive: string; unique?: boolean; storage?: string}
