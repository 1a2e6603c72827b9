import {byKey, groupedBy, isMap, mapsOf, propertiesOf} from './answers.js'
import type {Kind} from './kind.js'
import type {Value, ValueMap} from '../model.js'
import type {KindTravel} from './travel.js'
import type {Entry, KindWire} from './wire.js'

const name = {heading: 'NAME', field: 'id'} as const
const description = {heading: 'DESCRIPTION', field: 'config.description'} as const
const byName = {aliases: [], declared: true, id: 'name', facts: []} as const

/** What guests name instead of the hardware and the folders of one node. */
export const mapping = [
  {
    ...byName,
    name: 'pci-mapping',
    plural: 'pci-mappings',
    idKey: 'id',
    file: 'mapping/pci/{id}.yaml',
    // By node; a node may offer several devices.
    shapes: {map: {map: {'*': {rows: {}, first: ['path', 'id', 'subsystem-id', 'iommugroup', 'description']}}}},
    columns: [name, description],
  },
  {
    ...byName,
    name: 'usb-mapping',
    plural: 'usb-mappings',
    idKey: 'id',
    file: 'mapping/usb/{id}.yaml',
    shapes: {map: {map: {'*': {rows: {}, first: ['id', 'path', 'description']}}}},
    columns: [name, description],
  },
  {
    ...byName,
    name: 'dir-mapping',
    plural: 'dir-mappings',
    idKey: 'id',
    file: 'mapping/dir/{id}.yaml',
    shapes: {map: {map: {'*': {map: {}}}}},
    columns: [name, description],
  },
  {
    ...byName,
    name: 'cpu-model',
    plural: 'cpu-models',
    idKey: 'cputype',
    file: 'mapping/cpu/{id}.yaml',
    shapes: {flags: 'set'},
    columns: [name, {heading: 'MODEL', field: 'config.reported-model'}, {heading: 'FLAGS', field: 'config.flags'}],
  },
] as const satisfies readonly Kind[]

const leftOut = {
  digest: 'a checksum',
  type: 'is the kind',
  checks: 'what a node says of it',
  error: 'what a node says of it',
} as const
const privileges = ['Mapping.Audit', 'Mapping.Use', 'Mapping.Modify'] as const

/** Entries whose devices, a property string each, are put under their nodes. */
function withDevices(answer: unknown, gather: (devices: readonly Entry[]) => unknown): readonly Entry[] | undefined {
  const mappings = mapsOf(answer)?.map((mapping): Entry | undefined => {
    const devices = propertiesOf(mapping.map ?? [])
    const map = devices && gather(devices)
    return map === undefined ? undefined : {...mapping, map}
  })
  return mappings?.every((mapping) => mapping !== undefined) ? mappings : undefined
}

/** A node may have several. */
const several = (answer: unknown) => withDevices(answer, (devices) => groupedBy(devices, 'node'))
const one = (answer: unknown) => withDevices(answer, (devices) => byKey(devices, 'node'))

/** The devices of all nodes in one list, as PVE takes it. */
function byNode(map: Value): Value {
  if (!isMap(map)) return map
  return Object.entries(map).flatMap(([node, devices]) =>
    ([devices].flat() as ValueMap[]).map((device): ValueMap => ({node, ...device})),
  )
}

/** The calls of one sort of mapping. */
const travel = (sort: string) =>
  ({
    create: `POST /cluster/mapping/${sort}`,
    update: `PUT /cluster/mapping/${sort}/{id}`,
    remove: `DELETE /cluster/mapping/${sort}/{id}`,
    unset: 'delete',
    digest: ['update'],
    resend: ['map'],
    needed: ['map'],
    sent: {map: byNode},
    consequence: 'live',
  }) as const

export const mappingOnWire = () =>
  [
    {
      name: 'pci-mapping',
      list: {path: '/cluster/mapping/pci', idKey: 'id', entries: several, restIsConfig: true},
      leftOut,
      sight: {path: '/mapping/pci/{id}', privileges},
    },
    {
      name: 'usb-mapping',
      list: {path: '/cluster/mapping/usb', idKey: 'id', entries: several, restIsConfig: true},
      leftOut,
      sight: {path: '/mapping/usb/{id}', privileges},
    },
    {
      name: 'dir-mapping',
      list: {path: '/cluster/mapping/dir', idKey: 'id', entries: one, restIsConfig: true},
      leftOut,
      sight: {path: '/mapping/dir/{id}', privileges},
    },
    {
      name: 'cpu-model',
      list: {
        path: '/cluster/qemu/custom-cpu-models',
        idKey: 'cputype',
        // Made as `X`, named `custom-X` ever after.
        idPattern: /^(?:custom-)?(.+)$/,
        restIsConfig: true,
      },
      leftOut: {digest: 'a checksum'},
      sight: {path: '/mapping/cpu/{id}', privileges},
      since: '9.2',
    },
  ] as const satisfies readonly KindWire[]

export const mappingTravels = () =>
  [
    {
      name: 'pci-mapping',
      ...travel('pci'),
      refs: {map: 'node'},
    },
    {
      name: 'usb-mapping',
      ...travel('usb'),
      refs: {map: 'node'},
    },
    {
      name: 'dir-mapping',
      ...travel('dir'),
      refs: {map: 'node'},
    },
    {
      name: 'cpu-model',
      create: 'POST /cluster/qemu/custom-cpu-models',
      update: 'PUT /cluster/qemu/custom-cpu-models/{cputype}',
      remove: 'DELETE /cluster/qemu/custom-cpu-models/{cputype}',
      unset: 'delete',
      digest: ['update'],
      consequence: 'pending-until-reboot',
      needed: ['reported-model'],
      making: 'live',
    },
  ] as const satisfies readonly KindTravel[]
