import type {CheckResult} from '../engine.js'
import type {HealthResult} from '../health.js'
import {spelledXml} from './xml.js'

/** JUnit XML, as forges read it: a suite for each cluster, a test for each check. What is not known is an error, what is wrong a failure. */
export function junitOf({checks}: HealthResult): string {
  const clusters = [...new Set(checks.map(({cluster}) => cluster))]
  const suites = clusters.flatMap((cluster) => {
    const own = checks.filter((check) => check.cluster === cluster)
    const number = (...results: string[]) => own.filter(({result}) => results.includes(result)).length
    const name = cluster ?? 'workspace'
    const head = {
      name,
      tests: own.length,
      failures: number('warning', 'critical'),
      errors: number('unknown'),
      skipped: 0,
    }
    return [`  <testsuite${attributes(head)}>`, ...own.map((check) => caseOf(name, check)), '  </testsuite>']
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="pmpc health">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function caseOf(suite: string, {id, result, message, fix}: CheckResult): string {
  const head = `    <testcase${attributes({classname: suite, name: id})}`
  if (result === 'ok') return `${head}/>`
  const element = result === 'unknown' ? 'error' : 'failure'
  return `${head}><${element}${attributes({type: result, message})}>${spelledXml(fix)}</${element}></testcase>`
}

const attributes = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([key, value]) => ` ${key}="${spelledXml(String(value))}"`)
    .join('')
