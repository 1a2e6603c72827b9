import {LineCounter, YAMLParseError, isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit} from 'yaml'
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

/**
 * Values of a document, those that aliases repeat counted each time: a few lines of YAML could else fill the memory. As many as a file that is read can
 * well hold, so that pmpc reads what it writes: a firewall of 10,000 rules.
 */
const MOST_NODES = 100_000
/** How deep values may be nested, with aliases followed: many times what a manifest needs, and far from the end of the stack. */
const DEEPEST = 64

/** Parses YAML 1.2 (core schema) with merge keys; errors are left in the documents. A byte order mark must be cut off before. */
export function parseTree(text: string): Tree {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    keepSourceTokens: true,
    merge: true,
    // The library compares each key with all before it: 20,000 keys, which fit into 200 kB, would take it ten seconds.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  })
  for (const document of documents) check(document as Document.Parsed)
  return {text, documents: [...documents] as Document.Parsed[], lines}
}

/** Adds what is wrong with a document beside its syntax: keys that stand twice in one map, and values that are nested too deeply. */
function check(document: Document.Parsed): void {
  const left: {node: unknown; depth: number}[] = [{node: document.contents, depth: 0}]
  const found: YAMLParseError[] = []
  for (let next = left.pop(); next; next = left.pop()) {
    const {node, depth} = next
    if (!isMap(node) && !isSeq(node)) continue
    if (depth === DEEPEST) found.push(problemAt(node, 'IMPOSSIBLE', tooDeep))
    else if (isSeq(node)) for (const item of node.items) left.push({node: item, depth: depth + 1})
    else {
      const keys = new Set<unknown>()
      for (const {key, value} of node.items) {
        const name = isScalar(key) ? key.value : key
        if (keys.has(name)) found.push(problemAt(key as Node, 'DUPLICATE_KEY', 'Map keys must be unique'))
        keys.add(name)
        left.push({node: key, depth: depth + 1}, {node: value, depth: depth + 1})
      }
    }
  }
  for (const error of document.errors) if (error.message.startsWith('Maximum call stack')) error.message = tooDeep
  document.errors.push(...found)
  document.errors.sort((a, b) => a.pos[0] - b.pos[0])
}

const tooDeep = 'values are nested too deeply'

function problemAt(node: Node, code: 'IMPOSSIBLE' | 'DUPLICATE_KEY', message: string): YAMLParseError {
  const at = node.range?.[0] ?? 0
  return new YAMLParseError([at, at + 1], code, message)
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
  private targets: Map<Alias, Node> | undefined

  constructor(private readonly document: Document) {}

  read(node: Node | null | undefined): Plain {
    if (!node) return null
    if (++this.count > MOST_NODES)
      throw unreadable(`there are more than ${MOST_NODES} values, those that aliases repeat counted each time`, node)
    if (isScalar(node)) return scalarOf(node)
    if (this.open.size > DEEPEST * 2) throw unreadable('aliases make values that are nested too deeply', node)
    if (this.open.has(node)) throw unreadable('an alias refers to an anchor from within it', node)
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
    const target = (this.targets ??= targetsIn(this.document)).get(alias)
    if (!target) throw unreadable(`an alias names an anchor that is not above it: ${alias.source}`, alias)
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

/** What each alias stands for: the last node with its anchor above it. The library looks for it from the beginning, for each alias anew. */
function targetsIn(document: Document): Map<Alias, Node> {
  const targets = new Map<Alias, Node>()
  const anchors = new Map<string, Node>()
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) targets.set(node, target)
      } else if (node.anchor) anchors.set(node.anchor, node)
    },
  })
  return targets
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
function unreadable(what: string, node: Node): PmpcError {
  return new PmpcError('PMPC_BAD_ALIAS', what, {
    suggestions: ['write the values out where the aliases stand'],
    data: {offset: node.range?.[0]},
  })
}

/** Where the last part of a path stands that is there, counted from 1. */
export function positionOf(tree: Tree, path: readonly (string | number)[]): {line: number; column: number} {
  const {line, col} = tree.lines.linePos(offsetOf(tree, path))
  return {line, column: col}
}

function offsetOf({documents}: Tree, path: readonly (string | number)[]): number {
  let node = (documents[0]?.contents ?? null) as Node | null
  let offset = node?.range?.[0] ?? 0
  for (const part of path) {
    if (isMap(node) && typeof part === 'string') {
      const pair = ownPair(node as YAMLMap, part)
      if (!pair || keyOf(pair) === undefined) return offset
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value as Node | null
    } else if (isSeq(node) && typeof part === 'number') {
      node = (node.items[part] ?? null) as Node | null
      offset = node?.range?.[0] ?? offset
    } else return offset
  }
  return isScalar(node) && typeof path.at(-1) === 'number' ? (node.range?.[0] ?? offset) : offset
}
