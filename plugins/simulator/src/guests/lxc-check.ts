import {badParameter, failure} from '../errors.js'
import {readInterfaces} from '../network/interfaces.js'
import type {Call} from '../calls/call.js'
import type {Guest} from '../state/model.js'
import {contentTypes, findStorage, findVolume, splitVolid} from '../storage/volumes.js'
import {readParts} from './drives.js'
import {readMount} from './lxc-values.js'

const mtuOf = (call: Call, guest: Guest, bridge: unknown): number | undefined => {
  const name = String(bridge ?? '')
  const {interfaces, cards} = call.sim.state.nodes[guest.node]!
  const link = readInterfaces(interfaces.text, {physical: cards, up: []}).interfaces[name]
  if (link === undefined && call.sim.state.sections['sdn/vnets']?.[name] === undefined) return undefined
  return Number(link?.mtu ?? 1500)
}

/** Whether a node has a bridge, or a virtual network, of that name. */
export const isBridge = (call: Call, guest: Guest, bridge: unknown): boolean => mtuOf(call, guest, bridge) !== undefined

/** MTU of a bridge. @throws ApiError 500 when the node has none of that name */
function bridgeMtu(call: Call, guest: Guest, bridge: unknown): number {
  const mtu = mtuOf(call, guest, bridge)
  if (mtu === undefined) throw failure(`bridge '${String(bridge ?? '')}' does not exist`)
  return mtu
}

function checkMtu(call: Call, guest: Guest, key: string, value: string): void {
  const {mtu, bridge} = readParts(call.sim, 'lxc', key, value) ?? {}
  if (mtu === undefined) return
  const most = bridgeMtu(call, guest, bridge)
  if (Number(mtu) > most) throw failure(`${key}: MTU size '${mtu}' is bigger than bridge MTU '${most}'`)
}

function checkContent(call: Call, key: string, value: string): void {
  const volid = String(readMount(call, key, value).volume ?? '')
  if (volid.startsWith('/')) return
  const {storage} = splitVolid(volid)
  if (!contentTypes(findStorage(call.sim.state, storage)).includes('rootdir'))
    throw failure(`storage '${storage}' does not allow content type 'rootdir' (Container)`)
}

function checkDevice(call: Call, key: string, value: string): void {
  const path = readParts(call.sim, 'lxc', key, value)?.path
  if (path === undefined) throw failure(`Path has to be defined`)
  const {devices} = call.sim.state.world
  if (devices && !devices.includes(String(path))) throw failure(`Device ${String(path)} does not exist`)
}

/** Refuses hook scripts that are none. @throws ApiError 400 */
function checkHookscript(call: Call, guest: Guest, volid: string): void {
  const {storage, name} = splitVolid(volid)
  findStorage(call.sim.state, storage)
  if (!name.startsWith('snippets/')) throw badParameter('hookscript', `'${volid}' is not in the snippets directory\n`)
  if (!findVolume(call.sim.state, volid, guest.node))
    throw badParameter('hookscript', `script '${volid}' does not exist\n`)
}

/** Refuses values that no container can have. Fact: pve-container `update_pct_config`. @throws ApiError */
export function checkContainerValue(call: Call, guest: Guest, key: string, value: string): void {
  if (/^(?:rootfs|mp\d+)$/.test(key)) {
    checkProtection(guest, key, 'update')
    checkContent(call, key, value)
  } else if (key === 'hookscript') checkHookscript(call, guest, value)
  else if (key === 'unprivileged') throw failure(`unable to modify read-only option: '${key}'`)
  else if (/^net\d+$/.test(key)) checkMtu(call, guest, key, value)
  else if (/^dev\d+$/.test(key)) checkDevice(call, key, value)
}

/** Keeps the volumes of a protected container. @throws ApiError 500 */
export function checkProtection(guest: Guest, key: string, verb: 'update' | 'remove'): void {
  if (Number(guest.config.protection ?? 0) === 1)
    throw failure(`can't ${verb} CT ${guest.vmid} drive '${key}' - protection mode enabled`)
}

/** Refuses removals that no container survives. @throws ApiError 500 */
export function checkContainerRemoval(guest: Guest, key: string): void {
  if (['memory', 'rootfs', 'ostype'].includes(key)) throw failure(`unable to delete required option '${key}'`)
  if (/^(?:unused|mp)\d+$/.test(key)) checkProtection(guest, key, 'remove')
  if (key === 'unprivileged') throw failure(`unable to delete read-only option: '${key}'`)
}

/** Writes the file that LXC reads, as PVE does after each change of a container; templates have none. @throws ApiError 500 */
export function writeLxcFile(call: Call, guest: Guest): void {
  if (Number(guest.config.template ?? 0) === 1) return
  if (guest.config.arch === undefined)
    throw failure(`missing 'arch' - internal error at /usr/share/perl5/PVE/LXC.pm line 729.`)
  for (const key of Object.keys(guest.config)
    .filter((name) => /^net\d+$/.test(name))
    .sort()) {
    const {bridge} = readParts(call.sim, 'lxc', key, guest.config[key]!) ?? {}
    bridgeMtu(call, guest, bridge)
    checkMtu(call, guest, key, String(guest.config[key]))
  }
}
