// How a guest is made, and how it goes.
import {isMap, kindOf, own, setOwn, type Config, type KindName, type Observed, type Value} from '../resources/index.js'
import {around as kindsAround, guestTravelOf, purged, type GuestTravel} from '../resources/travels/index.js'
import type {Version} from '../values/index.js'
import {guestPath, guestsPath, requestOf, sentValue, versionAt, type Parameters} from './guest-requests.js'
import {isLocal, isOnNodeAlone, volumesOf} from './guest-places.js'
import {born, observedOf, stopped, worldOf} from './guest-world.js'
import {
  madeUp,
  type Also,
  type Around,
  type Effect,
  type Origin,
  type Refusal,
  type Step,
  type Wanted,
} from './model.js'
import {anyOn, isNamed, slotsOf, volumeIn} from './volume-names.js'
import {unsized} from './volumes.js'

type Made = Step | {refused: Refusal}

/** What a guest is made of. */
interface Making {
  kind: KindName
  id: string | number
  travel: GuestTravel
  wanted: Wanted
  around: Around
  node: string
  version: Version
  config: Config
  pool: string | undefined
}

/** Makes a guest: of nothing, of a template, of an archive, or of another guest. What is still to be done then is done to what there is. */
export function creation(wanted: Wanted, around: Around): Made {
  const {kind, id} = wanted.ref
  const {config, beside} = wanted.document!
  const node = nodeFor(wanted, around)
  if (node === undefined)
    return refused('PMPC_PLAN_NO_ORIGIN', `${kind}/${id} is not there, and nothing says on which node to make it`, [
      'Write in its manifest: placement: {node: NAME}',
    ])
  const travel = guestTravelOf(kind)
  const pool = beside.pool === undefined ? undefined : String(beside.pool)
  const making = {
    kind,
    id,
    travel,
    wanted,
    around,
    node,
    version: versionAt(around, node),
    config: given(travel, config),
    pool,
  }
  const {from} = wanted
  if (from && 'clone' in from) return cloned(making, from)
  if (from && 'archive' in from) return restored(making, from)
  const needs = travel.calls.archive.parameter === 'ostemplate'
  if (needs && !(from && 'ostemplate' in from))
    return refused('PMPC_PLAN_NO_ORIGIN', `${kind}/${id} is not there, and nothing says what to make it of`, [
      'Write in its manifest: from: {ostemplate: STORAGE:vztmpl/NAME}',
    ])
  return fresh(making)
}

/** What the creation sets: a template is made of what is there, and unused volumes nobody gives. */
function given(travel: GuestTravel, config: Config): Config {
  const entries = Object.entries(config).filter(([key]) => key !== 'template' && !/^unused\d+$/.test(key))
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      volumeIn(travel, value)?.is === 'new' && travel.volumes.slots.test(key) ? unsized(value) : value,
    ]),
  )
}

function nodeFor({document, node}: Wanted, around: Around): string | undefined {
  const named = document!.beside['placement.node'] ?? node
  if (named !== undefined) return String(named)
  const nodes = around.objects(kindsAround.node)
  return nodes.length === 1 ? String(nodes[0]!.id) : undefined
}

function refused(code: string, message: string, suggestions: readonly string[]): {refused: Refusal} {
  return {refused: {code, message, suggestions}}
}

const all = (note?: string): Effect[] => [{consequence: 'live', ...(note !== undefined && {note})}]

