/** A node of a parsed template (nunjucks, src/nodes.js). */
interface TemplateNode {
  readonly typename: string
  readonly fields: readonly string[]
  readonly lineno: number
  readonly [field: string]: unknown
}

/** nunjucks, of which its types do not tell this. */
export interface Parser {
  parse(text: string, extensions: readonly never[], options: object): TemplateNode
}

/** What a template may consist of. There is no call among it: whatever a template could get hold of, it cannot run it. */
const allowed: ReadonlySet<string> = new Set([
  ...['Root', 'NodeList', 'Output', 'TemplateData', 'Literal', 'Symbol', 'LookupVal', 'Group', 'Array', 'Filter'],
  ...['If', 'InlineIf', 'For', 'Set', 'Capture'],
  ...['Compare', 'CompareOperand', 'In', 'Not', 'And', 'Or', 'Add', 'Concat', 'Sub', 'Mul', 'Div', 'Mod', 'Neg'],
])

/** Filters of nunjucks that call nothing that they are given. */
const filters: ReadonlySet<string> = new Set([
  ...['capitalize', 'default', 'dump', 'first', 'float', 'int', 'join', 'last', 'length', 'lower', 'replace'],
  ...['reverse', 'round', 'string', 'title', 'trim', 'upper'],
])

/** nunjucks writes names into the code that it makes, and takes quotes for parts of them (src/lexer.js). */
const plainName = /^[A-Za-z_]\w*$/

/**
 * That a template holds nothing but words of a small language: no call, no macro, no test, no other file, and names that are names. nunjucks makes a program of a
 * template and is no sandbox of its own.
 * @param own names of further filters
 * @throws Error that says what it is, and where; as nunjucks where it cannot be parsed
 */
export function refuseOtherWords(parser: Parser, text: string, own: ReadonlySet<string>, options: object): void {
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look)
    if (!isNode(value)) return
    const why = whyNot(value, own)
    if (why !== undefined) throw new Error(`line ${value.lineno + 1}: ${why}`)
    for (const field of value.fields) look(value[field])
  }
  look(parser.parse(text, [], options))
}

function whyNot(node: TemplateNode, own: ReadonlySet<string>): string | undefined {
  const {typename, value, name} = node
  if (!allowed.has(typename)) return `${typename} is nothing that a template may have here`
  if (typename === 'Symbol' && !isName(value)) return `${String(value)} is no name of a value`
  if (typename === 'Literal' && value instanceof RegExp) return 'a pattern is nothing that a template may have here'
  if (typename !== 'Filter') return undefined
  const filter = isNode(name) ? String(name.value) : ''
  return filters.has(filter) || own.has(filter) ? undefined : `there is no filter ${filter} here`
}

/** What every object has of its prototype is no value that somebody gave. */
const isName = (name: unknown): boolean =>
  typeof name === 'string' && plainName.test(name) && !(name in Object.prototype)

const isNode = (value: unknown): value is TemplateNode =>
  typeof value === 'object' && value !== null && typeof (value as {typename?: unknown}).typename === 'string'
