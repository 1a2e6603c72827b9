/**
 * Bytes of a state file that is read. All configuration of a cluster has to fit into 128 MiB (pve-cluster, `MEMDB_MAX_FSSIZE` of pmxcfs), and
 * 1,000 guests are 1 MiB here; SQLite reads this much in a few seconds, in which nothing can interrupt it.
 */
export const MOST_STATE = 32 * 2 ** 20
