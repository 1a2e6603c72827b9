import {splitList} from '../contract/scalars.js'
import {isNetKey, readParts} from './drives.js'
import type {Call} from '../calls/call.js'
import type {GuestType} from '../state/model.js'
import {requireAll} from '../access/checks.js'

/** Requires the use of a NIC's bridge or virtual network, with its VLANs. Fact: pve-guest-common (check_vnet_access). @throws ApiError 403 */
export function checkBridgeUse(call: Call, type: GuestType, value: string): void {
  if (call.auth === 'root@pam') return
  const {bridge, tag, trunks} = readParts(call.sim, type, 'net0', value) ?? {}
  if (type === 'qemu' && bridge === undefined) return
  const zone = String(call.sim.state.sections['sdn/vnets']?.[String(bridge)]?.zone ?? 'localnetwork')
  const tags = [...(tag === undefined ? [] : [String(tag)]), ...splitList(String(trunks ?? ''))]
  const path = `/sdn/zones/${zone}/${String(bridge ?? '')}`
  for (const place of tags.length > 0 ? tags.map((one) => `${path}/${one}`) : [path])
    requireAll(call.sim, call.auth, place, ['SDN.Use'])
}

/** The same for the NICs of a machine, all or those named. @throws ApiError 403 */
export function checkBridges(call: Call, config: Record<string, unknown>, keys = Object.keys(config)): void {
  for (const key of [...keys].sort())
    if (isNetKey(key) && config[key] !== undefined) checkBridgeUse(call, 'qemu', String(config[key]))
}
