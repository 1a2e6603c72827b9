import type {KindName, Value} from 'pmpc/kit/resources'
import type {IgnoreRule} from 'pmpc/kit/workspace'

/** What the workspace's ignore rules leave out. */
export interface Ignore {
  object(kind: KindName, id: string | number, pool: string | undefined): boolean
  tags(tags: Value | undefined): boolean
  key(kind: KindName, key: string): boolean
}

/**
 * The rules of `ignore:` in pmpc.yaml. All conditions of one rule must hold: `{kind: vm, key: description}` leaves the description of VMs out,
 * `{kind: pool}` all pools, `{tag: ephemeral}` guests with that tag.
 */
export function ignoreOf(rules: IgnoreRule[]): Ignore {
  const ofObjects = rules.filter((rule) => rule.key === undefined && rule.tag === undefined)
  const ofTags = rules.filter((rule) => rule.tag !== undefined)
  const ofKeys = rules.filter((rule) => rule.key !== undefined)
  return {
    object: (kind, id, pool) =>
      ofObjects.some(
        (rule) =>
          (rule.kind === undefined || rule.kind === kind) &&
          (rule.guest === undefined || ((kind === 'vm' || kind === 'container') && rule.guest === id)) &&
          (rule.pool === undefined || rule.pool === pool || (kind === 'pool' && rule.pool === id)),
      ),
    tags: (tags) => Array.isArray(tags) && ofTags.some((rule) => tags.includes(rule.tag!)),
    key: (kind, key) => ofKeys.some((rule) => rule.key === key && (rule.kind === undefined || rule.kind === kind)),
  }
}
