import {createHash} from 'node:crypto'
import {PmpcError} from '../errors/index.js'
import {compareObjects, localKey} from '../resources/refs.js'
import {kindOf, type Kind} from '../resources/kinds/index.js'
import type {ClusterState, KindName, Observed, Snapshot} from '../resources/model.js'

/**
 * JSON with one spelling for one meaning: keys sorted by code units, no blanks, members that are undefined left out.
 * Lone surrogates become `\udXXX`, so the text is always valid UTF-8. Numbers must be finite.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) return canonicalObject(value as Record<string, unknown>)
  return JSON.stringify(value)
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON`)
  return JSON.stringify(value)
}

function canonicalObject(object: Record<string, unknown>): string {
  let members = ''
  for (const key of Object.keys(object).sort()) {
    const value = object[key]
    if (value !== undefined) members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(value)}`
  }
  return `{${members}}`
}

/**
 * The same state in the one form that is stored: objects and snapshots in order, empty `running`, `snapshots` and `extra` left out.
 * Throws PMPC_STATE_IDENTITY for an identity that no cluster can have: no id, a VMID that is no number, one id twice.
 */
export function canonicalState(state: ClusterState): ClusterState {
  const objects = state.objects.map(canonicalObserved).sort(compareObjects)
  const seen = new Set<string>()
  for (const object of objects) {
    const key = identity(object)
    if (seen.has(key)) throw impossible(state.cluster, object, 'it was reported twice')
    seen.add(key)
    if (!isPossibleId(object)) throw impossible(state.cluster, object, 'its id cannot be one')
  }
  return {cluster: state.cluster, objects}
}

/** What identifies an object within its cluster: a VM and a container cannot share a VMID. */
export function identity(object: Pick<Observed, 'kind' | 'id'>): string {
  return kindOf(object.kind).guest ? `guest/${object.id}` : localKey(object)
}

/** SHA-256, in hexadecimal, over the canonical JSON of the model: equal for equal content, whatever the file's schema. */
export function stateDigest(state: ClusterState): string {
  return createHash('sha256')
    .update(canonicalJson(canonicalState(state)))
    .digest('hex')
}

function canonicalObserved(object: Observed): Observed {
  const {kind, id, config, facts, running, snapshots, extra} = object
  const result: Observed = {kind, id, config, facts}
  if (running && Object.keys(running).length > 0) result.running = running
  if (snapshots && snapshots.length > 0) result.snapshots = [...snapshots].sort(byName)
  if (extra && Object.keys(extra).length > 0) result.extra = extra
  return result
}

function byName(a: Snapshot, b: Snapshot): number {
  return compareText(a.name, b.name)
}

/** Order of texts in SQLite: by the bytes of UTF-8, which differs from JavaScript's beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Whether a column can hold a string as it is: no NUL, no lone surrogate, no byte order mark in front (sql.js would drop it). */
export function isPlainText(text: string): boolean {
  return !/^\uFEFF|[\0\p{Surrogate}]/u.test(text)
}

function isPossibleId({kind, id, snapshots = []}: Observed): boolean {
  const names = snapshots.map((snapshot) => snapshot.name)
  if (new Set(names).size < names.length || !names.every(isName)) return false
  return isOfSort[kindOf(kind).id](id, kind)
}

const isOfSort: Readonly<Record<Kind['id'], (id: string | number, kind: KindName) => boolean>> = {
  vmid: (id) => Number.isSafeInteger(id) && Number(id) > 0,
  name: isName,
  single: (id, kind) => id === kind,
}

function isName(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && isPlainText(id)
}

function impossible(cluster: string, object: Observed, why: string): PmpcError {
  return new PmpcError('PMPC_STATE_IDENTITY', `${cluster}/${localKey(object)} cannot be stored: ${why}`, {
    suggestions: ['pmpc sync', `pmpc describe ${object.kind} ${object.id}`],
    data: {cluster, kind: object.kind, id: object.id},
  })
}
