import {isMap, type Config} from '../../resources/index.js'
import type {Check} from '../model.js'
import {elementsOfSet} from './lists.js'
import {dataOf, type Entry, type Need} from './known.js'
import {failed, odd, type Plan, type Seen} from './seen.js'
import {guestOfCall, usesOf} from './uses.js'
import {readVolume} from './volumes.js'
import {partOf, type GuestType} from './world.js'

interface GuestStep {
  readonly seen: Seen
  readonly type: GuestType
  readonly vmid: string
  /** `config`, `move_disk`, `status/stop`; empty for the guest itself. */
  readonly what: string
}

/** Steps that are about a guest that is there. */
function guestSteps({steps}: Plan): GuestStep[] {
  return steps.flatMap((seen) => {
    const guest = guestOfCall(seen)
    const what = /\{vmid\}\/?(.*)$/.exec(seen.call ?? '')?.[1]
    return guest && what !== undefined ? [{seen, ...guest, what}] : []
  })
}

/** What is said of steps, each once of an object. */
function onceEach(steps: readonly GuestStep[], say: (step: GuestStep) => Check | undefined): Check[] {
  const found = new Map<string, Check>()
  for (const step of steps) {
    const one = say(step)
    const key = `${step.seen.object} ${one?.message}`
    if (one && !found.has(key)) found.set(key, one)
  }
  return [...found.values()]
}

const hold = (type: GuestType, vmid: string): string => `${type === 'qemu' ? 'qm' : 'pct'} unlock ${vmid}`

/** Whether something else works on a guest, or left it locked. */
export function checkLocks(plan: Plan): Check[] {
  return onceEach(guestSteps(plan), ({seen, type, vmid, what}) => {
    const entry = plan.resources.get(`${type}/${vmid}`)
    const lock = entry?.lock ?? seen.action.is?.facts.lock
    if (lock === undefined || lock === '') return undefined
    // What was suspended to disk goes on by either (qemu-server, PVE/QemuServer.pm (vm_start)).
    if (lock === 'suspended') {
      if (/^status\/(?:start|resume)$/.test(what)) return undefined
      const {kind} = seen.action.ref
      return failed(seen, 'lock', 'it is suspended: Proxmox VE refuses changes until it goes on', [
        `pmpc resume ${kind}/${vmid}`,
      ])
    }
    return failed(seen, 'lock', `it is locked (${String(lock)}): Proxmox VE refuses changes until that is over`, [
      `pmpc describe ${seen.action.ref.kind} ${vmid}`,
      `${hold(type, vmid)}   # on its node, where nothing works on it any more`,
    ])
  })
}

/** Whether a protected guest, or a disk of it, is to go. */
export function checkProtection(plan: Plan): Check[] {
  return onceEach(guestSteps(plan), ({seen, vmid, what}) => {
    if (Number(seen.before?.config.protection ?? 0) !== 1) return undefined
    const disks = elementsOfSet(seen.given.delete).filter((key) =>
      /^(?:(?:ide|sata|scsi|virtio|mp|unused)\d+|efidisk0|tpmstate0|rootfs)$/.test(key),
    )
    const isGoing = seen.step.request.method === 'DELETE' && what === ''
    if (!isGoing && disks.length === 0) return undefined
    const thing = isGoing ? 'it' : disks.join(', ')
    return failed(seen, 'protection', `it is protected: ${thing} cannot be removed`, [
      `protection: 0   # in the manifest of ${seen.action.ref.kind} ${vmid}, in a plan before this one`,
    ])
  })
}

/** The newest snapshot: what it does not hold, older ones hardly do. */
const newestOf = ({action}: Seen): string | undefined =>
  [...(action.is?.snapshots ?? [])].sort((a, b) => (b.snaptime ?? 0) - (a.snaptime ?? 0))[0]?.name

/** The slots whose volumes are to go from where they are. */
function slotsThatGo({seen: {given}, what}: GuestStep): string[] {
  if (/^move_(?:disk|volume)$/.test(what)) return given.delete === '1' ? [given.disk ?? given.volume ?? ''] : []
  return what === 'config' ? elementsOfSet(given.delete).filter((key) => /^unused\d+$/.test(key)) : []
}