function fresh(making: Making): Made {
  const {kind, id, travel, node, config, pool, version, wanted} = making
  const lost = slotsOf(travel, config).find((key) => {
    const volume = volumeIn(travel, config[key])
    return volume?.is === 'volume' && isNamed(volume.file)
  })
  if (lost !== undefined)
    return {
      refused: {
        field: `config.${lost}`,
        code: 'PMPC_PLAN_NO_VOLUME',
        message: `${lost}: it is made anew, and has no volume of that name yet`,
        suggestions: [`Write how large it is to be, in GiB: \`${travel.volumes.subkey}: STORAGE:32\`.`],
      },
    }
  const {from} = wanted
  const template = from && 'ostemplate' in from ? from : undefined
  const storage = template?.storage
  const parameters: Parameters = {
    ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, sentValue(kind, key, value, version)])),
    vmid: id,
    ...(pool !== undefined && {pool}),
    ...(template && {ostemplate: template.ostemplate}),
    ...(storage !== undefined && {storage}),
  }
  const made = born({kind, id}, withRoot(travel, config, storage), {node, ...(pool !== undefined && {pool})}, version)
  const storages = slotsOf(travel, made.next).flatMap((key) => volumeIn(travel, made.next[key]) ?? [])
  const allocates = storages.flatMap((volume) => (volume.is === 'other' ? [] : [volume.storage]))
  return {
    request: requestOf('POST', guestsPath(making), parameters),
    effects: all(),
    task: true,
    ...(allocates.length > 0 && {allocates: [...new Set(allocates)].sort()}),
    after: observedOf(made),
  }
}

/** Where nothing is said of the root, PVE makes one of 4 GiB (pve-container, PVE/API2/LXC.pm (create_vm)). */
function withRoot({volumes}: GuestTravel, config: Config, storage = 'local'): Config {
  if (!volumes.fixed || Object.keys(config).some((key) => volumes.fixed!.test(key))) return config
  return {...config, rootfs: {[volumes.subkey]: `${storage}:4`}}
}

type CloneOrigin = Extract<Origin, {clone: number}>

function cloned(making: Making, from: CloneOrigin): Made {
  const {kind, id, travel, around, node, config, pool} = making
  const source = around.object(kind, from.clone)
  if (!source)
    return refused(
      'PMPC_PLAN_NO_ORIGIN',
      `${kind}/${id} is to be a clone of ${kind}/${from.clone}, which is not there`,
      [`pmpc get ${kindOf(kind).plural}`],
    )
  const isTemplate = Number(source.config.template ?? 0) === 1
  const full = from.full ?? !isTemplate
  if (!full && !isTemplate)
    return refused(
      'PMPC_PLAN_NO_ORIGIN',
      `${kind}/${from.clone} is no template, and only templates have linked clones`,
      ['Write `full: true`, or make a template of it.'],
    )
  const host = slotsOf(travel, source.config).find((key) => pathIn(travel, source.config[key])?.startsWith('/'))
  if (host !== undefined)
    return {
      refused: {
        code: 'PMPC_PLAN_NO_ORIGIN',
        message: `${kind}/${from.clone} has ${host}, a path of its host, and only volumes are cloned`,
        suggestions: [`pmpc describe ${kind}/${from.clone}`, `pmpc create ${kind} NAME   # without it`],
      },
    }
  const there = String(source.facts.node)
  // PVE makes no clone on another node of what is on one node alone: it is made where its source is, and moved then.
  const stays =
    volumesOf(travel, source.config).some((value) => isOnNodeAlone(around, travel, value)) ||
    (from.storage !== undefined && isLocal(around, from.storage))
  const goesThere = node !== there && !stays
  const name = config[travel.calls.name]
  const parameters: Parameters = {
    newid: id,
    full: full ? 1 : 0,
    ...(name !== undefined && typeof name !== 'object' && {[travel.calls.name]: name}),
    ...(from.storage !== undefined && full && {storage: from.storage}),
    ...(from.snapshot !== undefined && {snapname: from.snapshot}),
    ...(pool !== undefined && {pool}),
    ...(goesThere && {target: node}),
  }
  const place = goesThere ? node : there
  const after = cloneOf({...making, node: place}, source, {name, full, storage: from.storage})
  return {
    request: requestOf('POST', guestPath({kind, id: from.clone, node: there}, travel.calls.clone), parameters),
    effects: all(full ? undefined : 'a linked clone: it needs the template for as long as it lives'),
    task: true,
    allocates: [
      ...new Set(slotsOf(travel, after.config).flatMap((key) => storageIn(travel, after.config[key]!))),
    ].sort(),
    after,
  }
}

