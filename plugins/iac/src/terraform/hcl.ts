/** A text that stands in the code as it is: a reference, `proxmox_virtual_environment_pool.pool_shop.pool_id`. Never of people's words. */
export class Raw {
  constructor(readonly text: string) {}
}

/** A value in HCL. A map, whose keys are ASCII, is written over several lines, a list in one where it fits. */
export type Expression =
  string | number | boolean | null | Raw | readonly Expression[] | {readonly [key: string]: Expression}

export interface Attribute {
  readonly name: string
  readonly value: Expression
}

export interface Block {
  readonly type: string
  readonly labels?: readonly string[]
  readonly body: Body
}

/** A line of its own; of pmpc's words, or made one line by whoever writes it. */
export interface Comment {
  readonly comment: string
}

export type Item = Attribute | Block | Comment
export type Body = readonly Item[]

/** How long a line with a list may be before each element gets one. */
const width = 110

/**
 * The text of a body as `terraform fmt` would leave it (hashicorp/hcl, hclwrite/format.go (formatCells)): two blanks a level, `=` in one column
 * over attributes that stand below each other and have one line each. An empty line stands before and after a block.
 */
export function printBody(body: Body, level = 0): string {
  const lines: string[] = []
  for (let at = 0; at < body.length;) {
    const item = body[at]!
    const before = body[at - 1]
    if (before && isApart(before, item)) lines.push('')
    if ('value' in item) {
      const run = attributesFrom(body, at)
      lines.push(...printRun(run, level))
      at += run.length
      continue
    }
    lines.push(...('comment' in item ? [`${indent(level)}# ${item.comment}`] : printBlock(item, level)))
    at += 1
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** A comment belongs to what follows it. */
function isApart(before: Item, item: Item): boolean {
  if ('comment' in before) return false
  return 'body' in before || 'body' in item || ('comment' in item && !('value' in before))
}

function attributesFrom(body: Body, from: number): Attribute[] {
  const run: Attribute[] = []
  for (let at = from; at < body.length; at += 1) {
    const item = body[at]!
    if (!('value' in item)) break
    run.push(item)
  }
  return run
}

/** Attributes below each other. One that takes several lines has no column, and those before and after it have one each. */
function printRun(run: readonly Attribute[], level: number): string[] {
  const cells = run.map(({name, value}) => ({name, lines: printValue(value, level, name.length)}))
  return printCells(cells, level)
}

interface Cell {
  name: string
  lines: string[]
}

function printCells(cells: readonly Cell[], level: number): string[] {
  const lines: string[] = []
  for (let at = 0; at < cells.length;) {
    let end = at
    while (end < cells.length && cells[end]!.lines.length === 1) end += 1
    const column = Math.max(0, ...cells.slice(at, end).map(({name}) => name.length))
    for (const {name, lines: only} of cells.slice(at, end))
      lines.push(`${indent(level)}${name}${' '.repeat(column - name.length)} = ${only[0]!}`)
    const several = cells[end]
    if (several) lines.push(`${indent(level)}${several.name} = ${several.lines[0]!}`, ...several.lines.slice(1))
    at = end + 1
  }
  return lines
}

function printBlock({type, labels = [], body}: Block, level: number): string[] {
  const head = [type, ...labels.map(quote), '{'].join(' ')
  if (body.length === 0) return [`${indent(level)}${head}}`]
  return [`${indent(level)}${head}`, printBody(body, level + 1).slice(0, -1), `${indent(level)}}`]
}

/** A value as lines; the first is without indent. */
function printValue(value: Expression, level: number, before: number): string[] {
  if (isList(value)) return printList(value, level, before)
  if (typeof value !== 'object' || value === null || value instanceof Raw) return [printScalar(value)]
  const entries = Object.entries(value)
  if (entries.length === 0) return ['{}']
  const cells = entries.map(([key, of]) => ({name: printKey(key), lines: printValue(of, level + 1, key.length)}))
  return ['{', ...printCells(cells, level + 1), `${indent(level)}}`]
}

function printList(list: readonly Expression[], level: number, before: number): string[] {
  const elements = list.map((element) => printValue(element, level + 1, 0))
  const line = `[${elements.map(([first]) => first).join(', ')}]`
  const isOneLine = elements.every(({length}) => length === 1)
  if (isOneLine && (list.length <= 1 || indent(level).length + before + 3 + line.length <= width)) return [line]
  return [
    '[',
    ...elements.flatMap(([first, ...rest]) => [`${indent(level + 1)}${first!}`, ...rest].map(ended)),
    `${indent(level)}]`,
  ]

  function ended(text: string, at: number, {length}: {length: number}): string {
    return at === length - 1 ? `${text},` : text
  }
}

const isList = (value: Expression): value is readonly Expression[] => Array.isArray(value)

function printScalar(value: string | number | boolean | null | Raw): string {
  if (value instanceof Raw) return value.text
  if (typeof value === 'string') return quote(value)
  return typeof value === 'number' ? printNumber(value) : String(value)
}

/** HCL has decimal numbers; JavaScript prints a few with an exponent. */
function printNumber(value: number): string {
  const text = String(value)
  return /e/i.test(text) ? BigInt(Math.round(value)).toString() : text
}

/** `for` would begin another expression. */
const printKey = (key: string): string => (isIdentifier(key) && key !== 'for' ? key : quote(key))

/** Whether a name may stand in the code without quotes. */
export const isIdentifier = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)

const indent = (level: number): string => '  '.repeat(level)

const escapes: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\'}

/** What stands in quotes as it is: all that Go calls printable (unicode.IsPrint). */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/**
 * A string in quotes, whatever is in it (hashicorp/hcl, hclwrite/generate.go (escapeQuotedStringLit)): `${` and `%{` do not begin a template, and what
 * cannot be seen is escaped. Terraform compares strings in normal form C, so the other form need not be kept.
 */
export function quote(text: string): string {
  const characters = [...text]
  return `"${characters.map((character, at) => escaped(character, characters[at + 1])).join('')}"`
}

function escaped(character: string, next: string | undefined): string {
  const known = escapes[character]
  if (known !== undefined) return known
  if (character === '$' || character === '%') return next === '{' ? character + character : character
  if (printable.test(character)) return character
  const code = character.codePointAt(0)!
  // Half of a pair is no character, and UTF-8 has no bytes for it.
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
