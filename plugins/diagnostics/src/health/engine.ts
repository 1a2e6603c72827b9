import type {Reader} from 'pmpc/kit/proxmox'
import type {Unread} from './facts.js'
import type {Promised} from './history.js'
import type {Check, Finding, Result} from './model.js'
import {readFor, type Reading} from './read.js'
import type {Known, Settings} from './settings.js'
import {sources, type SourceName} from './sources.js'

/** How a check came out; docs/schema/health.json. */
export interface CheckResult {
  id: string
  /** null of what is about this workspace, not about a cluster. */
  cluster: string | null
  result: Result
  /** What it found something at, each once. */
  objects: string[]
  message: string
  /** Empty where there is nothing to do. */
  fix: string
  findings: Finding[]
  unread: Unread[]
  /** How many findings pmpc.yaml excepts. */
  excepted: number
}

/** What a check says, however it was found out. */
export interface Told extends Known {
  about: string
  fix: string
}

/**
 * Runs checks on a cluster.
 * @param promised what the history of its state tells
 * @throws as `readFor`
 */
export async function checkCluster(
  reader: Reader,
  checks: readonly Check[],
  settings: Settings,
  promised: readonly Promised[] = [],
): Promise<CheckResult[]> {
  const reading = await readFor(reader, new Set(checks.flatMap(({reads}) => reads)), promised)
  return checks.map((check) => judge(check, reading, reader.cluster!, settings))
}

function judge(check: Check, {facts, unread}: Reading, cluster: string, settings: Settings): CheckResult {
  const findings = isBlind(check, unread) ? [] : check.find(facts, settings.limitsOf(check))
  const missing = distinct(check.reads.flatMap((source: SourceName) => unread.get(source) ?? []))
  return resultOf(check, {cluster, findings, unread: missing}, settings)
}

/** Puts together what a check found, without what pmpc.yaml excepts. What could not be read is never healthy. */
export function resultOf(
  {id, about, fix}: Told,
  {cluster, findings: all, unread}: {cluster: string | null; findings: readonly Finding[]; unread: Unread[]},
  settings: Settings,
): CheckResult {
  const findings = all.filter((finding) => settings.exceptionOf(id, cluster, finding) === undefined)
  const told = [...findings.map(({object, message}) => `${object}: ${message}`), ...unread.map(unreadText)]
  const result = worst(findings, unread)
  return {
    id,
    cluster,
    result,
    objects: [...new Set(findings.map(({object}) => object))],
    message: told.length > 0 ? told.join('; ') : about,
    fix: findings.length > 0 ? fix : unread.length > 0 ? unreadFix(unread) : '',
    findings,
    unread,
    excepted: all.length - findings.length,
  }
}

/**
 * Whether it would judge by what it did not see: what is read once is there or not, and of what must be whole nothing may be missing.
 */
function isBlind({reads, whole = []}: Check, unread: Reading['unread']): boolean {
  const failed = (source: SourceName) => (unread.get(source) ?? []).some(({object}) => object !== 'token')
  return (
    whole.some((source) => (unread.get(source) ?? []).length > 0) ||
    reads.some((source) => ['cluster', 'any'].includes(sources[source].over) && failed(source))
  )
}

function worst(findings: readonly Finding[], unread: readonly Unread[]): Result {
  if (findings.some(({severity}) => severity === 'critical')) return 'critical'
  if (findings.length > 0) return 'warning'
  return unread.length > 0 ? 'unknown' : 'ok'
}

function distinct(unread: readonly Unread[]): Unread[] {
  return [...new Map(unread.map((one) => [`${one.object} ${one.why}`, one])).values()]
}

export const unreadText = ({object, why}: Unread): string =>
  object === 'token' ? `the token: ${why}` : `${object} could not be read: ${why}`

function unreadFix(unread: readonly Unread[]): string {
  return unread.some(({object, why}) => object === 'token' || /privilege|may not/.test(why))
    ? 'Give the token what it lacks (pmpc auth test), or leave the check out: health.exceptions in pmpc.yaml.'
    : 'Look again when it answers.'
}
