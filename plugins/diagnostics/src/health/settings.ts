import {nearest} from 'pmpc/kit/workspace'
import {PmpcError} from 'pmpc/kit/errors'
import {glob, type HealthException, type HealthSettings} from 'pmpc/kit/workspace'
import type {Finding, Limit, Limits} from './model.js'

/** What settings need to know of a check, be it of a cluster or of this workspace. */
export interface Known {
  id: string
  limits?: Readonly<Record<string, Limit>>
}

/** What pmpc.yaml says of the checks: other thresholds, and what is as it should be. */
export class Settings {
  private readonly exceptions: readonly HealthException[]

  private constructor(
    private readonly thresholds: HealthSettings['thresholds'],
    exceptions: readonly HealthException[],
    today: string,
  ) {
    this.exceptions = exceptions.filter(({until}) => until === undefined || until >= today)
  }

  /** @throws PMPC_CONFIG where it names a check or a limit that there is not */
  static of(settings: HealthSettings | undefined, checks: readonly Known[], now = new Date()): Settings {
    const {thresholds = {}, exceptions = []} = settings ?? {}
    for (const [id, limits] of Object.entries(thresholds)) checkThresholds(id, limits, checks)
    for (const {check} of exceptions)
      if (!checks.some(({id}) => glob(check).test(id))) throw unknownCheck('health.exceptions', check, checks)
    return new Settings(thresholds, exceptions, now.toISOString().slice(0, 10))
  }

  /** The limits of a check as they hold here. */
  limitsOf({id, limits = {}}: Known): Limits {
    const own = this.thresholds[id] ?? {}
    return Object.fromEntries(Object.entries(limits).map(([name, {default: number}]) => [name, own[name] ?? number]))
  }

  /** Why a finding is none, if it is one that was excepted. */
  exceptionOf(id: string, cluster: string | null, {object}: Finding): HealthException | undefined {
    return this.exceptions.find(
      (one) =>
        glob(one.check).test(id) &&
        (one.cluster === undefined || one.cluster === cluster) &&
        (one.object === undefined || glob(one.object).test(object)),
    )
  }

  /** Whether a check is not wanted at all: an exception without an object. */
  isLeftOut(id: string, cluster: string | null): boolean {
    return this.exceptions.some(
      ({check, object, cluster: only}) =>
        object === undefined && glob(check).test(id) && (only === undefined || only === cluster),
    )
  }
}

function checkThresholds(id: string, limits: Record<string, number>, checks: readonly Known[]): void {
  const check = checks.find((one) => one.id === id)
  if (!check) throw unknownCheck('health.thresholds', id, checks)
  const known = Object.keys(check.limits ?? {})
  const other = Object.keys(limits).find((name) => !known.includes(name))
  if (other === undefined) return
  const has = known.length === 0 ? 'none' : known.join(', ')
  throw wrong(`health.thresholds.${id} has no limit ${other}; there is ${has}`)
}

/** The error of a name that is no check's. */
export function unknownCheck(where: string, name: string, checks: readonly Known[]): PmpcError {
  const near = nearest(
    name,
    checks.map(({id}) => id),
  )
  return wrong(`${where} names ${name}, which is no check${near === undefined ? '' : `; did you mean ${near}?`}`)
}

function wrong(message: string): PmpcError {
  return new PmpcError('PMPC_CONFIG', `pmpc.yaml: ${message}`, {
    suggestions: ['pmpc health --list   # all checks, with their limits', 'git diff -- pmpc.yaml'],
    data: {path: 'pmpc.yaml'},
  })
}
