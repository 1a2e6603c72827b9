/**
 * Changes of YAML text that leave all else as it stands. Each function returns the texts that may be meant, none where the place has a form
 * that it does not know; whether one says what was meant is for the caller to check by reading it again.
 */
import {isAlias, isCollection, isMap, isScalar, isSeq, Lexer} from 'yaml'
import type {CST, Node, Pair, Scalar, YAMLMap, YAMLSeq} from 'yaml'
import type {Order} from '../resources/order.js'
import {inlineText, indented, literalOf, pairLines, textScalar} from './emit.js'
import type {Layout, Plain, Style} from './emit.js'
import {isMergeKey, keyOf} from './tree.js'

/** Beyond the text: what is put where. */
export interface SpliceOptions {
  /** Of new keys among their siblings, where those are sorted. */
  order: Order
  /** Of the value. */
  layout: Layout
  /** Blanks per level, as the file has it. */
  step: number
  /** Of the file. */
  eol: string
}

/** Adds a pair to a map: at its place where the siblings are sorted, else at the end. */
export function insertPair(text: string, map: YAMLMap, key: string, value: Plain, options: SpliceOptions): string[] {
  const place = placeOf(map, key, options.order)
  if (map.flow) {
    return insertItem(
      text,
      flowItems(map),
      startOf(map),
      place,
      `${textScalar(key, true)}: ${inlineText(value, true, 'plain', options.layout)}`,
      options,
    )
  }
  const first = map.items[0]
  if (!first) return []
  const indent = columnOf(text, keyStart(first))
  const lines = pairLines(key, value, {...options.layout, indent, step: options.step})
  const block = lines.map((line) => line + options.eol).join('')
  // Nothing comes between the dash of a list and its first key.
  const at = place === 0 && !standsAlone(text, keyStart(first)) ? 1 : place
  const above = map.items[at - 1]
  const offset = above
    ? afterInnerComments(text, lineEnd(text, pairEnd(above)), indent)
    : beforeComments(text, keyStart(first))
  return [splice(text, offset, offset, block)]
}

/** The index at which a new key belongs. */
function placeOf(map: YAMLMap, key: string, order: Order): number {
  const keys = map.items.map((pair) => (isMergeKey(pair) ? undefined : keyOf(pair)))
  const known = keys.filter((name) => name !== undefined)
  const sorted = known.every((name, i) => i === 0 || order(known[i - 1]!, name) <= 0)
  const next = sorted ? keys.findIndex((name) => name !== undefined && order(key, name) < 0) : -1
  return next < 0 ? keys.length : next
}

/** Comment lines right above the first key are its; a new first key goes above them. */
function beforeComments(text: string, offset: number): number {
  let start = lineStart(text, offset)
  for (;;) {
    if (start === 0) return start
    const before = lineStart(text, start - 1)
    if (!/^[ \t]+#/.test(text.slice(before, start))) return start
    start = before
  }
}

/** Takes a pair out. Comments above it stay: they may be about what follows, and nobody's words are thrown away by guess. */
export function removePair(text: string, map: YAMLMap, pair: Pair): string[] {
  const index = map.items.indexOf(pair)
  if (map.flow) return removeItem(text, flowItems(map), index)
  const start = lineStart(text, keyStart(pair))
  const indent = keyStart(pair) - start
  if (!standsAlone(text, keyStart(pair))) return removeFirst(text, map)
  const end = afterInnerComments(text, lineEnd(text, pairEnd(pair)), indent)
  return [splice(text, start, end, commentsIn(text.slice(start, end), indent))]
}

/** The first key behind the dash of a list: the next one comes into its place. */
function removeFirst(text: string, map: YAMLMap): string[] {
  const [first, second] = map.items
  if (!first || !second || text.slice(keyStart(first), keyStart(second)).includes('#')) return []
  return [splice(text, keyStart(first), keyStart(second), '')]
}

/** The comments of a text, a line each: what people wrote about a value is theirs, and stays where the value was. */
function commentsIn(text: string, indent: number): string {
  const eol = text.endsWith('\r\n') ? '\r\n' : '\n'
  const comments = commentTokens(text).map(({comment}) => comment)
  return comments.map((comment) => ' '.repeat(indent) + comment.trimEnd() + eol).join('')
}

/** The comments of a text that have a line of their own. What begins with `#` within a block scalar is text. */
export function commentLines(text: string): string[] {
  return commentTokens(text).flatMap(({comment, before}) => (before.trim() === '' ? [comment.trimEnd()] : []))
}

/** All comments of a text, in their order. */
export function commentsOf(text: string): string[] {
  return commentTokens(text).map(({comment}) => comment.trimEnd())
}

/** @returns each comment, with what stands before it in its line */
function commentTokens(text: string): {comment: string; before: string}[] {
  if (!text.includes('#')) return []
  let line = ''
  let isText = false
  const found: {comment: string; before: string}[] = []
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith('#') && !isText) found.push({comment: token, before: line})
    // A scalar is announced by U+001F; its text may begin with any character.
    isText = token === '\u001f'
    line = (line + token).split('\n').at(-1)!
  }
  return found
}

