import {isMap, parseField, parseRef, type Config, type Observed, type Value} from 'pmpc/kit/resources'
import {differenceAt} from 'pmpc/kit/state'
import {visible} from 'pmpc/kit/text'
import type {ClusterStatus} from 'pmpc/kit/verbs'
import {describeOpen} from 'pmpc/kit/workspace'
import type {Secrets} from './secrets.js'

/** Something that waited for somebody. */
export interface Offered {
  /** `yours`: a wish that the cluster has not; `unmanaged`: it has no manifest; `stale`: it could not be read. */
  sort: 'drift' | 'conflict' | 'yours' | 'unmanaged' | 'stale'
  /** `home/vm/100` */
  object: string
  field?: string
  /** As `pmpc status` tells it. */
  text: string
}

/** What waits for somebody, as texts, and without secrets: a manifest may hold one, and so may what was agreed on. */
export async function openIn(clusters: readonly ClusterStatus[], secrets: Secrets): Promise<Offered[]> {
  const found: Offered[] = []
  for (const {cluster, drift, conflicts, yours, unmanaged, stale} of clusters) {
    for (const item of [...drift, ...conflicts]) {
      const clean = await told(item, [item.base, item.offer, item.yours], secrets)
      found.push({...placeOf(item, item.state), text: describeOpen(clean).join('\n')})
    }
    for (const wish of yours) {
      const {object, field, wanted, observed, absent} = await told(wish, [wish.wanted, wish.observed], secrets)
      const whole = absent ? 'to be destroyed' : 'not in the cluster'
      const lines =
        field === undefined ? [`${object}: ${whole}`] : differenceAt(visible(`${object} ${field}:`), observed, wanted)
      found.push({...placeOf(wish, 'yours'), text: lines.join('\n')})
    }
    for (const object of unmanaged) found.push({sort: 'unmanaged', object, text: object})
    for (const {object, why} of stale)
      found.push({sort: 'stale', object: nameIn(cluster, object), text: secrets.hide(`${object}: ${why}`)})
  }
  return found
}

const nameIn = (cluster: string, object: string): string =>
  object.startsWith(`${cluster}/`) ? object : `${cluster}/${object}`

function placeOf(
  {object, field}: {object: string; field?: string},
  sort: Offered['sort'],
): Pick<Offered, 'sort' | 'object' | 'field'> {
  return {sort, object, ...(field !== undefined && {field})}
}

/** An item without the secrets in its values. Before anything is cut: of a secret not even a part may stay. */
async function told<T extends {object: string; field?: string}>(
  item: T,
  values: readonly unknown[],
  secrets: Secrets,
): Promise<T> {
  const {cluster, kind, id} = parseRef(item.object)
  const path = item.field === undefined ? [] : (parseField(item.field)?.path.slice(1) ?? [])
  for (const value of values) {
    if (value === undefined || value === null) continue
    const whole = path.reduceRight<unknown>((inner, key) => ({[key]: inner}), value) as Value
    const config: Config = isMap(whole) ? whole : {value: whole}
    const object: Observed = {kind, id, config, facts: {}}
    await secrets.learn(object, cluster)
  }
  return secrets.hide(item)
}
