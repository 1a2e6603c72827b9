export {clashesIn, type Clash} from './claims.js'
export type {Finding} from './findings.js'
export {validate, type Validation} from './validate.js'
