#!/usr/bin/env node
// Writes docs/kinds.md from the rows of the kinds; test/unit/resources/kinds-page.test.ts holds it against them.
//
//   node --import tsx scripts/kinds-page.ts
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {kinds} from '../src/kit/resources/kinds/index.js'
import {wireKindOf, type WireKind} from '../src/kit/resources/kinds/on-wire.js'

export const pagePath = path.join(import.meta.dirname, '../docs/kinds.md')

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')
const code = (text: string): string => `\`${text}\``

function versionsOf({since, until}: WireKind): string {
  if (since !== undefined) return `from ${since}`
  return until === undefined ? 'all' : `before ${until}`
}

/** The paths from which an object is read. */
function readFrom({list, item, parts = [], scopes}: WireKind): string {
  const paths = [list?.path, item, ...parts.flatMap(({path: at, beside}) => (beside ? [] : [at]))]
  const found = [...new Set(paths.filter((at) => at !== undefined))].map(code).join(', ')
  const bases = scopes?.flatMap(({base}) => (base === undefined ? [] : [code(base)])) ?? []
  return bases.length === 0 ? found : `${found}, where ${code('{base}')} is ${bases.join(', ')}`
}

function sightOf({sight}: WireKind): string {
  if (!sight) return 'everybody'
  return `${sight.privileges.join(' or ')} on ${code(sight.path)}${sight.whole ? ', else only a part is shown' : ''}`
}

/** What a row leaves out, and what it never keeps: keys and reasons. */
function leftOutRows({list, leftOut, secret = {}}: WireKind): string[][] {
  const all = {...list?.leftOut, ...leftOut}
  return [
    ...Object.entries(all).map(([key, why]) => [code(key), why]),
    ...Object.entries(secret).map(([key, why]) => [code(key), `a secret, masked: ${why}`]),
  ]
}

/** The page, as it is written. */
export function kindsPage(): string {
  const all = kinds.map(({name}) => wireKindOf(name))
  const sections = all.flatMap((kind) => {
    const rows = leftOutRows(kind)
    return rows.length === 0 ? [] : [`### ${kind.name}\n\n${table(['key', 'why'], rows)}`]
  })
  const paragraphs = [
    '<!-- Written by scripts/kinds-page.ts from the rows in src/kit/resources/kinds: do not edit. -->',
    '# Kinds',
    `pmpc records ${kinds.length} kinds of objects. Each is a row in \`src/kit/resources/kinds\`, and what stands here is what the rows say. A new manifest goes where this table says, ` +
      'below `infra/CLUSTER/`; people may move it, as the kind and the id inside decide.',
    table(
      ['kind', 'also named', 'its manifest', 'PVE'],
      all.map((kind) => [
        code(kind.name),
        [...new Set([kind.plural, ...kind.aliases])].map(code).join(', '),
        kind.declared ? code(kind.file) : 'none: it is observed only',
        versionsOf(kind),
      ]),
    ),
    '## Where it is read, and who sees it',
    'An object that is missing from its list is gone only if the token may see it: any one of these privileges is enough. Without it, the object is kept as it was, and named as stale.',
    table(
      ['kind', 'read from', 'seen with'],
      all.map((kind) => [code(kind.name), readFrom(kind), sightOf(kind)]),
    ),
    '## What is left out, and why',
    'All else that PVE tells is kept. `*` stands for any key and for any place of a list. What PVE has from the beginning (built-in roles, `root@pam`, the realms `pam` and `pve`, …) is recorded, and a manifest is offered once somebody has set something in it.',
    ...sections,
  ]
  return `${paragraphs.join('\n\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pagePath, kindsPage())
