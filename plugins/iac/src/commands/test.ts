import path from 'node:path'
import {BaseCommand, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {requireWorkspace} from 'pmpc/kit/workspace'
import {pluginDirFlag, pluginDirIn} from '../plugin-dir.js'
import {runTests} from '../suites/run.js'
import {suiteNames, type OneTest, type Suite, type TestResult} from '../suites/suites.js'

export type {TestResult}

/** How many reasons of one suite are told. */
const reasons = 5

export default class Test extends BaseCommand<TestResult> {
  static override readonly effect = 'reads'
  static override summary = 'Test that code, guests and clusters are as it was recorded.'

  static override description = `Runs the tests of iac/tests, those for which there is what they need, and tells of the others what is missing. All hold what they find against iac/tests/expected.json, which pmpc iac generate writes.
static: terraform or tofu on the code, without a cluster. guest: pytest with testinfra, inside the guests that Ansible reaches. api: the clusters themselves; that one needs nothing but a credential.
Without a flag all three. Exits with 1 where anything failed.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Is the cluster as it was recorded?', command: '<%= config.bin %> <%= command.id %> --api'},
    {
      description: 'For a pipeline',
      command: '<%= config.bin %> <%= command.id %> --static --api --junit report.xml',
    },
  ]

  static override flags = {
    static: Flags.boolean({summary: 'Test the code: how it is formatted, whether it is valid, what it plans.'}),
    guest: Flags.boolean({summary: 'Test the guests from inside.'}),
    api: Flags.boolean({summary: 'Test the clusters by their API.'}),
    junit: Flags.string({summary: 'Write a report in the form of JUnit, too.', helpValue: 'FILE'}),
    'plugin-dir': pluginDirFlag,
  }

  async run(): Promise<TestResult> {
    const {flags} = await this.parse(Test)
    const workspace = await requireWorkspace(this.folder)
    const chosen = suiteNames.filter((name) => flags[name])
    const request = {
      suites: chosen.length > 0 ? chosen : suiteNames,
      pluginDir: pluginDirIn(this.folder, flags['plugin-dir']),
      junit: flags.junit === undefined ? undefined : path.resolve(this.folder, flags.junit),
    }
    const result = await runTests(workspace, request, this.caller)
    this.tell(result)
    if (result.suites.some(({result: came}) => came === 'failed')) this.setExitCode(exitCodes.failed)
    return result
  }

  private tell({suites}: TestResult): void {
    for (const {tests} of suites) for (const test of tests) if (test.result === 'failed') this.tellFailed(test)
    for (const suite of suites) this.tellSkipped(suite)
    const colors = {passed: 'green', failed: 'red', skipped: 'yellow'} as const
    this.printTable(suites, [
      {header: 'TESTS', value: ({name}) => name},
      {header: 'RESULT', value: ({result}) => result, color: ({result}) => colors[result]},
      {header: 'PASSED', value: ({passed}) => passed, align: 'right'},
      {header: 'FAILED', value: ({failed}) => failed, align: 'right'},
      {header: 'SKIPPED', value: ({skipped}) => skipped, align: 'right'},
    ])
    if (suites.every(({result}) => result === 'skipped')) this.warnUser('No test ran.')
    else if (suites.some(({name, result}) => name === 'api' && result === 'failed'))
      this.hint('See what changed, and record it: pmpc sync && git diff')
  }

  private tellFailed({name, object, message}: OneTest): void {
    const what = object === null ? name : `${object} ${name}`
    this.say(`${this.paint('red', 'failed')} ${what}: ${message}`)
  }

  /** Why a suite was skipped, or some of its tests while others ran. */
  private tellSkipped({name, result, why, tests}: Suite): void {
    if (result === 'skipped') return this.say(`${this.paint('yellow', 'skipped')} ${name}: ${why}`)
    const times = new Map<string, number>()
    for (const {result: came, message} of tests)
      if (came === 'skipped' && message !== null) times.set(message, (times.get(message) ?? 0) + 1)
    const told = [...times].slice(0, reasons)
    for (const [reason, number] of told) this.hint(`${name}: ${number} skipped: ${reason}`)
    if (times.size > told.length) this.hint(`${name}: and for ${times.size - told.length} more reasons: --json`)
  }
}
