// What an apply looks at before anything is sent or committed, and why it then does nothing.
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {consentsLacking, type Lacking, type Plan} from '../plan/index.js'
import {equalValues, formatRef, type ObjectRef} from '../resources/index.js'
import type {Caller} from '../runs/index.js'
import {canonicalJson} from '../state/index.js'
import type {ApplyRequest} from './apply.js'
import type {Uncommitted} from './intention.js'
import type {Planning, Share} from './read-plan.js'

/** Whether the plan is what was asked for. @throws PMPC_PLAN_OUTDATED, with what moved */
export function compare({plan}: Planning, {saved, expect}: ApplyRequest): void {
  if (saved && saved.digest !== plan.digest) throw outdated(saved.digest, plan.digest, movedIn(saved, plan))
  if (expect !== undefined && expect !== plan.digest) throw outdated(expect, plan.digest, [])
}

/** In which objects, and in which fields of them, two plans are made from something else. */
function movedIn(saved: Plan, plan: Plan): string[] {
  const now = new Map(plan.actions.map((action) => [action.object, action]))
  const before = new Set(saved.actions.map(({object}) => object))
  const lines = saved.actions.flatMap((was) => {
    const is = now.get(was.object)
    if (!is) return [`${was.object}: nothing is to be done any more`]
    const fields = [
      ...differing(was.bound.is ?? {}, is.bound.is ?? {}).map((field) => `${field} is another one in the cluster`),
      ...differing(wishesOf(was), wishesOf(is)).map((field) => `${field} is wished otherwise`),
      ...(canonicalJson(was.bound.open) === canonicalJson(is.bound.open) ? [] : ['something else of it is undecided']),
      ...(canonicalJson(was.bound.policy) === canonicalJson(is.bound.policy) ? [] : ['another policy covers it']),
      ...((was.bound.is === null) === (is.bound.is === null)
        ? []
        : [is.bound.is ? 'it is there by now' : 'it is gone']),
    ]
    const requests = canonicalJson(was.requests) === canonicalJson(is.requests) ? [] : ['other requests bring it there']
    return [...new Set(fields.length > 0 ? fields : requests)].map((why) => `${was.object}: ${why}`)
  })
  const more = plan.actions.filter(({object}) => !before.has(object))
  return [...lines, ...more.map(({object}) => `${object}: wished since`)]
}

const wishesOf = ({fields}: Plan['actions'][number]): Record<string, unknown> =>
  Object.fromEntries(fields.map(({field, to}) => [field, to]))

function differing(was: Record<string, unknown>, is: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
  return names.filter((name) => canonicalJson(was[name] ?? null) !== canonicalJson(is[name] ?? null))
}

function outdated(expected: string, digest: string, moved: readonly string[]): PmpcError {
  const lines = moved.slice(0, 20)
  if (moved.length > lines.length) lines.push(`… and ${moved.length - lines.length} more`)
  const told = lines.length > 0 ? `:\n  ${lines.join('\n  ')}` : ''
  return new PmpcError(
    'PMPC_PLAN_OUTDATED',
    `the plan is ${digest.slice(0, 12)} by now, not ${expected.slice(0, 12)}; nothing was sent${told}`,
    {suggestions: ['pmpc plan   # look at it again, then apply that'], data: {expected, digest, moved: [...moved]}},
  )
}

/** What stands in the way is told by checks: nothing is sent while any fails. */
export function refuseFailed({checks}: Plan, {again}: ApplyRequest): void {
  const failed = checks.filter(({severity}) => severity === 'error')
  if (failed.length === 0) return
  const lines = failed
    .slice(0, 20)
    .map(({object, field, message}) => `${object}${field ? ` ${field}` : ''}: ${message}`)
  if (failed.length > lines.length) lines.push(`… and ${failed.length - lines.length} more`)
  const objects = [...new Set(failed.map(({object}) => object))].slice(0, 4)
  const exclude = objects.map((object) => `--exclude ${shellWord(object)}`).join(' ')
  const codes: Record<string, string> = {quorum: 'PMPC_NO_QUORUM', lock: 'PMPC_LOCKED'}
  const code = codes[failed[0]!.check] ?? 'PMPC_PLAN_REFUSED'
  throw new PmpcError(code, `the plan cannot be carried out, and nothing was sent:\n  ${lines.join('\n  ')}`, {
    suggestions: [
      ...failed.flatMap(({suggestions}) => suggestions).slice(0, 3),
      // Whoever names objects leaves one out by not naming it.
      ...(again === undefined ? [`pmpc apply ${exclude}   # all but these`] : []),
    ],
    data: {checks: failed},
  })
}

