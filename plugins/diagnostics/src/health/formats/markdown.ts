import type {CheckResult} from '../engine.js'
import type {HealthResult} from '../health.js'
import {results, type Result} from '../model.js'
import {counts, summaryText} from './summary.js'

const marks: Readonly<Record<Result, string>> = {critical: '🔴', warning: '🟡', unknown: '⚪', ok: '🟢'}

/** A report for a comment, an issue or a wiki: what is wrong as a table, then what to do. */
export function markdownOf(result: HealthResult): string {
  const found = result.checks.filter((check) => check.result !== 'ok')
  const numbers = counts(result)
  return [
    `# Health: ${headline(numbers)}`,
    '',
    summaryText(result),
    '',
    ...(found.length > 0 ? ['| | check | what |', '| --- | --- | --- |', ...found.map(rowOf), ''] : []),
    ...(found.length > 0 ? ['## What to do', '', ...fixes(found), ''] : []),
  ].join('\n')
}

const headline = (numbers: Readonly<Record<Result, number>>): string =>
  results
    .filter((name) => name !== 'ok' && numbers[name] > 0)
    .map((name) => `${numbers[name]} ${name}`)
    .join(', ') || 'all is well'

function rowOf({result, id, cluster, findings, unread}: CheckResult): string {
  const lines = [
    ...findings.map(({object, message}) => `\`${code(object)}\` ${text(message)}`),
    ...unread.map(({object, why}) => `\`${code(object)}\` not read: ${text(why)}`),
  ]
  const name = cluster === null ? id : `${cluster} ${id}`
  return `| ${marks[result]} ${result} | ${text(name)} | ${lines.join('<br>')} |`
}

/** Each thing to do once, with the checks that it helps. */
function fixes(found: readonly CheckResult[]): string[] {
  return [...grouped(found)].map(([fix, ids]) => `- ${ids.map((id) => `\`${id}\``).join(', ')}: ${text(fix)}`)
}

function grouped(found: readonly CheckResult[]): Map<string, string[]> {
  const byFix = new Map<string, string[]>()
  for (const {fix, id} of found) byFix.set(fix, [...new Set([...(byFix.get(fix) ?? []), id])])
  return byFix
}

/** What Markdown, or HTML in it, would take for more than text. */
const text = (value: string): string =>
  value.replaceAll(/[\\`*_[\]|<>#~]/g, (one) => `\\${one}`).replaceAll(/\s*\n\s*/g, ' ')
const code = (value: string): string => value.replaceAll(/[`|\n]/g, ' ')
