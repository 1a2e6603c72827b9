import {isDeepStrictEqual} from 'node:util'
import {localKey} from '../resources/index.js'
import {secretIn} from '../secrets/index.js'
import type {ClusterState, Observed} from '../resources/index.js'

/** Free text that looks as if it held a secret. */
export interface Suspect {
  object: string
  field: string
  /** What it looks like; never the text itself. */
  looksLike: string
  /** The key that an ignore rule would leave out; absent where none can. */
  key?: string
}

/** Text that looks like a secret and is about to be committed for the first time. */
export function suspects(before: ClusterState | undefined, after: ClusterState): Suspect[] {
  const known = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  return after.objects.flatMap((object) => {
    const earlier = known.get(localKey(object))
    if (isDeepStrictEqual(earlier, object)) return []
    const was = new Set(earlier ? textsOf(earlier).map(({text}) => text) : [])
    return textsOf(object).flatMap(({text, ...place}) => {
      const looksLike = was.has(text) ? undefined : secretIn(text)
      return looksLike ? [{object: localKey(object), ...place, looksLike}] : []
    })
  })
}

/**
 * Every text of an object. Not only the keys that are made for free text: a container's `env` (PVE 9.1), raw `lxc.*` lines and a
 * storage's mount `options` hold passwords as easily as a description or `args` do.
 */
function textsOf({config, running, snapshots}: Observed): {field: string; key?: string; text: string}[] {
  const texts = (part: string, values: Record<string, unknown>) =>
    Object.entries(values).flatMap(([key, value]) =>
      stringsIn(value).map((text) => ({field: `${part}.${key}`, key, text})),
    )
  const descriptions = (snapshots ?? []).flatMap(({name, description}) =>
    typeof description === 'string' ? [{field: `snapshots.${name}`, text: description}] : [],
  )
  return [...texts('config', config), ...texts('running', running ?? {}), ...descriptions]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}
