import type {Call} from '../calls/call.js'
import type {Config, Guest} from '../state/model.js'
import {splitVolid, findVolume, pluginOf, findStorage} from '../storage/volumes.js'
import {volumesIn, isCdrom} from './drives.js'
import {mountsOf} from './lxc-values.js'

/** Volumes of a guest that take part in snapshots: all but CD-ROMs, unused and host ones. */
export function snapshotVolumes({type, config}: Pick<Guest, 'type' | 'config'>): [string, string][] {
  return volumesIn(type, config).filter(
    ([key, volid]) => !key.startsWith('unused') && !(type === 'qemu' && isCdrom(config[key]!)) && volid !== '',
  )
}

/** Whether every volume can be snapshotted: by its storage, or as qcow2. */
export function canSnapshot(call: Call, guest: Guest): boolean {
  if (guest.type === 'lxc') return containerCan(call, guest, guest.config, 'snapshot')
  return snapshotVolumes(guest).every(([, volid]) => {
    const storage = call.sim.state.storages[splitVolid(volid).storage]
    const volume = findVolume(call.sim.state, volid, guest.node)
    return storage !== undefined && (pluginOf(storage).snapshots || volume?.format === 'qcow2')
  })
}

/** What a guest's volumes may be asked to do. */
export type Feature = 'snapshot' | 'clone' | 'copy' | 'template'

/** Whether a storage can do something with a volume of a container. Fact: pve-storage `volume_has_feature`. */
export function volumeCan(call: Call, guest: Guest, volid: string, feature: Feature, snapshot?: string): boolean {
  const volume = volid.startsWith('/') ? undefined : findVolume(call.sim.state, volid, guest.node)
  if (!volume) return false
  const plugin = pluginOf(findStorage(call.sim.state, splitVolid(volid).storage))
  const isBase = /(?:^|[:/])base(?:vol)?-/.test(volid)
  if (feature === 'copy') return snapshot === undefined || plugin.snapshots
  if (feature === 'template') return !isBase && (plugin.files || plugin.linkedClones)
  if (feature === 'clone') return plugin.linkedClones && (isBase || (snapshot !== undefined && !plugin.files))
  return plugin.snapshots && !isBase
}

/** Whether every volume of a container can do something. A mount of the host never can. */
export function containerCan(call: Call, guest: Guest, config: Config, feature: Feature, snapshot?: string): boolean {
  return mountsOf(call, config).every(([, parts]) => volumeCan(call, guest, String(parts.volume), feature, snapshot))
}
