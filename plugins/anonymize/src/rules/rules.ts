import {isMap, isScalar, isSeq, LineCounter, parseDocument, type Node} from 'yaml'
import {bytesOf, defaultRules, type FindKind, type Rules} from 'pmpc/kit/anonymize'
import {OWN_FOLDER, readInside} from 'pmpc/kit/files'
import {PmpcError} from 'pmpc/kit/errors'
import {nearest} from 'pmpc/kit/workspace'
import {compiled} from './patterns.js'

/** Where the rules of a workspace are; committed, as all who work with it need the same. */
export const RULES_PATH = `${OWN_FOLDER}/privacy.yaml`

/** What a find can be called. */
export const KINDS = [
  ...['ipv4', 'ipv6', 'mac', 'host', 'domain', 'mail', 'user', 'person', 'realm', 'name', 'password', 'token', 'key'],
  ...['certificate', 'uuid', 'serial', 'iqn', 'path', 'note', 'custom'],
] as readonly FindKind[]

/** Something wrong in it. */
export interface RuleProblem {
  message: string
  line: number
  column: number
}

/** Its keys. */
export const KEYS = ['allow', 'block', 'patterns', 'notes', 'vendors', 'unknown', 'strict'] as const

/** The rules of a workspace; the usual ones where it has none. @throws PMPC_PRIVACY_RULES, PMPC_UNSAFE_PATH */
export function rulesOf(root: string): Rules {
  const text = readInside(root, RULES_PATH)?.toString('utf8')
  return text === undefined ? defaultRules : parseRules(text)
}

/** Reads and checks the text of privacy.yaml. @throws PMPC_PRIVACY_RULES that names line and column of everything wrong */
export function parseRules(text: string): Rules {
  const reader = new Reader(text)
  const rules = reader.read()
  if (reader.problems.length > 0)
    throw rulesError(reader.problems.sort((a, b) => a.line - b.line || a.column - b.column))
  return rules
}

function rulesError(problems: RuleProblem[]): PmpcError {
  const lines = problems.map(({message, line, column}) => `${RULES_PATH}:${line}:${column}: ${message}`)
  return new PmpcError(
    'PMPC_PRIVACY_RULES',
    lines.length === 1 ? lines[0]! : `${RULES_PATH} cannot be used:\n  ${lines.join('\n  ')}`,
    {suggestions: ['pmpc privacy rules   # when it is corrected'], data: {path: RULES_PATH, problems}},
  )
}

class Reader {
  readonly problems: RuleProblem[] = []
  private readonly lines = new LineCounter()

  constructor(private readonly text: string) {}

  read(): Rules {
    const document = parseDocument(this.text, {lineCounter: this.lines, prettyErrors: false, logLevel: 'silent'})
    for (const {message, pos} of document.errors) this.complainAt(pos[0], message)
    const rules: {-readonly [Key in keyof Rules]: Rules[Key]} = {...defaultRules}
    if (document.errors.length > 0 || document.contents === null) return rules
    for (const [key, node] of this.pairs(document.contents, KEYS)) {
      if (key === 'allow')
        rules.allow = this.list(node, key).flatMap((item) => this.textIn(item, 'a text that stays') ?? [])
      if (key === 'block') rules.block = this.list(node, key).flatMap((item) => this.blocked(item) ?? [])
      if (key === 'patterns') rules.patterns = this.list(node, key).flatMap((item) => this.pattern(item) ?? [])
      if (key === 'notes') rules.notes = this.oneOf(node, key, ['scan', 'drop'] as const) ?? rules.notes
      if (key === 'vendors') rules.vendors = this.oneOf(node, key, ['keep', 'hide'] as const) ?? rules.vendors
      if (key === 'unknown') rules.unknown = this.oneOf(node, key, ['keep', 'hide'] as const) ?? rules.unknown
      if (key === 'strict') rules.strict = this.oneOf(node, key, [true, false] as const) ?? rules.strict
    }
    this.conflicts(document.contents)
    return {...rules, allow: rules.allow.map(bytesOf)}
  }

