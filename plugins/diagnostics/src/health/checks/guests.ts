import type {Facts} from '../facts.js'
import {nicsOf} from '../guest-facts.js'
import type {Check} from '../model.js'
import {guestName} from '../places.js'
import {DAY, isSet, maps, number, percent, text} from '../values.js'
import {above, finding, warning} from './grade.js'

/** Locks that hold while nothing runs: a guest that was suspended to disk sleeps with one (qemu-server, PVE/QemuServer.pm (vm_suspend)). */
const restful = /^suspended$/

/** Guests that a task of their node works on, and nodes where one runs that names no guest, as a backup of several does. */
function busy(facts: Facts): {guests: Set<string>; nodes: Set<string>} {
  const running = facts.atNodes('tasks').filter(({entry}) => entry.endtime === undefined)
  return {
    guests: new Set(running.flatMap(({entry}) => /^\d+/.exec(text(entry.id)) ?? [])),
    nodes: new Set(running.filter(({entry}) => !/^\d+/.test(text(entry.id))).map(({node}) => node)),
  }
}

/** Guests. */
export const guestChecks: readonly Check[] = [
  {
    id: 'guest.lock',
    severity: 'warning',
    about: 'No lock is left behind',
    why: 'A guest that is locked can be neither changed nor backed up; a task that died has left it so.',
    fix: 'Look at its last task (pmpc task list GUEST), then qm unlock VMID or pct unlock VMID on the node.',
    reads: ['resources', 'tasks'],
    whole: ['tasks'],
    find: (facts) => {
      const {guests, nodes} = busy(facts)
      return facts.places.guests
        .filter(
          ({lock, vmid, node}) =>
            lock !== undefined && !restful.test(lock) && !guests.has(String(vmid)) && !nodes.has(node),
        )
        .map((guest) => warning(guestName(guest), `${guest.name} is locked (${guest.lock}), and no task works on it`))
    },
  },
  {
    id: 'guest.onboot-down',
    severity: 'warning',
    about: 'Guests that start with their node run',
    why: 'Somebody wanted it to run always, and it does not.',
    fix: 'pmpc start GUEST, or take onboot away where it is not needed: pmpc set GUEST onboot=0.',
    reads: ['guests'],
    find: (facts) =>
      facts.guests
        .filter(({guest, config}) => isSet(config.onboot) && guest.isStopped && !guest.isTemplate)
        .map(({name, guest}) => warning(name, `${guest.name} starts with its node, and is off`)),
  },
  {
    id: 'guest.pending',
    severity: 'warning',
    about: 'No change of a guest waits for a restart',
    why: 'It comes with the next restart, when nobody thinks of it.',
    fix: 'pmpc reboot GUEST, or take it back: qm set VMID --revert KEY.',
    reads: ['guests'],
    find: (facts) =>
      facts.guests
        .filter(({pending}) => pending.length > 0)
        .map(({name, pending}) => warning(name, `${pending.join(', ')} will be otherwise after a restart`)),
  },
  {
    id: 'guest.mac',
    severity: 'warning',
    about: 'No two guests have one MAC address',
    why: 'In one network they take each other’s packets, now and then and hard to find.',
    fix: 'Give one of them a new one: pmpc set GUEST net0.macaddr=… (restored and cloned guests, most often).',
    reads: ['guests'],
    find: (facts) => {
      const owners = new Map<string, string[]>()
      for (const one of facts.guests)
        for (const {key, mac} of nicsOf(one))
          if (mac !== '') owners.set(mac, [...(owners.get(mac) ?? []), `${one.name} ${key}`])
      return [...owners]
        .filter(([, those]) => those.length > 1)
        .flatMap(([mac, those]) =>
          those.map((owner) => {
            const others = those.filter((one) => one !== owner)
            return warning(owner.split(' ')[0]!, `${owner.split(' ')[1]} has ${mac}, as ${others.join(', ')} has`)
          }),
        )
    },
  },
  {
    id: 'snapshot.age',
    severity: 'critical',
    about: 'No snapshot is old',
    why: 'Snapshots are no backups: they grow with each write, slow their disks down, and fill the storage.',
    fix: 'pmpc get snapshots, then pmpc delsnapshot GUEST NAME once a backup is there.',
    reads: ['snapshots'],
    limits: {
      warning: {default: 14, is: 'days'},
      critical: {default: 60, is: 'days'},
    },
    find: (facts, limits) =>
      facts.answers('snapshots').flatMap(({place, data}) =>
        maps(data)
          .filter(({name}) => name !== 'current')
          .flatMap(({name, snaptime}) => {
            const days = number(snaptime) === 0 ? 0 : (facts.now - number(snaptime)) / DAY
            return finding(
              guestName(place.guest!),
              above(days, limits),
              `snapshot ${text(name)} is ${Math.floor(days)} days old`,
            )
          }),
      ),
  },
  {
    id: 'snapshot.count',
    severity: 'warning',
    about: 'No guest has many snapshots',
    why: 'Each one costs reads and writes, and removing many takes hours.',
    fix: 'Let those go that nobody needs: pmpc delsnapshot GUEST NAME.',
    reads: ['snapshots'],
    limits: {warning: {default: 10, is: 'snapshots of one guest'}},
    find: (facts, limits) =>
      facts.answers('snapshots').flatMap(({place, data}) => {
        const amount = maps(data).filter(({name}) => name !== 'current').length
        return finding(guestName(place.guest!), above(amount, limits), `it has ${amount} snapshots`)
      }),
  },
  {
    id: 'snapshot.broken',
    severity: 'warning',
    about: 'No snapshot was left unfinished',
    why: 'A task that died has left it half made or half removed; it blocks others.',
    fix: 'qm delsnapshot VMID NAME --force on the node.',
    reads: ['snapshots', 'tasks'],
    whole: ['tasks'],
    find: (facts) => {
      const {guests} = busy(facts)
      return facts.answers('snapshots').flatMap(({place, data}) =>
        maps(data)
          .filter(({snapstate}) => text(snapstate) !== '' && !guests.has(String(place.guest!.vmid)))
          .map(({name, snapstate}) =>
            warning(guestName(place.guest!), `snapshot ${text(name)} is in state ${text(snapstate)}`),
          ),
      )
    },
  },
  {
    id: 'machine.old',
    severity: 'warning',
    about: 'No machine is pinned to an old version',
    why: 'QEMU drops versions after six years; then the guest does not start (pve8to9 warns of the same).',
    fix: 'pmpc set GUEST machine=…: a newer version of the same type; Windows may want its network set up anew.',
    reads: ['guests'],
    limits: {oldest: {default: 6, is: 'version of a machine that is still fine'}},
    find: (facts, limits) =>
      facts.guests.flatMap(({name, config}) => {
        const version = /^pc-(?:i440fx|q35)-(\d+\.\d+)/.exec((config.machine ?? '').replace(/^type=/, ''))?.[1]
        const isOld = version !== undefined && Number(version) < limits.oldest!
        return isOld ? [warning(name, `its machine is ${config.machine}`)] : []
      }),
  },
  {
    id: 'container.disk',
    severity: 'critical',
    about: 'The root file systems of containers have room',
    why: 'Databases and mail in it stop at their next write.',
    fix: 'Clean up in it, or pmpc resize CONTAINER rootfs +SIZE.',
    reads: ['resources'],
    limits: {warning: {default: 90, is: 'percent used'}, critical: {default: 97, is: 'percent used'}},
    find: (facts, limits) =>
      facts.places.guests
        .filter(({type, isRunning, disk}) => type === 'lxc' && isRunning && disk > 0)
        .flatMap((guest) => {
          const share = (guest.usedDisk * 100) / guest.disk
          return finding(guestName(guest), above(share, limits), `${percent(share)} of its root is used`)
        }),
  },
  {
    id: 'container.memory',
    severity: 'warning',
    about: 'Containers are not at the end of their memory',
    why: 'At its limit the kernel kills what is largest in it.',
    fix: 'pmpc set CONTAINER memory=…, or find what grows in it.',
    reads: ['resources'],
    limits: {warning: {default: 95, is: 'percent used'}},
    find: (facts, limits) =>
      facts.places.guests
        .filter(({type, isRunning, memory}) => type === 'lxc' && isRunning && memory > 0)
        .flatMap((guest) => {
          const share = (guest.usedMemory * 100) / guest.memory
          return finding(guestName(guest), above(share, limits), `${percent(share)} of its memory is used`)
        }),
  },
]
