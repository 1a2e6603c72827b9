import type {Row} from './model.js'
import {clusters} from './rows/clusters.js'
import {git} from './rows/git.js'
import {installation} from './rows/installation.js'
import {programs} from './rows/programs.js'
import {workspace} from './rows/workspace.js'

/** All that `pmpc doctor` looks at, in the order in which it is told. */
export const rows: readonly Row[] = [...installation, ...git, ...workspace, ...clusters, ...programs]
