import {checkBridgeUse} from './bridges.js'
import {requireAll} from '../access/checks.js'
import {checkTags} from './tags.js'
import {forbidden} from '../errors.js'
import type {Call} from '../calls/call.js'
import type {Config} from '../state/model.js'
import {readParts} from './drives.js'
import {newVolume, readMount} from './lxc-values.js'
import {checkVolumeAccess} from '../storage/access.js'

/** A change of a container that someone asks for. */
export interface ContainerChange {
  vmid: number
  /** The pool a new container goes to. */
  pool?: string
  /** Its configuration; a new container has none. */
  before?: Config
  options: Record<string, unknown>
  removed: string[]
  unprivileged: boolean
}

type Rule = (call: Call, change: ContainerChange, key: string, removed: boolean) => void

/** Requires a privilege on the guest or on the pool it goes to. @throws ApiError 403 */
function requireOnGuest(call: Call, {vmid, pool}: ContainerChange, privilege: string): void {
  if (pool !== undefined && call.sim.permissions.has(call.auth, `/pool/${pool}`, privilege)) return
  requireAll(call.sim, call.auth, `/vms/${vmid}`, [privilege])
}

const privilege =
  (name: string): Rule =>
  (call, change) =>
    requireOnGuest(call, change, name)

const rootOnly =
  (what: string): Rule =>
  () => {
    throw forbidden(`${what} is only allowed for root@pam`)
  }

const kindOf = (volid: string): 'volume' | 'bind' | 'device' =>
  !volid.startsWith('/') ? 'volume' : volid.startsWith('/dev/') ? 'device' : 'bind'

const disk: Rule = (call, change, key, removed) => {
  requireOnGuest(call, change, 'VM.Config.Disk')
  if (removed) return
  const volid = String(readMount(call, key, change.options[key] as string).volume)
  const kind = kindOf(volid)
  if (kind !== 'volume') throw forbidden(`mount point type ${kind} is only allowed for root@pam`)
  const fresh = newVolume.exec(volid)
  if (fresh) requireAll(call.sim, call.auth, `/storage/${fresh[1]}`, ['Datastore.AllocateSpace'])
  else checkVolumeAccess(call, volid, {vmid: change.vmid, type: 'rootdir'})
}

const network: Rule = (call, change, key, removed) => {
  requireOnGuest(call, change, 'VM.Config.Network')
  const old = change.before?.[key]
  if (old !== undefined) checkBridgeUse(call, 'lxc', String(old))
  if (!removed) checkBridgeUse(call, 'lxc', String(change.options[key]))
}

const features: Rule = (call, change, key, removed) => {
  if (!change.unprivileged)
    throw forbidden('changing feature flags for privileged container is only allowed for root@pam')
  const flags = (value: unknown): Record<string, unknown> =>
    value === undefined ? {} : (readParts(call.sim, 'lxc', 'features', String(value)) ?? {})
  const [old, wanted] = [flags(change.before?.[key]), removed ? {} : flags(change.options[key])]
  const changed = Object.keys({...old, ...wanted}).filter((flag) => String(old[flag]) !== String(wanted[flag]))
  if (changed.some((flag) => flag !== 'nesting'))
    throw forbidden('changing feature flags (except nesting) is only allowed for root@pam')
  if (changed.length > 0) requireOnGuest(call, change, 'VM.Allocate')
}

const tags: Rule = (call, change, key, removed) => {
  requireAll(call.sim, call.auth, `/vms/${change.vmid}`, ['VM.Config.Options'])
  checkTags(call, change.before?.[key], removed ? '' : change.options[key])
}

/** What the change of a key asks for, first match counts. Fact: pve-container, PVE/LXC.pm (check_ct_modify_config_perm). */
const rules: [RegExp, Rule][] = [
  [/^(?:cores|cpuunits|cpulimit)$/, privilege('VM.Config.CPU')],
  [/^(?:rootfs|mp\d+)$/, disk],
  [/^(?:memory|swap)$/, privilege('VM.Config.Memory')],
  [/^net\d+$/, network],
  [/^dev\d+$/, rootOnly('configuring device passthrough')],
  [/^(?:nameserver|searchdomain|hostname)$/, privilege('VM.Config.Network')],
  [/^features$/, features],
  [/^hookscript$/, rootOnly('changing the hookscript')],
  [/^tags$/, tags],
  [/./, privilege('VM.Config.Options')],
]

/** Refuses a change of a container that the caller may not make; root@pam itself may make any. @throws ApiError */
export function checkContainerChange(call: Call, change: ContainerChange): void {
  if (call.auth === 'root@pam') return
  const check = (key: string, removed: boolean): void =>
    rules.find(([pattern]) => pattern.test(key))![1](call, change, key, removed)
  Object.keys(change.options).forEach((key) => check(key, false))
  change.removed.forEach((key) => check(key, true))
}