/** In a pipeline HEAD is what was agreed on, and nobody could push what would have to be committed. */
export function refuseUncommitted(planning: Planning, {isPipeline}: ApplyRequest): void {
  if (!isPipeline) return
  const objects = uncommitted(planning).map(({ref}) => formatRef(ref))
  if (objects.length === 0) return
  throw new PmpcError(
    'PMPC_UNCOMMITTED',
    `in a pipeline (CI is set) HEAD is what is applied, and it lacks what the working tree wishes of ${objects.slice(0, 10).join(', ')}`,
    {
      suggestions: [
        'git add -A && git commit   # what is wished',
        'pmpc apply   # at a desk, which commits it; `id: next` becomes a number there',
      ],
      data: {objects},
    },
  )
}

/** @throws PMPC_CONSENT, and what `approve` throws */
export async function agreed(plan: Plan, {consent, approve, again}: ApplyRequest, {command}: Caller): Promise<void> {
  const lacking = consentsLacking(plan, consent)
  if (lacking.length === 0) return
  if (approve) return approve(lacking, plan)
  throw consentLacks(lacking, again ?? command)
}

/** Nobody can be asked: nothing was sent. */
function consentLacks(lacking: readonly Lacking[], command: string): PmpcError {
  const lines = lacking.map(({consequence, objects}) => `${consequence}: ${objects.join(', ')}`)
  const named = [...new Set(lacking.flatMap((each) => each.named))]
  const classes = lacking.flatMap(({consequence, objects, named: each}) =>
    each.length < objects.length ? [consequence] : [],
  )
  const flags = [
    ...(classes.length > 0 ? [`--allow ${classes.join(',')}`] : []),
    ...(named.length > 0 ? [`--confirm ${named.map(shellWord).join(',')}`] : []),
  ]
  return new PmpcError(
    'PMPC_CONSENT',
    `nobody has agreed to this, and nobody can be asked; nothing was sent:\n  ${lines.join('\n  ')}`,
    {suggestions: [`${command} ${flags.join(' ')}`], data: {lacking: lacking.map((each) => ({...each}))}},
  )
}

/** Where a secret is looked for: `PMPC_SECRET_HOME_VM_100_CIPASSWORD`. */
export function secretVariable(object: string, name: string): string {
  return `PMPC_SECRET_${object}_${name}`.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}

/** All secrets that requests name, by object and name, before the first one is sent. */
export async function secretsFor(
  shares: readonly Share[],
  {askSecret}: ApplyRequest,
  {env, run}: Caller,
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  const missing: string[] = []
  for (const {ref, steps} of shares.flatMap(({actions}) => actions)) {
    const object = formatRef(ref)
    const parameters = steps.flatMap(({request}) => Object.values(request.parameters))
    const names = new Set(
      parameters.flatMap((value) => (typeof value === 'object' && 'secret' in value ? [value.secret] : [])),
    )
    for (const name of names) {
      const variable = secretVariable(object, name)
      const secret = env[variable] ?? (await askSecret?.(object, name, variable))
      run.registerSecret(secret)
      if (secret) secrets.set(`${object} ${name}`, secret)
      else missing.push(variable)
    }
  }
  if (missing.length === 0) return secrets
  throw noSecret(missing)
}

/** Variables that nobody has set. */
export function noSecret(variables: readonly string[]): PmpcError {
  return new PmpcError('PMPC_NO_SECRET', `a secret is needed that no manifest holds: ${variables.join(', ')}`, {
    suggestions: variables
      .slice(0, 3)
      .map((variable) => `read -rs ${variable} && export ${variable}   # then: pmpc apply`),
    data: {variables: [...variables]},
  })
}

/** Wishes that HEAD does not hold. */
export function uncommitted({shares, looked}: Planning): Uncommitted[] {
  return shares
    .flatMap(({actions}) => actions)
    .flatMap(({ref, is, wanted}): Uncommitted[] => {
      if (wanted.asked?.once) return []
      if (wanted.document === null) return wanted.commit ? [] : [{ref, absent: true}]
      // Of what is to be made all is wished: what it is made from, too, and that it is there.
      if (is === null) return isInHead(looked, ref) ? [] : [{ref}]
      const fields = wanted.fields.filter(({commit}) => commit === null).map(({field}) => field)
      return fields.length > 0 ? [{ref, fields}] : []
    })
}

function isInHead({view, declared}: Planning['looked'], ref: ObjectRef): boolean {
  const committed = view.head.declared(ref)
  return committed !== undefined && equalValues(committed, declared.get(formatRef(ref)))
}
