export {authorsOf, type Author} from './authors.js'
export {readCluster, type Reading, type ReadOptions, type SeenList, type StaleObject} from './read.js'
export type {Secret, Withheld} from './withhold.js'
