export {keepCommands, type KnownCommands} from './commands.js'
export {keepWords, type OpenWord} from './words.js'
export {completionScript, isOnPath, setUpLine, shells, type Shell} from './script.js'
