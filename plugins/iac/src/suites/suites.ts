/** The parts of `pmpc test`, in the order in which they are told. */
export const suiteNames = ['static', 'guest', 'api'] as const
export type SuiteName = (typeof suiteNames)[number]

export type Outcome = 'passed' | 'failed' | 'skipped'

/** One thing that was looked at. */
export interface OneTest {
  /** What was looked at: `memory`, `terraform fmt`, `test_hostname`. */
  name: string
  /** Of which object, `home/vm/100`; null where it is of none. */
  object: string | null
  result: Outcome
  /** Why it failed or was skipped. */
  message: string | null
}

export interface Suite {
  name: SuiteName
  result: Outcome
  passed: number
  failed: number
  skipped: number
  /** Why it was skipped. */
  why: string | null
  tests: OneTest[]
}

/** What `pmpc test --json` prints; docs/json.md. */
export interface TestResult {
  suites: Suite[]
  passed: number
  failed: number
  skipped: number
}

/** A suite that ran. Where every test of it was skipped it is, and the first reason is its own. */
export function suiteOf(name: SuiteName, tests: OneTest[]): Suite {
  const sum = (outcome: Outcome) => tests.filter(({result}) => result === outcome).length
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  const result = failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'skipped'
  const why = result === 'skipped' ? (tests[0]?.message ?? 'nothing is expected') : null
  return {name, result, passed, failed, skipped, why, tests}
}

/** A suite that did not run. */
export function skippedSuite(name: SuiteName, why: string): Suite {
  return {name, result: 'skipped', passed: 0, failed: 0, skipped: 0, why, tests: []}
}

export function resultOf(suites: Suite[]): TestResult {
  const sum = (key: Outcome) => suites.reduce((all, suite) => all + suite[key], 0)
  return {suites, passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped')}
}

export const passed = (name: string, object: string | null = null): OneTest => ({
  ...{name, object, result: 'passed', message: null},
})
export const failed = (name: string, message: string, object: string | null = null): OneTest => ({
  ...{name, object, result: 'failed', message},
})
export const skipped = (name: string, message: string, object: string | null = null): OneTest => ({
  ...{name, object, result: 'skipped', message},
})
