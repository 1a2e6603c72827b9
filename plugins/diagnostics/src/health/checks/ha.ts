import {isEntry, type Entry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import {drivesOf, isUnused, type GuestFacts} from '../guest-facts.js'
import type {Check} from '../model.js'
import {intervalOf} from '../schedule.js'
import {isSet, number, spanText, text} from '../values.js'
import {above, critical, finding, warning} from './grade.js'

/** What `status` says of HA where none was ever set up. */
const hasResources = (facts: Facts): boolean => facts.list('haResources').length > 0

/** Guests that HA keeps running. */
function managed(facts: Facts): GuestFacts[] {
  const ids = new Set(
    facts
      .list('haResources')
      .filter(({state}) => !/^(?:ignored|disabled)$/.test(text(state)))
      .map(({sid}) => Number(/^(?:vm|ct):(\d+)$/.exec(text(sid))?.[1])),
  )
  return facts.guests.filter(({guest}) => ids.has(guest.vmid))
}

const isEnabled = ({disable}: Entry): boolean => !isSet(disable)

/** Devices of one host, which no other has. */
const ownDevice = /^(?:hostpci|usb|dev)\d+$/

/** Replication and high availability. */
export const haChecks: readonly Check[] = [
  {
    id: 'replication.state',
    severity: 'critical',
    about: 'Replication works',
    why: 'The copy on the other node gets old, and what was written since is lost where the first one fails.',
    fix: 'pvesr status, then pvesr run --id JOB --verbose; often it is an SSH key or a full target.',
    reads: ['replication'],
    limits: {
      warning: {default: 1, is: 'failures in a row'},
      critical: {default: 3, is: 'failures in a row'},
    },
    find: (facts, limits) =>
      facts.atNodes('replication').flatMap(({entry}) => {
        const failures = number(entry.fail_count)
        const why = text(entry.error).trim()
        const message = `it failed ${failures} times in a row${why === '' ? '' : `: ${why}`}`
        return finding(`replication/${text(entry.id)}`, isEnabled(entry) ? above(failures, limits) : undefined, message)
      }),
  },
  {
    id: 'replication.lag',
    severity: 'warning',
    about: 'Replication is on time',
    why: 'A copy is as good as the time at which it was made.',
    fix: 'pvesr status; look whether pvescheduler runs (service.state), and whether the network is too slow for the schedule.',
    reads: ['replication'],
    limits: {warning: {default: 3, is: 'times its interval, since the last run that went well'}},
    find: (facts, limits) =>
      facts.atNodes('replication').flatMap(({entry}) => {
        const last = number(entry.last_sync)
        if (!isEnabled(entry) || last === 0) return []
        // Every quarter of an hour unless said (pve-guest-common, PVE/ReplicationConfig.pm).
        const interval = intervalOf(text(entry.schedule) || '*/15')
        const age = facts.now - last
        const severity = above(age / interval, limits)
        return finding(`replication/${text(entry.id)}`, severity, `it went well ${spanText(age)} ago`)
      }),
  },
  {
    id: 'ha.state',
    severity: 'critical',
    about: 'Resources of HA are as they should be',
    why: 'HA leaves a resource in error alone until somebody looks.',
    fix: 'Mend the cause, then ha-manager set SID --state disabled, and --state started again.',
    reads: ['haStatus'],
    find: (facts) =>
      facts.list('haStatus').flatMap(({type, sid, crm_state: crm, state, node}) => {
        const now = text(crm) || text(state)
        if (text(type) !== 'service') return []
        if (/^(?:error|fence|recovery)$/.test(now))
          return [critical(`ha/${text(sid)}`, `it is in state ${now} on ${text(node)}`)]
        return now === 'freeze' ? [warning(`ha/${text(sid)}`, `it is frozen on ${text(node)}`)] : []
      }),
  },
  {
    id: 'ha.manager',
    severity: 'critical',
    about: 'The HA manager and its agents work',
    why: 'Nobody restarts guests of a node that fails while they do not.',
    fix: 'systemctl restart pve-ha-crm pve-ha-lrm on the nodes; without quorum they wait (cluster.quorum).',
    reads: ['haManager', 'haResources'],
    limits: {critical: {default: 120, is: 'seconds since one of them was heard of'}},
    find: (facts, limits) => {
      if (!hasResources(facts)) return []
      return facts.list('haManager').flatMap((answer) => {
        const manager = isEntry(answer.manager_status) ? answer.manager_status : {}
        const master = text(manager.master_node)
        if (master === '') return [critical('ha/manager', 'there is no master')]
        // Of a node that is off node.online tells, and one that has left stays in the answer for a while.
        const online = facts.places.nodes.filter(({isOnline}) => isOnline).map(({node}) => node)
        const agents = Object.entries(isEntry(answer.lrm_status) ? answer.lrm_status : {}).filter(([node]) =>
          online.includes(node),
        )
        const all: [string, unknown][] = [
          [`ha/manager`, manager],
          ...agents.map(([node, one]): [string, unknown] => [`ha/${node}`, one]),
        ]
        return all.flatMap(([name, one]) => {
          const age = isEntry(one) && one.timestamp !== undefined ? facts.now - number(one.timestamp) : 0
          return finding(name, above(age, limits), `it was heard of ${spanText(age)} ago`)
        })
      })
    },
  },
  {
    id: 'ha.disarmed',
    severity: 'warning',
    about: 'HA is armed',
    why: 'Disarmed for a maintenance, it moves nothing where a node fails.',
    fix: 'Arm it again: pvesh create /cluster/ha/status/arm-ha',
    reads: ['haStatus'],
    find: (facts) =>
      facts
        .list('haStatus')
        .filter((entry) => /^disarm/.test(text(entry['armed-state'])))
        .map(() => warning('ha', 'it is disarmed')),
  },
  {
    id: 'ha.localdisk',
    severity: 'warning',
    about: 'Guests under HA lie where other nodes reach them',
    why: 'What lies on one node only cannot be started elsewhere when that node is gone.',
    fix: 'Move the disk to shared storage (pmpc move-disk), or replicate it (pvesr create-local-job).',
    reads: ['guests', 'haResources', 'resources', 'replication'],
    whole: ['resources', 'replication'],
    find: (facts) => {
      const shared = new Set(facts.places.storages.filter(({isShared}) => isShared).map(({storage}) => storage))
      const replicated = new Set(facts.atNodes('replication').map(({entry}) => number(entry.guest)))
      return managed(facts).flatMap((one) => {
        if (replicated.has(one.guest.vmid)) return []
        const local = drivesOf(one).filter((drive) => !drive.isCdrom && !isUnused(drive) && !shared.has(drive.storage))
        return local.map(({key, storage}) =>
          warning(one.name, `${key} is on ${storage}, which is of ${one.guest.node} alone`),
        )
      })
    },
  },
  {
    id: 'ha.blocked',
    severity: 'warning',
    about: 'Nothing ties guests under HA to one node',
    why: 'A device of the host, or a CD image on a local storage, ends a migration, and on another node the start.',
    fix: 'Take it out (pmpc set GUEST ide2=none,media=cdrom), or map the device (Datacenter > Resource Mappings).',
    reads: ['guests', 'haResources', 'resources'],
    whole: ['resources'],
    find: (facts) => {
      const shared = new Set(facts.places.storages.filter(({isShared}) => isShared).map(({storage}) => storage))
      return managed(facts).flatMap((one) => {
        const images = drivesOf(one).filter(
          (drive) => drive.isCdrom && !shared.has(drive.storage) && !/cloudinit/.test(drive.volume),
        )
        const devices = Object.entries(one.config).filter(
          ([key, value]) => ownDevice.test(key) && !/(?:^|,)(?:mapping=|spice)/.test(value),
        )
        return [
          ...images.map(({key, volume}) =>
            warning(one.name, `${key} is ${volume}, which is of ${one.guest.node} alone`),
          ),
          ...devices.map(([key]) => warning(one.name, `${key} is a device of ${one.guest.node}`)),
        ]
      })
    },
  },
]
