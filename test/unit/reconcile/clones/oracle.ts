import {getField} from '../../../../src/kit/reconcile/fields.js'
import {equalValues, parseField} from '../../../../src/kit/resources/index.js'
import type {Config, KindName, Value} from '../../../../src/kit/resources/index.js'
import type {OpenItem} from '../../../../src/kit/workspace/index.js'
import type {Commit} from './git.js'

const members = 'config.ipsets.blk.members'
const entries = [`${members}["192.0.2.0/24"]`, `${members}["198.51.100.1"]`]

/** The finest fields of the model's objects, by kind. */
const atomsOfKind: Partial<Record<KindName, readonly string[]>> = {
  vm: [
    'config.cores',
    'config.memory',
    'config.onboot',
    'config.net0.model',
    'config.net0.bridge',
    'config.net0.tag',
    'config.tags[blue]',
    'config.tags[prod]',
    'config.tags[web]',
  ],
  firewall: [
    'config.rules',
    'config.options.enable',
    'config.options.log_ratelimit.rate',
    'config.options.log_ratelimit.burst',
    'config.aliases.web.cidr',
    'config.aliases.web.comment',
    'config.ipsets.blk',
    'config.ipsets.blk.comment',
    ...entries.flatMap((entry) => [entry, `${entry}.comment`, `${entry}.nomatch`]),
  ],
  acl: [
    'config["/"]["@ops"][Administrator]',
    'config["/vms"]["alice@pve"][PVEAuditor]',
    'config["/vms"]["alice@pve"][PVEVMUser]',
    'config["/vms"]["bob@pve"][PVEAuditor]',
  ],
}

/** Of a map that may be empty it is a thing of its own whether it is there. */
export const presences: ReadonlySet<string> = new Set(['config.ipsets.blk', ...entries])

export function atomsOf(kind: KindName): readonly string[] {
  return atomsOfKind[kind]!
}

const parsed = new Map(Object.values(atomsOfKind).flatMap((of) => of.map((atom) => [atom, parseField(atom)!])))

/** The value of an atom; `''` is the object itself. null: absent. */
export function valueOf(config: Config | undefined, atom: string): Value | null {
  if (atom === '') return config ? 'present' : null
  const value = getField(config && {kind: 'vm', beside: {}, config}, parsed.get(atom)!) ?? null
  return value !== null && presences.has(atom) ? 'present' : value
}

/** Whether two atoms are elements of one set: they stand on one line. */
export function areOfOneSet(a: string, b: string): boolean {
  const [one, other] = [parsed.get(a)!, parsed.get(b)!]
  return one.element !== undefined && other.element !== undefined && one.path.join('\n') === other.path.join('\n')
}

/** Whether an item is about an atom, be it as a part of it. */
export function covers({field}: OpenItem, atom: string): boolean {
  if (field === undefined || field === atom) return true
  return atom.startsWith(`${field}.`) || atom.startsWith(`${field}[`)
}

/** What somebody did to an atom: agreed with the cluster, or wished for something else. */
export interface Event {
  id: number
  key: string
  kind: 'agree' | 'wish' | 'either'
  value: Value | null
  /** What the cluster was known to have then; undefined: that was in question. */
  base: Value | null | undefined
  /** The guest that it was about, by its time of creation. */
  guest: number | undefined
  /** Events of the same atom that were known. */
  over: Set<number>
  how: string
}

/** Everything that people and syncs ever did, to be held against what pmpc makes of it. */
export class Oracle {
  readonly events: Event[] = []

  /** Notes an event on a commit's grounds. @returns its number */
  note(at: Commit, event: Omit<Event, 'id' | 'over'>): number {
    const over = new Set([...at.events].filter((id) => this.events[id]!.key === event.key))
    this.events.push({...event, id: this.events.length, over})
    return this.events.length - 1
  }

  /** The events about an atom that no other of this commit's knew. */
  frontier(at: Commit, key: string): Event[] {
    const all = [...at.events].map((id) => this.events[id]!).filter((event) => event.key === key)
    return all.filter((event) => !all.some((other) => other.over.has(event.id)))
  }

  /** Whether a difference that is not open is somebody's wish here, one of another branch, or nobody's. */
  whose(at: Commit, key: string, is: Value | null, theirs: Value | null): 'wished' | 'elsewhere' | 'nobody' {
    const holds = (event: Event) => event.kind === 'wish' && equalValues(event.value, is)
    const here = this.frontier(at, key)
    if (here.some((event) => event.kind === 'either' || holds(event))) return 'wished'
    const other = this.events.some((event) => event.key === key && holds(event) && equalValues(event.base, theirs))
    return other ? 'elsewhere' : 'nobody'
  }

  /** Whether it has changed in the cluster since people had their say. */
  hasMoved(at: Commit, key: string, now: Value | null): boolean {
    return this.frontier(at, key).some(
      ({id, base}) => at.own.includes(id) || (base !== undefined && !equalValues(base, now)),
    )
  }

  /** Whether something is asked though all who had a say wished it just so, knowing what the cluster has. */
  needless(
    at: Commit,
    key: string,
    is: Value | null,
    theirs: Value | null,
    guest: number | undefined,
  ): Event[] | undefined {
    const here = this.frontier(at, key)
    const isWished = (event: Event) =>
      event.kind === 'wish' &&
      equalValues(event.value, is) &&
      event.base !== undefined &&
      equalValues(event.base, theirs)
    return here.length > 0 && here.every((event) => isWished(event) && event.guest === guest) ? here : undefined
  }
}
