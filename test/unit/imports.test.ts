import {expect} from 'chai'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

type Graph = ReadonlyMap<string, readonly string[]>

const root = path.resolve(import.meta.dirname, '../..')

/** Whether a statement brings a value in, and not types alone. */
function bringsValues(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  const names = ts.isExportDeclaration(statement) ? statement.exportClause : statement.importClause?.namedBindings
  if ((ts.isExportDeclaration(statement) ? statement : statement.importClause)?.isTypeOnly) return false
  if (ts.isImportDeclaration(statement) && statement.importClause?.name) return true
  const listed = names && (ts.isNamedImports(names) || ts.isNamedExports(names)) ? names.elements : undefined
  return listed === undefined || listed.some((one) => !one.isTypeOnly)
}

/** What the text of a module imports as values, at its head or later with `import()`. */
function valueImports(name: string, text: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    const from = isImport
      ? bringsValues(node) && node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]
    if (from && ts.isStringLiteral(from)) found.push(from.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest))
  return found
}

/** The module of this checkout that an import leads to; undefined for packages. */
function target(file: string, source: string): string | undefined {
  const kit = /^pmpc\/kit\/(.+)$/.exec(source)?.[1]
  if (kit !== undefined) return `src/kit/${kit}/index.ts`
  return source.startsWith('.') ? path.posix.join(path.posix.dirname(file), source.replace(/\.js$/, '.ts')) : undefined
}

function readGraph(): Graph {
  const plugins = readdirSync(path.join(root, 'plugins'), {withFileTypes: true}).filter((entry) => entry.isDirectory())
  const folders = ['src', ...plugins.map(({name}) => `plugins/${name}/src`)]
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), {encoding: 'utf8', recursive: true})
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
  )
  return new Map(
    files.map((file) => {
      const sources = valueImports(file, readFileSync(path.join(root, file), 'utf8'))
      return [file, sources.map((source) => target(file, source)).filter((to) => to !== undefined)]
    }),
  )
}

/** Every group of modules that import each other in a circle, each sorted by name. */
function circles(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((from) => [from, reach(graph, from)]))
  const groups = new Map<string, string[]>()
  for (const from of graph.keys()) {
    if (!reached.get(from)!.has(from)) continue
    const group = [...reached.get(from)!].filter((to) => reached.get(to)?.has(from)).sort()
    groups.set(group[0]!, group)
  }
  return [...groups.values()]
}

function reach(graph: Graph, from: string): Set<string> {
  const seen = new Set<string>()
  const left = [...(graph.get(from) ?? [])]
  for (let to = left.pop(); to !== undefined; to = left.pop()) {
    if (seen.has(to)) continue
    seen.add(to)
    left.push(...(graph.get(to) ?? []))
  }
  return seen
}

describe('imports of the checkout', () => {
  let graph: Graph
  before(() => void (graph = readGraph()))

  it('go in no circle, in the host, the kit and the plugins', () => {
    expect(circles(graph)).to.deep.equal([])
  })

  it('are all followed: each leads to a module that is there', () => {
    expect(graph.size).to.be.above(300)
    const lost = [...graph.values()].flat().filter((to) => !graph.has(to) && !existsSync(path.join(root, to)))
    expect(lost).to.deep.equal([])
    expect(graph.get('plugins/simulator/src/index.ts')).to.include('plugins/simulator/src/simulation.ts')
    expect([...graph].filter(([, to]) => to.includes('src/kit/cli/index.ts')).length).to.be.above(5)
  })

  it('are told apart: types do not count, values do, however they are written', () => {
    const values = [
      `import {a} from './a.js'`,
      `import {type B, b} from './b.js'`,
      `import c from './c.js'`,
      `import * as d from './d.js'`,
      `import './e.js'`,
      `export {f} from './f.js'`,
      `export * from './g.js'`,
      `export const h = async () => (await import('./h.js')).h`,
    ]
    const types = [
      `import type {A} from './types.js'`,
      `import {type B} from './types.js'`,
      `import type * as C from './types.js'`,
      `export type {D} from './types.js'`,
      `export {type E} from './types.js'`,
      `export type F = typeof import('./types.js')`,
    ]
    const wanted = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `./${name}.js`)
    expect(valueImports('x.ts', [...values, ...types].join('\n'))).to.deep.equal(wanted)
  })

  it('that go in a circle are found, and what only leads into it is not', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'e']],
      ['c', ['b', 'd']],
      ['d', ['d']],
      ['e', []],
    ])
    expect(circles(graph)).to.deep.equal([['b', 'c'], ['d']])
  })
})
