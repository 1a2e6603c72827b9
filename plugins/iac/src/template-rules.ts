/** A node of a parsed template (nunjucks, src/nodes.js). */
type Node = Readonly<Record<string, unknown>> & {typename: string; lineno: number}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'typename' in value && 'lineno' in value

const isSymbol = (value: unknown): boolean => isNode(value) && value.typename === 'Symbol'

/** Reached by name alone, members of `Object.prototype` would be functions at hand. */
const isPlainName = (name: unknown): boolean =>
  typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name) && !(name in Object.prototype)

const areSymbols = (nodes: unknown): boolean => Array.isArray(nodes) && nodes.every(isSymbol)
const anything = (): boolean => true

/**
 * What a template may consist of. nunjucks makes JavaScript of it, and into that it pastes names as they stand, quotes and all (3.2.4,
 * src/compiler.js: compileSymbol, compileFor, compileSet, compileMacro, compileIs, _getNodeName): so a name is letters, digits and `_`, and stands
 * only where a name is meant.
 */
const rules: Readonly<Record<string, (node: Node) => boolean>> = {
  ...Object.fromEntries(
    [
      ...['Root', 'NodeList', 'Output', 'TemplateData', 'Capture', 'Group', 'Array', 'Dict', 'Pair', 'KeywordArgs'],
      ...['If', 'InlineIf', 'Include', 'LookupVal', 'Compare', 'CompareOperand', 'In', 'Or', 'And', 'Not'],
      ...['Add', 'Concat', 'Sub', 'Mul', 'Div', 'FloorDiv', 'Mod', 'Pow', 'Neg', 'Pos'],
    ].map((typename) => [typename, anything]),
  ),
  Symbol: ({value}) => isPlainName(value),
  Literal: ({value}) => value === null || typeof value !== 'object',
  For: ({name}) => isSymbol(name) || (isNode(name) && name.typename === 'Array' && areSymbols(name.children)),
  Set: ({targets}) => areSymbols(targets),
  Filter: ({name}) => isSymbol(name),
  FunCall: ({name}) => isSymbol(name),
  Is: ({right}) => isSymbol(right),
}

/** Refuses a template that holds more than values, conditions, loops, filters and other templates. @throws an Error that names the line */
export function refuseCode(root: unknown): void {
  if (Array.isArray(root)) for (const each of root) refuseCode(each)
  if (!isNode(root)) return
  if (!Object.hasOwn(rules, root.typename) || !rules[root.typename]!(root))
    throw new Error(`line ${root.lineno + 1}: this is not taken in a template of a workspace (${root.typename})`)
  for (const value of Object.values(root)) refuseCode(value)
}
