import type {State, StorageState, Volume} from '../state/model.js'
import {parseArchive} from './names.js'
import {contentTypes, splitVolid, volumeKey} from './volumes.js'

/** What a list of contents may be narrowed to. */
export interface Wanted {
  content?: string
  vmid?: number
}

/** Kind of a guest's disk: containers' are `rootdir`, all others `images`, whatever they were made as. */
const diskKind = (state: State, vmid: number | undefined): string =>
  vmid !== undefined && state.guests[vmid]?.type === 'lxc' ? 'rootdir' : 'images'

const isDisk = ({content}: Volume): boolean => content === 'images' || content === 'rootdir'

/** Kind of a volume as lists show it. */
export const kindOf = (state: State, volume: Volume): string =>
  isDisk(volume) ? diskKind(state, volume.vmid) : volume.content

/** Whether a volume is one of a guest's; snippets and images to import are shown for every guest, as PVE does. */
function isOf(volume: Volume, vmid: number): boolean {
  if (volume.content === 'snippets' || volume.content === 'import') return true
  return volume.vmid === vmid
}

/** Volumes of a storage as a node sees them, by name; only those that the storage is set up for. */
export function listVolumes(state: State, storage: StorageState, node: string, wanted: Wanted = {}): Volume[] {
  const types = contentTypes(storage)
  return Object.values(state.volumes)
    .filter((volume) => splitVolid(volume.volid).storage === storage.storage)
    .filter((volume) => volume.node === node || volume.node === '')
    .filter((volume) => {
      const kind = kindOf(state, volume)
      return types.includes(kind) && (wanted.content === undefined || kind === wanted.content)
    })
    .filter((volume) => wanted.vmid === undefined || isOf(volume, wanted.vmid))
    .sort((a, b) => (a.volid.toLowerCase() < b.volid.toLowerCase() ? -1 : 1))
}

/** Notes and protection of a backup; they lie beside the archive, and are there without it. */
export function attributesOf(state: State, volid: string, node: string): {notes?: string; protected?: boolean} {
  return state.attributes?.[volumeKey(state, volid, node)] ?? {}
}

/** Changes what lies beside a backup. */
export function setAttributes(
  state: State,
  volid: string,
  node: string,
  changed: {notes?: string; protected?: boolean},
): void {
  const all = (state.attributes ??= {})
  const key = volumeKey(state, volid, node)
  const {notes, protected: kept} = {...all[key], ...changed}
  const entry = {...(notes !== undefined && notes !== '' && {notes}), ...(kept && {protected: true})}
  if (Object.keys(entry).length > 0) all[key] = entry
  else delete all[key]
}

/** A volume as content lists show it. */
export function volumeEntry(state: State, volume: Volume): Record<string, unknown> {
  const attributes = attributesOf(state, volume.volid, volume.node)
  const archive = volume.content === 'backup' ? parseArchive(volume.volid) : undefined
  return {
    volid: volume.volid,
    content: kindOf(state, volume),
    format: volume.format,
    size: volume.size,
    ctime: archive?.ctime ?? volume.ctime,
    ...(volume.vmid !== undefined && {vmid: volume.vmid}),
    ...(isDisk(volume) && {used: volume.used, parent: volume.parent ?? null}),
    ...(volume.content === 'backup' && {subtype: archive?.type ?? 'unknown'}),
    ...(attributes.notes !== undefined && {notes: attributes.notes.split('\n')[0]}),
    ...(attributes.protected && {protected: 1}),
    ...(volume.verification !== undefined && {verification: {...volume.verification}}),
  }
}
