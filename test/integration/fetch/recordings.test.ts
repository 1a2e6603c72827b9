import path from 'node:path'
import {expect} from 'chai'
import type {Reader} from '../../../src/kit/proxmox/index.js'
import {declaredOf, equalValues, kindOf} from '../../../src/kit/resources/index.js'
import type {KindName, Observed} from '../../../src/kit/resources/index.js'
import {wireKindOf, wireKinds as kinds, type Part, type WireKind} from '../../../src/kit/resources/kinds/on-wire.js'
import {travelOf} from '../../../src/kit/resources/kinds/travels.js'
import {ignoreOf} from '../../../src/kit/workspace/index.js'
import {readState, writeState} from '../../../src/kit/state/index.js'
import {manifestTools, printManifest} from '../../../src/kit/workspace/index.js'
import {readCluster, type Reading} from '../../../src/kit/fetch/read.js'
import {isWhole, least, filesIn, readLines, referencePath} from '../../support/reference.js'

interface Exchange {
  method: string
  path: string
  status: number
  query?: unknown
  body: unknown
}

interface Recorded {
  source: string
  at: string
  query: Record<string, string>
  data: unknown
  /** The whole answer: what stands beside the data. */
  whole: object
}

type Entry = Record<string, unknown>

/** Answers by path. */
type Answers = Record<string, unknown>

/** Everything may be seen, and one node is there. */
const rights = Object.fromEntries(
  ['Sys.Audit', 'Sys.Modify', 'VM.Audit', 'Datastore.Audit', 'Pool.Audit', 'SDN.Audit', 'Mapping.Audit'].map((one) => [
    one,
    1,
  ]),
)
const others: Answers = {'/nodes': [{node: 'recorded', status: 'online'}]}

/** What is a map, where it is empty: configurations, and parts that are kept as they come. */
const maps = kinds.flatMap(({item, parts = [], scopes = []}) => [
  ...(item === undefined ? [] : [item]),
  ...parts.flatMap(({path: at, value, beside}) =>
    value || beside ? [] : at.startsWith('{base}') ? scopes.map(({base}) => at.replace('{base}', base!)) : [at],
  ),
])
const mapPatterns = maps.map((template) => patternOf(template))
const singles: Answers = {'/cluster/options': {}, '/cluster/sdn/fabrics/all': {fabrics: [], nodes: []}}

/** What is filled in to a path of a row, as the groups of a pattern. */
function patternOf(template: string): RegExp {
  const parts = template.split('/').map((part) => part.replace(/^\{(\w+)\}$/, '(?<$1>[^/]+)'))
  return new RegExp(`^${parts.join('/')}$`)
}

/** A cluster that answers with what is given, and with little else. */
async function readFrom(answers: Answers, beside: object = {}): Promise<Reading> {
  const answerTo = (at: string): unknown => {
    for (const some of [answers, others, singles]) if (Object.hasOwn(some, at)) return some[at]
    if (/^\/nodes\/[^/]+\/(time|hosts)$/.test(at)) return {timezone: 'UTC', data: ''}
    return mapPatterns.some((pattern) => pattern.test(at)) ? {} : []
  }
  const get = async (at: string, query?: {path?: string}) =>
    at === '/access/permissions' ? {[query?.path ?? '/']: rights} : answerTo(decodeURIComponent(at))
  const getWhole = async (at: string) => ({...(Object.hasOwn(answers, at) ? beside : {}), data: await get(at)})
  const reader = {get, getWhole} as unknown as Reader
  return readCluster({reader, cluster: 'home', ignore: ignoreOf([]), guestFirewalls: () => true})
}

/** All answers in the recordings, each once. */
function recorded(): Recorded[] {
  const seen = new Set<string>()
  const found: Recorded[] = []
  for (const [folder, ending] of [
    ['recorded', '.json'],
    ['daemon', '.jsonl'],
  ] as const) {
    for (const file of filesIn(referencePath(folder), ending)) {
      for (const {method, path: at, status, query, body} of readLines<Exchange>(file)) {
        const data = (body as {data?: unknown} | null)?.data
        if (method !== 'GET' || status !== 200 || data === undefined || data === null) continue
        const key = `${at} ${JSON.stringify(query)} ${JSON.stringify(data)}`
        if (seen.has(key)) continue
        seen.add(key)
        const [plain, inPath = ''] = at.split('?') as [string, string?]
        const asked = new URLSearchParams(typeof query === 'string' ? query : inPath)
        found.push({
          source: path.basename(file),
          at: plain,
          query: Object.fromEntries(asked),
          data,
          whole: body as object,
        })
      }
    }
  }
  return found
}

