export {mergeCluster, objectsToMerge, type ClusterMerge, type Merged} from './cluster.js'
export {type Document} from './fields.js'
export {decidedElsewhere, forgetOffers, recallSync, rememberSync, type LastSync} from './last-sync.js'
export {
  declaredDocument,
  equalDocuments,
  mergeObject,
  observedDocument,
  present,
  type Edit,
  type MergeInput,
} from './merge.js'
export {describeMove, stagedMoves, type StagedMove} from './moves.js'
export {overviewOf, type Offer, type Overview, type Wish} from './overview.js'
export {Session, type ChangeSet, type Manifests, type Written} from './session.js'
export {type Edits, type Spliced} from './texts.js'
export {acceptObject, rejectObject, type Decided, type Decision} from './verdict.js'
export {unignored, type Unignoring} from './unignored.js'
