import {failure} from '../../errors.js'
import {cpuModels} from '../../guests/cpu-models.js'
import {required, type Call, type Endpoints} from '../../simulation.js'
import {fileDigest, sectionEndpoints, sectionsOf, type SectionKind} from '../sections.js'

const file = 'cpu-models'
const privileges = ['Mapping.Modify', 'Mapping.Use', 'Mapping.Audit']

/** The prefix of a model's name may be left out. */
const bare = (name: string): string => name.replace(/^custom-/, '')

const mayView = (call: Call, id: string): boolean =>
  call.sim.permissions.hasAny(call.auth, `/mapping/cpu/${id}`, privileges)

/** The cluster's own CPU models. Facts: pve-manager PVE/API2/Cluster/Qemu/CustomCPUModels.pm. */
const kind: SectionKind = {
  path: '/cluster/qemu/custom-cpu-models',
  id: 'cputype',
  file,
  nameOf: (_call, given) => bare(given),
  visible: mayView,
  exists: (id) => `custom CPU model '${id}' already exists`,
  missing: {
    show: (id) => `Custom cputype '${id}' not found`,
    update: (id) => `custom CPU model '${id}' does not exist`,
    delete: (id) => `custom CPU model '${id}' does not exist`,
  },
  unknownKey: (key) => (key === 'cputype' ? `cannot delete 'cputype'` : `no such option '${key}'`),
  needed: ['reported-model'],
  shown: (_call, id, section) => ({...section, cputype: `custom-${id}`}),
}

function show(call: Call): unknown {
  const name = bare(required(call, 'cputype'))
  const section = sectionsOf(call, file)[name]
  if (!section) throw failure(`Custom cputype '${name}' not found`)
  return {...section, cputype: `custom-${name}`, digest: fileDigest(call, file)}
}

/** The models of the cluster's own that the caller may see, as lists of all models have them. */
export function customModels(call: Call): {name: string; vendor: string; custom: 1}[] {
  const vendors = new Map(cpuModels(call).map(({name, vendor}) => [name, vendor]))
  const mayViewAll = call.sim.permissions.has(call.auth, '/nodes', 'Sys.Audit')
  return Object.entries(sectionsOf(call, file))
    .filter(([name]) => mayViewAll || mayView(call, name))
    .map(([name, section]) => ({
      name: `custom-${name}`,
      vendor: vendors.get(String(section['reported-model'] ?? 'kvm64')) ?? 'default',
      custom: 1,
    }))
}

export const cpuModelEndpoints: Endpoints = {
  ...sectionEndpoints(kind),
  'GET /cluster/qemu/custom-cpu-models/{cputype}': show,
}