  /** The pairs of a map whose keys are known. */
  private pairs<Key extends string>(node: Node, known: readonly Key[]): [Key, Node | null][] {
    if (!isMap(node)) {
      this.complain(node, `it must be a map of ${known.join(', ')}`)
      return []
    }
    const seen = new Set<string>()
    return node.items.flatMap((pair): [Key, Node | null][] => {
      const key = isScalar(pair.key) ? String(pair.key.value) : ''
      const at = pair.key as Node
      if (seen.has(key)) this.complain(at, `${key} stands here twice`)
      seen.add(key)
      if ((known as readonly string[]).includes(key)) return [[key as Key, pair.value as Node | null]]
      const meant = nearest(key, known)
      this.complain(
        at,
        `key ${key} is not known here; ${meant ? `did you mean ${meant}?` : `expected ${known.join(', ')}`}`,
      )
      return []
    })
  }

  private list(node: Node | null, key: string): Node[] {
    if (node === null || (isScalar(node) && node.value === null)) return []
    if (isSeq(node)) return node.items as Node[]
    this.complain(node, `${key} must be a list`)
    return []
  }

  private textIn(node: Node | null, what: string): string | undefined {
    const value = isScalar(node) ? node.value : undefined
    // A number is meant as it is written.
    const text = typeof value === 'number' ? String((node as {source?: string}).source ?? value) : value
    if (typeof text === 'string' && text.trim() !== '') return text
    this.complain(node, `${what} must be a text`)
    return undefined
  }

  private blocked(node: Node): {text: string; kind: FindKind} | undefined {
    if (!isMap(node)) {
      const text = this.textIn(node, 'a text that goes')
      return text === undefined ? undefined : {text, kind: 'custom'}
    }
    const fields = new Map(this.pairs(node, ['text', 'kind'] as const))
    const text = this.textIn(fields.get('text') ?? node, 'text')
    const kind = this.kind(fields.get('kind'))
    return text === undefined || kind === undefined ? undefined : {text, kind}
  }

  private kind(node: Node | null | undefined): FindKind | undefined {
    return node === undefined ? 'custom' : this.oneOf(node, 'kind', KINDS)
  }

  private pattern(node: Node): Rules['patterns'][number] | undefined {
    const fields = new Map(this.pairs(node, ['id', 'pattern', 'kind'] as const))
    if (!isMap(node)) return undefined
    const id = this.textIn(fields.get('id') ?? node, 'id')
    const source = this.textIn(fields.get('pattern') ?? node, 'pattern')
    const kind = this.kind(fields.get('kind'))
    if (id !== undefined && !/^[a-z][\w-]*$/i.test(id))
      this.complain(fields.get('id')!, 'an id is letters, digits, - and _')
    const ready = source === undefined ? undefined : compiled(source)
    if (ready && 'wrong' in ready) this.complain(fields.get('pattern')!, ready.wrong)
    if (id === undefined || kind === undefined || !ready || 'wrong' in ready) return undefined
    return {id, pattern: ready.pattern, kind}
  }

  private oneOf<Value extends string | boolean>(
    node: Node | null,
    key: string,
    values: readonly Value[],
  ): Value | undefined {
    const value = isScalar(node) ? node.value : undefined
    if ((values as readonly unknown[]).includes(value)) return value as Value
    this.complain(node, `${key} must be one of ${values.join(', ')}`)
    return undefined
  }

  /** What contradicts itself, once all is read. */
  private conflicts(root: Node): void {
    if (!isMap(root)) return
    const nodes = (key: string): Node[] => {
      const node = root.get(key, true) as Node | undefined
      return isSeq(node) ? (node.items as Node[]) : []
    }
    const textOf = (node: Node, key: string): string =>
      String(isScalar(node) ? node.value : isMap(node) ? (node.get(key) ?? '') : '').toLowerCase()
    const allowed = new Set(nodes('allow').map((node) => textOf(node, 'text')))
    for (const node of nodes('block'))
      if (allowed.has(textOf(node, 'text'))) this.complain(node, 'this text is allowed above, and cannot go and stay')
    this.twice(nodes('block'), 'text', 'this text goes already')
    this.twice(nodes('patterns'), 'id', 'a pattern has this id already')
  }

  private twice(nodes: Node[], key: string, message: string): void {
    const seen = new Set<string>()
    for (const node of nodes) {
      const text = isScalar(node) ? String(node.value) : isMap(node) ? String(node.get(key) ?? '') : ''
      if (text !== '' && seen.has(text)) this.complain(node, message)
      seen.add(text)
    }
  }

  private complain(node: Node | null | undefined, message: string): void {
    this.complainAt(node?.range?.[0] ?? 0, message)
  }

  private complainAt(offset: number, message: string): void {
    const {line, col} = this.lines.linePos(offset)
    this.problems.push({message, line: Math.max(1, line), column: Math.max(1, col)})
  }
}
