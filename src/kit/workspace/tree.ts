import {LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments} from 'yaml'
import type {Alias, Document, Node, Pair, Scalar, YAMLMap} from 'yaml'
import {PmpcError} from '../errors/index.js'
import {setOwn} from '../resources/index.js'
import type {Plain} from './emit.js'

/** A text and its YAML documents, with the tokens that say where everything stands. */
export interface Tree {
  text: string
  documents: Document.Parsed[]
  lines: LineCounter
}

/** How often anchored values may be repeated in all: a few lines of YAML could else fill the memory. */
const MOST_NODES = 20_000

/** Parses YAML 1.2 (core schema) with merge keys; errors are left in the documents. A byte order mark must be cut off before. */
export function parseTree(text: string): Tree {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    keepSourceTokens: true,
    merge: true,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  })
  return {text, documents: [...documents] as Document.Parsed[], lines}
}

/** Whether a pair is `<<`. */
export function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && typeof pair.key.value === 'symbol'
}

/** A pair's key as text; undefined where the key is no scalar. */
export function keyOf(pair: Pair): string | undefined {
  const {key} = pair
  if (key === null) return ''
  if (!isScalar(key) || typeof key.value === 'symbol') return undefined
  return key.type === 'PLAIN' ? (key.source ?? String(key.value)) : String(key.value)
}

/** The map's own pair of that name; those that come through `<<` are not its own. */
export function ownPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key)
}

/** What a document says, with aliases and merge keys followed. Numbers that JavaScript cannot hold stay texts. */
export function plainOf(document: Document): Plain {
  return new Reader(document).read(document.contents as Node | null)
}

/** A node of a document, likewise. */
export function plainOfNode(document: Document, node: Node | null): Plain {
  return new Reader(document).read(node)
}

class Reader {
  private readonly open = new Set<Node>()
  private count = 0

  constructor(private readonly document: Document) {}

  read(node: Node | null | undefined): Plain {
    if (!node) return null
    if (++this.count > MOST_NODES) throw badAlias('repeats anchored values too often', node)
    if (isScalar(node)) return scalarOf(node)
    if (this.open.has(node)) throw badAlias('refers to an anchor from within it', node)
    this.open.add(node)
    const plain = this.readInside(node)
    this.open.delete(node)
    return plain
  }

  private readInside(node: Node): Plain {
    if (isAlias(node)) return this.read(this.target(node))
    if (isSeq(node)) return node.items.map((item) => this.read(item as Node))
    const map: {[key: string]: Plain} = {}
    if (isMap(node)) this.readMap(node, map)
    return map
  }

  private target(alias: Alias): Node {
    const target = alias.resolve(this.document) as Node | undefined
    if (!target) throw badAlias(`names an anchor that is not above it: ${alias.source}`, alias)
    return target
  }

  private readMap(node: YAMLMap, into: {[key: string]: Plain}): void {
    for (const pair of node.items) {
      const key = keyOf(pair)
      if (key !== undefined) setOwn<Plain>(into, key, this.read(pair.value as Node | null))
    }
    for (const pair of node.items) if (isMergeKey(pair)) this.merge(pair.value as Node, into)
  }

  /** Keys of its own win over merged ones; of several merged maps the first wins. */
  private merge(source: Node | undefined, into: {[key: string]: Plain}): void {
    const resolved = source && isAlias(source) ? this.target(source) : source
    if (isSeq(resolved)) for (const item of resolved.items) this.merge(item as Node, into)
    if (!isMap(resolved)) return
    const merged = this.read(resolved) as {[key: string]: Plain}
    for (const [key, value] of Object.entries(merged)) if (!Object.hasOwn(into, key)) setOwn<Plain>(into, key, value)
  }
}

function scalarOf(node: Scalar): Plain {
  const {value, source} = node
  if (typeof value === 'number') {
    const lost = !Number.isFinite(value) || (!Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source ?? ''))
    return lost && source !== undefined ? source : value
  }
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  return source ?? String(value)
}

/** Thrown by `plainOf`, with the offset; the caller says which line that is. */
function badAlias(what: string, node: Node): PmpcError {
  return new PmpcError('PMPC_BAD_ALIAS', `an alias ${what}`, {
    suggestions: ['write the value out where the alias stands'],
    data: {offset: node.range?.[0]},
  })
}
