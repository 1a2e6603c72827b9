import type {ClusterState} from 'pmpc/kit/resources'
import type {Unfinished} from 'pmpc/kit/verbs'
import type {Offered} from './open.js'
import type {CheckResult} from '../health/engine.js'

/** The form of the file. A pmpc reads those of older ones, and no newer one. */
export const snapshotFormat = 1

/** A workspace and its clusters at a moment, as `pmpc snapshot` writes it into one file. Nothing secret is in it. */
export interface Snapshot {
  /** ISO 8601. */
  taken: string
  /** `pmpc`, `node`, `git`, `plugin sync`, `pve home`; what could not be asked is missing. */
  versions: Record<string, string>
  git: {branch: string | null; commit: string | null}
  /** pmpc.yaml as it was read; of a certificate that is trusted its fingerprint. */
  config: Record<string, unknown>
  clusters: ClusterPart[]
  /** Manifests of the working tree, by path, with the objects that each declares: `home/vm/100`. */
  manifests: {path: string; objects: string[]; text: string}[]
  /** What they declare, by cluster: `pool`, `power` and where it is to be stand among the facts. */
  declared: ClusterState[]
  open: Offered[]
  /** An apply that was not at its end, or null. */
  unfinished: Unfinished | null
  /** What `pmpc health` found, where it was asked to; null: it was not. */
  health: CheckResult[] | null
}

/** A cluster. */
export interface ClusterPart {
  cluster: string
  /** Read just then; as the last sync recorded it; or there is nothing. */
  from: 'cluster' | 'record' | 'nothing'
  /** Why it was not read, where it should have been. */
  why?: string
  /** What could not be read of it, and stands there as it was recorded: `vm/100: …`. */
  stale: string[]
  /** A state file, in base64; null where there is nothing. */
  state: string | null
}
