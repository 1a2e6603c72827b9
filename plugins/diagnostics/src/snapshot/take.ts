import {X509Certificate} from 'node:crypto'
import {isPmpcError, type PmpcError} from 'pmpc/kit/errors'
import {readInside} from 'pmpc/kit/files'
import {readGit} from 'pmpc/kit/git'
import {readableStates} from 'pmpc/kit/observed'
import {parseVersion} from 'pmpc/kit/proxmox'
import {besideOfDeclared, formatRef, type ClusterState, type Declared} from 'pmpc/kit/resources'
import {step, type Caller} from 'pmpc/kit/runs'
import {writeState} from 'pmpc/kit/state'
import {observeNow, readerOf, status, type ObservedNow} from 'pmpc/kit/verbs'
import {indexManifests, listManifests, wantedKinds, type ManifestIndex, type Workspace} from 'pmpc/kit/workspace'
import {health} from '../health/health.js'
import type {ClusterPart, Snapshot} from './model.js'
import {openIn} from './open.js'
import {Secrets} from './secrets.js'

/** What is to be in it. */
export interface SnapshotRequest {
  clusters: readonly string[]
  /** No cluster is asked: it holds what the last sync recorded. */
  isRecorded: boolean
  /** With what `pmpc health` finds. */
  withHealth: boolean
  /** Of pmpc, Node and the plugins. */
  versions: Readonly<Record<string, string>>
}

/**
 * The state of a workspace and of its clusters now; nothing is recorded. Of a cluster that cannot be read what was recorded stands there, and why.
 * @throws as `status`, `observeNow` and, with health, `health`; what the client throws where no cluster can be read
 */
export async function takeSnapshot(workspace: Workspace, request: SnapshotRequest, caller: Caller): Promise<Snapshot> {
  const {root, clusters: all} = workspace
  const {clusters, withHealth} = request
  const [standing, index, parts] = await Promise.all([
    status(root),
    indexManifests({root, clusters: all, source: 'worktree'}),
    step(caller, 'Reading', async () => readClusters(workspace, request, caller)),
  ])
  const checks = withHealth ? (await health(workspace, {clusters}, caller)).checks : null
  const secrets = new Secrets(caller.run.secrets)
  const states = []
  for (const part of parts) states.push(await clusterPart(part, secrets))
  const declared = []
  for (const state of declaredIn(index, clusters)) declared.push(await secrets.outOf(state))
  const mine = standing.status.clusters.filter(({cluster}) => clusters.includes(cluster))
  return {
    taken: new Date().toISOString(),
    versions: {...request.versions, ...(await gitVersion(root)), ...pveVersions(parts)},
    git: {branch: standing.head.branch, commit: standing.head.oid},
    config: secrets.hide(configTold(workspace)),
    clusters: states,
    manifests: await manifestsIn(workspace, index, secrets),
    declared,
    open: await openIn(mine, secrets),
    unfinished: standing.unfinished,
    health: secrets.hide(checks),
  }
}

/** A cluster as it was read, or was recorded. */
interface Part {
  cluster: string
  from: ClusterPart['from']
  state: ClusterState | undefined
  stale: string[]
  why?: string
  version?: string
}

async function readClusters(
  workspace: Workspace,
  {clusters, isRecorded}: SnapshotRequest,
  caller: Caller,
): Promise<Part[]> {
  const recorded = await readableStates(workspace.root, clusters)
  const known = (cluster: string): Pick<Part, 'from' | 'state' | 'stale'> => {
    const state = recorded.find((each) => each.cluster === cluster)
    return {from: state ? 'record' : 'nothing', state, stale: []}
  }
  if (isRecorded) return clusters.map((cluster) => ({cluster, ...known(cluster)}))
  const kinds = wantedKinds(workspace.config).map(({name}) => name)
  const read = await observeNow(workspace, {clusters, kinds}, caller)
  const failed = read.flatMap((each) => ('error' in each ? [each.error] : []))
  if (failed.length === clusters.length && failed[0]) throw unreadable(failed[0])
  return Promise.all(read.map(async (each) => partOf(workspace, each, known, caller)))
}

