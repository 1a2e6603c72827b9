import {expect} from 'chai'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const root = path.resolve(import.meta.dirname, '../..')

const plugins = readdirSync(path.join(root, 'plugins'), {withFileTypes: true}).filter((entry) => entry.isDirectory())
const folders = ['src', ...plugins.map(({name}) => `plugins/${name}/src`)]

/** A literal as it stands in the source, with where that is. */
interface Text {
  at: string
  text: string
}

/** Whether what is below a node is a suggestion: the value of a name that says so, or what is put to such a list. */
function holdsSuggestions(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return /\bsuggestions\.(push|unshift)$/.test(node.expression.getText())
  const isNamed =
    ts.isPropertyAssignment(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isParameter(node)
  return isNamed && /^suggest(ions?)?$/.test(node.name.getText())
}

/** All that a file writes down as text, or only what it suggests. */
function textsIn(file: string, only: 'all' | 'suggestions'): Text[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Text[] = []
  const visit = (node: ts.Node, inside: boolean): void => {
    const isInside = inside || holdsSuggestions(node)
    if (
      isInside &&
      (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node))
    )
      found.push({
        at: `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
        text: node.getText().slice(1, -1),
      })
    ts.forEachChild(node, (child) => visit(child, isInside))
  }
  visit(source, only === 'all')
  return found
}

const files = folders.flatMap((folder) =>
  readdirSync(path.join(root, folder), {encoding: 'utf8', recursive: true})
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
)

/** Those texts that are wrong, each with its place. */
function wrong(texts: Text[], pattern: RegExp): string[] {
  return texts.filter(({text}) => pattern.test(text)).map(({at, text}) => `${at} ${text}`)
}

describe('what is suggested can be pasted into a shell', () => {
  it('a remark stands behind #, not in parentheses, which are an error of syntax there', () => {
    const texts = files.flatMap((file) => textsIn(file, 'all'))
    expect(texts.length).to.be.greaterThan(3000)
    expect(wrong(texts, / {3}\([^)]*\)$/)).to.deep.equal([])
  })

  it('the command comes first, and what is to be known of it behind it', () => {
    const texts = files.flatMap((file) => textsIn(file, 'suggestions'))
    expect(texts.length).to.be.greaterThan(150)
    expect(wrong(texts, /^[^#`]*: (?:\$\{|pmpc|git|rm|pve\w+) /)).to.deep.equal([])
  })
})
