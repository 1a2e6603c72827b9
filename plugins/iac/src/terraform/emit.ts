import {shellWord} from 'pmpc/kit/files'
import type {KindName, Observed, Scalar} from 'pmpc/kit/resources'
import {nameOf, type Cluster} from '../estate.js'
import type {LedgerEntry, Verdict} from '../generated.js'
import {rootOf, type Refer} from './at.js'
import {writeBody} from './body.js'
import {Claims} from './claims.js'
import {Raw, type Block} from './hcl.js'
import type {At, Domain, Doubt, KindRows, Resource} from './rows/row.js'

/** A resource of the code. */
export interface Emitted {
  /** Of the object, by its full name. */
  object: string
  /** By which it is told apart from all others: the object, and behind a blank the resource's type and its part where it is not the object's first. */
  key: string
  type: string
  name: string
  file: Domain
  kind: KindName
  id: string | number
  importId: string
  block: Block
}

/** What the tables make of a cluster. */
export interface EmittedCluster {
  resources: Emitted[]
  ledger: LedgerEntry[]
  verdicts: Verdict[]
  /** Keys of which no row tells. */
  unmapped: {object: string; key: string}[]
}

/** The tables, by kind. */
export type Tables = Readonly<Partial<Record<KindName, KindRows>>>

/** A resource that is to be written. */
interface Instance {
  key: string
  resource: Resource
  at: At
  name: string
}

interface Judged {
  name: string
  object: Observed
  rows: KindRows
  root: At
  claims: Claims
  instances: Instance[]
  verdict: Verdict
}

/**
 * What a cluster is in the provider's words, by the tables: a resource body each, with what is left alone, the ledger of every key, and the verdicts.
 * @param nameFor what a resource is called: by its key, its type and a wish
 */
export function emitCluster(
  cluster: Cluster,
  tables: Tables,
  nameFor: (key: string, type: string, wish: string) => string,
): EmittedCluster {
  const references = new Map<string, {instance: Instance; known: Record<string, Scalar>}>()
  const refer: Refer = (kind, id, literal) => {
    const found = references.get(`${kind}/${id}`)
    if (!found) return literal
    const {instance, known} = found
    const attribute = Object.keys(known).find((name) => known[name] === literal)
    return attribute === undefined ? literal : new Raw(`${instance.resource.type}.${instance.name}.${attribute}`)
  }
  const judged = cluster.objects.flatMap((object) => {
    const rows = tables[object.kind]
    return rows ? [judge(cluster, object, rows, refer, nameFor)] : []
  })
  for (const {instances} of judged)
    for (const instance of instances) {
      const {resource, at} = instance
      const known = Object.entries(resource.known ?? {}).map(([name, value]) => [name, value(at)] as const)
      if (known.length > 0) references.set(referredBy(instance), {instance, known: Object.fromEntries(known)})
    }
  const result: EmittedCluster = {resources: [], ledger: [], verdicts: [], unmapped: []}
  for (const each of judged) {
    result.resources.push(...each.instances.map((instance) => written(instance, each)))
    const {entries, unmapped} = each.claims.told(each.name, each.object)
    result.ledger.push(...entries)
    result.unmapped.push(...unmapped)
    result.verdicts.push(each.verdict)
  }
  return result
}

function judge(
  cluster: Cluster,
  object: Observed,
  rows: KindRows,
  refer: Refer,
  nameFor: (key: string, type: string, wish: string) => string,
): Judged {
  const name = nameOf(cluster, object)
  const root = rootOf(cluster, object, refer)
  const claims = new Claims()
  const verdict = verdictOf(name, rows, root)
  const isWritten = verdict.verdict !== 'unmanageable'
  const instances = isWritten ? instancesOf(name, rows, root, nameFor) : []
  if (instances.length === 0) {
    const {how, why} =
      isWritten && rows.none ? rows.none(root) : {how: 'inexpressible' as const, why: verdict.why ?? nothing}
    for (const part of ['config', 'facts', 'extra', 'snapshots', 'running']) claims.claim([part], {how, why})
    if (isWritten && how === 'inexpressible') Object.assign(verdict, {verdict: 'unmanageable', why})
    else verdict.why ??= why
  }
  tellAsides(rows, root, claims)
  return {name, object, rows, root, claims, instances, verdict}
}

