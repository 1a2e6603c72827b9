import {isPmpcError} from 'pmpc/kit/errors'
import {formatRef, type ClusterState} from 'pmpc/kit/resources'
import {diffStates, readState, type ObjectChange} from 'pmpc/kit/state'
import {damaged, newer} from './file.js'
import type {Snapshot} from './model.js'
import type {Offered} from './open.js'

/** One end of a comparison. */
export interface End {
  /** The file as it was typed; null: now. */
  file: string | null
  taken: string
}

/** A value beside the objects that is another one: of pmpc.yaml, a version, a check. Absent is null. */
export interface Other {
  name: string
  before: unknown
  after: unknown
}

type Change = ObjectChange & {cluster: string}

/** What `pmpc snapshot diff --json` prints. */
export interface SnapshotDiff {
  before: End
  after: End
  counts: Record<ObjectChange['change'], number>
  /** Of the clusters, as `pmpc diff` tells them. */
  changes: Change[]
  /** The same of what manifests declare. */
  declared: Change[]
  /** Manifests that came, went, or say the same in another way. */
  manifests: {path: string; change: 'added' | 'removed' | 'text'}[]
  /** What was open and is not, and what came. */
  open: {closed: Offered[]; opened: Offered[]}
  config: Other[]
  versions: Other[]
  /** Results of checks; empty where not both have them. */
  health: Other[]
  /** What cannot be compared, and why. */
  incomparable: string[]
}

/** A snapshot, and what it is called. */
export interface Named {
  file: string | null
  snapshot: Snapshot
}

/** What is different in two snapshots. @throws PMPC_SNAPSHOT_DAMAGED, PMPC_SNAPSHOT_NEWER */
export async function diffSnapshots(before: Named, after: Named): Promise<SnapshotDiff> {
  const [was, is] = [before.snapshot, after.snapshot]
  const both = namesOf(was).filter((name) => namesOf(is).includes(name))
  const [states, later] = [await statesOf(before), await statesOf(after)]
  const isBoth = (name: string) => states.has(name) && later.has(name)
  const changes = both.filter(isBoth).flatMap((cluster) => changesOf(cluster, states.get(cluster), later.get(cluster)))
  const declared = both.flatMap((cluster) => changesOf(cluster, declaredOf(was, cluster), declaredOf(is, cluster)))
  const counts = {added: 0, removed: 0, changed: 0, replaced: 0, ignored: 0}
  for (const {change} of changes) counts[change]++
  return {
    before: {file: before.file, taken: was.taken},
    after: {file: after.file, taken: is.taken},
    ...{counts, changes, declared},
    manifests: manifestChanges(was, is, declared),
    open: openChanges(was, is, both),
    config: others(flat(was.config), flat(is.config)),
    versions: others(new Map(Object.entries(was.versions)), new Map(Object.entries(is.versions))).filter(isAsked),
    health: was.health && is.health ? others(checksOf(was), checksOf(is)) : [],
    incomparable: incomparable(was, is, both, isBoth),
  }
}

const namesOf = ({clusters}: Snapshot): string[] => clusters.map(({cluster}) => cluster)

const declaredOf = ({declared}: Snapshot, wanted: string): ClusterState | undefined =>
  declared.find(({cluster}) => cluster === wanted)

const changesOf = (cluster: string, before: ClusterState | undefined, after: ClusterState | undefined): Change[] =>
  diffStates(before, after).map((change) => ({cluster, ...change}))

/** The states in it, migrated where they are of an older form. */
async function statesOf({file, snapshot}: Named): Promise<Map<string, ClusterState>> {
  const states = new Map<string, ClusterState>()
  for (const {cluster, state} of snapshot.clusters) {
    if (state === null) continue
    const name = `${file ?? 'the snapshot'}, ${cluster}`
    try {
      states.set(cluster, await readState(Buffer.from(state, 'base64'), name))
    } catch (error) {
      if (!isPmpcError(error)) throw error
      throw error.code === 'PMPC_STATE_NEWER'
        ? newer(name, 'of a newer state', undefined)
        : damaged(name, error.message)
    }
  }
  return states
}

/** The version of a cluster that was not asked is not known: that is no difference. */
const isAsked = ({name, before, after}: Other): boolean =>
  !name.startsWith('pve ') || (before !== null && after !== null)

/** Files that came and went; of the others those whose text is another one though all objects in them are declared as before. */
function manifestChanges(was: Snapshot, is: Snapshot, declared: readonly Change[]): SnapshotDiff['manifests'] {
  const otherwise = new Set(declared.map(({cluster, kind, id}) => formatRef({cluster, kind, id})))
  const [before, after] = [was, is].map(({manifests}) => new Map(manifests.map((one) => [one.path, one])))
  const paths = [...new Set([...before!.keys(), ...after!.keys()])].sort()
  return paths.flatMap((path): SnapshotDiff['manifests'] => {
    const [old, now] = [before!.get(path), after!.get(path)]
    if (!old) return [{path, change: 'added'}]
    if (!now) return [{path, change: 'removed'}]
    const isTold = [...old.objects, ...now.objects].some((object) => otherwise.has(object))
    return old.text === now.text || isTold ? [] : [{path, change: 'text'}]
  })
}

function openChanges(was: Snapshot, is: Snapshot, both: readonly string[]): SnapshotDiff['open'] {
  const mine = ({open}: Snapshot) => open.filter(({object}) => both.some((cluster) => object.startsWith(`${cluster}/`)))
  const key = ({sort, object, field, text}: Offered) => JSON.stringify([sort, object, field, text])
  const [before, after] = [new Set(mine(was).map(key)), new Set(mine(is).map(key))]
  return {
    closed: mine(was).filter((item) => !after.has(key(item))),
    opened: mine(is).filter((item) => !before.has(key(item))),
  }
}

/** Values by name, `clusters.home.endpoints`; lists are values. */
function flat(value: unknown, name = ''): Map<string, unknown> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isMap) return new Map(name === '' ? [] : [[name, value]])
  const inner = Object.entries(value).flatMap(([key, each]) => [...flat(each, name === '' ? key : `${name}.${key}`)])
  return new Map(inner)
}

function checksOf({health}: Snapshot): Map<string, unknown> {
  return new Map((health ?? []).map(({id, cluster, result}) => [cluster === null ? id : `${cluster} ${id}`, result]))
}

function others(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): Other[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  const differ = (name: string) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name))
  return names.filter(differ).map((name) => ({name, before: before.get(name) ?? null, after: after.get(name) ?? null}))
}

function incomparable(
  was: Snapshot,
  is: Snapshot,
  both: readonly string[],
  isBoth: (name: string) => boolean,
): string[] {
  const oneSided = (one: Snapshot, which: string) =>
    namesOf(one)
      .filter((name) => !both.includes(name))
      .map((name) => `${name} is in the ${which} only`)
  const parts = (one: Snapshot, which: string) =>
    one.clusters
      .filter(({cluster, why}) => both.includes(cluster) && why !== undefined)
      .map(({cluster, why}) => `${cluster} could not be read for the ${which}: ${why}`)
  const stateless = both.filter((name) => !isBoth(name)).map((name) => `of ${name} one of the two holds nothing`)
  const health =
    (was.health === null) === (is.health === null) ? [] : ['only one of the two holds what pmpc health found']
  return [
    ...oneSided(was, 'first'),
    ...oneSided(is, 'second'),
    ...parts(was, 'first'),
    ...parts(is, 'second'),
    ...stateless,
    ...health,
  ]
}
