import {isAbsolute, join} from 'node:path'
import type {Trust} from '../proxmox/index.js'
import type {Consequence} from '../resources/kinds/travel.js'
import type {KindName} from '../resources/model.js'
import {readInside, statInside} from '../files/inside.js'
import {readKept, writeKept} from '../files/kept.js'
import {blobId, isSettled, isUnchanged, stampOf, type Stamp} from '../files/stamps.js'
import {CONFIG_PATH} from '../files/names.js'
import {MOST_YAML} from './limits.js'
import type {HealthSettings} from './config-health.js'
import {findWorkspace, insideWorkspace} from './find.js'

/** A cluster of pmpc.yaml: where it is, and why it is believed. */
export interface ClusterConfig {
  /** Origins: `https://192.0.2.10:8006`. */
  endpoints: string[]
  /** `USER@REALM!TOKEN`, or `USER@REALM` for a login with a password; never a secret. */
  token: string
  /** A relative `caFile` is resolved against the workspace. */
  trust: Trust
}

/** Which objects a rule is about; all conditions must hold. */
export interface Conditions {
  kind?: KindName
  /** Of that kind; `*` stands for any characters. */
  id?: string
  guest?: number
  pool?: string
  tag?: string
}

/** What nobody wants tracked. */
export interface IgnoreRule extends Conditions {
  key?: string
}

/** What no change of these objects may do, whoever agrees. */
export interface PolicyRule extends Conditions {
  never: Consequence[]
}

/** A secret that may be in Git as it is, since a person has said so. */
export interface AllowRule {
  /** `vm/100`, of every cluster that has it, or `home/vm/100`. */
  object: string
  /** A key of PVE's, or `snapshots.NAME` for the description of a snapshot. */
  key: string
}

/** pmpc.yaml, checked. */
export interface WorkspaceConfig {
  version: 1
  clusters: Record<string, ClusterConfig>
  /** The rules of `ignore:`, and one for each kind that `kinds:` leaves out. */
  ignore: IgnoreRule[]
  allow: AllowRule[]
  policy: PolicyRule[]
  /** What is read of a cluster beside what always is. */
  read?: ReadSettings
  /** How code is written of what was recorded; the iac plugin's. */
  iac?: CodeSettings
  /** What checks of the clusters hold them against; the diagnostics plugin's. */
  health?: HealthSettings
}

export interface CodeSettings {
  /** Whether accept and apply write it anew, in their own commits. */
  auto?: boolean
}

export interface ReadSettings {
  /** Whether the firewalls of guests are read: three requests each. See `readsGuestFirewalls`. */
  guestFirewalls?: boolean
}

/** In a cluster of so many guests or fewer their firewalls are read where nobody has said whether. */
const FEW_GUESTS = 200

/** Whether the firewalls of guests are read: as pmpc.yaml says, else in clusters of up to 200 guests. */
export function readsGuestFirewalls({read}: Pick<WorkspaceConfig, 'read'>, guests: number): boolean {
  return read?.guestFirewalls ?? guests <= FEW_GUESTS
}

export interface Workspace {
  /** Absolute path. */
  root: string
  /** Names, in the order of pmpc.yaml. */
  clusters: string[]
  config: WorkspaceConfig
}

/** The workspace that a folder lies in, with its configuration. @throws PMPC_NO_WORKSPACE and what `loadConfig` throws */
export async function requireWorkspace(startDir: string): Promise<Workspace> {
  const {root} = findWorkspace(startDir)
  const config = await loadConfig(root)
  return {root, clusters: Object.keys(config.clusters), config}
}

/**
 * Reads pmpc.yaml. What was read is kept, which saves the YAML library where the file has not changed since.
 * @throws PMPC_CONFIG that names line and column of everything wrong; PMPC_NO_WORKSPACE where the file is missing, PMPC_UNSAFE_PATH for a link
 */
export async function loadConfig(root: string): Promise<WorkspaceConfig> {
  const readAt = Date.now()
  const stats = statInside(root, CONFIG_PATH)
  if (!stats) return loadConfig(findWorkspace(root).root)
  const keep = {root, name: 'config'}
  const kept = readKept<Stamp>(keep)
  const known = kept && isUnchanged(kept.about, stats) ? kept : undefined
  const asKept = () => JSON.parse(known!.text) as WorkspaceConfig
  if (known && isSettled(known.about, known.skew)) return resolved(root, asKept())
  const content = readInside(root, CONFIG_PATH, MOST_YAML)!
  const oid = blobId(content)
  const config = known?.about.oid === oid ? asKept() : await parse(content)
  writeKept<Stamp>(keep, stampOf(stats, readAt, oid), JSON.stringify(config))
  return resolved(root, config)
}

async function parse(content: Uint8Array): Promise<WorkspaceConfig> {
  const {parseConfig} = await import('./config-parse.js')
  return parseConfig(Buffer.from(content).toString('utf8'))
}

function resolved(root: string, config: WorkspaceConfig): WorkspaceConfig {
  const clusters = Object.entries(config.clusters).map(([name, cluster]) => {
    const {trust} = cluster
    if (!('caFile' in trust) || isAbsolute(trust.caFile)) return [name, cluster] as const
    return [name, {...cluster, trust: {caFile: join(root, insideWorkspace(root, trust.caFile))}}] as const
  })
  return {...config, clusters: Object.fromEntries(clusters)}
}
