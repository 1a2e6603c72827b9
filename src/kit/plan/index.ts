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
