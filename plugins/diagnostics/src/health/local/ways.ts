import {above, finding, warning} from '../checks/grade.js'
import {HOUR, spanText} from '../values.js'
import type {WayCheck} from './model.js'

/** The way to a cluster, and what is known of it here. */
export const wayChecks: readonly WayCheck[] = [
  {
    id: 'endpoint.reach',
    severity: 'critical',
    about: 'The endpoints of the cluster answer',
    why: 'pmpc asks the next endpoint where one does not answer; without the last one it is blind.',
    fix: 'pmpc auth test tells more; correct endpoints or trust in pmpc.yaml, or bring the node back.',
    find: (_here, _cluster, probes) => {
      const severity = probes.some(({error}) => error === undefined) ? 'warning' : 'critical'
      return probes.flatMap(({endpoint, error}) =>
        finding(endpoint, error === undefined ? undefined : severity, error ?? ''),
      )
    },
  },
  {
    id: 'endpoint.latency',
    severity: 'critical',
    about: 'The endpoints answer quickly',
    why: 'A sync asks hundreds of questions; a slow answer is most often a storage that hangs, or pvedaemon without a free worker.',
    fix: 'Look at the load of that node, and at pvesm status; put a faster endpoint first in pmpc.yaml.',
    limits: {
      warning: {default: 500, is: 'milliseconds of an answer'},
      critical: {default: 2000, is: 'milliseconds of an answer'},
    },
    find: (_here, _cluster, probes, limits) =>
      probes.flatMap(({endpoint, milliseconds = 0}) =>
        finding(endpoint, above(milliseconds, limits), `it answers in ${Math.round(milliseconds)} ms`),
      ),
  },
  {
    id: 'state.fresh',
    severity: 'warning',
    about: 'What is recorded of the cluster is fresh',
    why: 'Drift is seen by a sync only: what happened since nobody has looked at.',
    fix: 'pmpc sync; a pipeline can do so by itself (pmpc ci init).',
    limits: {warning: {default: 24, is: 'hours since the last sync of this clone'}},
    find: ({standing, now}, cluster, _probes, limits) => {
      const known = standing.status.clusters.find((one) => one.cluster === cluster)
      if (!known?.synced)
        return [warning(`state/${cluster}`, known?.recorded ? 'this clone has never synced it' : 'it was never synced')]
      const age = now - Date.parse(known.synced) / 1000
      return finding(`state/${cluster}`, above(age / HOUR, limits), `the last sync is ${spanText(age)} ago`)
    },
  },
  {
    id: 'state.stale',
    severity: 'warning',
    about: 'The last sync could read everything',
    why: 'What it could not read is kept as it was, and may be otherwise.',
    fix: 'pmpc sync when it can be read again; pmpc auth test tells what the token lacks.',
    find: ({standing}, cluster) =>
      (standing.status.clusters.find((one) => one.cluster === cluster)?.stale ?? []).map(({object, why}) =>
        warning(object, why),
      ),
  },
]
