import {PmpcError} from '../errors/index.js'
import {
  backupColumns,
  backupFields,
  backupsOf,
  imageColumns,
  imageFields,
  imagesOf,
  guestsNamed,
  taskColumns,
  taskFields,
  taskStatuses,
  type BackupItem,
  type ImageItem,
  type Listed,
  type TaskItem,
} from '../live/index.js'
import type {ItemColumn} from '../observed/index.js'
import type {Reader} from '../proxmox/index.js'
import type {Caller} from '../runs/index.js'
import {matches} from '../workspace/glob.js'
import type {Workspace} from '../workspace/index.js'
import {listNow, type ListedNow} from './live.js'
import {listTasks} from './tasks.js'

export type LiveItem = TaskItem | BackupItem | ImageItem

/** What of a listing is wanted. */
export interface LiveSelection {
  clusters: readonly string[]
  /** Guests of backups and tasks; names or ids of images, in which `*` stands for anything. */
  words: readonly string[]
  nodes?: readonly string[] | undefined
  name?: string | undefined
  status?: string | undefined
  /** As it is typed: `pmpc get backups`. */
  command: string
}

/** What `pmpc get` reads from clusters, as it is no state. */
interface Listing {
  /** Flags of `pmpc get` that choose among it. */
  flags: readonly ('node' | 'name' | 'status')[]
  fields: readonly string[]
  columns(how: {clusters: boolean; wide: boolean}, items: readonly LiveItem[]): ItemColumn<LiveItem>[]
  list(workspace: Workspace, selection: LiveSelection, caller: Caller): Promise<ListedNow<LiveItem>>
  /** Why there may be none, where that is not plain. */
  none?: string
}

/** How many tasks are listed: `pmpc task list` has a flag for it. */
const mostTasks = 50

export const listings: Readonly<Record<'backups' | 'images' | 'tasks', Listing>> = {
  backups: {
    flags: ['node', 'name'],
    fields: backupFields,
    columns: backupColumns,
    list: listBackups,
    none: 'Proxmox VE lists those only that you may restore: Datastore.AllocateSpace on the storage, VM.Backup on the guest.',
  },
  images: {flags: ['node', 'name'], fields: imageFields, columns: imageColumns, list: listImages},
  tasks: {flags: ['node', 'status'], fields: taskFields, columns: taskColumns, list: listSomeTasks},
}

async function listBackups(
  workspace: Workspace,
  {clusters, words, nodes, name, command}: LiveSelection,
  caller: Caller,
): Promise<ListedNow<BackupItem>> {
  let named: ReturnType<typeof guestsNamed> | undefined
  const read = async (reader: Reader, readers: readonly Reader[]): Promise<Listed<BackupItem>> => {
    if (words.length === 0) return backupsOf(reader, {nodes})
    named ??= guestsNamed(words, readers, command)
    const guests = (await named).filter(({cluster}) => cluster === reader.cluster).map(({vmid}) => vmid)
    return guests.length === 0 ? {items: [], unread: [], more: 0} : backupsOf(reader, {nodes, guests})
  }
  return likeName(await listNow<BackupItem>(workspace, {clusters, read}, caller), name)
}

async function listImages(
  workspace: Workspace,
  {clusters, words, nodes, name}: LiveSelection,
  caller: Caller,
): Promise<ListedNow<ImageItem>> {
  const read = async (reader: Reader): Promise<Listed<ImageItem>> => imagesOf(reader, {nodes})
  const listed = likeName(await listNow<ImageItem>(workspace, {clusters, read}, caller), name)
  const isMeant = ({volid, name: own}: ImageItem): boolean =>
    words.length === 0 || words.some((word) => matches(volid, word) || matches(own, word))
  return {...listed, items: listed.items.filter(isMeant)}
}

function likeName<Item extends {name: string}>(listed: ListedNow<Item>, name: string | undefined): ListedNow<Item> {
  return name === undefined ? listed : {...listed, items: listed.items.filter((item) => matches(item.name, name))}
}

async function listSomeTasks(
  workspace: Workspace,
  {clusters, words, nodes, status, command}: LiveSelection,
  caller: Caller,
): Promise<ListedNow<TaskItem>> {
  const known = taskStatuses.find((each) => each === status)
  if (status !== undefined && known === undefined)
    throw new PmpcError('PMPC_USAGE', `A task is ${taskStatuses.join(', ')}, and never ${JSON.stringify(status)}.`, {
      suggestions: taskStatuses.slice(0, 3).map((each) => `${command} --status ${each}`),
    })
  const filter = {nodes, status: known, limit: mostTasks}
  return listTasks(workspace, {clusters, guests: words, filter, command}, caller)
}

export {failureOf, unreadTexts} from './live.js'
