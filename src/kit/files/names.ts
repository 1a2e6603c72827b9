/** The file that makes a folder a workspace. */
export const CONFIG_PATH = 'pmpc.yaml'
/** Where manifests are. */
export const MANIFESTS = 'infra'
/** pmpc's own folder, and those in it. Names are from the workspace's root, with `/`. */
export const OWN_FOLDER = '.pmpc'
export const STATE_FOLDER = `${OWN_FOLDER}/state`
/** Pairs of agreement, and what is open: the one is the truth, the other follows from it. */
export const AGREED_PATH = `${OWN_FOLDER}/agreed.yaml`
export const OPEN_PATH = `${OWN_FOLDER}/open.yaml`
export const SCHEMA_FOLDER = `${OWN_FOLDER}/schema`
/** What belongs to one clone alone, and is never committed: logs, notes. See `localOf`. */
export const LOCAL_FOLDER = `${OWN_FOLDER}/local`

/** The logs of runs, below the local folder. */
export const LOGS = 'logs'
/** Likewise what runs that change a cluster have done. */
export const RUNS = 'runs'

/** The recorded state of a cluster. */
export function statePath(cluster: string): string {
  return `${STATE_FOLDER}/${cluster}.db`
}

/** What a cluster may be called in pmpc.yaml. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]*$/

/** The cluster whose state is in a file of that name in the states' folder; undefined where it is none's. */
export function clusterOf(name: string): string | undefined {
  const cluster = /^(.+)\.db$/.exec(name)?.[1]
  return cluster !== undefined && CLUSTER_NAME.test(cluster) ? cluster : undefined
}
