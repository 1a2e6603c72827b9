import type {Facts} from '../facts.js'
import {drivesOf, isUnused, type Drive, type GuestFacts} from '../guest-facts.js'
import type {Check} from '../model.js'
import {storageName, type Storage} from '../places.js'
import type {Promised} from '../history.js'
import {bytesText, DAY, GIB, isSet, maps, number, percent, text, words} from '../values.js'
import {daysUntilFull} from '../trend.js'
import {above, below, critical, finding, warning} from './grade.js'

/** Storages that have figures, each once where it is shared. */
function figures(facts: Facts): {name: string; used: number; total: number; entry: Record<string, unknown>}[] {
  const all = facts
    .list('resources')
    .filter(({type, maxdisk}) => type === 'storage' && number(maxdisk) > 0)
    .map((entry) => ({
      name: storageName({node: text(entry.node), storage: text(entry.storage), isShared: isSet(entry.shared)}),
      used: number(entry.disk),
      total: number(entry.maxdisk),
      entry,
    }))
  return [...new Map(all.map((one) => [one.name, one])).values()]
}

/** Volumes of a storage that could be read. */
export function volumesOf(
  facts: Facts,
  source: 'images' | 'backups',
): {storage: Storage; volumes: Record<string, unknown>[]}[] {
  return facts.answers(source).map(({place, data}) => ({storage: place.storage!, volumes: maps(data)}))
}

/** Whether the volumes of a storage, as a guest's node sees it, could be read. */
function isRead(facts: Facts): (guest: GuestFacts, storage: string) => boolean {
  const read = volumesOf(facts, 'images').map(({storage}) => storage)
  return ({guest}, name) =>
    read.some(({storage, isShared, node}) => storage === name && (isShared || node === guest.node))
}

/** Images and directories of containers, by what a guest would call them: volume, and the node that has it. */
function volumeKeys(facts: Facts): Set<string> {
  return new Set(
    volumesOf(facts, 'images').flatMap(({storage, volumes}) =>
      volumes.map(({volid}) => `${storage.isShared ? '' : storage.node} ${text(volid)}`),
    ),
  )
}

const isImage = ({content}: Record<string, unknown>): boolean => /^(?:images|rootdir)$/.test(text(content))

/** A drive that lies on a storage as a disk; CDs and what cloud-init makes are written anew. */
const isDisk = (drive: Drive): boolean => !drive.isCdrom && !/cloudinit/.test(drive.volume)

