import {join} from 'node:path'
import {listInside, readInside} from 'pmpc/kit/files'
import type {Caller} from 'pmpc/kit/runs'
import type {Workspace} from 'pmpc/kit/workspace'
import {FOLDER} from '../generated.js'
import {errorIn, findTerraform, noProvider} from '../programs/terraform.js'
import {lastLine, runProgram, type Ended} from '../programs/run.js'
import {filesBelow, inScratch, writeScratch} from '../files.js'
import {failed, passed, skipped, skippedSuite, suiteOf, type OneTest, type Suite} from './suites.js'

/** The code and its tests, below `iac/`. */
const CODE = 'terraform'
const TESTS = 'tests/terraform'

/** What of the surroundings Terraform and OpenTofu read: where plugins come from, and nothing of a cluster's. */
const theirs = /^TF_(?:CLI_CONFIG_FILE|PLUGIN_CACHE_DIR|LOG|LOG_PATH)$/

interface Terraform {
  name: string
  run(folder: string, args: string[]): Promise<Ended>
}

/**
 * Tests Terraform's code without a cluster, in a copy of it: how it is spelled, whether it is valid, and what its plan says of each guest.
 * @param pluginDir where providers are taken from, as `terraform init -plugin-dir` takes it
 */
export async function testStatic(
  {root}: Workspace,
  {pluginDir}: {pluginDir?: string | undefined},
  caller: Caller,
): Promise<Suite> {
  const found = findTerraform(caller.env)
  if (!found) return skippedSuite('static', 'neither terraform nor tofu is on PATH')
  if (listInside(root, `${FOLDER}/${CODE}`).length === 0)
    return skippedSuite('static', `there is no ${FOLDER}/${CODE}: pmpc iac generate --target terraform`)
  return inScratch(async (scratch) => {
    for (const path of [CODE, 'tests'].flatMap((folder) => filesBelow(root, `${FOLDER}/${folder}`)))
      writeScratch(scratch, path.slice(FOLDER.length + 1), readInside(root, path)!)
    const terraform: Terraform = {
      name: found.name,
      run: async (folder, args) => {
        const env = {TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1'}
        return runProgram(caller, found.path, args, {cwd: join(scratch, folder), also: theirs, env})
      },
    }
    const folders = [CODE, ...(listInside(root, `${FOLDER}/${TESTS}`).length > 0 ? [TESTS] : [])]
    return suiteOf('static', await testsOf(terraform, folders, pluginDir))
  })
}

async function testsOf(terraform: Terraform, folders: string[], pluginDir: string | undefined): Promise<OneTest[]> {
  const tests: OneTest[] = []
  for (const folder of folders) {
    tests.push(await format(terraform, folder))
    const [initialized, notReady] = await initialize(terraform, folder, pluginDir)
    tests.push(initialized)
    if (notReady === undefined) tests.push(...(await validate(terraform, folder)))
    else tests.push(skipped(`${terraform.name} validate ${folder}`, notReady))
    if (folder !== TESTS) continue
    if (notReady === undefined) tests.push(...(await runTests(terraform, folder)))
    else tests.push(skipped(`${terraform.name} test`, notReady))
  }
  return tests
}

async function format({name, run}: Terraform, folder: string): Promise<OneTest> {
  const ended = await run(folder, ['fmt', '-check', '-recursive', '-no-color'])
  const title = `${name} fmt ${folder}`
  if (ended.code === 0) return passed(title)
  const files = ended.stdout.trim().split('\n').filter(Boolean)
  return failed(title, files.length > 0 ? `otherwise formatted: ${files.join(', ')}` : lastLine(ended))
}

/** @returns the test, and why the rest cannot be run */
async function initialize(
  {name, run}: Terraform,
  folder: string,
  pluginDir: string | undefined,
): Promise<[OneTest, string | undefined]> {
  const plugins = pluginDir === undefined ? [] : [`-plugin-dir=${pluginDir}`]
  const ended = await run(folder, ['init', '-backend=false', '-input=false', '-no-color', ...plugins])
  const title = `${name} init ${folder}`
  if (ended.code === 0) return [passed(title), undefined]
  const said = saidIn(ended)
  if (!noProvider.test(ended.stderr)) return [failed(title, said), `${name} init failed`]
  return [skipped(title, said), `the provider cannot be had: ${name} init`]
}

const saidIn = ({stdout, stderr}: Ended): string => errorIn(stderr.trim() === '' ? stdout : stderr)

interface Diagnostic {
  severity: string
  summary: string
  detail?: string
  range?: {filename: string; start: {line: number}}
  /** What the expression was made of: `proxmox_virtual_environment_vm.vm_100.name`, `is "web01"`. */
  snippet?: {values?: {traversal: string; statement: string}[]}
}

async function validate({name, run}: Terraform, folder: string): Promise<OneTest[]> {
  const ended = await run(folder, ['validate', '-json', '-no-color'])
  const title = `${name} validate ${folder}`
  const told = jsonIn<{valid: boolean; diagnostics: Diagnostic[]}>(ended.stdout)
  if (!told) return [failed(title, saidIn(ended))]
  if (told.valid) return [passed(title)]
  return told.diagnostics.filter(isError).map((diagnostic) => failed(title, textOf(diagnostic)))
}

const isError = ({severity}: Diagnostic) => severity === 'error'

function textOf({summary, detail = '', range}: Diagnostic): string {
  const where = range ? `${range.filename}:${range.start.line}: ` : ''
  return `${where}${summary}${detail === '' ? '' : `: ${detail}`}`
}

/** A line of `terraform test -json`. */
interface TestLine {
  type?: string
  '@testfile'?: string
  '@testrun'?: string
  test_run?: {path: string; run: string; progress?: string; status: string}
  diagnostic?: Diagnostic
}

async function runTests({name, run}: Terraform, folder: string): Promise<OneTest[]> {
  const ended = await run(folder, ['test', '-json', '-no-color'])
  const lines = ended.stdout.split('\n').flatMap((line) => jsonIn<TestLine>(line) ?? [])
  const errors = lines.filter(({diagnostic}) => diagnostic && isError(diagnostic))
  const tests = lines.flatMap(({test_run: one}) => (one ? runOf(one, errors) : []))
  const others = errors.filter((line) => line['@testrun'] === undefined)
  tests.push(...others.map(({diagnostic}) => failed(`${name} test`, textOf(diagnostic!))))
  if (ended.code !== 0 && !tests.some(({result}) => result === 'failed'))
    tests.push(failed(`${name} test`, saidIn(ended)))
  return tests
}

/** How our assertions begin: the object, then the field. */
const assertion = /^(\S+\/\S+) (\S+): ([\s\S]*)$/

function runOf({path, run, progress, status}: NonNullable<TestLine['test_run']>, errors: TestLine[]): OneTest[] {
  if (progress !== undefined && progress !== 'complete') return []
  const title = `${path} ${run}`
  if (status === 'pass') return [passed(title)]
  if (status === 'skip') return [skipped(title, 'what came before it failed')]
  const own = errors.filter((line) => line['@testfile'] === path && line['@testrun'] === run)
  const tests = own.map(({diagnostic}) => {
    const [, object, field, message] = assertion.exec(diagnostic!.detail ?? '') ?? []
    if (object === undefined) return failed(title, textOf(diagnostic!))
    return failed(field!, [message!, ...foundIn(diagnostic!)].join('; '), object)
  })
  return tests.length > 0 ? tests : [failed(title, `ended with ${status}`)]
}

/** How many values of the code are told; what is made of more is about all guests. */
const few = 3

/** What stands in the code, where single values do: `memory[0].dedicated is 512`. */
function foundIn({snippet}: Diagnostic): string[] {
  const values = (snippet?.values ?? []).filter(
    ({traversal, statement}) => !traversal.startsWith('var.') && /^is (?:["\d-]|true|false|null)/.test(statement),
  )
  if (values.length > few) return []
  return values.map(({traversal, statement}) => `${traversal.split('.').slice(2).join('.')} ${statement}`)
}

function jsonIn<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}
