import type {Reader} from 'pmpc/kit/proxmox'
import type {Unread} from './facts.js'
import type {Check, Finding, Limits, Result} from './model.js'
import {readFor, type Reading} from './read.js'
import {sources, type SourceName} from './sources.js'

/** How a check of a cluster came out; docs/schema/health.json. */
export interface CheckResult {
  id: string
  /** null of what is about this workspace, not about a cluster. */
  cluster: string | null
  result: Result
  /** What it found something at, each once. */
  objects: string[]
  message: string
  fix: string
  findings: Finding[]
  unread: Unread[]
}

/** Runs checks on a cluster. @throws as `readFor` */
export async function checkCluster(reader: Reader, checks: readonly Check[]): Promise<CheckResult[]> {
  const reading = await readFor(reader, new Set(checks.flatMap(({reads}) => reads)))
  return checks.map((check) => judge(check, reading, reader.cluster!))
}

function judge(check: Check, {facts, unread}: Reading, cluster: string): CheckResult {
  const {id, fix, about, reads} = check
  const findings = isBlind(check, unread) ? [] : check.find(facts, limitsOf(check))
  const missing = distinct(reads.flatMap((source: SourceName) => unread.get(source) ?? []))
  const result = resultOf(findings, missing)
  const told = [...findings.map(({object, message}) => `${object}: ${message}`), ...missing.map(unreadText)]
  return {
    id,
    cluster,
    result,
    objects: [...new Set(findings.map(({object}) => object))],
    message: told.length > 0 ? told.join('; ') : about,
    fix: result === 'ok' ? '' : fix,
    findings,
    unread: missing,
  }
}

/** Whether it would judge by what it did not see: what is read once is there or not, and of what must be whole nothing may be missing. */
function isBlind({reads, whole = []}: Check, unread: Reading['unread']): boolean {
  const failed = (source: SourceName) => (unread.get(source) ?? []).some(({object}) => object !== 'token')
  return (
    whole.some((source) => (unread.get(source) ?? []).length > 0) ||
    reads.some((source) => ['cluster', 'any'].includes(sources[source].over) && failed(source))
  )
}

function limitsOf({limits = {}}: Check): Limits {
  return Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit.default]))
}

/** What could not be read is never healthy. */
function resultOf(findings: readonly Finding[], unread: readonly Unread[]): Result {
  if (findings.some(({severity}) => severity === 'critical')) return 'critical'
  if (findings.length > 0) return 'warning'
  return unread.length > 0 ? 'unknown' : 'ok'
}

function distinct(unread: readonly Unread[]): Unread[] {
  return [...new Map(unread.map((one) => [`${one.object} ${one.why}`, one])).values()]
}

const unreadText = ({object, why}: Unread): string => `${object} could not be read: ${why}`