/** What was read survives the state file and the manifest unchanged. */
async function expectNothingLost(reading: Reading, source: string): Promise<void> {
  const back = await readState(await writeState(reading.state))
  expect(back, source).to.deep.equal(reading.state)
  const {parseManifests} = await manifestTools()
  for (const object of reading.state.objects.filter(({kind}) => kindOf(kind).declared)) {
    const declared = declaredOf(object)
    const printed = printManifest(declared)
    const parsed = parseManifests(printed, 'infra/home/x.yaml', ['home'])
    expect(
      parsed.problems.filter(({severity}) => severity === 'error'),
      `${source}\n${printed}`,
    ).to.deep.equal([])
    expect(
      equalValues(parsed.documents[0]!.declared.config, declared.config),
      `${source} ${object.kind}/${object.id}\n${printed}\n${JSON.stringify(declared.config)}`,
    ).to.equal(true)
  }
}

/** The object of that kind and id. @throws where it was not read */
function objectIn({state, stale}: Reading, kind: WireKind, id: string | number, source: string): Observed {
  const object = state.objects.find((one) => one.kind === kind.name && one.id === id)
  expect(object, `${source} ${kind.name}/${id} ${JSON.stringify(stale)}`).to.not.equal(undefined)
  return object!
}

/** Each key of an answer is in what was kept of it, or is named by the row, and then it is not. */
function expectEachKept(kind: WireKind, given: Entry, kept: Entry[], above: string, source: string): void {
  const named = (key: string) => `${above}${key}` in kind.leftOut
  for (const [key, value] of Object.entries(given)) {
    const isThere = kept.some((place) => Object.hasOwn(place, key))
    const saysNothing = value === null || value === '' || (Array.isArray(value) && value.length === 0)
    if (named(key)) expect(isThere, `${source} ${kind.name} keeps ${above}${key}`).to.equal(false)
    else if (!saysNothing) expect(isThere, `${source} ${kind.name} loses ${above}${key}`).to.equal(true)
  }
}

/** Where a path of a row is that of a recording: what is filled in. */
interface Match {
  kind: WireKind
  filled: Record<string, string>
}

function matches(at: string, pathOf: (kind: WireKind) => (string | undefined)[]): Match[] {
  return kinds.flatMap((kind) =>
    pathOf(kind).flatMap((template): Match[] => {
      const found = template === undefined ? null : patternOf(template).exec(at)
      return found ? [{kind, filled: {...found.groups}}] : []
    }),
  )
}

/** What has to be there for an object to be looked for: its entry in its list. */
function listed(kind: WireKind, id: string): Answers {
  if (kind.guest) {
    const nic = kind.guest === 'qemu' ? 'virtio=BC:24:11:00:00:01' : 'name=eth0,hwaddr=BC:24:11:00:00:01'
    return {
      '/cluster/resources': [
        {type: kind.guest, vmid: Number(id), node: 'pve1', status: 'stopped', id: `${kind.guest}/${id}`},
      ],
      '/nodes': [{node: 'pve1', status: 'online'}],
      [`/nodes/pve1/${kind.guest}/${id}/config`]: {net0: `${nic},bridge=vmbr0,firewall=1`},
      [`/nodes/pve1/${kind.guest}/${id}/firewall/refs`]: [
        {type: 'alias', name: 'a', ref: 'a', scope: 'guest'},
        {type: 'ipset', name: 'i', ref: '+i', scope: 'guest'},
      ],
    }
  }
  const {path: at, idKey, over} = kind.list!
  const entry = {[idKey]: id, ...(kind.name === 'node' ? {status: 'online'} : {zone: 'z1', type: 'x'})}
  return {[over ? over.path : at]: [entry], [at]: [entry]}
}

/** A part of some object, and where it stands. */
interface PartMatch {
  kind: WireKind
  part: Part
  /** Told of each member of the part, on a path of its own. */
  member?: string
  id: string
  answers: Answers
}

function partsAt(at: string): PartMatch[] {
  return kinds.flatMap((kind) =>
    (kind.parts ?? []).flatMap((part) =>
      [part.path, part.members?.path].flatMap((template, index): PartMatch[] => {
        if (template === undefined) return []
        const scopes = kind.scopes ?? [undefined]
        return scopes.flatMap((scope): PartMatch[] => {
          if (scope?.parts && part.key !== undefined && !scope.parts.includes(part.key)) return []
          const found = patternOf(template.replace('{base}', scope?.base ?? '{base}')).exec(at)
          if (!found || part.beside) return []
          const {id = '', node = 'pve1', member} = {...found.groups}
          const of = scope?.of?.[0]
          const answers = of ? listed(wireKindOf(of as KindName), id) : scope ? {} : listed(kind, id)
          const own = scope ? scope.id.replace('{id}', id) : id
          const list = member === undefined ? {} : {[at.slice(0, at.lastIndexOf('/'))]: [{name: member}]}
          return [
            {kind, part, ...(index === 1 ? {member: member!} : {}), id: own, answers: {...answers, ...list, node}},
          ]
        })
      }),
    ),
  )
}

