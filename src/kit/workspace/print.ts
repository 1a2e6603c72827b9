import type {Declared, KindName} from '../resources/model.js'
import {compareConfigKeys, pairLines} from './emit.js'
import type {Plain} from './emit.js'

/** Blanks per level in what pmpc writes itself. */
export const STEP = 2

/** The text of a new manifest: deterministic, and read as the same values by every YAML parser. Ends with a line end. */
export function printManifest(declared: Declared): string {
  const {kind, id, cluster, pool, placement, power, config} = declared
  const beside: Record<string, Plain | undefined> = {kind, id, cluster, pool, placement, power}
  const lines = Object.entries(beside).flatMap(([key, value]) =>
    value === undefined ? [] : pairLines(key, value, {indent: 0, step: STEP}),
  )
  const keys = Object.keys(config).sort(compareConfigKeys)
  lines.push(keys.length > 0 ? 'config:' : 'config: {}')
  for (const key of keys)
    lines.push(...pairLines(key, config[key]!, {indent: STEP, step: STEP, trims: trimsText(kind, key)}))
  return `${lines.join('\n')}\n`
}

/** Whether white space at the end of this key's text means nothing, so that a plain `|` may be written. */
export function trimsText(kind: KindName, key: string): boolean {
  return key === 'description' && (kind === 'vm' || kind === 'container' || kind === 'node')
}
