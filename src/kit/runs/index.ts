export {change, type ChangeOptions} from './change.js'
export {newRunId, timeOfRunId} from './id.js'
export {acquireLock, lockHolder, type Lock, type LockHolder, type LockRequest} from './lock.js'
export {startRun, type Run, type RunOptions} from './run.js'
