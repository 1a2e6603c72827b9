import {badParameter, failure} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import {fileDigest, sectionsOf} from '../../calls/sections.js'
import {checkToken} from './sdn-lock.js'
import {list, running, sdnEndpointsOf, type SdnKind} from './sdn-store.js'

const mayRead = (call: Call, path: string): boolean =>
  call.sim.permissions.hasAny(call.auth, path, ['SDN.Audit', 'SDN.Allocate'])

const nodesOf = (call: Call, fabric: string): string[] =>
  Object.entries(sectionsOf(call, 'sdn/fabric nodes'))
    .filter(([, node]) => node.fabric_id === fabric)
    .map(([id]) => id)

/** Networks below the virtual ones: which protocol the nodes reach each other by. */
export const fabrics: SdnKind = {
  path: '/cluster/sdn/fabrics/fabric',
  id: 'id',
  file: 'sdn/fabrics',
  what: 'fabric',
  fixed: ['protocol'],
  prefixes: {create: 'adding fabric failed: ', update: 'updating fabric failed: ', delete: 'deleting fabric failed: '},
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  withoutNull: true,
  missing: (id) => `fabric '${id}' does not exist in configuration`,
  exists: (id) => `fabric '${id}' is already defined in the configuration`,
  visible: (call, id) => mayRead(call, `/sdn/fabrics/${id}`),
  checkRemove: (call, id) => {
    for (const node of nodesOf(call, id)) delete sectionsOf(call, 'sdn/fabric nodes')[node]
  },
}

/** The part that a node has in a fabric. */
const fabricNodes: SdnKind = {
  path: '/cluster/sdn/fabrics/node/{fabric_id}',
  itemPath: '/cluster/sdn/fabrics/node/{fabric_id}/{node_id}',
  id: 'node_id',
  file: 'sdn/fabric nodes',
  what: 'node',
  fixed: ['protocol', 'fabric_id', 'node_id'],
  prefixes: {create: 'adding node failed: ', update: 'updating node failed: ', delete: 'deleting node failed: '},
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  withoutNull: true,
  nameOf: (call) => `${required(call, 'fabric_id')}_${required(call, 'node_id')}`,
  missing: (_id, call) =>
    `node '${required(call, 'node_id')}' does not exist in fabric '${required(call, 'fabric_id')}'`,
  exists: () => 'node already exists in this fabric',
  derived: (_call, id) => ({node_id: id.replace(/^[^_]*_/, ''), fabric_id: id.replace(/_.*$/, '')}),
  filter: (call, section) => text(call, 'fabric_id') === undefined || section.fabric_id === text(call, 'fabric_id'),
  visible: (call, id) => mayRead(call, `/sdn/fabrics/${id.replace(/_.*$/, '')}`),
  prepare: (call, _id, section, action) => {
    const id = required(call, 'fabric_id')
    const fabric = sectionsOf(call, 'sdn/fabrics')[id]
    const prefix = action === 'create' ? 'adding node failed: ' : 'updating node failed: '
    if (!fabric) throw failure(`${prefix}${fabrics.missing(id, call)}`)
    if (fabric.protocol !== section.protocol)
      throw failure(`${prefix}node has a different protocol than the referenced fabric`)
    section.fabric_id = id
  },
}

/** A kind of entry of a routing policy: named by two parts of the path. */
const routeMaps: SdnKind = {
  path: '/cluster/sdn/route-maps/entries',
  itemPath: '/cluster/sdn/route-maps/entries/{route-map-id}/entry/{order}',
  id: 'route-map-id',
  file: 'sdn/route-maps',
  what: 'route map entry',
  fixed: ['route-map-id', 'order'],
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  withoutNull: true,
  nameOf: (call) => `${required(call, 'route-map-id')}_${required(call, 'order')}`,
  missing: (_id, call) =>
    `route map entry '${required(call, 'order')}' does not exist in '${required(call, 'route-map-id')}'`,
  derived: (_call, id) => ({'route-map-id': id.replace(/_\d+$/, ''), order: Number(id.replace(/^.*_/, ''))}),
  filter: (call, section) =>
    text(call, 'route-map-id') === undefined || section['route-map-id'] === text(call, 'route-map-id'),
  visible: (call, id) => mayRead(call, `/sdn/route-maps/${id.replace(/_\d+$/, '')}`),
  prepare: (call, _id, section) => {
    section['route-map-id'] = required(call, 'route-map-id')
    section.order = integer(call, 'order', 0)
  },
}

const prefixLists: SdnKind = {
  path: '/cluster/sdn/prefix-lists',
  id: 'id',
  file: 'sdn/prefix-lists',
  what: 'prefix list',
  whenMissing: {update: 'prefixed', delete: 'prefixed'},
  withoutNull: true,
  missing: (id) => `prefix list '${id}' does not exist`,
  visible: (call, id) => mayRead(call, `/sdn/prefix-lists/${id}`),
}

type Entry = Record<string, string | number>

const parse = (entry: string): Entry =>
  Object.fromEntries(
    entry.split(',').map((part) => {
      const [key, value] = [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]
      return [key, /^(?:seq|le|ge)$/.test(key) ? Number(value) : value]
    }),
  )
