import type {OneTest, Outcome, Suite, TestResult} from './suites.js'

/** Results as JUnit XML, as forges read it. A suite that did not run is one test that was skipped, so that it is seen. */
export function junitOf({suites}: TestResult): string {
  const lines = suites.flatMap(({name, tests, why}) => {
    const all = tests.length > 0 ? tests : [{name, object: null, result: 'skipped' as const, message: why}]
    const sum = (outcome: Outcome) => all.filter(({result}) => result === outcome).length
    const head = {name, tests: all.length, failures: sum('failed'), errors: 0, skipped: sum('skipped')}
    return [`  <testsuite${attributes(head)}>`, ...all.map((test) => caseOf(name, test)), '  </testsuite>']
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="pmpc test">',
    ...lines,
    '</testsuites>',
    '',
  ].join('\n')
}

const inCase: Readonly<Record<Outcome, string | null>> = {passed: null, failed: 'failure', skipped: 'skipped'}

function caseOf(suite: Suite['name'], {name, object, result, message}: OneTest): string {
  const head = `    <testcase${attributes({classname: object ?? suite, name})}`
  const element = inCase[result]
  return element === null ? `${head}/>` : `${head}><${element}${attributes({message: message ?? ''})}/></testcase>`
}

const attributes = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no way to write most control characters (§2.2, Char): U+FFFD stands for them; line ends would be blanks. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (one) => entities[one]!)
    .replaceAll(/[\t\n\r]/g, (one) => `&#${one.charCodeAt(0)};`)
    .replaceAll(/[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
}

/** A test case of somebody's report. */
export interface ReportedCase {
  classname: string
  name: string
  result: Outcome
  message: string | null
}

/**
 * The test cases of a report that Python's ElementTree printed, as pytest does (its junitxml.py): attributes in double quotes, all else escaped.
 * An error, as of a fixture, is a failure.
 */
export function casesIn(xml: string): ReportedCase[] {
  return [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(([, head = '', body = '']) => {
    const {classname = '', name = ''} = attributesIn(head)
    const [, word, attributes = '', explained = ''] = /<(failure|error|skipped)\b([^>]*)>([^<]*)/.exec(body) ?? []
    const said = attributesIn(attributes).message
    // Of a file that it cannot load pytest says no more than that; how it came to it stands below.
    const why = said === 'collection failure' ? unescaped(explained).trim().split('\n').at(-1) : said
    const message = word === undefined ? null : (why ?? word)
    const result = word === undefined ? 'passed' : word === 'skipped' ? 'skipped' : 'failed'
    return {classname, name, result, message}
  })
}

function attributesIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)]),
  )
}

const characters = new Map(Object.entries(entities).map(([character, entity]) => [entity, character]))

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|\w+);/gi, (entity, decimal?: string, hex?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    return characters.get(entity) ?? entity
  })
}
