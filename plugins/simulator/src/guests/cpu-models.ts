import type {Call} from '../calls/call.js'
import {sectionsOf} from '../calls/sections.js'
import flags from './cpu-flags.json'

/** Models that stand for a level of instructions and not for a processor. */
const abstract = ['x86-64-v2', 'x86-64-v2-AES', 'x86-64-v3', 'x86-64-v4']
const anyVendor = new Set([...abstract, 'host', 'kvm32', 'kvm64', 'max', 'qemu32', 'qemu64'])

/** Models that the packages of 9.2 know besides those of its contract. Seen on the real daemon. */
const sinceContract = (
  'SierraForest-v4 SierraForest-v5 DiamondRapids SapphireRapids-v5 SapphireRapids-v6 GraniteRapids-v4 GraniteRapids-v5 ' +
  'ClearwaterForest-v2 ClearwaterForest-v3'
).split(' ')

const isArm = (name: string): boolean => /^(?:a64fx|cortex|neoverse)/.test(name)

export interface CpuModel {
  name: string
  vendor: string
  custom: 0
  abstract?: 1
}

/** Processors that QEMU can stand in for, those of the architecture asked for. */
export function cpuModels(call: Call, arch = 'x86_64'): CpuModel[] {
  const reported = call.sim.contract.formats['pve-vm-cpu-conf']?.['reported-model']?.enum ?? []
  const own = call.sim.settings.release === '8.4' ? abstract : [...abstract, ...sinceContract]
  const names = [...reported.map(String), ...own].filter((name) => isArm(name) === (arch === 'aarch64'))
  const isMarked = (name: string): boolean => call.sim.settings.release !== '8.4' && abstract.includes(name)
  return [...new Set(names)].map((name) => ({
    name,
    vendor: vendorOf(name),
    custom: 0,
    ...(isMarked(name) && {abstract: 1}),
  }))
}

function vendorOf(name: string): string {
  if (anyVendor.has(name)) return 'default'
  if (isArm(name)) return 'ARM'
  return /^(?:EPYC|Opteron|athlon|phenom)/.test(name) ? 'AuthenticAMD' : 'GenuineIntel'
}

const supported = new Set(flags.host.split(' '))

/** Flags of processors with the nodes that have them: all of them, or those that a guest's configuration may name. */
export function cpuFlags(call: Call, which: 'all' | 'vm'): Record<string, unknown>[] {
  if (String(call.param.arch ?? 'x86_64') === 'aarch64') return []
  const nodes = Object.values(call.sim.state.nodes).filter(({power}) => power === 'online')
  const descriptions: Record<string, string> = flags.descriptions
  return flags[which].split(' ').map((name) => ({
    name,
    'supported-on': supported.has(name) ? nodes.map((node) => node.name) : [],
    ...(descriptions[name] !== undefined && {description: descriptions[name]}),
  }))
}

/** The file of the cluster's own models. */
export const modelFile = 'cpu-models'
const privileges = ['Mapping.Modify', 'Mapping.Use', 'Mapping.Audit']

/** Whether the caller may see a model of the cluster's own. */
export const mayViewModel = (call: Call, id: string): boolean =>
  call.sim.permissions.hasAny(call.auth, `/mapping/cpu/${id}`, privileges)

/** The models of the cluster's own that the caller may see, as lists of all models have them. */
export function customModels(call: Call): {name: string; vendor: string; custom: 1}[] {
  const vendors = new Map(cpuModels(call).map(({name, vendor}) => [name, vendor]))
  const mayViewAll = call.sim.permissions.has(call.auth, '/nodes', 'Sys.Audit')
  return Object.entries(sectionsOf(call, modelFile))
    .filter(([name]) => mayViewAll || mayViewModel(call, name))
    .map(([name, section]) => ({
      name: `custom-${name}`,
      vendor: vendors.get(String(section['reported-model'] ?? 'kvm64')) ?? 'default',
      custom: 1,
    }))
}
