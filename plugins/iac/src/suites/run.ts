import {mkdirSync} from 'node:fs'
import {dirname} from 'node:path'
import {PmpcError} from 'pmpc/kit/errors'
import {replaceFile} from 'pmpc/kit/files'
import {step, type Caller} from 'pmpc/kit/runs'
import type {Workspace} from 'pmpc/kit/workspace'
import {filesBelow} from '../files.js'
import {FOLDER} from '../generated.js'
import {testApi} from './api.js'
import {testGuests} from './guest.js'
import {junitOf} from './junit.js'
import {testStatic} from './static.js'
import {resultOf, suiteNames, type Suite, type SuiteName, type TestResult} from './suites.js'

export interface TestRequest {
  suites: readonly SuiteName[]
  /** Where Terraform's providers are taken from; from where it takes them by itself unless given. */
  pluginDir?: string | undefined
  /** Where a report in JUnit's form is written. */
  junit?: string | undefined
}

interface SuiteRow {
  title: string
  run(workspace: Workspace, request: TestRequest, caller: Caller): Promise<Suite>
}

const rows: Readonly<Record<SuiteName, SuiteRow>> = {
  static: {title: 'Test the code', run: testStatic},
  guest: {title: 'Look into the guests', run: async (workspace, _, caller) => testGuests(workspace, caller)},
  api: {title: 'Ask the clusters', run: async (workspace, _, caller) => testApi(workspace, caller)},
}

/** Runs those of the tests of a workspace for which there is what they need. @throws PMPC_IAC_MISSING, PMPC_TESTS_EXPECTED; what the file system says of the report */
export async function runTests(workspace: Workspace, request: TestRequest, caller: Caller): Promise<TestResult> {
  if (filesBelow(workspace.root, FOLDER).length === 0) throw nothingToTest()
  const suites: Suite[] = []
  for (const name of suiteNames.filter((one) => request.suites.includes(one))) {
    caller.signal?.throwIfAborted()
    suites.push(await step(caller, rows[name].title, async () => rows[name].run(workspace, request, caller), name))
  }
  const result = resultOf(suites)
  if (request.junit !== undefined) {
    mkdirSync(dirname(request.junit), {recursive: true})
    replaceFile(request.junit, junitOf(result))
  }
  return result
}

/** A pipeline that tests nothing is not to be green by it. */
function nothingToTest(): PmpcError {
  return new PmpcError('PMPC_IAC_MISSING', `there is nothing to test: no code was generated below ${FOLDER}`, {
    suggestions: ['pmpc iac generate', 'pmpc validate   # checks pmpc.yaml and the manifests'],
    data: {path: FOLDER},
  })
}
