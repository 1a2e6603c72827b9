import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Caller} from 'pmpc/kit/runs'
import type {Workspace} from 'pmpc/kit/workspace'
import {FOLDER} from '../generated.js'
import {casesIn, type ReportedCase} from './junit.js'
import {programOn} from '../programs/find.js'
import {lastLine, runProgram, type Running} from '../programs/run.js'
import {nothingExpected, readExpected} from './read-expected.js'
import {inScratch} from '../files.js'
import {failed, skippedSuite, suiteOf, type OneTest, type Suite} from './suites.js'

/** What of the surroundings Ansible, SSH and pytest read. */
const theirs = /^(?:ANSIBLE_\w+|SSH_AUTH_SOCK|PYTEST_ADDOPTS|VIRTUAL_ENV|PYENV_\w+)$/

/** pytest's word for that no test was found. */
const noTests = 5

/** Looks into the guests with pytest-testinfra, through the Ansible inventory. @throws PMPC_TESTS_EXPECTED */
export async function testGuests({root}: Workspace, caller: Caller): Promise<Suite> {
  if (!readExpected(root)) return skippedSuite('guest', nothingExpected)
  const [pytest, ansible] = ['pytest', 'ansible'].map((name) => programOn(caller.env, name))
  if (pytest === undefined) return skippedSuite('guest', 'pytest is not on PATH: pip install pytest-testinfra')
  if (ansible === undefined) return skippedSuite('guest', 'ansible is not on PATH: pip install ansible-core')
  return inScratch(async (scratch) => {
    const how: Running = {cwd: join(root, FOLDER, 'tests'), also: theirs, env: surroundings(root, scratch)}
    const known = await runProgram(caller, pytest, ['-p', 'testinfra.plugin', '--version'], {...how, cwd: scratch})
    if (known.code !== 0)
      return skippedSuite('guest', `pytest does not know testinfra (pip install pytest-testinfra): ${lastLine(known)}`)
    const report = join(scratch, 'report.xml')
    const ended = await runProgram(caller, pytest, ['-q', '--no-header', `--junitxml=${report}`, '.'], how)
    const cases = existsSync(report) ? casesIn(readFileSync(report, 'utf8')) : []
    const tests = cases.map(testOf)
    if (ended.code !== 0 && ended.code !== noTests && !tests.some(({result}) => result === 'failed'))
      tests.push(failed('pytest', lastLine(ended)))
    return suiteOf('guest', tests)
  })
}

/** Nothing is left in the workspace, nor in the home of whoever runs it. */
function surroundings(root: string, scratch: string): Record<string, string> {
  const config = join(root, FOLDER, 'ansible', 'ansible.cfg')
  return {
    ...(existsSync(config) && {ANSIBLE_CONFIG: config}),
    ANSIBLE_HOME: join(scratch, 'ansible'),
    ANSIBLE_LOCAL_TEMP: join(scratch, 'ansible', 'tmp'),
    ANSIBLE_NOCOLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  }
}

/** The id of a guest in a test's name, as test_guests.py makes it: `test_os[home-vm-100-web01]`. */
const ofGuest = /^(\w+)\[(.+?)-(vm|container)-(\d+)(?:-[^\]]*)?\]$/

function testOf({classname, name, result, message}: ReportedCase): OneTest {
  const [, test, cluster, kind, vmid] = ofGuest.exec(name) ?? []
  // pytest explains below how it came to that.
  const said = message?.split('\n')[0]?.replace(/^AssertionError: /, '') ?? null
  const of = {result, message: said}
  if (test === undefined) return {name: `${classname} ${name}`, object: null, ...of}
  return {name: test, object: `${cluster}/${kind}/${vmid}`, ...of}
}
