import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'

/** A link in a Markdown file that leads nowhere, `README.md: docs/none.md`. */
export type DeadLink = string

/** The links of all Markdown files below a folder that lead to no file below it, or to no heading of one. Addresses with a scheme are left out. */
export function deadLinks(folder: string, files = markdownBelow(folder)): {checked: number; dead: DeadLink[]} {
  const links = files.flatMap((file) => linksOf(path.join(folder, file)).map((target) => ({file, target})))
  const dead = links.filter(({file, target}) => !leadsSomewhere(folder, file, target))
  return {checked: links.length, dead: dead.map(({file, target}) => `${file}: ${target}`)}
}

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true})
    .map(String)
    .filter((file) => file.endsWith('.md') && !/(^|\/)(node_modules|dist)\//.test(file))
}

/** Without what stands in code: that is no link. */
function linksOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
    .replaceAll(/^```[^]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => 'x'.repeat(code.length))
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
}

function leadsSomewhere(folder: string, from: string, target: string): boolean {
  const [to = '', anchor] = target.split('#')
  const file = path.resolve(folder, path.dirname(from), to === '' ? path.basename(from) : to)
  const inside = !path.relative(folder, file).startsWith('..') && existsSync(file)
  return inside && (anchor === undefined || headingsOf(file).includes(anchor))
}

/** Anchors of headings as forges make them. */
function headingsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
