import {isGuest} from '../resources/kinds/index.js'
import type {Config, Declared, KindName, Observed, Value} from '../resources/index.js'
import type {IgnoreRule} from './config.js'

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
 * `{kind: pool}` all pools, `{tag: ephemeral}` guests with that tag.
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

function covers(rule: IgnoreRule, {kind, id, pool, tags}: IgnoreSubject): boolean {
  return (
    (rule.kind === undefined || rule.kind === kind) &&
    (rule.guest === undefined || (isGuest(kind) && rule.guest === id)) &&
    (rule.pool === undefined || rule.pool === pool || (kind === 'pool' && rule.pool === id)) &&
    (rule.tag === undefined || (Array.isArray(tags) && (tags as Value[]).includes(rule.tag)))
  )
}

/** An observed object as rules see it. */
export function subjectOf({kind, id, facts, config}: Observed): IgnoreSubject {
  return {kind, id, pool: facts.pool, tags: config.tags}
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