const pathIn = ({volumes}: GuestTravel, value: Value | undefined): string | undefined =>
  isMap(value) ? String(value[volumes.subkey] ?? '') : undefined

function storageIn(travel: GuestTravel, value: Value): string[] {
  const volume = volumeIn(travel, value)
  return volume && volume.is !== 'other' ? [volume.storage] : []
}

/** What a clone is told from its source by: volumes, MACs and ids of its own (qemu-server, PVE/API2/Qemu.pm (clone_vm); pve-container, PVE/API2/LXC.pm). */
function cloneOf(
  {kind, id, travel, node, pool}: Making,
  source: Observed,
  {name, full, storage}: {name: Value | undefined; full: boolean; storage: string | undefined},
): Observed {
  const config: Config = {}
  for (const [key, value] of Object.entries(source.config)) {
    if (key === 'template' || /^unused\d+$/.test(key)) continue
    const volume = travel.volumes.slots.test(key) ? volumeIn(travel, value) : undefined
    if (volume?.is === 'volume' && isMap(value))
      config[key] = {...value, [travel.volumes.subkey]: anyOn((full ? storage : undefined) ?? volume.storage)}
    else if (volume?.is === 'cloudinit' && isMap(value))
      config[key] = {...value, [travel.volumes.subkey]: `${volume.storage}:${madeUp}-cloudinit${madeUp}`}
    else config[key] = withNewIds(travel, key, value)
  }
  const kept = travel.born.filter(({key}) => key === 'vmgenid' || key === 'meta')
  for (const {key, value} of kept) if (typeof value === 'object') config[key] = {...value}
  setOwn<Value>(config, travel.calls.name, name ?? copyName(travel, source))
  return {kind, id, config, facts: {node, status: 'stopped', ...(pool !== undefined && {pool})}}
}

function copyName({calls}: GuestTravel, {id, config}: Observed): Value | undefined {
  const name = own(config, calls.name)
  return calls.copyName === undefined ? name : calls.copyName.replace('{name}', String(name ?? id))
}

function withNewIds({repeated}: GuestTravel, key: string, value: Value): Value {
  if (key === 'vmgenid') return madeUp
  const names = repeated.filter(({keys}) => keys.test(key)).flatMap(({subkeys}) => subkeys)
  const present = names.filter((name) => isMap(value) && value[name] !== undefined)
  return isMap(value) ? {...value, ...Object.fromEntries(present.map((name) => [name, madeUp]))} : value
}

type ArchiveOrigin = Extract<Origin, {archive: string}>

/**
 * What an archive holds is seen when it is there: until then only what is wished is predicted. It is sent along, and takes the place of what the archive has
 * (qemu-server, PVE/API2/Qemu.pm (create_vm), `override_conf`; pve-container, PVE/LXC/Create.pm (sanitize_and_merge_config)), but for volumes, which are the archive's.
 */
