// The prompts that are used, each from its own package: the collection of all has an editor, which brings half a megabyte of character sets.
export {default as confirm} from '@inquirer/confirm'
export {default as input} from '@inquirer/input'
export {default as password} from '@inquirer/password'
export {default as select} from '@inquirer/select'
