import {getField} from '../../../../src/kit/reconcile/fields.js'
import {equalValues, parseField} from '../../../../src/kit/resources/index.js'
import type {Config, Value} from '../../../../src/kit/resources/index.js'
import type {OpenItem} from '../../../../src/kit/workspace/index.js'
import type {Commit} from './git.js'

/** The finest fields of the model's guests. */
export const atoms = [
  'config.cores',
  'config.memory',
  'config.onboot',
  'config.net0.model',
  'config.net0.bridge',
  'config.net0.tag',
  'config.tags[blue]',
  'config.tags[prod]',
  'config.tags[web]',
]
const parsed = new Map(atoms.map((atom) => [atom, parseField(atom)!]))

/** The value of an atom; `''` is the object itself. null: absent. */
export function valueOf(config: Config | undefined, atom: string): Value | null {
  if (atom === '') return config ? 'present' : null
  return getField(config && {kind: 'vm' as const, beside: {}, config}, parsed.get(atom)!) ?? null
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
