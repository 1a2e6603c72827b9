export {consequences, madeUp} from './model.js'
export type {
  Action,
  Around,
  Check,
  Consequence,
  Effect,
  Next,
  Origin,
  Refusal,
  Request,
  SecretParameter,
  Step,
  Wanted,
  WishedField,
} from './model.js'
export {digestOfPlan, gravest, planFormat, planOf} from './saved.js'
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
