import {failure} from '../../errors.js'
import {modelFile, mayViewModel} from '../../guests/cpu-models.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import {sectionEndpoints, type SectionKind} from '../shared/sections.js'
import {fileDigest, sectionsOf} from '../../calls/sections.js'

/** The prefix of a model's name may be left out. */
const bare = (name: string): string => name.replace(/^custom-/, '')

/** The cluster's own CPU models. Facts: pve-manager PVE/API2/Cluster/Qemu/CustomCPUModels.pm. */
const kind: SectionKind = {
  path: '/cluster/qemu/custom-cpu-models',
  id: 'cputype',
  file: modelFile,
  nameOf: (_call, given) => bare(given),
  visible: mayViewModel,
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
  const section = sectionsOf(call, modelFile)[name]
  if (!section) throw failure(`Custom cputype '${name}' not found`)
  return {...section, cputype: `custom-${name}`, digest: fileDigest(call, modelFile)}
}

export const cpuModelEndpoints: Endpoints = {
  ...sectionEndpoints(kind),
  'GET /cluster/qemu/custom-cpu-models/{cputype}': show,
}
