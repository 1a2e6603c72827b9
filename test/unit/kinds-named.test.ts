import {expect} from 'chai'
import path from 'node:path'
import ts from 'typescript'
import {kinds} from '../../src/kit/resources/kinds/index.js'

const root = path.resolve(import.meta.dirname, '../..')
const names: ReadonlySet<string> = new Set(kinds.map(({name}) => name))

/** Who may name these three, and why. Nobody names another: adding a kind is adding a row. */
const MAY: Readonly<Record<string, {kinds: readonly string[]; why: string}>> = {
  'src/commands/status.ts': {kinds: ['vm', 'container', 'node'], why: 'people are told of these by their own names'},
  'src/kit/observed/console.ts': {kinds: ['node'], why: 'a node has a console of its own, its shell'},
  'src/kit/observed/notes.ts': {kinds: ['node'], why: 'what stands on a node that is away cannot be read'},
  'src/kit/plan/around.ts': {kinds: ['node'], why: 'a node tells its version, by which calls differ'},
  'src/kit/reconcile/legacy.ts': {kinds: ['node'], why: 'workspaces of an old form could not declare it'},
  'src/kit/state/schema.ts': {
    kinds: ['vm', 'container'],
    why: 'the table of guests says so, in versions that are published',
  },
}
const NAMED = ['vm', 'container', 'node']

/** Where kinds are named by right: their rows, and what is made of the contracts by their names. */
const isOfKinds = (file: string) => /^src\/kit\/(resources\/(kinds|travels)|values\/data)\//.test(file)

/** Where `kind` is what was found in a text (a user, a realm): other kinds, with a table of their own, that share a few words with these. */
const isOfFinds = (file: string) => file.startsWith('src/kit/anonymize/')

/** What names kinds in each way that is looked for, one a line; and beside it what only looks like it. */
const SAMPLES = `
import {isGuest, kindOf, type KindName} from '../resources/kinds/index.js'
declare const some: {kind: KindName; path: string; text: string}
export const byCall = kindOf('pool')
export const byTypedCall = isGuest('vm')
export const byComparing = some.kind === 'realm' || 'acl' !== some.kind
export const byText = (kind: string) => kind === 'group'
export const byKey: Partial<Record<KindName, number>> = {network: 1, 'sdn-zone': 2}
export const byMember = (counts: Record<KindName, number>) => counts.user + counts['ha-rule']
export const byParts = ({options, ...others}: Record<KindName, number>) => [options, others]
export const byList = new Set(['storage', 'pool'])
export const byKeys = {firewall: 1, role: 2}
export const byObject = {kind: 'firewall'}
export const byDefault: KindName = 'node'
export const byType = (kind: 'storage' | 'pool') => kind
export const bySql = "SELECT 1 FROM objects WHERE kind = 'cpu-model' OR kind IN ('acme-plugin', 'acme-account')"
export function bySwitch() {
  switch (some.kind) {
    case 'dir-mapping':
      return 1
    default:
      return 0
  }
}
export const innocent = [some.path === 'storage', some.text === 'user', {type: 'user', pool: 1}, ['pool', 'tag'], {node: 1, tag: 2}]
export function innocentToo(where: {node: string; pool?: string}, what: 'user' | 'link') {
  return [where.node, where.pool, what === 'user', \`/nodes/\${where.node}/network\`]
}
`
const IN_SAMPLES = [
  ...[
    'acl',
    'acme-account',
    'acme-plugin',
    'cpu-model',
    'dir-mapping',
    'firewall',
    'firewall',
    'group',
    'ha-rule',
    'network',
  ],
  ...['node', 'options', 'pool', 'pool', 'pool', 'realm', 'role', 'sdn-zone', 'storage', 'storage', 'user', 'vm'],
]

/** The types of a program as far as it tells which places are for kinds. */
class Places {
  constructor(private readonly checker: ts.TypeChecker) {}

  /** Whether a place is for names of kinds: of three or more, as what a row names it `belongs` to are two of them. */
  isForKinds(type: ts.Type | undefined): boolean {
    const texts = partsOf(type).filter((part) => part.isStringLiteral())
    return texts.length > 2 && texts.every(({value}) => names.has(value))
  }

  /** Whether something has a member for each kind, or nearly. */
  isByKind(type: ts.Type | undefined): boolean {
    const members = [...names].filter((name) => type && this.checker.getPropertyOfType(type, name))
    return members.length > names.size / 2
  }

  /** The kinds that a node of a file names, itself or as keys of its own. */
  namedBy(node: ts.Node): string[] {
    if (ts.isStringLiteralLike(node)) return this.isNamed(node) ? [node.text] : inSql(node.text)
    if (ts.isTemplateExpression(node)) return inSql(node.getText())
    if (ts.isObjectLiteralExpression(node)) return this.keysOf(node)
    if (ts.isPropertyAccessExpression(node)) return this.members(node.expression, node.name.text)
    if (ts.isBindingElement(node)) return this.isBoundByKind(node) ? [(node.propertyName ?? node.name).getText()] : []
    if (ts.isUnionTypeNode(node))
      return allKinds(node.types.map((type) => textOf(ts.isLiteralTypeNode(type) && type.literal)))
    if (ts.isArrayLiteralExpression(node)) return this.isTypedList(node) ? [] : allKinds(node.elements.map(textOf))
    return []
  }

