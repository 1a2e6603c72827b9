import {managedBy, serviceOf} from '../../ha/services.js'
import {ApiError, failure} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import {agentEnabled} from '../../guests/agent.js'
import {configSchema, readParts} from '../../guests/drives.js'
import {guestDigest} from '../../state/digest.js'
import type {Config, Guest, GuestType, Scalar} from '../../state/model.js'
import {monitorFigures} from '../../guests/monitor-figures.js'
import {liveFigures} from '../../guests/figures.js'
import {findGuest} from '../../guests/access.js'
import {nodeName} from '../../calls/node.js'

const mask = '**********'

/** A value as the file's reader gives it: nothing is read as one blank, a container's `02` as 2. */
function shownValue(call: Call, type: GuestType, key: string, value: Scalar): Scalar {
  if (value === '') return ' '
  return type === 'lxc' && typeof value === 'string' && configSchema(call.sim, type)[key]?.type === 'integer'
    ? Number(value)
    : value
}

const readValues = (call: Call, type: GuestType, config: Config): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, shownValue(call, type, key, value)]))

/** A configuration as an answer shows it: secrets masked, digest and the file's own keys beside the rest. */
function shown(call: Call, guest: Guest, config: Config): Record<string, unknown> {
  const out = readValues(call, guest.type, config)
  out.digest = guestDigest(guest)
  if (guest.lxc) out.lxc = guest.lxc
  if (out.cipassword !== undefined) out.cipassword = mask
  return out
}

function current(guest: Guest): Config {
  return {
    ...guest.config,
    ...(guest.lock !== undefined && {lock: guest.lock}),
    ...(guest.parent !== undefined && {parent: guest.parent}),
  }
}

/** The configuration with pending changes merged in. A removal of an empty or zero value stays visible, as in PVE. */
function merged(guest: Guest): Config {
  const config = {...current(guest), ...guest.pending}
  for (const key of Object.keys(guest.pendingDelete)) {
    if (config[key] !== undefined && String(config[key]) !== '' && String(config[key]) !== '0') delete config[key]
  }
  return config
}

/** The section of a snapshot. @throws ApiError 500 */
export function snapshotConfig(guest: Guest, name: string): Config {
  const snapshot = guest.snapshots[name]
  if (!snapshot) throw failure(`snapshot '${name}' does not exist`)
  const {config, description, parent, snaptime, snapstate} = snapshot
  return {
    ...config,
    snaptime,
    ...(snapstate !== undefined && {snapstate}),
    ...(description !== undefined && {description}),
    ...(parent !== undefined && {parent}),
  }
}

const problem = `cannot use 'snapshot' parameter with 'current'`
const bothGiven = new ApiError(400, 'Parameter verification failed.\n', {snapshot: problem, current: problem})

function config(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const snapshot = text(call, 'snapshot')
    if (snapshot !== undefined) {
      if (isSet(call, 'current')) throw bothGiven
      return shown(call, guest, snapshotConfig(guest, snapshot))
    }
    return shown(call, guest, isSet(call, 'current') ? current(guest) : merged(guest))
  }
}

function pending(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const now: Config = {...current(guest), digest: guestDigest(guest)}
    const hide = (key: string, value: unknown): unknown => (key === 'cipassword' && value !== undefined ? mask : value)
    const read = (key: string, value: Scalar | undefined): Scalar | undefined =>
      value === undefined ? undefined : shownValue(call, type, key, value)
    const keys = new Set([...Object.keys(now), ...Object.keys(guest.pending), ...Object.keys(guest.pendingDelete)])
    return unordered(
      [...keys].map((key) => ({
        key,
        value: hide(key, read(key, now[key])),
        pending: hide(key, read(key, guest.pending[key])),
        delete: guest.pendingDelete[key],
      })),
    )
  }
}

function list(type: GuestType): Handler {
  return (call) => {
    const node = nodeName(call)
    const full = isSet(call, 'full')
    return unordered(
      Object.values(call.sim.state.guests)
        .filter(
          (guest) =>
            guest.type === type &&
            guest.node === node &&
            call.sim.permissions.has(call.auth, `/vms/${guest.vmid}`, 'VM.Audit'),
        )
        .map((guest) => {
          const figures = liveFigures(call, guest)
          if (!full || type === 'lxc') return figures
          return {...figures, qmpstatus: qmpStatus(guest), ...monitorFigures(call, guest, figures)}
        }),
    )
  }
}

const qmpStatus = (guest: Guest): string =>
  !guest.running ? 'stopped' : guest.asleep ? 'suspended' : guest.paused ? 'paused' : 'running'

function haState(call: Call, guest: Guest): Record<string, unknown> {
  if (!managedBy(call.sim.state, guest)) return {managed: 0}
  return {managed: 1, state: call.sim.state.ha?.services[serviceOf(guest)]?.state ?? null}
}

function display(call: Call, {config}: Guest): Record<string, unknown> {
  if (config.vga === undefined) return {}
  const {type, clipboard} = readParts(call.sim, 'qemu', 'vga', config.vga) ?? {}
  return {...(/^(?:virtio|qxl)/.test(String(type)) && {spice: 1}), clipboard: clipboard ?? null}
}

function statusCurrent(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const figures: Record<string, unknown> = {...liveFigures(call, guest), ha: haState(call, guest)}
    if (type === 'lxc') return figures
    const agent = agentEnabled(guest)
    return {
      ...figures,
      qmpstatus: qmpStatus(guest),
      ...monitorFigures(call, guest, figures),
      ...(agent && guest.running && {agent: 1}),
      ...display(call, guest),
    }
  }
}

function snapshots(type: GuestType): Handler {
  return (call) => {
    const guest = findGuest(call, type)
    const entries: Record<string, unknown>[] = Object.entries(guest.snapshots).map(([name, snapshot]) => ({
      name,
      description: snapshot.description ?? '',
      snaptime: snapshot.snaptime,
      ...(type === 'qemu' && {vmstate: snapshot.config.vmstate === undefined ? 0 : 1}),
      ...(snapshot.parent !== undefined && {parent: snapshot.parent}),
      ...(snapshot.snapstate !== undefined && {snapstate: snapshot.snapstate}),
    }))
    entries.push({
      name: 'current',
      description: 'You are here!',
      digest: guestDigest(guest),
      running: guest.running ? 1 : 0,
      ...(guest.parent !== undefined && {parent: guest.parent}),
    })
    return unordered(entries)
  }
}

function snapshotRead(type: GuestType): Handler {
  return (call) => readValues(call, type, snapshotConfig(findGuest(call, type), required(call, 'snapname')))
}

function forType(type: GuestType): Endpoints {
  const base = `/nodes/{node}/${type}`
  return {
    [`GET ${base}`]: list(type),
    [`GET ${base}/{vmid}/config`]: config(type),
    [`GET ${base}/{vmid}/pending`]: pending(type),
    [`GET ${base}/{vmid}/status/current`]: statusCurrent(type),
    [`GET ${base}/{vmid}/snapshot`]: snapshots(type),
    [`GET ${base}/{vmid}/snapshot/{snapname}`]: () => [{cmd: 'rollback'}, {cmd: 'config'}],
    [`GET ${base}/{vmid}/snapshot/{snapname}/config`]: snapshotRead(type),
  }
}

export const guestReadEndpoints: Endpoints = {...forType('qemu'), ...forType('lxc')}
