// The prompts that are used, so that the bundle leaves out the editor and its half megabyte of character sets.
export {confirm, input, password, select} from '@inquirer/prompts'
