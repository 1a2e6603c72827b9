import {every, never, some, type Demand} from './demands.js'

/** What a text in the place of a volume means. */
export type VolumeWord =
  | {readonly sort: 'none'}
  /** The drive of the host itself. */
  | {readonly sort: 'host'}
  /** A path of the host. */
  | {readonly sort: 'path'; readonly path: string}
  | {readonly sort: 'cloudinit'; readonly storage: string}
  /** `STORAGE:GIB`: it is made. */
  | {readonly sort: 'new'; readonly storage: string; readonly gib: number}
  | {
      readonly sort: 'volume'
      readonly storage: string
      readonly name: string
      readonly content: Content
      readonly owner?: string
    }

/** PVE's sorts of content, of what is named by a volume id. */
export type Content = 'iso' | 'vztmpl' | 'import' | 'backup' | 'snippets' | 'images'

const contents: readonly [RegExp, Content][] = [
  [/^iso\//, 'iso'],
  [/^vztmpl\//, 'vztmpl'],
  [/^import\//, 'import'],
  [/^backup\//, 'backup'],
  [/^snippets\//, 'snippets'],
]

/** Reads what stands in the place of a volume: `local-zfs:32`, `local:iso/debian.iso`, `none`, `/dev/sdb` (pve-storage, PVE/Storage/Plugin.pm (parse_volname)). */
export function readVolume(text: string): VolumeWord {
  if (text === 'none') return {sort: 'none'}
  if (text === 'cdrom') return {sort: 'host'}
  const [, storage, name] = /^([a-z][\w.-]*[a-z\d]):(.+)$/i.exec(text) ?? []
  if (storage === undefined || name === undefined) return {sort: 'path', path: text}
  if (name === 'cloudinit') return {sort: 'cloudinit', storage}
  if (/^\d+(\.\d+)?$/.test(name)) return {sort: 'new', storage, gib: Number(name)}
  const content = contents.find(([pattern]) => pattern.test(name))?.[1] ?? 'images'
  const owner =
    content === 'backup' ? /vzdump-\w+-(\d+)-/.exec(name) : /(?:^|\/)(?:vm|base|subvol|basevol)-(\d+)-[^/]*$/.exec(name)
  return {sort: 'volume', storage, name, content, ...(owner ? {owner: owner[1]!} : {})}
}

/** To make a volume on a storage. */
export const spaceOn = (storage: string): Demand => ({
  path: `/storage/${storage}`,
  privilege: 'Datastore.AllocateSpace',
})

/** To use a volume that is there, for a guest (pve-storage, PVE/Storage.pm (check_volume_access)). */
export function volumeDemand(word: VolumeWord & {sort: 'volume' | 'path'}, vmid: string): Demand {
  if (word.sort === 'path') return {root: `the path ${word.path} of the host may be named by root@pam only`}
  const {storage, content, owner} = word
  const path = `/storage/${storage}`
  const all: Demand = {path, privilege: 'Datastore.Allocate'}
  if (content === 'iso' || content === 'vztmpl' || content === 'import')
    return {any: [all, some(path, 'Datastore.AllocateSpace', 'Datastore.Audit')]}
  if (owner === undefined) return all
  if (content === 'backup') return {any: [all, {all: [spaceOn(storage), every(`/vms/${owner}`, 'VM.Backup')]}]}
  if (content !== 'images') return {any: [all, never]}
  if (owner === vmid) return {all: []}
  return {any: [all, {all: [every(path, 'Datastore.Audit'), every(`/vms/${owner}`, 'VM.Config.Disk')]}]}
}
