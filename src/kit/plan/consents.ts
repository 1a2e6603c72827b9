import {consequences, type Consequence} from '../resources/kinds/travel.js'
import {formatRef} from '../resources/index.js'
import type {ObjectRef} from '../resources/index.js'
import {shellWord} from '../files/inside.js'
import {covers, subjectOf, subjectOfDeclared} from '../workspace/index.js'
import type {IgnoreSubject, PolicyRule} from '../workspace/index.js'
import type {Action, Check} from './model.js'

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
