import {recallSync, rulesBefore, type Session} from '../reconcile/index.js'
import {kindOf, localKey, type KindName} from '../resources/index.js'
import {allOf, type LeftOut, type Unread} from '../state/index.js'
import {ignoreOf, subjectOf, wantedKinds, type Workspace} from '../workspace/index.js'
import type {Fetched} from './sync-fetch.js'

/** What the rules of pmpc.yaml leave out, as they are in the working tree. */
export function leftOutOf({workspace}: Session, {before, reading: {state, ignoredObjects}}: Fetched): LeftOut {
  const ignore = ignoreOf(workspace.config.ignore)
  return (object, key) => {
    const kind = object.slice(0, object.indexOf('/')) as KindName
    const all = {kind, id: '*'}
    if (object === allOf(kind)) return key === undefined ? ignore.object(all) : ignore.keys(all)(key)
    if (key === undefined) return ignoredObjects.has(object)
    // A tag that is left out itself may be what the rule means.
    const seen = [state, before].flatMap(
      (each) => each?.objects.find((candidate) => localKey(candidate) === object) ?? [],
    )
    return seen.some((each) => ignore.keys(subjectOf(each))(key))
  }
}

/**
 * What was not looked at when the snapshot was taken: what a rule left out then, and kinds that were not read, as an older pmpc did not know them.
 * Where this clone has not noted which those are, such a pmpc left a snapshot without anything of the kinds that came later, and nodes without their
 * configuration. Pure but for what is noted and committed. @throws PMPC_UNSAFE_PATH
 */
export async function unreadBefore(session: Session, {cluster, before, reading, changes}: Fetched): Promise<Unread> {
  if (!before || changes.length === 0) return () => false
  const last = recallSync(session.workspace.root, cluster)
  const was = ignoreOf(await rulesBefore(session, cluster))
  const leftOutThen = new Set(last?.ignoredObjects)
  const now = new Map(reading.state.objects.map((object) => [localKey(object), object]))
  const then = new Map(before.objects.map((object) => [localKey(object), object]))
  const recorded = new Set(before.objects.map(({kind}) => kind))
  const isOld = !last?.kinds && [...recorded].every((kind) => kindOf(kind).table)
  const isNewKind = (kind: KindName) =>
    !recorded.has(kind) && (last?.kinds ? !last.kinds.includes(kind) : isOld && !kindOf(kind).table)
  return (change, key) => {
    const object = localKey(change)
    const subject = subjectOf(now.get(object)!)
    if (key === undefined) return leftOutThen.has(object) || was.object(subject) || isNewKind(change.kind)
    return was.keys(subject)(key) || (isOld && Object.keys(then.get(object)!.config).length === 0)
  }
}

/** The kinds that a sync reads, and those that were read before it. @param only as of the sync */
export function kindsRead({root, config}: Workspace, cluster: string, only?: readonly KindName[]): string[] {
  const wanted = wantedKinds(config).map(({name}) => name)
  if (!only) return wanted
  const before = recallSync(root, cluster)?.kinds ?? []
  return [...new Set([...before, ...wanted.filter((name) => only.includes(name))])]
}
