// What `--from` names, and what a manifest says of it.
import {PmpcError} from '../../errors/index.js'
import {declaredOf, isGuest, isMap, kindOf, kinds, localKey, own} from '../../resources/index.js'
import type {ClusterState, Config, KindName, ObjectRef, Observed, Value} from '../../resources/index.js'
import {backedUp} from '../../plan/index.js'
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

/** Which kind of guests a volume is a backup of; undefined: it is no backup. */
export function backupOf(word: string): KindName | undefined {
  const sort = backedUp(word)
  return kinds.find(({guest}) => guest !== undefined && guest === sort)?.name
}

/** For what a source is looked for: the kind of guests, and what is typed before. */
export interface MadeFor {
  kind: KindName
  command: string
}

/** @throws PMPC_USAGE for what such a guest cannot be made of; as `resolveObject` */
export function sourceOf(word: string | undefined, {kind, command}: MadeFor, state: ClusterState): Source {
  if (word === undefined) return {is: 'nothing'}
  const content = volume.exec(word)?.[2] as 'vztmpl' | 'backup' | 'iso' | 'import' | undefined
  if (content) {
    const other = content === 'backup' && backupOf(word) !== kind
    if (!defaultsOf[kindOf(kind).guest!].origins.includes(content) || other) throw notOfThat(word, kind)
    return {is: content, volume: word}
  }
  const refs = guestsCalled(word, [state], `${command} … --from`)
  const of = state.objects.find(
    (object) => refs.some((ref) => localKey(ref) === localKey(object)) && object.kind === kind,
  )
  if (!of) throw notOfThat(word, kind)
  return {is: 'clone', of, isTemplate: Number(of.config.template ?? 0) === 1}
}

/** The guest that a word names. @throws as `resolveObject` */
export function guestsCalled(word: string, states: readonly ClusterState[], command: string): ObjectRef[] {
  const known = knownIn(states).filter(({ref}) => isGuest(ref.kind))
  const clusters = states.map(({cluster}) => cluster)
  return resolveObject(word, {known, clusters, command, found: 'was seen at the last sync'})
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