const snapshotNeed = ({seen, type, vmid}: GuestStep, name: string): Need => ({
  path: `/nodes/${seen.node}/${type}/${vmid}/snapshot/${encodeURIComponent(name)}/config`,
})

/** Configurations of snapshots, of guests whose volumes are to go. */
export function snapshotNeeds(plan: Plan): Need[] {
  return guestSteps(plan).flatMap((step) => {
    const newest = newestOf(step.seen)
    return newest === undefined || slotsThatGo(step).length === 0 ? [] : [snapshotNeed(step, newest)]
  })
}

/** Whether snapshots hold volumes that are to be moved away, or freed. */
export function checkSnapshots(plan: Plan): Check[] {
  return guestSteps(plan).flatMap((step) => {
    const {seen} = step
    const newest = newestOf(seen)
    const config = newest === undefined ? undefined : dataOf(plan.known, snapshotNeed(step, newest))
    if (!isMap(config)) return []
    return slotsThatGo(step).flatMap((slot) => {
      const volume = volumeIn(seen.before?.config ?? {}, slot)
      if (volume === undefined || !Object.values(config).some((value) => String(value).split(',')[0]!.endsWith(volume)))
        return []
      return [
        failed(
          seen,
          'snapshots',
          `snapshot ${newest} holds ${volume} (${slot}): it can be neither moved away nor freed`,
          [`pmpc get ${seen.action.ref.kind} ${step.vmid} -o yaml   # names its snapshots`],
        ),
      ]
    })
  })
}

function volumeIn(config: Config, slot: string): string | undefined {
  const word = readVolume(partOf(config[slot], 'file', 'file') ?? partOf(config[slot], 'volume', 'volume') ?? 'none')
  return word.sort === 'volume' ? `${word.storage}:${word.name}` : undefined
}

/** What the HA manager looks after; one that is ignored is as if it were not. */
function managed(plan: Plan, {type, vmid}: GuestStep): Entry | undefined {
  const sid = `${type === 'qemu' ? 'vm' : 'ct'}:${vmid}`
  return plan.known.ha?.find((entry) => entry.sid === sid && entry.state !== 'ignored')
}

/** What the HA manager does in the place of whoever asks. */
export function checkHa(plan: Plan): Check[] {
  return onceEach(guestSteps(plan), (step) => {
    const {seen, what, vmid} = step
    if (!managed(plan, step)) return undefined
    if (seen.step.request.method === 'DELETE' && what === '')
      return seen.given.purge === '1'
        ? undefined
        : failed(seen, 'ha', 'the HA manager looks after it: Proxmox VE does not remove it so', [
            `absent: true   # for ha-resource ${vmid}, too`,
          ])
    if (what === 'status/suspend' && seen.given.todisk === '1')
      return failed(seen, 'ha', 'the HA manager looks after it: Proxmox VE does not write its memory to disk', [
        `pmpc suspend ${seen.object}   # in memory`,
      ])
    if (what !== 'migrate' && what !== 'status/stop' && what !== 'status/start' && what !== 'status/shutdown')
      return undefined
    return odd(
      seen,
      'ha',
      `the HA manager looks after it: it does the ${what.replace('status/', '')} some seconds after it was asked, and where its rules allow it`,
      ['pmpc get ha-resources'],
    )
  })
}

const jobsOf = (plan: Plan, vmid: string): Entry[] =>
  (plan.known.replication ?? []).filter((job) => String(job.guest) === vmid)

/** Of all storages only ZFS pools replicate (pve-storage, PVE/Storage/Plugin.pm (storage_can_replicate)). */
const isReplicable = (plan: Plan, storage: string): boolean => {
  const config = plan.will.find('storage', storage)?.config
  return (
    config === undefined || config.type === 'zfspool' || Number(config.shared ?? 0) === 1 || isSharedType(config.type)
  )
}
const isSharedType = (type: unknown): boolean =>
  ['rbd', 'cephfs', 'nfs', 'cifs', 'glusterfs', 'iscsi', 'iscsidirect', 'pbs', 'zfs'].includes(String(type))

