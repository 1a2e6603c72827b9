export {Agreement, type Base, type History, type Noted, type Standing} from './agreement.js'
export {assess, viewOf, type Look, type Assessed, type Assessment, type View} from './assess.js'
export {assessRecorded, mergeCluster, sweep, type ClusterMerge, type Merged} from './cluster.js'
export {
  boundDocument,
  copyOf,
  allOf,
  declaredDocument,
  editsBetween,
  equalDocuments,
  manifestOf,
  observedDocument,
  present,
  type Edit,
} from './documents.js'
export {copyField, fieldsOf, getField, setField, type Document} from './fields.js'
export {GitHistory} from './history.js'
export {type Overruled} from './judge.js'
export {migration} from './legacy.js'
export {recallSync, rememberSync, type LastSync} from './last-sync.js'
export {describeMove, stagedMoves, type StagedMove} from './moves.js'
export {rememberOffers} from './notes.js'
export {absentIn, lookThrough, peoplesManifests} from './offers.js'
export {overviewOf, saysNothing, type Offer, type Overview, type Wish} from './overview.js'
export {signatureOf} from './pairs.js'
export {takeableOf, type Takeable} from './takeable.js'
export {Manifests, Session, touchedBy, type ChangeSet, type OwnFile, type Written} from './session.js'
export {type Edits, type Spliced} from './texts.js'
export {acceptedDocument, headEdits, offerObject, rulingOf} from './verdict.js'
export {rulesBefore, withUnignored} from './unignored.js'
