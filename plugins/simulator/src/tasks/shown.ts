import {splitAuthId} from '../access/permissions.js'
import type {Call} from '../calls/call.js'
import type {Task} from '../state/model.js'

/** Whether a task may be seen: one's own, those of one's tokens, and all of a node with Sys.Audit. */
export function maySeeTask(call: Call, task: Task): boolean {
  if (task.user === call.auth || splitAuthId(task.user).userid === call.auth) return true
  return call.sim.permissions.has(call.auth, `/nodes/${task.node}`, 'Sys.Audit')
}

/** A task as lists show it. */
export function taskEntry(task: Task): Record<string, unknown> {
  const {userid, token} = splitAuthId(task.user)
  return {
    upid: task.upid,
    node: task.node,
    pid: task.pid,
    pstart: task.pstart,
    starttime: task.starttime,
    type: task.type,
    id: task.id,
    user: userid,
    ...(token !== undefined && {tokenid: token}),
  }
}
