// What is to be, and what is in use: Proxmox VE keeps both of guests, of SDN and of networks.
import {isEntry, listIn, troubleWith, type Entry} from '../proxmox/index.js'
import {equalValues, own} from '../resources/index.js'
import type {Config, Observed, Value} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'
import {decode} from '../values/index.js'
import {fillPath, givenOf} from './paths.js'
import type {Asker} from './requests.js'
import {unreadable} from './unreadable.js'

/** What an answer about what is pending says. */
export interface Told {
  /** Keys that are in use with another value than the configured one; null: without the key. */
  running?: Record<string, Value | null>
  /** Keys that are to go, of which PVE shows some all the same. */
  deleted: string[]
}

/**
 * What an object uses where that is not what it is configured with, from a path of its own. The two can have come apart only by a change of
 * the configuration, so an unchanged object without such values costs no request. Of a change that its values do not show its checksum tells: that
 * `onboot: 0` is to go.
 * @throws PMPC_UNREADABLE, and what the client throws
 */
export async function readPending(
  asker: Asker,
  kind: WireKind,
  object: Observed,
  {
    before,
    isTouched,
    isIgnored,
  }: {before: Observed | undefined; isTouched: boolean; isIgnored: (key: string) => boolean},
): Promise<Told> {
  const {pending} = kind
  if (!pending || !('path' in pending) || object.facts[pending.while.fact] !== pending.while.value) return {deleted: []}
  if (before && !isTouched && !before.running && equalValues(before.config, object.config)) return {deleted: []}
  const path = fillPath(pending.path, givenOf(kind, object))
  const items = listIn(await asker.get(path), path)
  const running: [string, Value | null][] = []
  const deleted: string[] = []
  for (const item of items) {
    if (!isEntry(item) || typeof item.key !== 'string' || troubleWith(item) !== undefined)
      throw unreadable('what is pending in it cannot be read')
    const {key} = item
    if (!Object.hasOwn(item, 'pending') && !item.delete) continue
    if (Object.hasOwn(kind.leftOut, key) || isIgnored(key)) continue
    // A key that is to go stays in the configuration while it is 0 or empty (qemu-server, PVE/API2/Qemu.pm (vm_config)).
    if (item.delete) deleted.push(key)
    const value = item.value === undefined ? null : decode(kind.name, key, item.value)
    const configured = !item.delete && Object.hasOwn(object.config, key) ? object.config[key] : null
    if (JSON.stringify(value) !== JSON.stringify(configured)) running.push([key, value])
  }
  return running.length > 0 ? {running: Object.fromEntries(running), deleted} : {deleted}
}

/** An entry as it is to be and as it is in use; undefined where there is none of it. */
export interface Both {
  declared: Entry | undefined
  running: Entry | undefined
}

/** The word that stands for a key that is to go (pve-network, PVE/Network/SDN.pm (pending_config)). */
const deletedWord = 'deleted'

/**
 * An entry that holds under a key what is to become of it, and under `state` whether it is `new`, `changed` or `deleted`; one without these
 * is in use as it is to be. The state is told of what is to be.
 */
export function bothOf(entry: Entry, pendingKey: string): Both {
  const {state, [pendingKey]: pending, ...plain} = entry
  if (state === deletedWord) return {declared: undefined, running: plain}
  const changes = isEntry(pending) ? pending : {}
  const gone = Object.keys(changes).filter((key) => changes[key] === deletedWord)
  const merged = {...plain, ...changes, ...(state === undefined ? {} : {state})}
  const declared = Object.fromEntries(Object.entries(merged).filter(([key]) => !gone.includes(key)))
  return {declared, running: state === 'new' ? undefined : plain}
}

/** Keys of what is in use that differ from what is configured; undefined where none does. */
export function differing(running: Config, config: Config): Record<string, Value | null> | undefined {
  const keys = [...new Set([...Object.keys(running), ...Object.keys(config)])]
  const found = keys
    .filter((key) => !equalValues(own(running, key), own(config, key)))
    .map((key): [string, Value | null] => [key, own(running, key) ?? null])
  return found.length > 0 ? Object.fromEntries(found) : undefined
}
