import {BaseCommand, confirm, exitCodes, Flags, PmpcError} from 'pmpc/kit/cli'
import {openRepository} from 'pmpc/kit/history'
import {kindsNamed} from 'pmpc/kit/resources'
import type {KindName} from 'pmpc/kit/resources'
import {requireWorkspace} from 'pmpc/kit/workspace'
import type {ClusterResult} from '../report.js'
import {describeChange} from '../report.js'
import {syncCluster} from '../sync.js'

/** What `pmpc sync --json` prints; docs/json.md. */
export interface SyncResult {
  run: string
  /** The last commit made, or null. */
  commit: string | null
  clusters: ClusterResult[]
}
