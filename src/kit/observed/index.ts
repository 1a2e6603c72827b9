export {columnsFor, csv, type ItemColumn} from './columns.js'
export {fieldOf, itemOf, itemsOf, type Item} from './item.js'
export {isField, knownFields, select, sortBy, type Selection} from './select.js'
export {rememberedText} from './listing.js'
export {changesBetween, type Changes, type Comparison, type Side} from './changes.js'
export {objectLog, pmpcLog, type LogEntry, type LogRequest, type ObjectLog} from './log.js'
export {clustersWithState, knownClusters, loadStates, statesAt} from './load.js'
export {changesText, describeText, logText, runLogText, type Paint} from './print.js'
export {runLog, type RunLog} from './run-log.js'
export {objectsAndRest} from './words.js'
export {
  mergeFiles,
  migrateStates,
  stateFiles,
  type MigratedStates,
  type MigrateRequest,
  type StateFile,
} from './files.js'
