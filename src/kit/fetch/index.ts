export {authorsOf} from './authors.js'
export type {SeenList} from './lists.js'
export {readCluster, type Reading, type ReadOptions, type StaleObject} from './read.js'
export type {Secret, Withheld} from './withhold.js'
