#!/usr/bin/env node
// Writes docs/explain.md from the catalogue of errors; test/unit/catalogue/explain-page.test.ts holds it against it.
//
//   node --import tsx scripts/explain-page.ts
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {CATALOGUE, type CatalogueRow, type Source} from '../src/kit/catalogue/index.js'

export const pagePath = path.join(import.meta.dirname, '../docs/explain.md')

const SOURCES: readonly Source[] = ['Proxmox VE', 'Terraform', 'Ansible', 'Git', 'TLS']

/** The holes of a text in capitals, as in a manual. */
const shown = (text: string): string =>
  text.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => (name === 'any' ? '…' : name.toUpperCase()))

const list = (lines: readonly string[]): string =>
  lines.map((line) => `- ${line.replaceAll(/([*_<>`])/g, String.raw`\$1`)}`).join('\n')

function section({id, texts, meaning, causes, steps, seen}: CatalogueRow): string {
  const fence = (lines: readonly string[]): string => ['```', ...lines, '```'].join('\n')
  return [
    `### ${id}`,
    meaning.replaceAll(/([*_<>])/g, String.raw`\$1`),
    fence(texts.map(shown)),
    `Why:\n\n${list(causes)}`,
    `What to do:\n\n${fence(steps.map(shown))}`,
    `Seen in: ${seen.replaceAll(/([*_<>])/g, String.raw`\$1`)}`,
  ].join('\n\n')
}

export function explainPage(): string {
  return `${[
    '<!-- Written by scripts/explain-page.ts from the rows in src/kit/catalogue/rows: do not edit. -->',
    '# What errors mean',
    `\`pmpc explain "TEXT"\` answers for any text, \`pmpc explain CODE\` for a code of this page or of [errors.md](errors.md), \`pmpc explain -\` for what is piped to it: a log as long as it is. No cluster is asked, and nothing leaves this machine. It exits with 1 where nothing fits; with \`--json\` it prints \`{"matches": [{"id", "source", "meaning", "causes", "steps", "docs"}]}\`. An error of pmpc's that the catalogue knows ends with a line \`Explain:\`, which says what to type.`,
    `The catalogue has ${CATALOGUE.length} errors. Texts are those of the programs' own sources; what stands in capitals in them is a value, and a code never changes. Case, colours, frames and where lines break do not count. What stands in a text, such as a VMID, is filled into the steps where it needs no quotes in a shell.`,
    ...SOURCES.flatMap((source) => [`## ${source}`, ...CATALOGUE.filter((one) => one.source === source).map(section)]),
  ].join('\n\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pagePath, explainPage())
