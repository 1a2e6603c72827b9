import {failure, type ApiError} from '../errors.js'
import type {State} from '../state/model.js'

/** Whether the nodes lack a program that PVE calls, or a file that it reads. */
export const lacks = (state: State, what: string): boolean => state.world.lacks?.includes(what) ?? false

/** What Perl says of a command whose program is not there. */
export const notExecuted = (command: string): string =>
  `open3: exec of ${command} failed: No such file or directory at /usr/share/perl5/PVE/Cmd.pm line 174.`

/** Why nothing answers at an address outside the cluster; undefined where something does. */
export function unreachable(state: State, host: string): string | undefined {
  if (!state.world.offline) return undefined
  if (/^(?:127\.|localhost$|\[?::1\]?$)/.test(host)) return 'Connection refused'
  return /^[\d.]+$|:/.test(host) ? 'Network is unreachable' : unresolved(state, host)
}

/** Why a name has no address: no name server is asked for what cannot be a name, and none answers where the cluster is cut off. */
const unresolved = (state: State, name: string): string =>
  state.world.offline && /^[\w.-]+$/.test(name) ? 'Temporary failure in name resolution' : 'Name or service not known'

/** What is said of a node that is not there, whose name is then looked up. */
export const unknownNode = (state: State, name: string): ApiError =>
  failure(`hostname lookup '${name}' failed - failed to get address info for: ${name}: ${unresolved(state, name)}`)