async function partOf(
  workspace: Workspace,
  now: ObservedNow,
  known: (cluster: string) => Pick<Part, 'from' | 'state' | 'stale'>,
  caller: Caller,
): Promise<Part> {
  const {cluster} = now
  if ('error' in now) return {cluster, ...known(cluster), why: now.error.message}
  const {state, stale} = now.reading
  const version = await versionOf(workspace, cluster, caller)
  return {
    ...{cluster, from: 'cluster', state, stale: stale.map(({kind, id, why}) => `${kind}/${id}: ${why}`)},
    ...(version !== undefined && {version}),
  }
}

async function versionOf(workspace: Workspace, cluster: string, caller: Caller): Promise<string | undefined> {
  const reader = await readerOf(workspace, cluster, caller)
  try {
    return parseVersion(await reader.get('/version'))?.text
  } catch (error) {
    // It was read just now: a version that is missing is no reason to have nothing.
    if (isPmpcError(error) && !caller.signal?.aborted) return undefined
    throw error
  } finally {
    await reader.close()
  }
}

function unreadable(error: PmpcError): PmpcError {
  error.suggestions.push('pmpc snapshot take --recorded   # what the last sync saw')
  return error
}

async function clusterPart({cluster, from, state, stale, why}: Part, secrets: Secrets): Promise<ClusterPart> {
  const clean = state && (await secrets.outOf(state))
  return {
    ...{cluster, from, stale: secrets.hide(stale)},
    ...(why !== undefined && {why: secrets.hide(why)}),
    state: clean ? Buffer.from(await writeState(clean)).toString('base64') : null,
  }
}

/** What manifests declare, in the form of states, so that two of them are compared as states are. */
function declaredIn({documents, absent}: ManifestIndex, clusters: readonly string[]): ClusterState[] {
  const all = [...documents.values(), ...absent.values()]
  return clusters.map((cluster) => ({
    cluster,
    objects: all.filter(({ref}) => ref.cluster === cluster).map(({declared}) => asObserved(declared)),
  }))
}

function asObserved(declared: Declared): ClusterState['objects'][number] {
  const {kind, id, config, absent} = declared
  return {kind, id, config, facts: {...besideOfDeclared(declared), ...(absent && {absent: 1})}}
}

async function manifestsIn(
  {root, clusters}: Workspace,
  {documents, absent}: ManifestIndex,
  secrets: Secrets,
): Promise<Snapshot['manifests']> {
  const all = [...documents.values(), ...absent.values()]
  const manifests: Snapshot['manifests'] = []
  for (const path of listManifests(root).paths) {
    const text = readInside(root, path)?.toString('utf8')
    if (text === undefined) continue
    const mine = all.filter((document) => document.path === path)
    const cluster = mine[0]?.ref.cluster ?? clusters[0] ?? ''
    manifests.push({path, objects: mine.map(({ref}) => formatRef(ref)), text: await secrets.outOfText(text, cluster)})
  }
  return manifests
}

/** pmpc.yaml, with fingerprints in the place of certificates. */
function configTold({config}: Workspace): Record<string, unknown> {
  const clusters = Object.entries(config.clusters).map(([name, cluster]) => {
    const {trust} = cluster
    return [name, {...cluster, trust: 'ca' in trust ? {ca: new X509Certificate(trust.ca).fingerprint256} : trust}]
  })
  return {...config, clusters: Object.fromEntries(clusters)}
}

async function gitVersion(root: string): Promise<Record<string, string>> {
  const {stdout} = await readGit(root, ['version'])
  const version = /\d+\.[\d.]+/.exec(stdout.toString())?.[0]
  return version === undefined ? {} : {git: version}
}

function pveVersions(parts: readonly Part[]): Record<string, string> {
  return Object.fromEntries(
    parts.flatMap(({cluster, version}) => (version === undefined ? [] : [[`pve ${cluster}`, version]])),
  )
}
