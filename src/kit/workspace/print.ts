import {shapeAt} from '../resources/kinds/index.js'
import type {Declared, KindName, Value} from '../resources/model.js'
import {toManifest} from '../values/manifest.js'
import {compareConfigKeys, compareTopKeys, inlineText, layoutOf, pairLines, textScalar} from './emit.js'
import type {Layout, Plain} from './emit.js'

/** Blanks per level in what pmpc writes itself. */
const STEP = 2

/** How the configuration of a kind is laid out. */
export function configLayout(kind: KindName): Layout & Required<Pick<Layout, 'inner'>> {
  return {order: compareConfigKeys, inner: (key) => layoutOf(shapeAt(kind, [key]))}
}

/** How what stands at a place of a document is laid out. */
export function layoutAt(kind: KindName, path: readonly string[]): Layout {
  const document: Layout = {order: compareTopKeys, inner: (key) => (key === 'config' ? configLayout(kind) : {})}
  return path.reduce((layout, key) => layout.inner?.(key) ?? {}, document)
}

/** The text of a new manifest: deterministic, and read as the same values by every YAML parser. Ends with a line end. */
export function printManifest(declared: Declared): string {
  const {inner} = configLayout(declared.kind)
  return print(declared, (key, value) =>
    pairLines(key, toManifest(declared.kind, key, value), {...inner(key), indent: STEP, step: STEP}),
  )
}

/** The texts that this pmpc or an older one may have written as a new manifest: before, a list of lists had one line, and none was in a property string. */
export function printedManifests(declared: Declared): string[] {
  const {inner} = configLayout(declared.kind)
  const older = print(declared, (key, value) =>
    Array.isArray(value)
      ? [`${' '.repeat(STEP)}${textScalar(key)}: ${inlineText(value)}`]
      : pairLines(key, value, {...inner(key), indent: STEP, step: STEP}),
  )
  return [printManifest(declared), older]
}

function print(declared: Declared, linesOf: (key: string, value: Value) => string[]): string {
  const {config, ...beside} = declared
  const lines = Object.entries<Plain | undefined>(beside)
    .sort(([a], [b]) => compareTopKeys(a, b))
    .flatMap(([key, value]) => (value === undefined ? [] : pairLines(key, value, {indent: 0, step: STEP})))
  const keys = Object.keys(config).sort(compareConfigKeys)
  if (declared.absent && keys.length === 0) return `${lines.join('\n')}\n`
  lines.push(keys.length > 0 ? 'config:' : 'config: {}')
  for (const key of keys) lines.push(...linesOf(key, config[key]!))
  return `${lines.join('\n')}\n`
}
