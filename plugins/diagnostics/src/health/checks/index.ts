import type {Check} from '../model.js'
import {clusterChecks} from './cluster.js'

/** All checks of a cluster, in the order in which they are told. */
export const checks: readonly Check[] = [...clusterChecks]
