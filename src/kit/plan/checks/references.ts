import {formatRef, isGuest, kinds, localKey, type KindName, type Observed} from '../../resources/index.js'
import {lookedUp} from '../../resources/kinds/looked-up.js'
import {travelOf, type Named} from '../../resources/kinds/travels.js'
import {namedBy} from '../../resources/named.js'
import type {Action, Check} from '../model.js'
import {elementsOfSet} from './lists.js'
import type {Plan} from './seen.js'

interface Referrer {
  readonly object: Observed
  /** Keys below `config` that lead to the name; none: it is a part of the object. */
  readonly path: readonly string[]
}

/** Who names what, after the plan: by local key of what is named. */
function referrersAfter({will}: Plan): (ref: {kind: KindName; id: string | number}) => Referrer[] {
  let index: Map<string, Referrer[]> | undefined
  const made = (): Map<string, Referrer[]> => {
    const found = new Map<string, Referrer[]>()
    for (const object of kinds.flatMap(({name}) => will.ofKind(name)))
      for (const {kinds: named, id, path} of namedBy({...object, pool: poolOf(object)}))
        for (const kind of named) {
          const key = `${kind}/${id}`
          found.set(key, [...(found.get(key) ?? []), {object, path}])
        }
    return found
  }
  return (ref) => (index ??= made()).get(localKey(ref)) ?? []
}

const poolOf = ({facts}: Observed): string | undefined => (facts.pool === undefined ? undefined : String(facts.pool))

/** Whether others go on naming what goes, or what is closed to them. */
export function checkReferences(plan: Plan): Check[] {
  const referrers = referrersAfter(plan)
  return plan.actions.flatMap((action) => {
    if (action.is === null || action.steps.length === 0) return []
    if (action.steps.at(-1)!.after === null) return ofRemoved(action, referrers(action.ref))
    return action.ref.kind === lookedUp.storage ? ofNarrowed(action, referrers(action.ref)) : []
  })
}

function ofRemoved(action: Action, referrers: readonly Referrer[]): Check[] {
  const {ref, steps} = action
  const parts = namesOf(referrers.filter(({path}) => path.length === 0))
  const others = referrers.filter(({path}) => path.length > 0)
  const isPurged = steps.some(({request}) => request.method === 'DELETE' && Number(request.parameters.purge ?? 0) === 1)
  // PVE takes rights out with whoever has them, and with what they are about. A guest that names another is a linked clone of it.
  const isGentle = (object: Observed): boolean =>
    (isGuest(ref.kind) && !isGuest(object.kind)) ||
    object.kind === lookedUp.acl ||
    travelOf(ref.kind).consequence === 'grants'
  const gentle = others.filter(({object}) => isGentle(object))
  const blocking = others.filter(({object}) => !isGentle(object))
  const say = (severity: Check['severity'], message: string, suggestions: readonly string[] = []): Check => ({
    object: formatRef(ref),
    check: 'references',
    severity,
    message,
    suggestions,
  })
  return [
    ...(parts.length > 0 ? [say('warning', `with it goes ${parts.join(', ')}`)] : []),
    ...(gentle.length > 0
      ? [say('warning', `${isPurged ? 'it is taken out of' : 'it is still named by'} ${namesOf(gentle).join(', ')}`)]
      : []),
    ...(blocking.length > 0
      ? [
          say('error', `it is in use: ${namesOf(blocking).join(', ')}`, [
            ...blocking.slice(0, 3).map(({object}) => `pmpc describe ${object.kind} ${object.id}`),
            `pmpc plan --exclude ${localKey(ref)}`,
          ]),
        ]
      : []),
  ]
}

const most = 5

/** `vm/100 (scsi0), pool/web`, the first of them. */
function namesOf(referrers: readonly Referrer[]): string[] {
  const names = referrers.map(({object, path}) =>
    path.length === 0 ? localKey(object) : `${localKey(object)} (${path.join('.')})`,
  )
  const distinct = [...new Set(names)]
  return distinct.length > most ? [...distinct.slice(0, most), `${distinct.length - most} more`] : distinct
}

/** A storage that is disabled, or left by a node or a type of content, while guests have volumes there: PVE asks nobody. */
function ofNarrowed({ref, is, steps}: Action, referrers: readonly Referrer[]): Check[] {
  const [before, after] = [is!.config, steps.at(-1)!.after!.config]
  const isDisabled = Number(before.disable ?? 0) !== 1 && Number(after.disable ?? 0) === 1
  const nodes = elementsOfSet(after.nodes)
  const lost = elementsOfSet(before.content).filter((one) => !elementsOfSet(after.content).includes(one))
  const holds = {qemu: 'images', lxc: 'rootdir'} as const
  const hit = referrers.filter(({object, path}) => {
    const guest = kinds.find(({name}) => name === object.kind)?.guest
    if (!guest || path.length === 0) return false
    const isLeft = nodes.length > 0 && object.facts.node !== undefined && !nodes.includes(String(object.facts.node))
    return isDisabled || isLeft || lost.includes(holds[guest])
  })
  if (hit.length === 0) return []
  const message = `it would be closed to guests that have volumes on it: ${namesOf(hit).join(', ')}`
  const suggestions = hit.slice(0, 3).map(({object}) => `pmpc describe ${object.kind} ${object.id}`)
  return [{object: formatRef(ref), check: 'references', severity: 'error', message, suggestions}]
}

/**
 * What an object names that is neither there nor made by the plan; what it is a part of PVE asks for where it makes one (pve-manager, PVE/API2/Pool.pm (create_pool)). Of a kind of which
 * nothing is known nobody can tell.
 */
export function checkNames({actions, world, will}: Plan): Check[] {
  const isMissing = ({kinds: named, id}: Pick<Named, 'kinds' | 'id'>): boolean =>
    !named.some((kind) => will.object(kind as KindName, id) !== undefined) &&
    named.some((kind) => will.ofKind(kind as KindName).length + world.ofKind(kind as KindName).length > 0)
  return actions.flatMap(({ref, is, steps}) => {
    const after = steps.at(-1)?.after
    if (!after) return []
    const say = (severity: Check['severity'], message: string): Check => ({
      ...{object: formatRef(ref), check: 'names', severity, message},
      suggestions: ['pmpc validate'],
    })
    const above = is === null ? namedIn(after).filter((named) => named.path.length === 0 && isMissing(named)) : []
    const before = new Set(is ? namedIn(is).map(({kinds: named, id}) => `${named.join()}/${id}`) : [])
    const missing = namedIn(after).filter(({kinds: named, keyOf, id, path}) => {
      // Bridges and storages have checks of their own, which ask the cluster.
      const isElsewhere = keyOf !== undefined || named.includes(lookedUp.storage) || named.includes(lookedUp.vnet)
      return path.length > 0 && !isElsewhere && !before.has(`${named.join()}/${id}`) && isMissing({kinds: named, id})
    })
    const names = [...new Set(missing.map(nameOf))]
    return [
      ...above.map((one) => say('error', `it belongs to ${nameOf(one)}, which is not there, and this plan makes none`)),
      ...names.map((name) => say('warning', `there is no ${name}, as far as is known, and this plan makes none`)),
    ]
  })
}

const nameOf = ({kinds: named, id}: Named): string => `${named.join(' or ')} ${id}`

const namedIn = (object: Observed): Named[] => namedBy({...object, pool: poolOf(object)})
