import {consequences, type Consequence} from '../resources/kinds/travel.js'
import {formatRef, isGuest, localKey, parseRef} from '../resources/index.js'
import type {ObjectRef} from '../resources/index.js'
import {shellWord} from '../files/inside.js'
import {covers, subjectOf, subjectOfDeclared} from '../workspace/index.js'
import type {IgnoreSubject, PolicyRule} from '../workspace/index.js'
import type {Action, Check} from './model.js'
import type {Plan, PlannedAction} from './saved.js'

/** Classes that need nobody's consent: nothing is interrupted, and nothing is lost. */
const harmless: ReadonlySet<Consequence> = new Set(['live', 'pending-until-reboot'])

/** The classes that somebody has to agree to, from the mildest. */
export function consentsOf(classes: ReadonlySet<Consequence>): Consequence[] {
  return consequences.filter((each) => classes.has(each) && !harmless.has(each))
}

/** A class with the objects for which a plan needs consent. */
export interface Consent {
  consequence: Consequence
  /** `home/vm/100`, in the order of the plan. */
  objects: string[]
}

/** What a plan needs consent for, from the mildest class. */
export function consentsNeeded(actions: readonly {object: string; consents: readonly Consequence[]}[]): Consent[] {
  return consequences.flatMap((consequence) => {
    const objects = actions.filter(({consents}) => consents.includes(consequence)).map(({object}) => object)
    return objects.length > 0 ? [{consequence, objects}] : []
  })
}

/** What was agreed to beforehand. */
export interface Given {
  /** To all but {@link weighty}. */
  yes: boolean
  /** Classes, each of all objects or of one. */
  allow: readonly {consequence: Consequence; object?: string}[]
  /** Objects that were named, as people name them: `home/vm/100`, `vm/100`, `100`, `web01`. */
  confirm: readonly string[]
}

/** What is not agreed to in passing. */
const weighty: ReadonlySet<Consequence> = new Set(['grants', 'cuts-network', 'detaches-data', 'destroys-data'])

/** What somebody still has to agree to. */
export interface Lacking extends Consent {
  /** Those that have to be named one by one. */
  named: string[]
}

/**
 * What of a plan nobody has agreed to yet, from the mildest class. What destroys data wants each object named, unless HEAD says that it, and no guest before it, is to be absent; so does what cuts
 * the network that pmpc itself comes by.
 */
export function consentsLacking(
  {actions, checks}: Pick<Plan, 'actions' | 'checks'>,
  {yes, allow, confirm}: Given,
): Lacking[] {
  const names = new Map(actions.map((action) => [action.object, namesOf(action)]))
  const isNamed = (object: string, by: readonly string[]) => by.some((name) => names.get(object)!.has(name))
  // Whom HEAD wished away may have gone, and another one have come.
  const others = new Set(checks.filter(({check}) => check === 'other-guest').map(({object}) => object))
  const isCommitted = new Set(
    actions.flatMap(({object, change, commit}) =>
      change === 'remove' && typeof commit === 'string' && !others.has(object) ? [object] : [],
    ),
  )
  const ownWay = new Set(checks.filter(({check}) => check === 'endpoint').map(({object}) => object))
  const mustName = (consequence: Consequence, object: string) =>
    consequence === 'destroys-data' || (consequence === 'cuts-network' && ownWay.has(object))
  const isGiven = (consequence: Consequence, object: string): boolean => {
    const mine = allow.filter((each) => each.consequence === consequence)
    const alone = mine.flatMap((each) => each.object ?? [])
    if (mustName(consequence, object))
      return (
        isNamed(object, consequence === 'destroys-data' ? confirm : [...confirm, ...alone]) ||
        (consequence === 'destroys-data' && isCommitted.has(object))
      )
    return (
      mine.some((each) => each.object === undefined) || isNamed(object, alone) || (yes && !weighty.has(consequence))
    )
  }
  return consentsNeeded(actions).flatMap(({consequence, objects}) => {
    const left = objects.filter((object) => !isGiven(consequence, object))
    return left.length > 0
      ? [{consequence, objects: left, named: left.filter((object) => mustName(consequence, object))}]
      : []
  })
}

/** What people may call an object. */
function namesOf({object, name}: Pick<PlannedAction, 'object' | 'name'>): Set<string> {
  const {kind, id} = parseRef(object)
  return new Set([
    object,
    localKey({kind, id}),
    ...(isGuest(kind) ? [String(id)] : []),
    ...(name === undefined ? [] : [name]),
  ])
}

/** The rules of `policy:` in pmpc.yaml, and as what they see an object. */
export interface Policy {
  rules: readonly PolicyRule[]
  /**
   * An object as it was agreed on and as it is declared, with what it is a part of: so that no change takes a tag away and acts. Without it an object is
   * what it is in the cluster and what it is wanted to be.
   */
  subjects?: (ref: ObjectRef) => readonly IgnoreSubject[]
}

/** The rules that cover an object. */
export function rulesFor(action: Action, {rules, subjects}: Policy): PolicyRule[] {
  const seen = subjects?.(action.ref) ?? ownSubjects(action)
  return rules.filter((rule) => seen.some((subject) => covers(rule, subject)))
}

function ownSubjects({ref, is, wanted}: Action): IgnoreSubject[] {
  const {document} = wanted
  const pool = document?.beside.pool
  return [
    ...(is ? [subjectOf(is)] : []),
    ...(document
      ? [
          subjectOfDeclared({
            kind: ref.kind,
            id: ref.id,
            config: document.config,
            ...(pool !== undefined && {pool: String(pool)}),
          }),
        ]
      : []),
    {kind: ref.kind, id: ref.id},
  ]
}

/** What of an action the policy forbids. No flag overrides it. */
export function policyChecks(action: Action, rules: readonly PolicyRule[]): Check[] {
  const classes = new Set(action.steps.flatMap(({effects}) => effects.map(({consequence}) => consequence)))
  return rules.flatMap(({never, ...conditions}) => {
    const forbidden = consequences.filter((each) => never.includes(each) && classes.has(each))
    if (forbidden.length === 0) return []
    const object = formatRef(action.ref)
    const rule = Object.entries(conditions).map(([name, value]) => `${name}: ${value}`)
    return [
      {
        object,
        check: 'policy',
        severity: 'error',
        message: `${forbidden.join(' and ')} is never allowed ${rule.length > 0 ? `for {${rule.join(', ')}}` : 'at all'} by policy: in pmpc.yaml, and no flag overrides it`,
        suggestions: [`pmpc plan --exclude ${shellWord(object)}`, 'git log -p -- pmpc.yaml   # who says so, and why'],
      },
    ]
  })
}
