import {unordered} from '../../calls/print.js'
import {cpuFlags, cpuModels, customModels} from '../../guests/cpu-models.js'
import {machineTypes} from '../../guests/machines.js'
import {text, type Call, type Endpoints} from '../../calls/call.js'

/** All models, those of the cluster's own among them. Seen on the real daemon. */
const models = (call: Call): unknown => unordered([...cpuModels(call, text(call, 'arch')), ...customModels(call)])

/** What the QEMU of a node can do. */
export const capabilityEndpoints: Endpoints = {
  'GET /nodes/{node}/capabilities/qemu/cpu': models,
  'GET /nodes/{node}/capabilities/qemu/cpu-flags': (call) => cpuFlags(call, 'vm'),
  'GET /nodes/{node}/capabilities/qemu/machines': machineTypes,
  'GET /nodes/{node}/capabilities/qemu/migration': (call) => ({'has-dbus-vmstate': !call.sim.state.world.plainQemu}),
  'GET /cluster/qemu/cpu-flags': (call) => cpuFlags(call, 'all'),
}
