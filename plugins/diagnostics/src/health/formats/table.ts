import type {Color, Column} from 'pmpc/kit/cli'
import type {CheckResult} from '../engine.js'
import type {Unread} from '../facts.js'
import {allChecks} from '../health.js'
import {results, type Result} from '../model.js'

export const colors: Readonly<Record<Result, Color>> = {
  critical: 'red',
  warning: 'yellow',
  unknown: 'cyan',
  ok: 'green',
}

/** A line of the table: a finding, or what could not be read. */
export interface Row {
  result: Result
  check: string
  object: string
  message: string
}

/** Findings of one check that are shown unless all are wanted. */
const most = 5
/** What so many checks could not read for one reason is told once. */
const alike = 3

/** The lines of the table, the worst first; of a check with many findings the first ones, and how many more there are. */
export function rowsOf(checks: readonly CheckResult[], {all, clusters}: {all: boolean; clusters: boolean}): Row[] {
  const order = (check: CheckResult): number => results.indexOf(check.result)
  const shared = all ? new Map<string, CheckResult[]>() : unreadAlike(checks)
  const together = [...shared].map(([key, those]): Row => {
    const {object, why} = those[0]!.unread.find((one) => unreadKey(those[0]!, one) === key)!
    const cluster = those[0]!.cluster
    return {
      result: 'unknown',
      check: `${clusters && cluster !== null ? `${cluster} ` : ''}${those.length} checks`,
      object,
      message: why,
    }
  })
  const rows = checks
    .filter(({result}) => result !== 'ok')
    .toSorted((a, b) => order(a) - order(b))
    .flatMap((check) => {
      const name = clusters && check.cluster !== null ? `${check.cluster} ${check.id}` : check.id
      const lines = [
        ...check.findings
          .toSorted((a, b) => results.indexOf(a.severity) - results.indexOf(b.severity))
          .map(({object, severity, message}): Row => ({result: severity, check: name, object, message})),
        ...check.unread
          .filter((one) => !shared.has(unreadKey(check, one)))
          .map(({object, why}): Row => ({result: 'unknown', check: name, object, message: why})),
      ]
      const shown = all ? lines : lines.slice(0, most)
      const rest = lines.length - shown.length
      const more: Row[] =
        rest > 0 ? [{result: check.result, check: name, object: '', message: `… and ${rest} more: --verbose`}] : []
      return [...shown, ...more]
    })
  return [...rows, ...together]
}

const unreadKey = ({cluster}: CheckResult, {object, why}: Unread): string => JSON.stringify([cluster, object, why])

/** What several checks could not read for the same reason: a node that is off, a cluster out of reach. */
function unreadAlike(checks: readonly CheckResult[]): Map<string, CheckResult[]> {
  const found = new Map<string, CheckResult[]>()
  for (const check of checks)
    for (const one of check.unread) {
      const key = unreadKey(check, one)
      found.set(key, [...(found.get(key) ?? []), check])
    }
  return new Map([...found].filter(([, those]) => those.length >= alike))
}

export const columns: readonly Column<Row>[] = [
  {header: 'RESULT', value: ({result}) => result, color: ({result}) => colors[result], fixed: true},
  {header: 'CHECK', value: ({check}) => check, keep: true},
  {header: 'OBJECT', value: ({object}) => object, keep: true},
  {header: 'WHAT', value: ({message}) => message},
]

/** What to do, once for each check that found something; the gravest first. */
export function fixesOf(checks: readonly CheckResult[]): {id: string; why: string; fix: string}[] {
  const reasons = new Map(allChecks.map(({id, why}) => [id, why]))
  const found = results
    .flatMap((result) => checks.filter((check) => check.result === result && result !== 'ok'))
    .filter(({findings}) => findings.length > 0)
  const each = new Map(found.map(({id, fix}) => [id, {id, fix, why: reasons.get(id) ?? ''}]))
  return [...each.values()]
}