function restored(making: Making, from: ArchiveOrigin): Made {
  const {kind, id, travel, node, config, pool, version} = making
  const {parameter, besides, keeps} = travel.calls.archive
  const kept = from.unique ? Object.keys(config).find((key) => keeps?.test(key)) : undefined
  if (kept !== undefined)
    return {
      refused: {
        field: `config.${kept}`,
        code: 'PMPC_PLAN_FIXED',
        message: `${kept}: with MAC addresses of its own a ${kind} has the network devices of its backup`,
        suggestions: [`Leave out unique; or ${kept}, and set it afterwards.`],
      },
    }
  const given = Object.entries(config).filter(([key]) => !travel.volumes.slots.test(key))
  const parameters: Parameters = {
    ...Object.fromEntries(given.map(([key, value]) => [key, sentValue(kind, key, value, version)])),
    vmid: id,
    [parameter]: from.archive,
    ...besides,
    ...(from.unique && {unique: 1}),
    ...(from.storage !== undefined && {storage: from.storage}),
    ...(pool !== undefined && {pool}),
  }
  const made = observedOf(born({kind, id}, config, {node, ...(pool !== undefined && {pool})}, version))
  // What else a new guest is born with may be otherwise in the archive, or not in it.
  const wished = Object.entries(made.config).filter(([key]) => own(config, key) !== undefined)
  return {
    request: requestOf('POST', guestsPath(making), parameters),
    effects: all('what the archive holds besides is seen when it is there'),
    task: true,
    after: {...made, config: Object.fromEntries(wished)},
  }
}

/** A guest that is to go: it is stopped first. */
export function removal(is: Observed, around: Around): Made {
  const {kind, id, facts} = is
  const world = worldOf(is)
  const {travel} = world
  const place = {kind, id, node: String(facts.node)}
  if (Number(own(is.config, travel.protection) ?? 0) === 1)
    return refused('PMPC_PROTECTED', `${kind}/${id} is protected, and stays`, [
      `Take \`${travel.protection}: 1\` out of its manifest and apply that first.`,
    ])
  if (world.runs)
    return {
      request: requestOf('POST', guestPath(place, 'status', 'stop')),
      effects: [{consequence: 'stops'}],
      task: true,
      after: observedOf(stopped(world)),
    }
  const named = namedIn(is, travel, around)
  const lost = 'its volumes, snapshots, firewall, the rights that were given on it and its place in a pool go along'
  const effects: Effect[] = [
    {consequence: 'destroys-data', irreversible: true, note: lost},
    ...named.map(({kind: other, id: name, after}): Effect => ({
      consequence: 'destroys-data',
      irreversible: true,
      note: `${other}/${name} ${after ? 'lets go of it' : 'goes along'}`,
    })),
  ]
  const also = [...named, ...rightsOn(is, around)]
  return {
    request: requestOf('DELETE', guestPath(place), named.length > 0 ? {[travel.purge]: 1} : {}),
    effects,
    task: true,
    ...(also.length > 0 && {also}),
    after: null,
  }
}

/** The objects that name a guest and let go of it under `purge` only, as they are then. */
function namedIn({id}: Observed, {sid}: GuestTravel, around: Around): Also[] {
  const words = new Set([String(id), sid.replace('{id}', String(id))])
  return purged.flatMap(({kind, key, last}) =>
    around.objects(kind).flatMap((object): Also[] => {
      if (key === undefined)
        return words.has(String(object.id).replace(/-\d+$/, '')) ? [{kind, id: object.id, after: null}] : []
      const elements = elementsIn(own(object.config, key))
      const left = elements.filter((element) => !words.has(String(element)))
      if (left.length === elements.length) return []
      return [{kind, id: object.id, after: left.length === 0 && last ? null : withKey(object, key, left)}]
    }),
  )
}

function elementsIn(value: Value | undefined): Value[] {
  if (value === undefined || isMap(value)) return []
  return Array.isArray(value) ? value : String(value).split(/[,; ]/)
}

function withKey(object: Observed, key: string, value: Value[]): Observed {
  const config = {...object.config}
  setOwn<Value>(config, key, value.length > 0 ? value : undefined)
  return {...object, config}
}

/** The rights that were given on a guest itself go with it (pve-access-control, PVE/AccessControl.pm (remove_vm_access)). */
function rightsOn({id}: Observed, around: Around): Also[] {
  const path = `/vms/${id}`
  return around
    .objects(kindsAround.acl)
    .filter(({config}) => own(config, path) !== undefined)
    .map((object) => {
      const config = {...object.config}
      delete config[path]
      return {kind: object.kind, id: object.id, after: {...object, config}}
    })
}
