import {isDeepStrictEqual} from 'node:util'
import {readCluster, secretsWished, type Reading} from '../fetch/index.js'
import {recallReading} from '../observed/notes.js'
import {isPmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {CONFIG_PATH} from '../files/names.js'
import {check, keyOf, needsOf, type Action, type Answer, type Around, type Check, type Known} from '../plan/index.js'
import {listIn, permissionsIn, type Entry, type Reader} from '../proxmox/index.js'
import type {Session, View} from '../reconcile/index.js'
import {formatRef, isAnotherGuest, isGuest, localKey, parseField} from '../resources/index.js'
import type {ClusterState, Declared, ObjectRef, Observed} from '../resources/index.js'
import {contractVersion, loadContract, loadRights} from '../values/index.js'
import {allowOf, ignoreOf, readsGuestFirewalls, wantedKinds, type PolicyRule} from '../workspace/index.js'

/** Reads some objects of a cluster, or all: the others are as they were recorded. */
export async function readLive(
  session: Session,
  reader: Reader,
  options: {before: ClusterState; objects: ReadonlySet<string> | undefined; onProgress: (text: string) => void},
): Promise<Reading> {
  const {config, root} = session.workspace
  const {before, objects, onProgress} = options
  const last = recallReading(root, before.cluster)
  return readCluster({
    reader,
    cluster: before.cluster,
    before,
    objects,
    listsBefore: last?.lists,
    digestsBefore: last?.digests,
    kinds: wantedKinds(config).map(({name}) => name),
    guestFirewalls: (guests) => readsGuestFirewalls(config, guests),
    ignore: ignoreOf(config.ignore),
    allow: allowOf(config.allow, before.cluster),
    onProgress: (done, total) => onProgress(`${done} of ${total} guests`),
  })
}

/** The policy of the working tree and that of HEAD: a rule is lifted by a commit, that all can see. What of HEAD cannot be read forbids nothing. */
export async function policyOf(session: Session): Promise<readonly PolicyRule[]> {
  const {policy} = session.workspace.config
  const {parseConfig} = await import('../workspace/config-parse.js')
  try {
    const bytes = await session.committed(CONFIG_PATH)
    const committed = bytes ? parseConfig(Buffer.from(bytes).toString('utf8')).policy : []
    return [...policy, ...committed.filter((rule) => !policy.some((mine) => isDeepStrictEqual(mine, rule)))]
  } catch (error) {
    if (isPmpcError(error)) return policy
    throw error
  }
}

/** A reader that counts what is asked for, and keeps the answers of whole lists. */
export interface Remembering extends Reader {
  readonly asked: number
  readonly answers: ReadonlyMap<string, unknown>
}

export function remembering(reader: Reader): Remembering {
  const answers = new Map<string, unknown>()
  let asked = 0
  return {
    ...reader,
    answers,
    get asked() {
      return asked
    },
    async get<T>(path: string, ...rest: Parameters<Reader['get']> extends [string, ...infer Rest] ? Rest : never) {
      asked++
      const answer = await reader.get<T>(path, ...rest)
      if (rest[0] === undefined) answers.set(path, answer)
      return answer
    },
    async getWhole<T>(
      path: string,
      ...rest: Parameters<Reader['getWhole']> extends [string, ...infer Rest] ? Rest : never
    ) {
      asked++
      return reader.getWhole<T>(path, ...rest)
    },
  }
}

/** What is found before anything is sent: what the checks must know is read, and nothing else. */
export async function checksOf(
  session: Session,
  reader: Remembering,
  actions: readonly Action[],
  around: Around,
): Promise<Check[]> {
  if (actions.every(({steps}) => steps.length === 0)) return []
  const ask = async (path: string) => (reader.answers.has(path) ? reader.answers.get(path) : reader.get(path))
  const list = async (path: string): Promise<Entry[]> => listIn(await ask(path), path).filter(isMapped)
  const tried = async (path: string) => list(path).catch(unlessForbidden)
  const [permissions, resources, status, ha, replication] = await Promise.all([
    ask('/access/permissions').then(permissionsIn),
    list('/cluster/resources'),
    // It wants Sys.Audit on /: who may change some guests alone need not have that, and what cannot be done is refused then.
    tried('/cluster/status').then((found) => found ?? []),
    tried('/cluster/ha/resources'),
    tried('/cluster/replication'),
  ])
  const answers = new Map<string, Answer>()
  const calls = new Map(
    await Promise.all(
      (['8.4', '9.2'] as const).map(
        async (version) =>
          [version, {contract: await loadContract(version), rights: await loadRights(version)}] as const,
      ),
    ),
  )
  const known: Known = {
    who: reader.who ?? '',
    endpoints: session.workspace.config.clusters[around.cluster]!.endpoints,
    permissions,
    resources,
    status,
    ...(ha && {ha}),
    ...(replication && {replication}),
    answers,
    calls: (version) => calls.get(contractVersion(version))!,
  }
  for (let needs = needsOf(actions, around, known); needs.length > 0; needs = needsOf(actions, around, known)) {
    await Promise.all(
      needs.map(async (need) => {
        const answer = await reader.get(need.path, need.query).then((data): Answer => ({data}), answerOf)
        answers.set(keyOf(need), answer)
      }),
    )
  }
  return check(actions, around, known)
}

/**
 * What a manifest holds and pmpc would never keep of what it reads, as it is a secret: it is not sent. What it became could not be told from what it was, and it would
 * stand in clear in the cluster.
 */
export function secretChecks(session: Session, {cluster, objects}: ClusterState, actions: readonly Action[]): Check[] {
  const allow = allowOf(session.workspace.config.allow, cluster)
  const before = new Map(objects.map((object) => [localKey(object), object]))
  return actions.flatMap(({ref, wanted: {document, fields}, steps}): Check[] => {
    if (!document || steps.length === 0) return []
    const wished = new Set(
      fields.flatMap(({field, want}) => (want === undefined ? [] : (parseField(field)?.path[1] ?? []))),
    )
    const config = Object.fromEntries(Object.entries(document.config).filter(([key]) => wished.has(key)))
    const {kind, id} = ref
    return secretsWished({kind, id, config, facts: {}}, before.get(localKey(ref)), allow).map(
      ({field, key, looksLike}) => ({
        object: formatRef(ref),
        field,
        check: 'secret',
        severity: 'error',
        message: `the manifest holds ${looksLike}, which pmpc sends to no cluster: whoever may look at that would see it`,
        suggestions: [
          'Take it out of the manifest, and change it wherever it is used: Git keeps what was committed.',
          `allow: [{object: ${localKey(ref)}, key: ${key}}]   # in pmpc.yaml, where it is none: docs/manifests.md#secrets`,
        ],
      }),
    )
  })
}

/** That another node is typed into a manifest moves nothing where it is not pinned: it says where a guest is made. */
export function unpinnedChecks(
  {head}: View,
  {objects}: ClusterState,
  isDeclared: (ref: ObjectRef) => Declared | undefined,
  cluster: string,
): Check[] {
  return objects.flatMap(({kind, id, facts}): Check[] => {
    const ref = {cluster, kind, id}
    const {placement} = isDeclared(ref) ?? {}
    const was = head.declared(ref)?.placement
    if (!placement || placement.pinned || was?.node === placement.node || facts.node === placement.node) return []
    const object = formatRef(ref)
    const [word, node] = [shellWord(object), shellWord(placement.node)]
    return [
      {
        ...{object, field: 'placement.node', check: 'placement', severity: 'warning'},
        message: `it stays on ${String(facts.node)}: a node that is not pinned only says where a guest is made`,
        suggestions: [
          `pmpc migrate ${word} --to ${node}`,
          `pmpc set ${word} placement.node=${node}   # pins it there: apply moves it`,
        ],
      },
    ]
  })
}

/**
 * Who wishes a guest away, or some of its data, means the one that he saw. Where another one has its VMID by now than was recorded last, nothing is done before that is; where another one has it than when
 * HEAD's wish came about, that wish agrees to nothing, and the guest has to be named.
 */
export async function otherGuestChecks(
  {history}: View,
  {objects}: ClusterState,
  actions: readonly Action[],
): Promise<Check[]> {
  const destroys = ({wanted, steps}: Action) =>
    wanted.document === null ||
    steps.some(({effects}) => effects.some(({consequence}) => consequence === 'destroys-data'))
  const doomed = actions.filter((action) => action.is && isGuest(action.ref.kind) && destroys(action))
  const checks = doomed.map(async ({ref, is, wanted: {commit}}): Promise<Check[]> => {
    const isOther = (seen: Observed | undefined) => !seen || isAnotherGuest(seen, is!)
    const object = formatRef(ref)
    if (isOther(objects.find((each) => localKey(each) === localKey(ref))))
      return [
        {
          ...{object, check: 'other-guest', severity: 'error'},
          message: 'another guest has its VMID by now than at the last sync',
          suggestions: [`pmpc sync   # records that one; then pmpc plan ${shellWord(object)} tells what becomes of it`],
        },
      ]
    const wish = commit ? await history.wishedAway(ref) : undefined
    if (!wish || !isOther(wish.observed)) return []
    return [
      {
        ...{object, check: 'other-guest', severity: 'warning'},
        message: `another guest has its VMID by now than when ${wish.commit.slice(0, 10)} wished it away: it goes only if it is named`,
        suggestions: [
          `--confirm ${shellWord(object)}   # if this one is to go, too`,
          'take `absent: true` out of its manifest   # if it is to stay',
        ],
      },
    ]
  })
  return (await Promise.all(checks)).flat()
}

const isMapped = (entry: unknown): entry is Entry => typeof entry === 'object' && entry !== null

/** What the token may not see is not known; whatever else is wrong ends the plan. */
function unlessForbidden(error: unknown): undefined {
  if (!isPmpcError(error) || !/^PMPC_(NOT_ALLOWED|NOT_IMPLEMENTED|UNREADABLE)$/.test(error.code)) throw error
  return undefined
}

function answerOf(error: unknown): Answer {
  if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
  const {status} = error.data ?? {}
  return {failed: {message: error.message, ...(typeof status === 'number' && {status})}}
}
