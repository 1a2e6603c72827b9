import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {readCluster, type Reading, type Withheld} from '../fetch/index.js'
import {readInside} from '../files/inside.js'
import {CONFIG_PATH} from '../files/names.js'
import {replaceFile} from '../files/write.js'
import {recallReading} from '../observed/notes.js'
import {connectReader, type Reader} from '../proxmox/index.js'
import type {Manifests, Session} from '../reconcile/index.js'
import type {ClusterState} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {diffStates, type ObjectChange} from '../state/index.js'
import {allowOf, ignoreOf, readsGuestFirewalls, wantedKinds, withAllowed, type Workspace} from '../workspace/index.js'
import {secretsFound} from './secrets.js'
import type {SyncRequest} from './sync.js'

/** A reader of the cluster, with the credential that is bound to it. */
export async function readerOf({config}: Workspace, cluster: string, {env, run, signal}: Caller): Promise<Reader> {
  const {endpoints, trust, token} = config.clusters[cluster]!
  return connectReader(
    {cluster, endpoints, trust, tokenId: token},
    {
      env,
      signal,
      onSecret: run.registerSecret,
    },
  )
}

/** A cluster as it was, as it is, and as it is declared. */
export interface Fetched {
  cluster: string
  before: ClusterState | undefined
  reading: Reading
  changes: ObjectChange[]
  work: Manifests
}

/**
 * Reads the cluster and the manifests, one beside the other.
 * @throws as `readCluster` and `Session` do
 */
export async function fetchCluster(
  session: Session,
  reader: Reader,
  {only}: SyncRequest,
  onProgress: (text: string) => void,
): Promise<Omit<Fetched, 'changes'>> {
  const cluster = reader.cluster!
  const {config} = session.workspace
  const before = await session.state(cluster)
  // Manifests are read while the cluster answers.
  const work = session.work()
  work.catch(() => undefined)
  const last = recallReading(session.workspace.root, cluster)
  const declared = session.declared().then(({index}) => [...index.documents.values()].map((one) => one.declared))
  declared.catch(() => undefined)
  const read = await readCluster({
    reader,
    cluster,
    before,
    listsBefore: last?.lists,
    digestsBefore: last?.digests,
    only,
    kinds: wantedKinds(config).map(({name}) => name),
    guestFirewalls: (guests) => readsGuestFirewalls(config, guests),
    ignore: ignoreOf(config.ignore),
    declared,
    allow: allowOf(config.allow, cluster),
    onProgress: (done, total) => onProgress(`${done} of ${total} guests`),
  })
  return {cluster, before, reading: read, work: await work}
}

/** What was read, with the secrets that a person lets through now as they are. @throws PMPC_SECRET_FOUND where none may be found */
export async function allowed(
  {workspace}: Session,
  fetched: Omit<Fetched, 'changes'>,
  {failOnSecrets, readOnly, approve}: SyncRequest,
): Promise<Fetched> {
  const {cluster, before, reading: read} = fetched
  const found = [...read.withheld, ...read.inGit]
  if (failOnSecrets && found.length > 0) throw secretsFound(cluster, found)
  const fresh = read.withheld.filter(({isNew}) => isNew)
  const these = readOnly || fresh.length === 0 ? [] : ((await approve?.(cluster, fresh)) ?? [])
  if (these.length > 0) await allowInConfig(workspace.root, cluster, these)
  const state = these.length > 0 ? read.reveal(these) : read.state
  const withheld = read.withheld.filter((secret) => !these.includes(secret))
  return {...fetched, reading: {...read, state, withheld}, changes: changesBetween(before, state)}
}

/** Says so in pmpc.yaml, which is the user's to commit. Before anything else is written: should that fail, the decision stands. */
async function allowInConfig(root: string, cluster: string, secrets: Withheld[]): Promise<void> {
  const path = join(root, CONFIG_PATH)
  const rules = new Map(secrets.map(({object, key}) => [`${object} ${key}`, {object: `${cluster}/${object}`, key}]))
  let text = readInside(root, CONFIG_PATH)!.toString('utf8')
  for (const rule of rules.values()) text = await withAllowed(text, rule)
  replaceFile(path, text)
}

/** What is otherwise than it was recorded. */
export function changesBetween(before: ClusterState | undefined, after: ClusterState): ObjectChange[] {
  // Nearly always nothing has changed: telling that must not cost more than reading it.
  return isDeepStrictEqual(before?.objects, after.objects) ? [] : diffStates(before, after)
}
