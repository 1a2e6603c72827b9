import {isAlias, isMap, isScalar, isSeq} from 'yaml'
import type {Node, Pair, Scalar} from 'yaml'
import {withoutMark} from './manifests.js'
import type {Position} from './place.js'
import {isMergeKey, keyOf, ownPair, parseTree} from './tree.js'
import type {Tree} from './tree.js'

type Path = readonly (string | number)[]

/** Tells where values stand in a text of manifests. */
export class Locator {
  private readonly tree: Tree

  constructor(text: string) {
    this.tree = parseTree(withoutMark(text).body)
  }

  /**
   * The place of a value, or of the nearest around it that the document itself holds: what comes through `<<` or an alias stands where that is named.
   * @param index of the document in its file, from 0
   * @param path keys from the document's top; of rows their places, or none where the word tells which is meant
   * @param word the element of a list, the key of a map, or the part of a text that is meant; of rows, the one that has it
   */
  find(index: number, path: Path, word?: string | number): Position | undefined {
    const contents = this.tree.documents[index]?.contents as Node | null | undefined
    if (!contents) return undefined
    const offset = this.offsetIn(contents, path, word === undefined ? undefined : String(word)) ?? startOf(contents)
    if (offset === undefined) return undefined
    const {line, col} = this.tree.lines.linePos(offset)
    return {line, column: col}
  }

  private offsetIn(node: Node, [key, ...rest]: Path, word: string | undefined): number | undefined {
    if (isMap(node)) {
      const pair = key === undefined ? this.pairLike(node.items, word) : ownPair(node, String(key))
      if (pair) return (key === undefined ? undefined : this.inPair(pair, rest, word)) ?? startOf(pair.key)
      return startOf(node.items.find(isMergeKey)?.key)
    }
    if (isSeq(node) && typeof key === 'number') {
      const item = node.items[key] as Node | undefined
      const isBare = rest.length === 0 && word === undefined
      return (item && !isBare ? this.offsetIn(item, rest, word) : undefined) ?? startOf(item ?? node)
    }
    if (isSeq(node)) return this.inSequence(node.items as Node[], key === undefined ? [] : [key, ...rest], word)
    if (isScalar(node) && !isAlias(node)) return this.inText(node, key ?? undefined, word)
    return startOf(node)
  }

  private inPair(pair: Pair, rest: Path, word: string | undefined): number | undefined {
    const value = pair.value as Node | null
    const isBare = rest.length === 0 && word === undefined && (isMap(value) || isSeq(value))
    const isEmpty = isScalar(value) && value.range?.[0] === value.range?.[1]
    return value === null || isBare || isEmpty ? undefined : this.offsetIn(value, rest, word)
  }

  private pairLike(pairs: readonly Pair[], word: string | undefined): Pair | undefined {
    const names = pairs.map((pair) => keyOf(pair) ?? '')
    const at = word === undefined ? -1 : names.indexOf(word)
    return pairs[at >= 0 ? at : word === undefined ? 0 : names.findIndex((name) => name.includes(word))]
  }

  /** An element that is the word, or holds it; of rows the one in which the keys lead to it. */
  private inSequence(items: readonly Node[], path: Path, word: string | undefined): number | undefined {
    if (word === undefined) return startOf(items[0])
    const values = items.map((item) => valueAt(item, path))
    const at = values.indexOf(word)
    const item = items[at >= 0 ? at : values.findIndex((value) => value?.includes(word))]
    return item && this.offsetIn(item, path, path.length > 0 || isScalar(item) ? undefined : word)
  }

  /** In a property string the value of the sub-key; else the word in a text that holds more. */
  private inText(node: Scalar, key: string | number | undefined, word: string | undefined): number | undefined {
    const [start, end] = node.range ?? []
    if (start === undefined || end === undefined) return undefined
    const source = this.tree.text.slice(start, end)
    const found = key === undefined ? null : new RegExp(`(?:^|[,'"\\s])${escaped(String(key))}=`).exec(source)
    if (found) return start + found.index + found[0].length
    const at = word === undefined || word === '' ? -1 : source.indexOf(word)
    return start + Math.max(at, 0)
  }
}

const escaped = (text: string): string => text.replaceAll(/[^\w]/g, String.raw`\$&`)

function startOf(node: unknown): number | undefined {
  return (node as {range?: [number, number, number]} | null | undefined)?.range?.[0]
}

function valueAt(node: Node, [key, ...rest]: Path): string | undefined {
  if (key === undefined) return isScalar(node) ? String(node.source ?? node.value) : undefined
  const inner = isMap(node) ? (ownPair(node, String(key))?.value as Node | null | undefined) : undefined
  return inner ? valueAt(inner, rest) : undefined
}
