export {Bench, type Change, type Manifests, type Written} from './bench.js'
export {acceptObject, rejectObject, type Decided, type Decision} from './decide.js'
export {formatField, parseField, type Document, type Field} from './fields.js'
export {
  declaredDocument,
  equalDocuments,
  mergeObject,
  observedDocument,
  present,
  type Edit,
  type MergeInput,
} from './merge.js'
export {type Edits, type Spliced} from './texts.js'
export {
  decide,
  describeMove,
  stagedMoves,
  type DecisionRequest,
  type DecisionResult,
  type Verdict,
} from './decisions.js'
export {ignoreOf, subjectOf, subjectOfDeclared, withoutKeys, type Ignore} from './ignore.js'
export {overviewOf, type Offer, type Overview, type Wish} from './overview.js'
export {decidedElsewhere, recallSync, rememberSync, type LastSync} from './last-sync.js'
export {statusOf, type ClusterStatus, type WorkspaceStatus} from './status.js'