/** The maps that a part was made of, as it was kept: rows, members by name, or itself. */
function membersIn(value: unknown): Entry[] {
  if (Array.isArray(value)) return value as Entry[]
  const inside = Object.values((value ?? {}) as Entry)
  return inside.length > 0 && inside.every((one) => typeof one === 'object' && !Array.isArray(one))
    ? (inside as Entry[])
    : [(value ?? {}) as Entry]
}

/** Parts of which the whole reference has something. */
const partsRecorded = [
  'firewall aliases',
  'firewall ipsets',
  'firewall ipsets of each',
  'firewall options',
  'firewall rules',
  'network ',
  'node config',
  'node dns',
  'node hosts',
  'node timezone',
  'options ',
  'sdn-vnet subnets',
  'security-group rules',
]

describe('recordings of real clusters', function () {
  this.timeout(240_000)

  it('configurations: every key is kept, or is one that the registry leaves out with a reason', async () => {
    let count = 0
    for (const {source, at, data} of recorded()) {
      const match = /^\/nodes\/([^/]+)\/(qemu|lxc)\/(\d+)\/config$/.exec(at)
      if (!match || typeof data !== 'object') continue
      count++
      const [, node, type, vmid] = match as unknown as [string, string, string, string]
      const kind = kinds.find((one) => one.guest === type)!
      const reading = await readFrom({
        '/cluster/resources': [{type, vmid: Number(vmid), node, status: 'stopped', id: `${type}/${vmid}`}],
        '/nodes': [{node, status: 'online'}],
        [at]: data,
      })
      const object = reading.state.objects.find((one) => one.kind === kind.name)!
      for (const [key, value] of Object.entries(data as Entry)) {
        if (key in kind.leftOut) expect(object.config, source).not.to.have.property(key)
        else expect(object.config, `${source} ${at}`).to.have.property(key)
        expect(value, source).to.not.equal(undefined)
      }
      await expectNothingLost(reading, source)
    }
    expect(count).to.be.above(least(50, 30))
  })

  it('lists: every entry becomes an object, every key of it is kept or left out with a reason', async () => {
    const read = new Set<string>()
    for (const {source, at, data, query} of recorded()) {
      if (Object.keys(query).some((key) => !['full', 'pending', 'verbose'].includes(key))) continue
      for (const {kind, filled} of matches(at, ({list}) => [list?.path])) {
        const {list} = kind
        const entries = list!.entries ? list!.entries(data, filled) : (data as Entry[])
        if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'object' || entry === null)) continue
        // Of another kind with a list of one entry for each sort: only its own is asked for.
        const reading = await readFrom({[at]: data, ...(list!.over && {[list!.over.path]: [filled]})})
        for (const entry of entries as Entry[]) {
          if (list!.where && entry[list!.where.key] !== list!.where.value) continue
          read.add(kind.name)
          expectKept(kind, entry, reading, source)
        }
        await expectNothingLost(reading, source)
      }
    }
    expect([...read]).to.include.members(['node', 'storage', 'pool', 'user', 'role', 'realm', 'notification-matcher'])
    expect(read.size, [...read].join(' ')).to.be.at.least(least(24, 10))
  })

  it('objects: every key of their own answers is kept or left out with a reason', async () => {
    const read = new Set<string>()
    for (const {source, at, data} of recorded()) {
      for (const {kind, filled} of matches(at, ({item, guest}) => [guest ? undefined : item])) {
        if (typeof data !== 'object' || Array.isArray(data)) continue
        read.add(kind.name)
        const reading = await readFrom({...listed(kind, filled.id!), [at]: data})
        const object = objectIn(reading, kind, filled.id!, `${source} ${at}`)
        expectEachKept(kind, data as Entry, [object.config], '', `${source} ${at}`)
        await expectNothingLost(reading, source)
      }
    }
    expect([...read]).to.have.members(isWhole ? ['realm', 'metric-server'] : [...read])
    expect(read.size).to.be.at.least(1)
  })

  it('parts: every key of them is kept or left out with a reason', async () => {
    const read = new Set<string>()
    for (const {source, at, data, whole, query} of recorded()) {
      if (Object.keys(query).some((key) => key === 'type')) continue
      for (const {kind, part, member, id, answers} of partsAt(at)) {
        const all = Array.isArray(data) ? (data as Entry[]) : [data as Entry]
        const given = all.filter((one) => !(kind.name === 'network' && isHardware(one)))
        const isEmpty = given.every((one) => Object.keys(one).every((key) => key === 'digest' || key in kind.leftOut))
        if (part.query?.poolid !== undefined || kind.name === 'acl' || isEmpty) continue
        read.add(`${kind.name} ${part.key ?? ''}${member === undefined ? '' : ' of each'}`)
        const reading = await readFrom({...answers, [at]: data}, whole)
        const object = objectIn(reading, kind, id, `${source} ${at}`)
        const value = part.key === undefined ? object.config : object.config[part.key]
        const told = member === undefined ? value : (value as Record<string, Entry>)[member]![part.members!.key]
        const above = [part.key, ...(member === undefined ? [] : ['*', part.members!.key])].filter(
          (key) => key !== undefined,
        )
        if (typeof told !== 'object') continue
        const kept = membersIn(told)
        const {idParameter = ''} = travelOf(kind.name).parts?.[above.filter((key) => key !== '*').join('.')] ?? {}
        // The key of a member, as this list has it: a subnet is told by its address.
        const name = idParameter === 'subnet' ? 'cidr' : idParameter
        const each = Array.isArray(data) ? [...above, '*'] : above
        const pendingKey = kind.pending && 'key' in kind.pending ? kind.pending.key : ''
        for (const {[name]: _, [pendingKey]: __, ...rest} of given)
          expectEachKept(kind, rest, kept, each.map((key) => `${key}.`).join(''), `${source} ${at}`)
        if (Array.isArray(told)) expect(told.length, source).to.equal(given.length)
        await expectNothingLost(reading, source)
      }
    }
    expect([...read].sort()).to.have.members(isWhole ? partsRecorded : [...read])
    expect(read.size).to.be.at.least(least(13, 4))
  })

  it('rights are kept as paths, holders and roles', async () => {
    let count = 0
    for (const {source, at, data} of recorded()) {
      if (at !== '/access/acl' || (data as Entry[]).length === 0) continue
      const reading = await readFrom({[at]: data})
      const {config} = objectIn(reading, wireKindOf('acl'), 'acl', source)
      for (const {path: place, type, ugid, roleid, propagate} of data as Record<string, string>[]) {
        count++
        const roles = (config[place!] as Record<string, string[]>)[type === 'group' ? `@${ugid}` : ugid!]
        expect(roles).to.include(Number(propagate) === 1 ? roleid : `${roleid}:propagate=0`)
      }
      await expectNothingLost(reading, source)
    }
    expect(count).to.be.at.least(least(10, 1))
  })
})

