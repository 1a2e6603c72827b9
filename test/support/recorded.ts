import path from 'node:path'
import {configOf, restOf} from '../../src/kit/fetch/answers.js'
import {bothOf} from '../../src/kit/fetch/pending.js'
import type {Config} from '../../src/kit/resources/index.js'
import {wireKinds, type Entry, type WireKind} from '../../src/kit/resources/kinds/on-wire.js'
import {filesIn, readLines, referencePath} from './reference.js'

interface Exchange {
  method: string
  path: string
  status: number
  body: {data?: unknown} | null
}

/** Each answer of a recording to a GET, once. */
function* answers(): Generator<{where: string; at: string; data: unknown}> {
  const seen = new Set<string>()
  for (const [folder, ending] of [
    ['recorded', '.json'],
    ['daemon', '.jsonl'],
  ] as const) {
    for (const file of filesIn(referencePath(folder), ending)) {
      for (const {method, path: asked, status, body} of readLines<Exchange>(file)) {
        const at = asked.replace(/\?.*/, '')
        const key = `${at} ${JSON.stringify(body)}`
        if (method !== 'GET' || status !== 200 || seen.has(key)) continue
        seen.add(key)
        yield {where: `${path.basename(file)} ${asked}`, at, data: body?.data}
      }
    }
  }
}

const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a path is one of a template's; `{base}` may be several parts. */
function fits(template: string, at: string): boolean {
  const pattern = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'base' ? '.+/firewall' : '[^/]+'))
  return new RegExp(`^${pattern}$`).test(at)
}

/** The configurations that an answer holds of a kind: of its objects in a list, of one of them, or a part of one. */
function* configsIn(kind: WireKind, at: string, answer: unknown): Generator<Entry> {
  const {list, item, parts = [], pending} = kind
  const pendingKey = pending && 'key' in pending ? pending.key : undefined
  const declared = (one: unknown) => (isEntry(one) && pendingKey !== undefined ? bothOf(one, pendingKey).declared : one)
  const data = Array.isArray(answer) ? answer.map(declared).filter((one) => one !== undefined) : answer
  if (list?.restIsConfig && fits(list.path, at)) {
    const entries = list.entries ? list.entries(data, {}) : Array.isArray(data) ? data.filter(isEntry) : []
    for (const entry of entries ?? []) yield restOf(kind, entry)
  }
  if (item !== undefined && fits(item, at) && isEntry(data)) yield data
  for (const part of parts) {
    if (part.beside !== undefined || !fits(part.path, at)) continue
    const value = part.value ? part.value(data) : data
    if (part.key !== undefined && value !== undefined) yield {[part.key]: value}
    else if (isEntry(value)) yield value
  }
}

/** The configurations, or the parts of them, that the answers of all recordings hold, as they are kept. */
export function* recordedConfigs(): Generator<{where: string; kind: WireKind; config: Config}> {
  for (const {where, at, data} of answers()) {
    for (const kind of wireKinds)
      for (const raw of configsIn(kind, at, data)) yield {where, kind, config: configOf(kind, raw)}
  }
}