const nothing = 'the provider has no resource for it'

function instancesOf(
  name: string,
  {kind, resources}: KindRows,
  root: At,
  nameFor: (key: string, type: string, wish: string) => string,
): Instance[] {
  return resources.flatMap((resource) => {
    if (resource.when && !resource.when(root)) return []
    const places = resource.each === undefined ? [root] : root.each(resource.each)
    return places
      .filter((place) => resource.where?.(place) ?? true)
      .map((at): Instance => {
        const suffix = suffixOf(resource, at)
        const isIt = resource === resources[0] && suffix === ''
        const key = isIt ? name : `${name} ${[resource.type, suffix].filter(Boolean).join(':')}`
        const {id} = at.object
        const wish = [kind.replaceAll('-', '_'), id === kind ? '' : id, suffix].filter((part) => part !== '').join('_')
        return {key, resource, at, name: nameFor(key, resource.type, wish)}
      })
  })
}

const suffixOf = ({suffix, each}: Resource, at: At): string =>
  suffix ? suffix(at) : each === undefined ? '' : (at.path.at(-1) ?? '')

/** `pool/shop`, and of a part `network/pve1/vmbr0`. */
function referredBy({resource, at}: Instance): string {
  const {kind, id} = at.object
  return [kind, id, suffixOf(resource, at)].filter((part) => part !== '').join('/')
}

function written({key, resource, at, name}: Instance, {name: object, rows, claims}: Judged): Emitted {
  const {type, file} = resource
  const {body} = writeBody(at, resource, claims, resource === rows.resources[0] ? '' : `${type}.`)
  const {kind, id} = at.object
  const block = {type: 'resource', labels: [type, name], body}
  return {...{object, key, type, name, file, kind, id, block}, importId: resource.importId(at)}
}

function tellAsides({asides = []}: KindRows, root: At, claims: Claims): void {
  for (const {of, where, keys, how, why} of asides)
    for (const place of [of].flat().flatMap((pattern) => root.each(pattern))) {
      if (where && !where(place)) continue
      for (const key of keys ?? ['']) claims.claim([...place.path, ...(key === '' ? [] : [key])], {how, why})
    }
}

/** The gravest that holds; what is to be changed for all of it is one command. */
function verdictOf(object: string, {unmanageable = [], unsafe = [], notes = []}: KindRows, root: At): Verdict {
  const holding = (doubts: readonly Doubt[]) => doubts.filter(({when}) => when(root))
  const [unread, damaged] = [holding(unmanageable), holding(unsafe)]
  const grave = unread.length > 0 ? unread : damaged
  const told = grave.length > 0 ? grave : holding(notes)
  return {
    object,
    verdict: unread.length > 0 ? 'unmanageable' : damaged.length > 0 ? 'unsafe' : 'safe',
    why: told.map(({why}) => (typeof why === 'string' ? why : why(root))).join('; ') || null,
    change: changeFor(object, [...unread, ...damaged, ...told], root),
  }
}

/** One command: what pmpc can do of it comes first, and what only a node takes is told when that is done. */
function changeFor(object: string, doubts: readonly Doubt[], root: At): string | null {
  const words = [...new Set(doubts.flatMap(({change}) => change?.(root) ?? []))]
  const onNode = doubts
    .flatMap((doubt) => doubt.onNode?.(root) ?? [])
    .map((command) => command.map(shellWord).join(' '))
  if (words.length === 0) return onNode.length === 0 ? null : `${[...new Set(onNode)].join(' && ')}   # on a node`
  const isFlag = (word: string) => word.startsWith('--')
  const typed = [...words.filter((word) => !isFlag(word)), ...words.filter(isFlag), '--apply']
  return `pmpc set ${[object, ...typed].map(shellWord).join(' ')}`
}
