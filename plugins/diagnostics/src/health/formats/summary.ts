import {count} from 'pmpc/kit/cli'
import type {HealthResult} from '../health.js'
import {results, type Result} from '../model.js'

/** How many checks came out how. */
export function counts({checks}: HealthResult): Record<Result, number> {
  const number = (result: Result): number => checks.filter((check) => check.result === result).length
  return Object.fromEntries(results.map((result) => [result, number(result)])) as Record<Result, number>
}

/** `98 checks: 90 ok, 6 warning, 1 critical, 1 unknown; 110 requests in 0.4 s.` */
export function summaryText(result: HealthResult): string {
  const numbers = counts(result)
  const told = results.toReversed().map((name) => `${numbers[name]} ${name}`)
  const excepted = result.checks.reduce((sum, check) => sum + check.excepted, 0)
  const left = excepted > 0 ? `, ${count(excepted, 'finding')} excepted` : ''
  const took = `${(result.milliseconds / 1000).toFixed(1)} s`
  return `${count(result.checks.length, 'check')}: ${told.join(', ')}${left}; ${count(result.requests, 'request')} in ${took}.`
}
