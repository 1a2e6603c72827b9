// What of an object stands on paths of its own, beside its list and its configuration.
import {isEntry, troubleWith, type Entry} from '../proxmox/index.js'
import type {Scalar, Snapshot} from '../resources/index.js'
import type {Part, WireKind} from '../resources/kinds/on-wire.js'
import {isEmpty} from './answers.js'
import {fillPath, fillQuery, type Given} from './paths.js'
import {bothOf} from './pending.js'
import type {Asker} from './requests.js'
import {snapshotsIn} from './snapshots.js'
import {unreadable} from './unreadable.js'

/** What a part says: keys of a configuration as they came, and what stands beside them. */
export interface PartAnswer {
  declared: Entry
  /** What is in use, where that is told apart. */
  running?: Entry
  facts: Record<string, Scalar>
  snapshots?: Snapshot[] | undefined
}

/**
 * Reads a part.
 * @param base what `{base}` stands for in its paths
 * @throws PMPC_UNREADABLE, and what the client throws
 */
export async function readPart(asker: Asker, kind: WireKind, part: Part, given: Given, base = ''): Promise<PartAnswer> {
  const path = fillPath(part.path.replace('{base}', base), given)
  const query = fillQuery(part.query, given)
  const besideKey = kind.pending && 'beside' in kind.pending ? kind.pending.beside : undefined
  const whole = besideKey === undefined ? {data: await asker.get(path, query)} : await asker.getWhole(path, query)
  const facts: Record<string, Scalar> = besideKey !== undefined && whole[besideKey] ? {pending: 1} : {}
  if (part.beside === 'snapshots') return {declared: {}, facts, snapshots: snapshotsIn(whole.data, path)}
  const trouble = troubleWith(whole.data)
  if (trouble !== undefined) throw unreadable(`${nameOf(part)} cannot be kept: ${trouble}`)
  const pendingKey = kind.pending && 'key' in kind.pending ? kind.pending.key : undefined
  const [declared, running] = pendingKey === undefined ? [whole.data] : answersOf(whole.data, pendingKey)
  const read = async (answer: unknown) =>
    asKeys(part, await withMembers(asker, part, valueOf(part, answer), {given, base}))
  return {
    declared: await read(declared),
    ...(running !== undefined && {running: await read(running)}),
    facts,
  }
}

function nameOf({key}: Part): string {
  return key === undefined ? 'its configuration' : `its ${key}`
}

/** @throws PMPC_UNREADABLE */
function valueOf(part: Part, answer: unknown): unknown {
  const value = part.value ? part.value(answer) : isEntry(answer) ? answer : undefined
  if (value === undefined) throw unreadable(`${nameOf(part)} cannot be read`)
  return value
}

/** The keys of a configuration that a value gives: those in it, or the one that holds it. */
function asKeys({key}: Part, value: unknown): Entry {
  if (key !== undefined) return {[key]: value}
  if (!isEntry(value)) throw unreadable('its configuration is no map')
  return value
}

/** A list of entries as they are to be, and as they are in use where any of them says so. */
function answersOf(answer: unknown, pendingKey: string): [unknown, unknown?] {
  if (!Array.isArray(answer)) return [answer]
  const both = answer.map((entry: unknown) =>
    isEntry(entry) ? bothOf(entry, pendingKey) : {declared: entry, running: entry},
  )
  const isPending = answer.some(
    (entry) => isEntry(entry) && (entry[pendingKey] !== undefined || entry.state !== undefined),
  )
  const all = (of: 'declared' | 'running') => both.map((one) => one[of]).filter((entry) => entry !== undefined)
  return isPending ? [all('declared'), all('running')] : [all('declared')]
}

/** A map with what stands on a path of its own of each of its members. */
async function withMembers(
  asker: Asker,
  part: Part,
  value: unknown,
  {given, base}: {given: Given; base: string},
): Promise<unknown> {
  const {members} = part
  if (!members) return value
  if (!isEntry(value)) throw unreadable(`${nameOf(part)} cannot be read`)
  const filled = await Promise.all(
    Object.entries(value).map(async ([member, of]): Promise<[string, unknown]> => {
      const path = fillPath(members.path.replace('{base}', base), (name) => (name === 'member' ? member : given(name)))
      const answer = await asker.get(path)
      const trouble = troubleWith(answer)
      const inside = trouble === undefined ? (members.value?.(answer) ?? answer) : undefined
      if (inside === undefined || !isEntry(of)) throw unreadable(`${nameOf(part)} ${member} cannot be read`)
      return [member, isEmpty(inside) ? of : {...of, [members.key]: inside}]
    }),
  )
  return Object.fromEntries(filled)
}
