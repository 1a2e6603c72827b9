import {isPmpcError, PmpcError} from 'pmpc/kit/errors'
import {step, type Caller} from 'pmpc/kit/runs'
import {readerOf, status} from 'pmpc/kit/verbs'
import {glob, type Workspace} from 'pmpc/kit/workspace'
import {checks} from './checks/index.js'
import {checkCluster, resultOf, type CheckResult} from './engine.js'
import {promisedIn} from './history.js'
import type {Here, LocalCheck, WayCheck} from './local/model.js'
import {probe, type Probe} from './local/probes.js'
import {wayChecks} from './local/ways.js'
import {localChecks} from './local/workspace.js'
import type {Check, Finding, Severity} from './model.js'
import {Settings, unknownCheck} from './settings.js'

/** What `pmpc health --json` prints; docs/health.md. */
export interface HealthResult {
  checks: CheckResult[]
  /** Sent to all clusters, repetitions included. */
  requests: number
  /** From the first request to the last answer. */
  milliseconds: number
  /** Only with `--list`, which runs none: all checks there are. */
  catalogue?: Listed[]
}

/** A check as `--list` tells it. */
export interface Listed {
  id: string
  severity: Severity
  about: string
  why: string
  fix: string
  limits: Record<string, {default: number; is: string}>
}

/** What is asked for. */
export interface HealthRequest {
  clusters: readonly string[]
  /** Ids of checks, with `*` and `?`; all unless given. Only what these need is read. */
  only?: readonly string[] | undefined
}

/** All checks there are, in the order in which they are told. */
export const allChecks: readonly (Check | LocalCheck | WayCheck)[] = [...localChecks, ...wayChecks, ...checks]

/** All checks, without running any. */
export function listChecks(): HealthResult {
  const catalogue = allChecks.map(({id, severity, about, why, fix, limits}) => ({
    id,
    severity,
    about,
    why,
    fix,
    limits: {...limits},
  }))
  return {checks: [], requests: 0, milliseconds: 0, catalogue}
}

/**
 * Runs checks of this workspace, of the ways to clusters and of clusters, all beside each other. A cluster that cannot be read makes its checks
 * unknown.
 * @throws PMPC_CONFIG where pmpc.yaml, PMPC_USAGE where the request names a check that there is not; as `status`
 */
export async function health(
  workspace: Workspace,
  {clusters, only}: HealthRequest,
  caller: Caller,
): Promise<HealthResult> {
  const settings = Settings.of(workspace.config.health, allChecks)
  const isMeant = meant(only)
  const began = Date.now()
  const standing = await status(workspace.root)
  const here: Here = {workspace, caller, standing, now: Math.floor(began / 1000)}
  const own = await Promise.all(
    localChecks
      .filter(({id}) => isMeant(id) && !settings.isLeftOut(id, null))
      .map(async (check) => locally(check, null, settings, async (limits) => check.find(here, limits))),
  )
  const looked = await Promise.all(
    clusters.map(async (cluster) =>
      step(caller, `Check ${cluster}`, async () => {
        const wanted = <C extends {id: string}>(all: readonly C[]): C[] =>
          all.filter(({id}) => isMeant(id) && !settings.isLeftOut(id, cluster))
        const ways = wanted(wayChecks)
        // First, and alone: how long an answer takes beside a hundred others is another question.
        const probes = ways.some(({id}) => id.startsWith('endpoint.')) ? await probe(workspace, cluster, caller) : []
        const of = await lookAt(workspace, cluster, wanted(checks), settings, caller)
        const known = await Promise.all(
          ways.map(async (check) =>
            locally(check, cluster, settings, async (limits) => check.find(here, cluster, probes, limits)),
          ),
        )
        return {checks: [...known, ...of.checks], requests: of.requests + sent(probes)}
      }),
    ),
  )
  return {
    checks: [...own, ...looked.flatMap((one) => one.checks)],
    requests: looked.reduce((sum, {requests}) => sum + requests, 0),
    milliseconds: Date.now() - began,
  }
}

const sent = (probes: readonly Probe[]): number => probes.reduce((sum, {requests}) => sum + requests, 0)

/** Checks one cluster; where it cannot be read at all every check is unknown. */
async function lookAt(
  workspace: Workspace,
  cluster: string,
  wanted: readonly Check[],
  settings: Settings,
  caller: Caller,
): Promise<Pick<HealthResult, 'checks' | 'requests'>> {
  if (wanted.length === 0) return {checks: [], requests: 0}
  let requests = (): number => 0
  try {
    const reader = await readerOf(workspace, cluster, caller)
    requests = () => reader.stats().requests
    try {
      const looksBack = wanted.some(({history}) => history)
      const promised = looksBack ? await promisedIn(workspace.root, cluster) : []
      return {checks: await checkCluster(reader, wanted, settings, promised), requests: requests()}
    } finally {
      await reader.close()
    }
  } catch (error) {
    if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED' || caller.signal?.aborted) throw error
    const unread = [{object: `cluster/${cluster}`, why: error.message.replace(/\.$/, '')}]
    return {
      checks: wanted.map((check) => ({
        ...resultOf(check, {cluster, findings: [], unread}, settings),
        fix: error.suggestions.join('; '),
      })),
      requests: requests(),
    }
  }
}

/** Runs a check of this side. What it fails with is why nothing is known. */
async function locally(
  check: LocalCheck | WayCheck,
  cluster: string | null,
  settings: Settings,
  find: (limits: ReturnType<Settings['limitsOf']>) => Promise<Finding[]>,
): Promise<CheckResult> {
  try {
    const findings = await find(settings.limitsOf(check))
    return resultOf(check, {cluster, findings, unread: []}, settings)
  } catch (error) {
    const unread = [{object: 'workspace', why: (error as Error).message.replace(/\.$/, '')}]
    return resultOf(check, {cluster, findings: [], unread}, settings)
  }
}

/** @throws PMPC_USAGE for a name that no check has */
function meant(only: readonly string[] | undefined): (id: string) => boolean {
  if (!only) return () => true
  for (const name of only)
    if (!allChecks.some(({id}) => glob(name).test(id))) {
      const {message} = unknownCheck('--only', name, allChecks)
      throw new PmpcError('PMPC_USAGE', message.replace('pmpc.yaml: ', ''), {suggestions: ['pmpc health --list']})
    }
  return (id) => only.some((name) => glob(name).test(id))
}
