// What the checks of a plan are given, made by hand or read from a lab.
import type {Permissions} from '../../../src/kit/proxmox/index.js'
import type {Action, Around, Request, Step} from '../../../src/kit/plan/index.js'
import type {Answer, Calls, Known} from '../../../src/kit/plan/checks.js'
import type {KindName, ObjectRef, Observed, Scalar} from '../../../src/kit/resources/index.js'
import {contractVersion, loadContract, loadRights} from '../../../src/kit/values/index.js'

/** What both contracts say of calls. */
export async function bothCalls(): Promise<(version: string) => Calls> {
  const load = async (version: '8.4' | '9.2'): Promise<Calls> => ({
    contract: await loadContract(version),
    rights: await loadRights(version),
  })
  const known = {'8.4': await load('8.4'), '9.2': await load('9.2')}
  return (version) => known[contractVersion(version)]
}

/** Objects around, all on one version. */
export function aroundOf(objects: readonly Observed[], version = '9.2', cluster = 'home'): Around {
  return {
    cluster,
    object: (kind, id) => objects.find((one) => one.kind === kind && String(one.id) === String(id)),
    objects: (kind) => objects.filter((one) => one.kind === kind),
    version: () => version,
  }
}

/** What is known of a cluster of which little was read. */
export function knownOf(calls: Known['calls'], given: Partial<Known> = {}): Known {
  return {
    who: 'pmpc@pve!ci',
    endpoints: ['https://192.0.2.11:8006'],
    permissions: {},
    resources: [],
    status: [],
    ha: [],
    replication: [],
    answers: new Map<string, Answer>(),
    calls,
    ...given,
  }
}

const usual = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms']

/** Rights on `/` that go on below it, as PVE lists them. */
export const onAll = (...privileges: readonly string[]): Permissions =>
  Object.fromEntries(usual.map((path) => [path, Object.fromEntries(privileges.map((privilege) => [privilege, 1]))]))

/** A request as an action sends it: `PUT /nodes/pve1/qemu/100/config`. */
export function requestOf(line: string, parameters: Record<string, Scalar> = {}): Request {
  const [method, path] = line.split(' ') as [Request['method'], string]
  return {method, path, parameters}
}

/** An action of requests that are given; the object stays as it is but for the last step's `after`. */
export function actionOf(
  ref: {kind: KindName; id: string | number},
  is: Observed | null,
  steps: readonly (Partial<Step> & {request: Request})[],
): Action {
  const whole: ObjectRef = {cluster: 'home', ...ref}
  return {
    ref: whole,
    wanted: {ref: whole, document: null, fields: []},
    is,
    steps: steps.map((step) => ({effects: [], after: is, ...step})),
    refused: [],
  }
}
