import type {NodeState} from '../state/model.js'
import {required, type Call} from './call.js'

/** What runs on the nodes of each release. */
export const versions = {
  '8.4': {release: '8.4', version: '8.4.5', repoid: 'b1a6a17f1f5b5e5c', kernel: '6.8.12-9-pve', qemu: '9.2.0'},
  '9.2': {release: '9.2', version: '9.2.11', repoid: '14a22df3cafe0001', kernel: '6.14.8-2-pve', qemu: '10.0.13'},
} as const

/** What runs on the nodes of a call's release. */
export const versionOf = (call: Call): (typeof versions)[keyof typeof versions] => versions[call.sim.settings.release]

/** What runs on the node that a call is about. */
export function versionAt(call: Call): {release: string; version: string; repoid: string; kernel: string} {
  const version = findNode(call).conditions?.version
  const known = versionOf(call)
  return version === undefined ? known : {...known, version, release: version.split('.').slice(0, 2).join('.')}
}

/** The node a call is about, which the dispatcher has found to be there. */
export const findNode = (call: Call): NodeState => call.sim.state.nodes[nodeName(call)]!

/** The node a call is about; `localhost` is the node that answers. */
export function nodeName(call: Call): string {
  const name = required(call, 'node')
  return name === 'localhost' ? call.sim.localNode : name
}
