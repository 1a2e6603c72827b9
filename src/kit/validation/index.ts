export type {Finding} from './findings.js'
export {validate, type Validation} from './validate.js'
