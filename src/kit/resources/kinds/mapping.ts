import type {Kind} from './kind.js'

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