/** An interface that is only there because the hardware is. */
function isHardware({type, cidr, cidr6, comments, mtu}: Entry): boolean {
  return type === 'eth' && [cidr, cidr6, comments, mtu].every((one) => one === undefined)
}

function expectKept(kind: WireKind, entry: Entry, reading: Reading, source: string): void {
  const {state, stale} = reading
  const told = String(entry[kind.list!.idKey])
  const name = kind.list!.idPattern?.exec(told)?.[1] ?? told
  const id = kind.id === 'vmid' ? Number(name) : name
  const object: Observed | undefined = state.objects.find((one) => one.kind === kind.name && one.id === id)
  const pendingKey = kind.pending && 'key' in kind.pending ? kind.pending.key : undefined
  if (!object) {
    // A guest of which this recording has no configuration: named as not read, never left out in silence; and what is to go.
    expect(
      stale.some((one) => one.kind === kind.name && one.id === id) || entry.state === 'deleted',
      `${source} ${kind.name}/${id} ${JSON.stringify(stale)}`,
    ).to.equal(true)
    return
  }
  for (const [key, value] of Object.entries({
    ...entry,
    ...(pendingKey === undefined ? {} : (entry[pendingKey] as Entry)),
  })) {
    if (
      value === null ||
      value === '' ||
      key === kind.list!.idKey ||
      key === kind.list?.where?.key ||
      key === pendingKey
    )
      continue
    if (Array.isArray(value) && value.length === 0) continue
    const places = [object.config, object.facts, object.extra ?? {}, object.running ?? {}]
    const isLeftOut = key in (kind.list?.leftOut ?? {}) || key in kind.leftOut
    const isKept = places.some((place) => key in place)
    expect(isKept || isLeftOut, `${source} ${kind.name}/${id} loses ${key}`).to.equal(true)
    if (key in kind.leftOut) expect(key in object.config, `${source} ${kind.name}/${id} keeps ${key}`).to.equal(false)
  }
}
