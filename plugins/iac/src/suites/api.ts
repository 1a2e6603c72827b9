import {type PmpcError} from 'pmpc/kit/errors'
import type {Reading} from 'pmpc/kit/fetch'
import type {KindName} from 'pmpc/kit/resources'
import type {Caller} from 'pmpc/kit/runs'
import {observeNow, type ObservedNow} from 'pmpc/kit/verbs'
import type {Workspace} from 'pmpc/kit/workspace'
import {clusterOf} from '../estate.js'
import {audit, type Checked} from '../tests/audit.js'
import {objectsOf, type ExpectedCluster} from '../tests/expected.js'
import {nothingExpected, readExpected} from './read-expected.js'
import {failed, passed, skipped, skippedSuite, suiteOf, type OneTest, type Suite} from './suites.js'

/** The kinds of which anything is expected. */
const kinds: readonly KindName[] = [
  ...(['node', 'network', 'storage', 'pool', 'ha-resource', 'backup-job'] as const),
  ...(['vm', 'container'] as const),
]

/** Where nobody gave a credential, nothing was tested; where one is refused, or nobody answers, that is a failure. */
const isNoFailure = new Set(['PMPC_NO_CREDENTIAL'])

/** Holds what is expected of the clusters against what they are now. @throws PMPC_TESTS_EXPECTED */
export async function testApi(workspace: Workspace, caller: Caller): Promise<Suite> {
  const expected = readExpected(workspace.root)
  if (!expected) return skippedSuite('api', nothingExpected)
  const names = Object.keys(expected.clusters)
  const known = names.filter((name) => workspace.clusters.includes(name))
  const observed = await observeNow(workspace, {clusters: known, kinds}, caller)
  const tests = names.flatMap((name) => {
    const now = observed.find(({cluster}) => cluster === name)
    return now
      ? testsOf(workspace, now, expected.clusters[name]!)
      : [skipped('reached', 'pmpc.yaml does not name it', name)]
  })
  return suiteOf('api', tests)
}

function testsOf({config}: Workspace, now: ObservedNow, {objects}: ExpectedCluster): OneTest[] {
  const {cluster} = now
  if ('error' in now) return [notReached(cluster, now.error)]
  const {reading} = now
  const found = objectsOf(clusterOf(cluster, config.clusters[cluster]!, reading.state.objects))
  return audit(objects, found).map((checked) => testOf(cluster, checked, reading))
}

function notReached(cluster: string, {code, message, suggestions}: PmpcError): OneTest {
  const [first] = suggestions
  const why = first === undefined ? message : `${message} (${first})`
  return (isNoFailure.has(code) ? skipped : failed)('reached', why, cluster)
}

function testOf(cluster: string, {object, field, message}: Checked, reading: Reading): OneTest {
  const name = `${cluster}/${object}`
  const unread = whyUnread(object, field, reading)
  if (unread !== undefined) return skipped(field, unread, name)
  return message === null ? passed(field, name) : failed(field, message, name)
}

/** What could not be read is not tested; an object that is not there may be among those of its kind. */
function whyUnread(object: string, field: string, {stale, ignoredObjects}: Reading): string | undefined {
  if (ignoredObjects.has(object)) return 'a rule of pmpc.yaml leaves it out'
  const [kind] = object.split('/')
  const one = stale.find(
    ({kind: of, id}) => `${of}/${id}` === object || (field === 'exists' && of === kind && id === '*'),
  )
  return one && `could not be read: ${one.why}`
}
