import {formatRef, parseRefs} from '../resources/refs.js'
import type {AllowRule} from './config.js'

/** Whether a secret may stand in Git: in which object (`vm/100`) of the cluster, under which key. */
export type Allow = (object: string, key: string) => boolean

/** What the rules of `allow:` in pmpc.yaml let through of a cluster. */
export function allowOf(rules: AllowRule[], cluster: string): Allow {
  const allowed = new Set(
    rules.flatMap(({object, key}) => (parseRefs(object, [cluster]) ?? []).map((ref) => `${formatRef(ref)} ${key}`)),
  )
  return (object, key) => allowed.has(`${cluster}/${object} ${key}`)
}
