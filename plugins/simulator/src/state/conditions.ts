/**
 * What the host of a node measures and holds, where that is otherwise than the model reckons: so a seed, a saved state or a fault
 * makes a cluster in which something is wrong. What is left out is as the model says.
 */
export interface Conditions {
  /** Load of one, five and fifteen minutes. */
  load?: [number, number, number]
  /** Bytes of memory, and of the root file system, that are in use. */
  memory?: number
  root?: number
  swap?: {total: number; used: number}
  /** Seconds that its clock is ahead. */
  clock?: number
  /** Version of pve-manager, while nodes are upgraded one after the other. */
  version?: string
  /** Interfaces that are not up. */
  down?: string[]
  /** Status of SDN zones on it, by zone. */
  zones?: Record<string, string>
  /** ZFS pools by name: `health` as `zpool list` says it, bytes allocated, `scan` and `errors` as `zpool status` does. */
  zpools?: Record<string, {health?: string; alloc?: number; scan?: string; errors?: string}>
  /** Bytes of metadata of thin pools in use, by `GROUP/POOL`. */
  thinMetadata?: Record<string, number>
  /** Kernels that are installed beside the running one: `6.14.11-4-pve`. */
  kernels?: string[]
  /** Packages by name: a version that is to be had, and the state that dpkg tells. */
  packages?: Record<string, {next?: string; state?: string}>
  /** Files below /etc/apt that cannot be read, and why. */
  sourceErrors?: {path: string; error: string}[]
  /** Further links of corosync, `ring1_addr` first, and its votes. */
  links?: string[]
  votes?: number
  /** Seconds since the agent of HA was heard of. */
  silent?: number
}

/** A cluster of Ceph, as its monitors tell it. */
export interface CephState {
  /** `HEALTH_OK`, `HEALTH_WARN` or `HEALTH_ERR`. */
  health: string
  /** Why, by Ceph's code: `OSD_NEARFULL`. */
  checks?: Record<string, {severity: string; message: string; muted?: boolean}>
  osds: {id: number; host: string; up: boolean; in: boolean; bytes: number; used: number}[]
  /** `used` is a share of one. */
  pools: {name: string; size: number; minSize: number; used: number; bytes: number; erasure?: boolean}[]
  /** Flags beside those that are always set: `noout`. */
  flags?: string[]
}
