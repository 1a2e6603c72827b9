export {cancelTask} from './cancel.js'
export {execute} from './execute.js'
export {
  hasBegun,
  isAtWork,
  Journal,
  journalFormat,
  openRunPath,
  recallRun,
  unfinishedRun,
  type Intended,
  type Recorded,
  type RunHead,
} from './journal.js'
export {keeping} from './lists.js'
export {Sight} from './look.js'
export {isLeft, type Execution, type Outcome, type Pace, type Progress} from './model.js'
export {writerOf} from './writer.js'