  private isNamed(node: ts.StringLiteralLike): boolean {
    const {parent, text} = node
    if (!names.has(text)) return false
    if (ts.isElementAccessExpression(parent)) return this.members(parent.expression, text).length > 0
    if (this.isForKinds(this.checker.getContextualType(node))) return true
    if (ts.isPropertyAssignment(parent)) return parent.initializer === node && parent.name.getText() === 'kind'
    if (ts.isCaseClause(parent)) return this.isKind(parent.parent.parent.expression)
    if (ts.isBinaryExpression(parent) && isComparing(parent))
      return this.isKind(parent.left === node ? parent.right : parent.left)
    return ts.isCallExpression(parent) && /kind/i.test(parent.expression.getText())
  }

  private isKind(expression: ts.Expression): boolean {
    return (
      this.isForKinds(this.checker.getTypeAtLocation(expression)) || /(^|\.)kind(\.name)?$/i.test(expression.getText())
    )
  }

  private isTypedList(node: ts.ArrayLiteralExpression): boolean {
    return node.elements.some((element) => this.isForKinds(this.checker.getContextualType(element)))
  }

  private members(of: ts.Expression, name: string): string[] {
    return names.has(name) && this.isByKind(this.checker.getTypeAtLocation(of)) ? [name] : []
  }

  private isBoundByKind(node: ts.BindingElement): boolean {
    return (
      names.has((node.propertyName ?? node.name).getText()) &&
      this.isByKind(this.checker.getTypeAtLocation(node.parent))
    )
  }

  private keysOf(node: ts.ObjectLiteralExpression): string[] {
    const keys = node.properties.map(
      ({name}) => name && (ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : ''),
    )
    if (this.isByKind(this.checker.getContextualType(node)))
      return keys.filter((key) => key !== undefined && names.has(key)) as string[]
    const isShort = node.properties.some((property) => ts.isShorthandPropertyAssignment(property))
    return isShort ? [] : allKinds(keys)
  }
}

function partsOf(type: ts.Type | undefined): ts.Type[] {
  return type === undefined ? [] : type.isUnion() ? type.types : [type]
}

function isComparing({operatorToken: {kind}}: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken
}

function textOf(node: ts.Node | false): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined
}

/** Several names with none among them that is no kind's. */
function allKinds(texts: readonly (string | undefined)[]): string[] {
  return texts.length > 1 && texts.every((text) => text !== undefined && names.has(text)) ? (texts as string[]) : []
}

function inSql(text: string): string[] {
  return [...text.matchAll(/\bkind (?:= |IN \()((?:'[\w-]+'(?:, )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([\w-]+)'/g)].map(([, name]) => name!).filter((name) => names.has(name)),
  )
}

describe('kinds', function () {
  this.timeout(300_000)
  const sample = 'src/kit/observed/a-file-that-names-kinds.ts'
  /** By file the kinds that it names. */
  const found = new Map<string, {kind: string; line: number}[]>()

  before(() => {
    const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile)
    const {options, fileNames} = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
    const inRoot = (file: string) => path.relative(root, file).split(path.sep).join('/')
    const files = fileNames.filter(
      (file) =>
        /^(src|plugins\/sync\/src)\//.test(inRoot(file)) && !isOfKinds(inRoot(file)) && !isOfFinds(inRoot(file)),
    )
    const host = ts.createCompilerHost(options)
    const {getSourceFile, fileExists} = host
    const isSample = (file: string) => inRoot(path.resolve(file)) === sample
    host.fileExists = (file) => isSample(file) || fileExists.call(host, file)
    host.getSourceFile = (file, target, ...more) =>
      isSample(file) ? ts.createSourceFile(file, SAMPLES, target) : getSourceFile.call(host, file, target, ...more)
    const program = ts.createProgram([...files, path.join(root, sample)], options, host)
    const places = new Places(program.getTypeChecker())
    for (const file of program.getRootFileNames()) {
      const source = program.getSourceFile(file)!
      const visit = (node: ts.Node): void => {
        for (const kind of places.namedBy(node)) {
          const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
          found.set(inRoot(file), [...(found.get(inRoot(file)) ?? []), {kind, line}])
        }
        ts.forEachChild(node, visit)
      }
      visit(source)
    }
  })

  it('are found wherever a file names one, and nowhere else', () => {
    expect(
      found
        .get(sample)!
        .map(({kind}) => kind)
        .sort(),
    ).to.deep.equal(IN_SAMPLES)
  })

  it('are named by no file but their rows, except three that a few may name', () => {
    const named = [...found].flatMap(([file, list]) => {
      const may = MAY[file]?.kinds ?? []
      return file === sample
        ? []
        : list.filter(({kind}) => !may.includes(kind)).map(({kind, line}) => `${file}:${line} ${kind}`)
    })
    expect(named).to.deep.equal([])
    expect(Object.values(MAY).flatMap((may) => may.kinds.filter((kind) => !NAMED.includes(kind)))).to.deep.equal([])
  })

  it('are named by all that may', () => {
    const idle = Object.entries(MAY).flatMap(([file, may]) =>
      may.kinds.filter((kind) => !found.get(file)?.some((one) => one.kind === kind)).map((kind) => `${file} ${kind}`),
    )
    expect(idle).to.deep.equal([])
  })
})
