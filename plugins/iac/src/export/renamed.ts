import {kindOf, type KindName, type nameTools, type Observed, type Renaming, type Scalar} from 'pmpc/kit/resources'
import {setAt} from './at.js'
import type {Mapping, StrictPart} from './mapping.js'

/** What tells which objects others name. */
export type NameTools = Awaited<ReturnType<typeof nameTools>>

/** A name that the mapping does not have. */
export interface Lacking {
  part: StrictPart
  name: string
}

/** In which part of a mapping names of each kind stand. Others keep their names. */
const partOf: Readonly<Partial<Record<KindName, StrictPart | 'ids' | 'pools'>>> = {
  node: 'nodes',
  storage: 'storages',
  'sdn-vnet': 'bridges',
  pool: 'pools',
  vm: 'ids',
  container: 'ids',
}
/** Keys of a node's network are bridges, or what stands in their place. */
const NETWORK: KindName = 'network'

/**
 * An object as it is called in another cluster: its own name, and all names of others in it, as the rows of its kind tell. Pure; what the mapping lacks
 * stays as it is, and is told.
 */
export function renamed(object: Observed, mapping: Mapping, tools: NameTools): {object: Observed; lacks: Lacking[]} {
  const lacks: Lacking[] = []
  const renaming: Renaming = ({kinds, keyOf}, name) => {
    const part = keyOf === NETWORK ? 'bridges' : kinds.map((kind) => partOf[kind as KindName]).find(Boolean)
    if (part === undefined) return undefined
    if (part === 'pools') return poolOf(name, mapping)
    if (part === 'ids') return idOf(name, mapping)
    const other = Object.hasOwn(mapping[part], name) ? mapping[part][name] : mapping[part]['*']
    if (other === undefined && !lacks.some((lack) => lack.part === part && lack.name === name)) lacks.push({part, name})
    return other
  }
  const {pool, placement} = kindOf(object.kind).beside ?? {}
  const factAt = (fact: string | undefined) => (fact === undefined ? undefined : textOf(object.facts[fact]))
  const node = factAt(placement?.fact)
  const named = tools.withNames(
    {...object, pool: factAt(pool?.fact), placement: node === undefined ? undefined : {node}},
    renaming,
  )
  const own =
    partOf[object.kind] === undefined ? named.id : asIs(object.id, renaming({kinds: [object.kind]}, String(object.id)))
  const facts = {...object.facts}
  if (pool && named.pool !== undefined) facts[pool.fact] = named.pool
  if (placement && named.placement) facts[placement.fact] = named.placement.node
  const {config} = withVolumes({...object, config: named.config}, own, tools)
  return {object: {...object, id: own, config, facts}, lacks}
}

const textOf = (value: Scalar | undefined): string | undefined => (value === undefined ? undefined : String(value))

const asIs = (id: string | number, other: string | undefined): string | number =>
  other === undefined ? id : typeof id === 'number' ? Number(other) : other

/** Pools are nested, `a/b`: what is mapped takes along what is below it. */
function poolOf(name: string, {pools}: Mapping): string {
  for (let above = name; above !== ''; above = above.replace(/\/?[^/]*$/, ''))
    if (Object.hasOwn(pools, above)) return pools[above]! + name.slice(above.length)
  return pools['*'] ?? name
}

function idOf(id: string, {ids, offset}: Mapping): string {
  return Object.hasOwn(ids, id) ? String(ids[id]) : /^\d+$/.test(id) ? String(Number(id) + offset) : id
}

/** The names of a guest's own volumes hold its VMID: `local:100/vm-100-disk-0.qcow2`. */
function withVolumes(object: Observed, id: string | number, tools: NameTools): Observed {
  const own = new RegExp(`(?<=[:/](?:(?:vm|base|subvol|basevol)-)?)${object.id}(?=[-/])`, 'g')
  return tools
    .claimedBy(object)
    .filter(({what}) => what === 'volume')
    .reduce(
      (changed, {path, value}) => ({
        ...changed,
        config: setAt(changed.config, path, value.replaceAll(own, String(id))),
      }),
      object,
    )
}
