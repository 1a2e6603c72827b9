export {canonicalJson, canonicalState, identity, stateDigest} from './canonical.js'
export {
  allOf,
  ignoredWords,
  isNoChange,
  leftOutBy,
  readWords,
  unreadBy,
  sightCounts,
  withIgnored,
  withRead,
  type LeftOut,
  type Unread,
} from './ignored.js'
export {diffStates, isReplaced, type ObjectChange} from './diff.js'
export {mergeStates, type Merged, type MergeConflict} from './merge.js'
export {migrateState, type Migrated} from './migrate.js'
export {readObject, readState} from './read.js'
export {schemaVersion} from './schema.js'
export {
  below,
  differenceAt,
  differenceOf,
  isLines,
  isShort,
  lineOf,
  runningTexts,
  shortValue,
  valueOrNone,
} from './difference.js'
export {formatValue} from './format.js'
export {describeChange, describeChanges, stateToText} from './text.js'
export {verifyState, type Verified} from './verify.js'
export {writeState} from './write.js'
export {loadState, loadStateBlob, stateBytes} from './load.js'
export {versionOf, withDatabase, type Database} from './sqlite.js'
