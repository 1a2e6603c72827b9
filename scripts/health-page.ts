// Writes the table of checks into docs/health.md:  node --import tsx scripts/health-page.ts
import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {allChecks} from '../plugins/diagnostics/src/health/health.js'

const page = fileURLToPath(new URL('../docs/health.md', import.meta.url))
const [begin, end] = ['<!-- checks -->', '<!-- end of checks -->']

/** The page with the table as the checks are. */
export function withChecks(text: string): string {
  const cell = (value: string): string => value.replaceAll('|', '\\|')
  const rows = allChecks.map(({id, about, why, fix, limits = {}}) => {
    const told = Object.entries(limits).map(([name, limit]) => `${name} ${limit.default} (${limit.is})`)
    return `| \`${id}\` | ${cell(about)}. ${cell(told.join(', '))} | ${cell(why)} | ${cell(fix)} |`
  })
  const table = [
    '| check | what is so where it is ok; limits | why it matters | what to do |',
    '| --- | --- | --- | --- |',
    ...rows,
  ]
  const [before, rest] = text.split(begin) as [string, string]
  return `${before}${begin}\n\n${table.join('\n')}\n\n${end}${rest.split(end)[1]!}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, withChecks(readFileSync(page, 'utf8')))
