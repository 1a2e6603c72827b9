// Mappings of hardware and folders: bpg/terraform-provider-proxmox v0.112.0, fwprovider/cluster/hardwaremapping/models.go (importFromAPI).
import type {KindName, Value} from 'pmpc/kit/resources'
import type {Expression} from '../hcl.js'
import {lost} from './asides.js'
import {derived, flag, idOf, text} from './fields.js'
import type {At, Doubt, Field, KindRows} from './row.js'

type Entry = Readonly<Record<string, Value>>

/** The devices of each node: PVE's key, the provider's, and what its value is. */
const keys = {
  id: ['id', String],
  path: ['path', String],
  iommugroup: ['iommu_group', Number],
  'subsystem-id': ['subsystem_id', String],
  description: ['comment', String],
} as const satisfies Record<string, readonly [string, (value: Value) => Expression]>

function entriesOf(at: At): {node: string; entry: Entry}[] {
  const map = (at.get('config.map') ?? {}) as Record<string, Value>
  return Object.entries(map).flatMap(([node, there]) => [there].flat().map((entry) => ({node, entry: entry as Entry})))
}

const map: Field = {
  ...{to: 'map', from: 'config.map'},
  as: (_value, at) =>
    entriesOf(at).map(({node, entry}) => ({
      node,
      ...Object.fromEntries(
        Object.entries(keys).flatMap(([key, [to, as]]) => (entry[key] === undefined ? [] : [[to, as(entry[key])]])),
      ),
    })),
}

const rows = (kind: KindName, of: string, more: readonly Field[], unmanageable: readonly Doubt[]): KindRows => ({
  kind,
  resources: [
    {
      type: `proxmox_hardware_mapping_${of}`,
      file: 'mapping',
      importId: idOf,
      fields: [derived('name', idOf), text('comment', 'config.description'), ...more, map],
      known: {name: idOf},
    },
  ],
  asides: [lost('live-migration-capable', 'mdev')],
  unmanageable: [
    ...unmanageable,
    {
      when: (at) => entriesOf(at).some(({entry}) => Object.keys(entry).some((key) => !Object.hasOwn(keys, key))),
      why: 'it has keys that the provider does not know, and would take from it',
    },
  ],
})

const fits = (key: string, pattern: RegExp) => (at: At) =>
  entriesOf(at).every(({entry}) => entry[key] === undefined || pattern.test(String(entry[key])))

const pciPath = /^[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(\.[a-f0-9])?$/
const usbPath = /^\d+-(\d+)(\.\d+)*$/

const unread = (pattern: RegExp): Doubt => ({
  when: (at) => !fits('path', pattern)(at),
  why: 'the provider does not take such a path of a device',
})

export const mappings: readonly KindRows[] = [
  rows('pci-mapping', 'pci', [flag('mediated_devices', 'config.mdev', {default: false})], [unread(pciPath)]),
  rows('usb-mapping', 'usb', [], [unread(usbPath)]),
  rows('dir-mapping', 'dir', [], []),
]
