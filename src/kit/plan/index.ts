export {consentsLacking, consentsNeeded, consentsOf} from './consents.js'
export type {Consent, Given, Lacking, Policy} from './consents.js'
export {agrees, disagreements} from './agree.js'
export {devicesOf} from './consequences.js'
export {backedUp} from './volume-names.js'
export {alongPower, bindGuest, nextOfGuest} from './guests.js'
export {consequences, type Consequence} from '../resources/kinds/travels.js'
export {madeUp} from './model.js'
export type {
  Action,
  Also,
  Around,
  Asked,
  Check,
  Decided,
  Effect,
  Next,
  Origin,
  Refusal,
  Request,
  SecretParameter,
  Sent,
  Step,
  Verb,
  Wanted,
  WishedField,
} from './model.js'
export {boundOf, digestOfPlan, gravest, planFormat, planOf, withoutSecrets} from './saved.js'
export type {
  Bound,
  PendingChange,
  Plan,
  Planned,
  PlannedAction,
  PlannedCluster,
  PlannedField,
  PlannedRequest,
  Undecided,
} from './saved.js'
export {afterSteps, aroundOf, versionsOf} from './around.js'
export {actionOf} from './steps.js'
export {isWaiting, staged, stagedWith} from './stages.js'
export {wantedOf, type Wishes} from './wanted.js'
export {planText, readPlan} from './saved-text.js'
export {next} from './next.js'
export {isVerbMet, verbStep} from './guest-verbs.js'
export {check, keyOf, needsOf, type Answer, type Known, type Need} from './checks.js'
export {ordered, waitsOf} from './order.js'
export {rollingWaits} from './rolling.js'