/** What replication of a guest speaks against. */
export function checkReplication(plan: Plan): Check[] {
  return onceEach(guestSteps(plan), (step) => {
    const {seen, what, vmid} = step
    const jobs = jobsOf(plan, vmid)
    if (jobs.length === 0) return undefined
    const names = jobs.map(({id}) => String(id)).join(', ')
    if (seen.step.request.method === 'DELETE' && what === '')
      return seen.given.purge === '1'
        ? undefined
        : failed(seen, 'replication', `replication ${names} copies it: Proxmox VE does not remove it so`, [
            ...jobs.map(({id}) => `absent: true   # for replication-job ${String(id)}, too`),
          ])
    const target = seen.given.target
    if (what === 'migrate' && seen.given.online === '1' && !jobs.some((job) => job.target === target))
      return failed(
        seen,
        'replication',
        `replication ${names} does not copy it to ${target}: it cannot go there while it runs`,
        ['pmpc get replication-jobs'],
      )
    const bad = usesOf(seen).find((use) => /^(?:images|rootdir)$/.test(use.content) && !isReplicable(plan, use.storage))
    if (!bad) return undefined
    const message = `replication ${names} copies it, and nothing on ${bad.storage} can be replicated`
    const suggestions = ['replicate: 0   # of the disk, in the manifest, leaves it out of replication']
    return what === 'config'
      ? failed(seen, 'replication', message, suggestions)
      : odd(seen, 'replication', message, suggestions)
  })
}

const migrations = (plan: Plan): GuestStep[] => guestSteps(plan).filter(({what}) => what === 'migrate')

const migrationNeed = ({seen, type, vmid}: GuestStep): Need => ({
  path: `/nodes/${seen.node}/${type}/${vmid}/migrate`,
  query: {target: seen.given.target ?? ''},
})

/** What PVE itself says of a migration; 8.4 says nothing of containers. */
export const migrationNeeds = (plan: Plan): Need[] =>
  migrations(plan).flatMap((step) => {
    const isKnown = step.seen.calls.contract.find('GET', migrationNeed(step).path) !== undefined
    return isKnown ? [migrationNeed(step)] : []
  })

/** Whether a guest can go to another node, as PVE tells: local devices and disks, storages that are not there. */
export function checkMigrations(plan: Plan): Check[] {
  return migrations(plan).flatMap((step) => {
    const {seen} = step
    const answer = dataOf(plan.known, migrationNeed(step))
    if (!isMap(answer)) return []
    const target = seen.given.target ?? ''
    const refused = answer.not_allowed_nodes ?? answer['not-allowed-nodes']
    const why = isMap(refused) && Object.hasOwn(refused, target) ? reasonsIn(refused[target]) : []
    const devices = elementsOfList(answer.local_resources)
    const disks = elementsOfList(answer.local_disks)
    const isRunning = Number(answer.running ?? 0) === 1
    return [
      ...(why.length > 0
        ? [failed(seen, 'migrate', `it cannot go to ${target}: ${why.join('; ')}`, ['pmpc get storages'])]
        : []),
      ...(devices.length > 0
        ? [failed(seen, 'migrate', `it uses devices of its node, which cannot go with it: ${devices.join(', ')}`, [])]
        : []),
      ...(isRunning && disks.length > 0 && seen.given['with-local-disks'] !== '1'
        ? [failed(seen, 'migrate', `it runs with disks on its node alone: ${disks.join(', ')}`, [])]
        : []),
    ]
  })
}

/** `{unavailable_storages: ['fast']}` in words. */
function reasonsIn(reasons: unknown): string[] {
  return isMap(reasons)
    ? Object.entries(reasons).map(([name, values]) =>
        `${name.replaceAll(/[_-]/g, ' ')} ${elementsOfList(values).join(', ')}`.trim(),
      )
    : []
}

function elementsOfList(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.map((one: unknown) => (isMap(one) ? String(one.volid ?? one.id ?? JSON.stringify(one)) : String(one)))
}