/** Storages, and what lies on them. */
export const storageChecks: readonly Check[] = [
  {
    id: 'storage.active',
    severity: 'critical',
    about: 'All storages that are enabled answer',
    why: 'Guests on it hang or do not start, and its backups are out of reach.',
    fix: 'pvesm status on the node; look at the server or the export, or disable a storage that is retired.',
    reads: ['storages'],
    find: (facts) =>
      facts
        .atNodes('storages')
        .filter(({entry}) => isSet(entry.enabled) && !isSet(entry.active))
        .map(({node, entry}) => critical(`storage/${node}/${text(entry.storage)}`, 'it does not answer')),
  },
  {
    id: 'storage.usage',
    severity: 'critical',
    about: 'The storages have room',
    why: 'Guests on a full storage stop at their next write, and their file systems may break.',
    fix: 'Prune backups, remove unused disks (guest.unused, volume.orphan), or grow it.',
    reads: ['resources'],
    limits: {warning: {default: 85, is: 'percent used'}, critical: {default: 95, is: 'percent used'}},
    find: (facts, limits) =>
      figures(facts).flatMap(({name, used, total}) => {
        const share = (used * 100) / total
        return finding(name, above(share, limits), `${percent(share)} of ${bytesText(total)} used`)
      }),
  },
  {
    id: 'storage.trend',
    severity: 'critical',
    about: 'No storage is about to be full',
    why: 'What fills steadily can be told while there is time to buy disks.',
    fix: 'Find what grows (pmpc get backups, snapshot.age), and plan more room before that day.',
    reads: ['usage', 'resources'],
    limits: {
      warning: {default: 30, is: 'days until it is full, as it went on in the last month'},
      critical: {default: 7, is: 'the same'},
    },
    find: (facts, limits) =>
      facts.answers('usage').flatMap(({place, data}) => {
        const days = daysUntilFull(maps(data))
        if (days === undefined) return []
        const message = `it will be full in ${Math.floor(days)} days, as it grew in the last month`
        return finding(storageName(place.storage!), below(days, limits), message)
      }),
  },
  {
    id: 'storage.promises',
    severity: 'warning',
    about: 'What guests are promised does not outgrow the storages soon',
    why: 'Thin storages take all promises; the history of the state tells how fast they grow, long before anything is written.',
    fix: 'Plan more room, or smaller disks: pmpc log shows who was given what.',
    reads: ['resources'],
    whole: ['resources'],
    history: true,
    limits: {
      warning: {default: 30, is: 'days until disks may grow to more than there is, as it went on in the history'},
    },
    find: (facts, limits) => {
      const [then, now] = facts.promised
      if (!then || !now) return []
      const sum = ({bytes}: Promised, places: readonly string[]) =>
        places.reduce((all, place) => all + (bytes.get(place) ?? 0), 0)
      return figures(facts).flatMap(({name, total}) => {
        const places = facts.places.storages
          .filter((one) => storageName(one) === name)
          .map(({node, storage}) => `${node} ${storage}`)
        const [before, after] = [sum(then, places), sum(now, places)]
        const days = (now.at - then.at) / DAY
        // What has promised more than it has already is told by storage.overcommit.
        if (after <= before || after >= total) return []
        const left = ((total - after) * days) / (after - before) - (facts.now - now.at) / DAY
        const message = `disks may grow to ${bytesText(after - before)} more than ${Math.round(days)} days before; at that pace to all it has in ${Math.max(0, Math.floor(left))} days`
        return finding(name, below(left, limits), message)
      })
    },
  },
  {
    id: 'storage.overcommit',
    severity: 'warning',
    about: 'No storage has promised much more than it has',
    why: 'Disks that take room when they are written to are fine until all of them are.',
    fix: 'Keep an eye on storage.usage; grow the storage, or shrink what guests were promised.',
    reads: ['images', 'resources'],
    limits: {warning: {default: 200, is: 'percent of the storage that the disks on it may grow to'}},
    find: (facts, limits) => {
      const sizes = new Map(figures(facts).map(({name, total}) => [name, total]))
      return volumesOf(facts, 'images').flatMap(({storage, volumes}) => {
        const total = sizes.get(storageName(storage)) ?? 0
        const promised = volumes.filter(isImage).reduce((sum, {size}) => sum + number(size), 0)
        const share = total === 0 ? 0 : (promised * 100) / total
        return finding(
          storageName(storage),
          above(share, limits),
          `its disks may grow to ${bytesText(promised)} of ${bytesText(total)}`,
        )
      })
    },
  },
  {
    id: 'storage.content',
    severity: 'critical',
    about: 'Guests lie on storages that are there and may hold them',
    why: 'A guest whose storage is unknown, or not meant for disks, does not start or move (pve8to9 checks the same).',
    fix: 'Allow the content (pvesm set STORAGE --content images,rootdir,…), or move the disk (pmpc move-disk).',
    reads: ['guests', 'storageConfig'],
    whole: ['storageConfig'],
    find: (facts) => {
      const known = new Map(facts.list('storageConfig').map(({storage, content}) => [text(storage), content]))
      return facts.guests.flatMap((one) =>
        drivesOf(one)
          .filter((drive) => isDisk(drive) && !isUnused(drive))
          .flatMap(({key, storage}) => {
            if (!known.has(storage)) return [critical(one.name, `${key} is on ${storage}, which is no storage`)]
            const content = known.get(storage)
            const wanted = one.guest.type === 'lxc' ? 'rootdir' : 'images'
            const may = content === undefined || words(content).includes(wanted)
            return may ? [] : [warning(one.name, `${key} is on ${storage}, which is not meant for ${wanted}`)]
          }),
      )
    },
  },
  {
    id: 'guest.disk-missing',
    severity: 'critical',
    about: 'The disks of the guests are there',
    why: 'A guest whose disk is gone does not start again.',
    fix: 'Restore it from a backup (pmpc restore), or take the key out of the guest where the disk is not needed.',
    reads: ['guests', 'images'],
    whole: ['images'],
    find: (facts) => {
      const there = volumeKeys(facts)
      const couldSee = isRead(facts)
      const has = ({guest}: GuestFacts, {volume}: Drive) =>
        there.has(` ${volume}`) || there.has(`${guest.node} ${volume}`)
      return facts.guests.flatMap((one) =>
        drivesOf(one)
          .filter((drive) => isDisk(drive) && couldSee(one, drive.storage) && !has(one, drive))
          .map(({key, volume}) => critical(one.name, `${key} is ${volume}, which is not there`)),
      )
    },
  },
  {
    id: 'guest.unused',
    severity: 'warning',
    about: 'No guest keeps disks that it does not use',
    why: 'They take room, and hold what somebody believes to be gone.',
    fix: 'Look what is on it, then remove the key: pmpc edit, or qm set VMID --delete unused0.',
    reads: ['guests'],
    find: (facts) =>
      facts.guests.flatMap((one) =>
        drivesOf(one)
          .filter(isUnused)
          .map(({key, volume}) => warning(one.name, `${key} is ${volume}`)),
      ),
  },
  {
    id: 'volume.orphan',
    severity: 'warning',
    about: 'All disks belong to a guest',
    why: 'What a failed clone or a destroyed guest left takes room, and nobody backs it up.',
    fix: 'qm disk rescan shows it at its guest; without one: pvesm free VOLUME, once you know what is on it.',
    reads: ['guests', 'images', 'resources'],
    whole: ['guests', 'resources'],
    limits: {size: {default: 1, is: 'GiB; smaller ones are not told'}},
    find: (facts, limits) => {
      const used = new Set(facts.guests.flatMap((one) => drivesOf(one).map(({volume}) => volume)))
      const inSnapshots = new Set(
        facts.guests.filter(({config}) => config.parent !== undefined).map(({guest}) => guest.vmid),
      )
      return volumesOf(facts, 'images').flatMap(({storage, volumes}) =>
        volumes
          .filter(
            (volume) =>
              isImage(volume) &&
              number(volume.size) >= limits.size! * GIB &&
              !used.has(text(volume.volid)) &&
              !/cloudinit|vm-\d+-state-/.test(text(volume.volid)) &&
              !inSnapshots.has(number(volume.vmid)),
          )
          .map(({volid, size}) =>
            warning(storageName(storage), `${text(volid)} (${bytesText(number(size))}) belongs to no guest`),
          ),
      )
    },
  },
]