/** Comment lines that are indented deeper than the pair are about it. */
function afterInnerComments(text: string, offset: number, indent: number): number {
  let end = offset
  for (;;) {
    const next = nextLine(text, end)
    const comment = text.slice(end, next)
    if (!/^ *#/.test(comment) || comment.indexOf('#') <= indent) return end
    end = next
  }
}

/** Gives a pair another value; the ways to write it, the least change first. */
export function replaceValue(text: string, map: YAMLMap, pair: Pair, value: Plain, options: SpliceOptions): string[] {
  const node = pair.value as Node | null
  if (isScalar(node) && node.type?.startsWith('BLOCK') && typeof value === 'string' && !map.flow) {
    const kept = replaceBlockText(text, pair, node, value, options)
    if (kept.length > 0) return kept
  }
  const lines = map.flow ? undefined : blockForm(text, pair, value, options)
  const results: string[] = []
  if (!lines && isInline(node)) results.push(...replaceInline(text, node, value, map.flow ?? false, options.layout))
  if (!lines && isEmpty(node)) {
    const form = inlineText(value, map.flow, 'plain', options.layout)
    results.push(splice(text, colonEnd(pair), colonEnd(pair), ` ${form}`))
  }
  if (!map.flow) results.push(rewrite(text, pair, value, lines, options))
  return results
}

/** Scalars, aliases and flow collections; an empty value is none. */
function isInline(node: Node | null): node is Node {
  if (isEmpty(node)) return false
  if (isScalar(node)) return !node.type?.startsWith('BLOCK')
  return isAlias(node) || (isCollection(node) && (node as YAMLMap).flow === true)
}

function isEmpty(node: Node | null): boolean {
  return !node || (isScalar(node) && node.value === null && (node.source ?? '') === '')
}

function replaceInline(text: string, node: Node, value: Plain, inFlow: boolean, layout: Layout): string[] {
  const [start, end] = node.range!
  return inlineForms(node, value, inFlow, layout).map((form) => splice(text, start, end, form))
}

/** The ways to write a scalar, the one that is like the old one first. */
function inlineForms(node: Node, value: Plain, inFlow: boolean, layout: Layout = {}): string[] {
  const forms: string[] = []
  if (isScalar(node)) {
    if (typeof node.value === 'boolean' && (value === 0 || value === 1)) forms.push(String(value === 1))
    // A text of digits that people wrote without quotes.
    if (typeof node.value === 'number' && typeof value === 'string' && String(Number(value)) === value)
      forms.push(value)
    const style = styleOf(node)
    if (typeof value !== 'object' && style !== 'plain') forms.push(inlineText(value, inFlow, style))
  }
  return [...forms, inlineText(value, inFlow, 'plain', layout)]
}

function styleOf(node: Scalar): Style {
  return node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'QUOTE_SINGLE' ? 'single' : 'plain'
}

/** The head on the key's line and the lines below it, where a value takes lines of its own. */
interface Block {
  head: string
  lines: string[]
}

function blockForm(text: string, pair: Pair, value: Plain, {step, layout}: SpliceOptions): Block | undefined {
  const indent = columnOf(text, keyStart(pair))
  const lines = pairLines('x', value, {...layout, indent, step})
  if (lines.length === 1) return undefined
  return {head: lines[0]!.trimStart().slice('x:'.length), lines: lines.slice(1)}
}

/** Writes the whole value anew; the comment on the key's line stays there, and others stay as lines. */
function rewrite(
  text: string,
  pair: Pair,
  value: Plain,
  block: Block | undefined,
  {eol, layout, step}: SpliceOptions,
): string {
  const start = colonEnd(pair)
  const node = pair.value as Node | null
  const end = lineEnd(text, pairEnd(pair))
  const onLine = isInline(node) || isEmpty(node)
  const comment = onLine ? restOfLine(text, pairEnd(pair)) : headComment(pair)
  const head = block ? block.head : ` ${inlineText(value, false, 'plain', layout)}`
  const lines = (block?.lines ?? []).map((line) => line + eol).join('')
  const column = columnOf(text, keyStart(pair))
  const inside = onLine ? '' : commentsIn(text.slice(keyStart(pair), end), column + step)
  const others = comment === '' ? inside : inside.slice(nextLine(inside, 0))
  return splice(text, start, end, head + comment + eol + lines + others)
}

function headComment(pair: Pair): string {
  const node = pair.value as Node
  const tokens = [...(tokensOf(pair).sep ?? []), ...((node.srcToken as CST.BlockScalar | undefined)?.props ?? [])]
  for (const token of tokens) {
    if (token.type === 'newline') return ''
    if (token.type === 'comment') return ` ${(token as CST.SourceToken).source}`
  }
  return ''
}

/** A literal or folded block stays a block, with its header's line and its indentation. */
function replaceBlockText(text: string, pair: Pair, node: Scalar, value: string, options: SpliceOptions): string[] {
  const token = node.srcToken as CST.BlockScalar | undefined
  const header = token?.props.find((prop) => prop.type === 'block-scalar-header') as CST.SourceToken | undefined
  if (!token || !header) return []
  const headerEnd = header.offset + header.source.length
  const contentStart = text.indexOf('\n', headerEnd) + 1
  const column = columnOf(text, keyStart(pair))
  const old = /^( *)\S/m.exec(text.slice(contentStart, node.range![1]))?.[1]!.length ?? 0
  const indent = old > column && !/\d/.test(header.source) ? old : column + options.step
  const wanted = /[-+]/.test(header.source) || value.endsWith('\n') ? [value] : [`${value}\n`, value]
  return wanted.flatMap((one) => {
    const literal = literalOf(one, indent - column)
    if (!literal) return []
    const body = indented(literal.lines, indent)
      .map((line) => line + options.eol)
      .join('')
    return [splice(text, header.offset, node.range![1], literal.header + text.slice(headerEnd, contentStart) + body)]
  })
}

/** Removes an element of a list; a comment on its line stays as a line. */
export function removeElement(text: string, seq: YAMLSeq, index: number): string[] {
  if (seq.flow) return removeItem(text, flowItems(seq), index)
  if (seq.items.length === 1) return []
  const {start, end} = blockElement(seq, index)
  const [from, to] = [lineStart(text, start), lineEnd(text, end)]
  return text.slice(from, start).trim() === ''
    ? [splice(text, from, to, commentsIn(text.slice(from, to), start - from))]
    : []
}

/** Writes another element in an element's place, on its line; of a list only the parts that differ. */
export function replaceElement(
  text: string,
  seq: YAMLSeq,
  index: number,
  value: Plain,
  {layout}: SpliceOptions,
): string[] {
  const node = seq.items[index] as Node
  if (isSeq(node) && node.flow && Array.isArray(value) && value.length === node.items.length) {
    return [
      value.reduceRight<string>((now, part, at) => {
        const inner = node.items[at] as Node
        const isSame = isScalar(inner) && String(inner.value) === String(part)
        return isSame ? now : splice(now, inner.range![0], inner.range![1], inlineForms(inner, part, true)[0]!)
      }, text),
    ]
  }
  return isInline(node) ? replaceInline(text, node, value, seq.flow ?? false, layout) : []
}

/** Adds an element to a list. */
export function insertElement(
  text: string,
  seq: YAMLSeq,
  index: number,
  value: Plain,
  options: SpliceOptions,
): string[] {
  const form = inlineText(value, seq.flow, 'plain', options.layout)
  if (seq.flow) return insertItem(text, flowItems(seq), startOf(seq), index, form, options)
  return insertLine(text, seq, index, form, options)
}

/** Adds an element as it stands elsewhere, with what is behind it on its line. */
export function insertLine(text: string, seq: YAMLSeq, index: number, form: string, {eol}: SpliceOptions): string[] {
  if (seq.items.length === 0) return []
  const near = blockElement(seq, index === 0 ? 0 : index - 1)
  const offset = index === 0 ? beforeComments(text, near.start) : lineEnd(text, near.end)
  const blanks = ' '.repeat(columnOf(text, near.start))
  const gap = /^-[ \t]*/.exec(text.slice(near.start))![0]
  return [splice(text, offset, offset, `${blanks}${gap === '-' ? '- ' : gap}${form}${eol}`)]
}

/** The line of an element without its dash, where it has one for itself: what is to be said of it, and the comment. */
export function elementLine(text: string, seq: YAMLSeq, index: number): string | undefined {
  if (seq.flow) return undefined
  const {start, end} = blockElement(seq, index)
  const isLine = standsAlone(text, start) && !text.slice(start, end).includes('\n')
  return isLine ? restOfLine(text, start).replace(/^-[ \t]*/, '') : undefined
}

/** Removes an element that has a line for itself, with its comment: it stands elsewhere now. */
export function removeLine(text: string, seq: YAMLSeq, index: number): string[] {
  if (seq.items.length === 1) return []
  const {start, end} = blockElement(seq, index)
  return [splice(text, lineStart(text, start), lineEnd(text, end), '')]
}

/** The lines of a list written anew in the form it has; comments stay below them. */
export function replaceElements(text: string, seq: YAMLSeq, values: Plain[], options: SpliceOptions): string[] {
  if (seq.flow || values.length === 0 || seq.items.length === 0) return []
  const first = blockElement(seq, 0).start
  const column = columnOf(text, first)
  const forms = values.map((value) => inlineText(value, false, 'plain', options.layout))
  const body = forms.map((form) => `${' '.repeat(column)}- ${form}${options.eol}`).join('')
  const [from, to] = [lineStart(text, first), lineEnd(text, nodeEnd(seq))]
  return [splice(text, from, to, body + commentsIn(text.slice(from, to), column))]
}

function blockElement(seq: YAMLSeq, index: number): {start: number; end: number} {
  const item = (seq.srcToken as CST.BlockSequence).items[index]!
  const mark = item.start.find((token) => token.type === 'seq-item-ind')!
  const node = seq.items[index] as Node
  return {start: mark.offset, end: Math.max(mark.offset + 1, isEmpty(node) ? 0 : nodeEnd(node))}
}

/** A pair or element of a flow collection. */
interface FlowItem {
  start: number
  end: number
  /** Offset of the comma before it. */
  comma?: number
}

function flowItems(collection: YAMLMap | YAMLSeq): FlowItem[] {
  const tokens = (collection.srcToken as CST.FlowCollection).items
  return collection.items.map((item, i) => {
    const comma = tokens[i]?.start.find((token) => token.type === 'comma')?.offset
    const node = item as Node | Pair
    const [start, end] = isNode(node) ? [startOf(node), nodeEnd(node)] : [keyStart(node), pairEnd(node)]
    return {start, end, comma}
  })
}

function isNode(item: Node | Pair): item is Node {
  return isScalar(item) || isAlias(item) || isCollection(item)
}

function insertItem(
  text: string,
  items: FlowItem[],
  open: number,
  at: number,
  item: string,
  {eol}: SpliceOptions,
): string[] {
  const [previous, next] = [items[at - 1], items[at]]
  if (!previous && !next) return [splice(text, open + 1, open + 1, item)]
  const near = (next ?? previous)!
  const own = standsAlone(text, near.start)
  const gap = own ? eol + text.slice(lineStart(text, near.start), near.start) : ' '
  if (next) return [splice(text, next.start, next.start, `${item},${gap}`)]
  const after = /^[ \t]*,/.exec(text.slice(previous!.end))?.[0].length
  if (after === undefined && own) {
    // A comment behind the last item stays behind it.
    const rest = /^[ \t]*(?:#.*)?$/.exec(restOfLine(text, previous!.end))?.[0]
    const end = previous!.end + (rest?.length ?? 0)
    return [splice(text, previous!.end, end, `,${rest ?? ''}${gap}${item}`)]
  }
  if (after === undefined) return [splice(text, previous!.end, previous!.end, `,${gap}${item}`)]
  return [splice(text, previous!.end + after, previous!.end + after, `${gap}${item}${own ? ',' : ''}`)]
}

function removeItem(text: string, items: FlowItem[], index: number): string[] {
  const item = items[index]!
  const next = items[index + 1]
  if (standsAlone(text, item.start) && /^[ \t]*,?[ \t]*(?:#.*)?\r?$/.test(line(text, item.end))) {
    const [from, to] = [lineStart(text, item.start), lineEnd(text, item.end)]
    return [splice(text, from, to, commentsIn(text.slice(from, to), item.start - from))]
  }
  if (item.comma !== undefined) return [splice(text, item.comma, item.end, '')]
  return [splice(text, item.start, next ? next.start : item.end, '')]
}

/** Whether nothing else stands before it on its line. */
function standsAlone(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === ''
}

/** The end of what a pair says, without comments and line end (block texts include theirs). */
function pairEnd(pair: Pair): number {
  const node = pair.value as Node | null
  return isEmpty(node) ? Math.max(colonEnd(pair), propsEnd(pair)) : nodeEnd(node!)
}

function nodeEnd(node: Node): number {
  if (isMap(node) && !node.flow && node.items.length > 0) return pairEnd(node.items.at(-1)!)
  if (isSeq(node) && !node.flow && node.items.length > 0) return blockElement(node, node.items.length - 1).end
  return node.range![1]
}

function startOf(node: Node): number {
  return node.range![0]
}

/** The offset of a pair's key, with its quotes. */
export function keyStart(pair: Pair): number {
  return (pair.key as Node).range![0]
}

function tokensOf(pair: Pair): {sep?: CST.SourceToken[]} {
  return pair.srcToken as {sep?: CST.SourceToken[]}
}

/** The offset behind the colon; of a key without one, behind the key. */
export function colonEnd(pair: Pair): number {
  const colon = tokensOf(pair).sep?.find((token) => token.type === 'map-value-ind')
  return colon ? colon.offset + 1 : (pair.key as Node).range![1]
}

function propsEnd(pair: Pair): number {
  const props = tokensOf(pair).sep?.filter((token) => token.type === 'anchor' || token.type === 'tag') ?? []
  return Math.max(0, ...props.map((token) => token.offset + token.source.length))
}

export function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end)
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** The start of the line after a value's end; a block text ends there already. */
export function lineEnd(text: string, offset: number): number {
  return offset > 0 && text[offset - 1] === '\n' ? offset : nextLine(text, offset)
}

function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}

function line(text: string, offset: number): string {
  const end = text.indexOf('\n', offset)
  return text.slice(offset, end < 0 ? text.length : end)
}

function restOfLine(text: string, offset: number): string {
  return line(text, offset).replace(/\r$/, '').trimEnd()
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}
