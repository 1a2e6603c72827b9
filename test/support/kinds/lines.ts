import {isMap, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair, type YAMLMap} from 'yaml'
import type {Lines} from './case.js'

/** A key that is taken out of a document. */
export interface Removal {
  /** Where it stands; the last one is the key itself. */
  readonly path: readonly string[]
  /** What holds it is an object of its own, which is there without any key. */
  readonly stays: boolean
}

/** What stands at a path of a document: keys of maps, places of lists; undefined where there is nothing. */
export function nodeAt(document: Document, path: readonly string[]): unknown {
  let node: unknown = document.contents
  for (const key of path)
    node = isSeq(node) ? node.items[Number(key)] : isMap(node) ? pairIn(node, key)?.value : undefined
  return node
}

export const has = (document: Document, path: readonly string[]): boolean => {
  const holder = nodeAt(document, path.slice(0, -1))
  return isSeq(holder) ? holder.items.length > Number(path.at(-1)) : isMap(holder) && !!pairIn(holder, path.at(-1)!)
}

function pairIn(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  return (map.items as Pair<Node, Node | null>[]).find((item) => String((item.key as {value?: unknown}).value) === key)
}

/**
 * What `git diff` has to show once keys are taken out of a document: the lines of each, all of them where a map is written in lines; one line that changes
 * where it stands among others; and what is left where a map has no key any more.
 */
export function linesWithout(text: string, removals: readonly Removal[]): Lines {
  const counter = new LineCounter()
  const document = parseDocument(text, {lineCounter: counter})
  const lineOf = (offset: number): number => counter.linePos(offset).line
  const changed = new Set<number>()
  let [added, removed] = [0, 0]
  const count = (pair: Pair<Node, Node | null>): number => {
    const [start] = pair.key.range!
    const end = pair.value?.range?.[1] ?? pair.key.range![1]
    return lineOf(text[end - 1] === '\n' ? end - 1 : end) - lineOf(start) + 1
  }
  const left = [...removals]
  while (left.length > 0) {
    // The deepest first: a map that is left without a key may leave its own without one.
    const at = left.reduce((a, b) => (b.path.length > a.path.length ? b : a)).path.slice(0, -1)
    const group = left.filter(({path}) => path.slice(0, -1).join('\0') === at.join('\0'))
    for (const one of group) left.splice(left.indexOf(one), 1)
    const map = nodeAt(document, at)
    if (!isMap(map)) continue
    const pairs = group.flatMap(({path}) => pairIn(map, path.at(-1)!) ?? [])
    if (pairs.length === 0) continue
    if (map.flow) {
      changed.add(lineOf(map.range![0]))
      continue
    }
    for (const pair of pairs) removed += count(pair)
    if (pairs.length < map.items.length) continue
    // Nothing is left: the line of its own key says so, or goes as well.
    if (at.length === 1 || group.some(({stays}) => stays)) [added, removed] = [added + 1, removed + 1]
    else left.push({path: at, stays: false})
    if (at.length > 1 && !group.some(({stays}) => stays)) removed -= pairs.reduce((sum, pair) => sum + count(pair), 0)
  }
  return [added + changed.size, removed + changed.size]
}