const print = (entry: Entry): string =>
  Object.keys(entry)
    .sort()
    .map((key) => `${key}=${entry[key]}`)
    .join(',')

function entriesOf(call: Call, source = sectionsOf(call, 'sdn/prefix-lists')): Entry[] {
  const id = required(call, 'id')
  const section = source[id]
  if (!section) throw failure(prefixLists.missing(id, call))
  return ((section.entries as string[] | undefined) ?? []).map(parse)
}

/** Writes the entries of a list back, in the order of their numbers. */
function store(call: Call, entries: Entry[]): null {
  const sorted = entries.sort((a, b) => Number(a.seq) - Number(b.seq))
  sectionsOf(call, 'sdn/prefix-lists')[required(call, 'id')]!.entries = sorted.map(print)
  return null
}

/** An entry that is new or changed: with a number of its own, five after the last unless given. @throws ApiError 400 */
function numbered(call: Call, others: Entry[], before: Entry = {}): Entry {
  const entry: Entry = {...before}
  const removed = call.param.delete
  for (const key of Array.isArray(removed) ? removed.map(String) : []) delete entry[key]
  for (const key of ['action', 'prefix']) if (text(call, key) !== undefined) entry[key] = text(call, key)!
  for (const key of ['seq', 'ge', 'le']) if (text(call, key) !== undefined) entry[key] = integer(call, key, 0)
  entry.seq ??= Math.max(0, ...others.map(({seq}) => Number(seq ?? 0))) + 5
  if (others.some(({seq}) => seq === entry.seq)) throw badParameter('seq', `entry ${entry.seq} already exists`)
  return entry
}

function placeOf(call: Call, entries: Entry[]): number {
  const seq = Number(required(call, 'url_seq'))
  const at = entries.findIndex((entry) => entry.seq === seq)
  if (at < 0) throw failure(`entry ${seq} does not exist in prefix list '${required(call, 'id')}'`)
  return at
}

const change = 'update sdn prefix list object failed: '

const prefixListEntries: Endpoints = {
  'GET /cluster/sdn/prefix-lists/{id}/entries': (call) => entriesOf(call),
  'POST /cluster/sdn/prefix-lists/{id}/entries': (call) => {
    checkToken(call, change)
    const entries = entriesOf(call)
    return store(call, [...entries, numbered(call, entries)])
  },
  'GET /cluster/sdn/prefix-lists/{id}/entries/{url_seq}': (call) => {
    const entries = entriesOf(call)
    return entries[placeOf(call, entries)]
  },
  'PUT /cluster/sdn/prefix-lists/{id}/entries/{url_seq}': (call) => {
    checkToken(call, change)
    const entries = entriesOf(call)
    const at = placeOf(call, entries)
    const others = entries.filter((_, index) => index !== at)
    return store(call, [...others, numbered(call, others, entries[at])])
  },
  'DELETE /cluster/sdn/prefix-lists/{id}/entries/{url_seq}': (call) => {
    checkToken(call, change)
    const entries = entriesOf(call)
    entries.splice(placeOf(call, entries), 1)
    return store(call, entries)
  },
}

/** Names of route maps, of those in force or of those configured. */
function routeMapNames(call: Call): unknown {
  const entries = isSet(call, 'running') ? running(call, 'sdn/route-maps') : sectionsOf(call, 'sdn/route-maps')
  const names = new Set(Object.values(entries).map((entry) => String(entry['route-map-id'])))
  return unordered([...names].filter((id) => mayRead(call, `/sdn/route-maps/${id}`)).map((id) => ({id})))
}

/** Files of what only newer releases have, in force after an apply as well. */
export const fabricFiles = [fabrics, fabricNodes, routeMaps, prefixLists].map(({file}) => file)

export const fabricEndpoints: Endpoints = {
  ...sdnEndpointsOf(fabrics),
  ...sdnEndpointsOf(fabricNodes),
  ...sdnEndpointsOf(routeMaps),
  ...sdnEndpointsOf(prefixLists),
  ...prefixListEntries,
  'GET /cluster/sdn/fabrics': () => ['fabric', 'node', 'all'].map((subdir) => ({subdir})),
  'GET /cluster/sdn/fabrics/all': (call) => ({fabrics: list(call, fabrics), nodes: list(call, fabricNodes)}),
  'GET /cluster/sdn/fabrics/node': (call) => unordered(list(call, fabricNodes)),
  'GET /cluster/sdn/route-maps': routeMapNames,
  'GET /cluster/sdn/route-maps/entries/{route-map-id}': (call) => unordered(list(call, routeMaps)),
  'GET /cluster/sdn/prefix-lists': (call) =>
    unordered(
      list(call, prefixLists).map(({entries, ...rest}) => (isSet(call, 'verbose') ? {...rest, entries} : rest)),
    ),
  'GET /cluster/sdn/prefix-lists/{id}': (call) => {
    const entries = entriesOf(call).map(print)
    return {id: required(call, 'id'), entries, digest: fileDigest(call, 'sdn/prefix-lists')}
  },
}
