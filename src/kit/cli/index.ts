export * as Args from '@oclif/core/args'
export * as Flags from '@oclif/core/flags'
export {clusterFlag} from './cluster-flag.js'
export {painter, plain, shown, type Color, type Painter} from './color.js'
export {BaseCommand, type Warning} from './command.js'
export type {Effect} from './effects.js'
export {editorIn, openEditor, wordsOf} from './editor.js'
export {describeFailure, failureJson, failureText, isSilentExit, type Failure} from './failure.js'
export {Interrupts} from './interrupts.js'
export {meantFlags, taskArg, tasksArg} from './meant.js'
export {flush, ignoreClosedPipe, isTrue, jsonText, terminalWidth} from './output.js'
export type {ProgressMode} from './progress.js'
export {
  ask,
  askSecret,
  choose,
  confirm,
  typeToConfirm,
  type Choice,
  type PromptContext,
  type TextQuestion,
} from './prompts.js'
export {table, type Column, type TableOptions} from './table.js'
export {cutTo, displayWidth, padTo} from './width.js'
export {count} from './words.js'
