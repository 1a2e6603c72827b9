import type {Declared, KindName, Value} from '../resources/model.js'
import {toManifest} from '../values/manifest.js'
import {compareConfigKeys, inlineText, pairLines, textScalar} from './emit.js'
import type {Plain} from './emit.js'

/** Blanks per level in what pmpc writes itself. */
const STEP = 2

/** The text of a new manifest: deterministic, and read as the same values by every YAML parser. Ends with a line end. */
export function printManifest(declared: Declared): string {
  return print(declared, (key, value) =>
    pairLines(key, toManifest(declared.kind, key, value), {
      indent: STEP,
      step: STEP,
      trims: trimsText(declared.kind, key),
    }),
  )
}

/** The texts that this pmpc or an older one may have written as a new manifest: before, a list of lists had one line, and none was in a property string. */
export function printedManifests(declared: Declared): string[] {
  const older = print(declared, (key, value) =>
    Array.isArray(value)
      ? [`${' '.repeat(STEP)}${textScalar(key)}: ${inlineText(value)}`]
      : pairLines(key, value, {indent: STEP, step: STEP, trims: trimsText(declared.kind, key)}),
  )
  return [printManifest(declared), older]
}

function print(declared: Declared, linesOf: (key: string, value: Value) => string[]): string {
  const {kind, id, cluster, pool, placement, power, config} = declared
  const beside: Record<string, Plain | undefined> = {kind, id, cluster, pool, placement, power}
  const lines = Object.entries(beside).flatMap(([key, value]) =>
    value === undefined ? [] : pairLines(key, value, {indent: 0, step: STEP}),
  )
  const keys = Object.keys(config).sort(compareConfigKeys)
  lines.push(keys.length > 0 ? 'config:' : 'config: {}')
  for (const key of keys) lines.push(...linesOf(key, config[key]!))
  return `${lines.join('\n')}\n`
}

/** Whether white space at the end of this key's text means nothing, so that a plain `|` may be written. */
export function trimsText(kind: KindName, key: string): boolean {
  return key === 'description' && (kind === 'vm' || kind === 'container' || kind === 'node')
}
