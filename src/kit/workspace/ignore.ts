import {own} from '../resources/documents.js'
import {isGuest, kindOf, kinds, type Kind} from '../resources/kinds/index.js'
import {localKey, parentsOf} from '../resources/refs.js'
import type {Config, Declared, KindName, Observed, Value} from '../resources/index.js'
import type {Conditions, IgnoreRule, WorkspaceConfig} from './config.js'

/** What rules look at. */
export interface IgnoreSubject {
  kind: KindName
  id: string | number
  pool?: Value
  tags?: Value
}

/** What the workspace's ignore rules leave out. */
export interface Ignore {
  /** Whether an object is left out as a whole. */
  object(subject: IgnoreSubject): boolean
  /** Which keys of an object's configuration are left out. */
  keys(subject: IgnoreSubject): (key: string) => boolean
}

/**
 * The rules of `ignore:` in pmpc.yaml. All conditions of one rule must hold: `{kind: vm, key: description}` leaves the description of VMs out,
 * `{kind: pool}` all pools, `{kind: role, id: Night}` one role, `{tag: ephemeral}` guests with that tag.
 */
export function ignoreOf(rules: IgnoreRule[]): Ignore {
  return {
    object: (subject) => rules.some((rule) => rule.key === undefined && covers(rule, subject)),
    keys(subject) {
      const keys = rules.filter((rule) => rule.key !== undefined && covers(rule, subject)).map((rule) => rule.key!)
      return keys.length === 0 ? () => false : (key) => keys.includes(key)
    },
  }
}

/** The rules, and these objects besides, by `localKey`. */
export function alsoIgnoring(rules: Ignore, objects: ReadonlySet<string>): Ignore {
  return {...rules, object: (subject) => rules.object(subject) || objects.has(localKey(subject))}
}

/** The kinds of which anything is kept, in the order in which they are reported: no rule leaves all of one out. */
export function wantedKinds({ignore}: Pick<WorkspaceConfig, 'ignore'>): readonly Kind[] {
  const leftOut = new Set(ignore.filter((rule) => Object.keys(rule).length === 1).map(({kind}) => kind))
  return kinds.filter(({name}) => !leftOut.has(name))
}

/** Whether all conditions of a rule hold for an object. */
export function covers(rule: Conditions, subject: IgnoreSubject): boolean {
  const {kind, id, pool, tags} = subject
  return (
    (rule.kind === undefined || rule.kind === kind) &&
    (rule.id === undefined || isLike(String(id), rule.id)) &&
    (rule.guest === undefined || guestsOf(subject).includes(rule.guest)) &&
    (rule.pool === undefined || rule.pool === (kindOf(kind).belongs?.pool === 'id' ? id : pool)) &&
    (rule.tag === undefined || (Array.isArray(tags) && (tags as Value[]).includes(rule.tag)))
  )
}

/** Whether a text is like a pattern, in which `*` stands for any characters. */
function isLike(text: string, pattern: string): boolean {
  if (!pattern.includes('*')) return text === pattern
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()!
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > text.length - last.length) return false
    at = found + part.length
  }
  return true
}

/** The VMID of a guest, or of the one that something is a part of: nobody wants the firewall of a guest that is left out. */
function guestsOf({kind, id}: IgnoreSubject): (string | number)[] {
  if (isGuest(kind)) return [id]
  return parentsOf({kind, id}).flatMap((parent) => (isGuest(parent.kind) ? [parent.id] : []))
}

/** An observed object as rules see it. */
export function subjectOf({kind, id, facts, config}: Observed): IgnoreSubject {
  const fact = /^facts\.(.+)$/.exec(kindOf(kind).belongs?.pool ?? '')?.[1]
  return {kind, id, pool: fact === undefined ? undefined : own(facts, fact), tags: config.tags}
}

/** A declared object as rules see it. */
export function subjectOfDeclared({kind, id, pool, config}: Declared): IgnoreSubject {
  return {kind, id, pool, tags: config.tags}
}

/** An object without the keys that are left out; a copy where there are any. */
export function withoutKeys<T extends {config: Config}>(object: T, isIgnored: (key: string) => boolean): T {
  if (!Object.keys(object.config).some(isIgnored)) return object
  return {...object, config: Object.fromEntries(Object.entries(object.config).filter(([key]) => !isIgnored(key)))}
}
