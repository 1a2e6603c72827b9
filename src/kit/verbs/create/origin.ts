// What `--from` names, and what a manifest says of it.
import {PmpcError} from '../../errors/index.js'
import {shellWord} from '../../files/inside.js'
import {declaredOf, isGuest, isMap, kindOf, localKey, own} from '../../resources/index.js'
import type {ClusterState, Config, KindName, Observed, Value} from '../../resources/index.js'
import {guestTravelOf} from '../../resources/travels/index.js'
import {isMadeUp, parseSize} from '../../values/index.js'
import {knownIn, resolveObject} from '../../workspace/index.js'
import {defaultsOf} from './defaults.js'

/** What a guest is made of. */
export type Source =
  | {is: 'nothing'}
  /** A guest that is there; its configuration is the new one's. */
  | {is: 'clone'; of: Observed; isTemplate: boolean}
  /** A file of a storage: the content that it is of. */
  | {is: 'vztmpl' | 'backup' | 'iso' | 'import'; volume: string}

const volume = /^([^\s:/]+):(vztmpl|backup|iso|import)\/\S+$/
/** A backup tells what it is one of (pve-storage, PVE/Storage.pm and PVE/Storage/PBSPlugin.pm). */
const backedUp = [
  {of: 'qemu', pattern: /vzdump-qemu-|:backup\/vm\//},
  {of: 'lxc', pattern: /vzdump-lxc-|:backup\/ct\//},
] as const

/** @throws PMPC_USAGE for what such a guest cannot be made of; as `resolveObject` */
export function sourceOf(word: string | undefined, kind: KindName, state: ClusterState): Source {
  if (word === undefined) return {is: 'nothing'}
  const content = volume.exec(word)?.[2] as 'vztmpl' | 'backup' | 'iso' | 'import' | undefined
  if (content) {
    const other = backedUp.find(({of, pattern}) => of !== kindOf(kind).guest && pattern.test(word))
    if (!defaultsOf[kindOf(kind).guest!].origins.includes(content) || other) throw notOfThat(word, kind)
    return {is: content, volume: word}
  }
  const naming = {
    known: knownIn([state]).filter(({ref}) => isGuest(ref.kind)),
    ...{clusters: [state.cluster], command: `pmpc create ${kind} … --from`, found: 'was seen at the last sync'},
  }
  const refs = resolveObject(word, naming)
  const of = state.objects.find(
    (object) => refs.some((ref) => localKey(ref) === localKey(object)) && object.kind === kind,
  )
  if (!of) throw notOfThat(word, kind)
  return {is: 'clone', of, isTemplate: Number(of.config.template ?? 0) === 1}
}

function notOfThat(word: string, kind: KindName): PmpcError {
  const {origins} = defaultsOf[kindOf(kind).guest!]
  const forms = ['a template or another ' + kind, ...origins.map((content) => `STORAGE:${content}/…`)]
  return new PmpcError('PMPC_USAGE', `no ${kind} is made of ${word}: it takes ${forms.join(', ')}`, {
    suggestions: [`pmpc get ${kindOf(kind).plural}`, `pmpc create ${kind} --help`],
    data: {from: word},
  })
}

/**
 * A key of a guest as a clone of it is to have it: without what Proxmox VE makes up anew, and its volumes by their storage and size. So a part of it can be changed,
 * where the manifest would else have to say all of it.
 */
export function clonedKey({of}: Extract<Source, {is: 'clone'}>, key: string): Value | undefined {
  const value = own(declaredOf(of).config, key)
  if (!isMap(value)) return value
  const rest: Config = Object.fromEntries(Object.entries(value).filter(([part]) => !isMadeUp(part)))
  const {volumes} = guestTravelOf(of.kind)
  const storage = volumes.slots.test(key) ? /^([^:/]+):/.exec(String(rest[volumes.subkey] ?? ''))?.[1] : undefined
  if (storage === undefined || value.media === 'cdrom') return rest
  const size = parseSize(String(value.size ?? '')) ?? 0
  return {...rest, [volumes.subkey]: `${storage}:${Math.ceil(size / 1024 ** 3)}`}
}

/** How to name a guest or volume again. */
export const typedSource = (word: string | undefined): string =>
  word === undefined ? '' : ` --from ${shellWord(word)}`
