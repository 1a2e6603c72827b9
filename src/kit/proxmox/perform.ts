import type {ApiRequest, Writer} from './client.js'
import {claimsOf, type Contention} from './contention.js'
import {guestOf} from './paths.js'
import {waitForTask, waitUntil, type TaskResult, type WaitOptions} from './tasks.js'

/** How a write ended, with what PVE answered to it. */
export interface Performed extends TaskResult {
  /** The UPID, or what a call without a task answers. */
  data: unknown
}

/**
 * Sends a write once and waits until its work is done. What contends with it waits meanwhile: writes to the same guest, clones of a running
 * source, more than a few allocations on one storage or tasks on one node. PVE would let them fail after a second or ten (pve-guest-common,
 * PVE/AbstractConfig.pm, lock_config; pve-storage, PVE/Storage/Plugin.pm, cluster_lock_storage).
 * With high availability it has only recorded a wish (`onlyWished`).
 * @throws what `Writer.request` and `waitForTask` throw
 */
export async function perform(
  client: Writer,
  request: ApiRequest,
  options: WaitOptions &
    Contention & {
      /** Called when nothing is waited for any more, right before the request is sent. */ onSending?: () => void
      /** The task is begun, and not waited for. */ isAsync?: true
      /** Called with the task's id before it is looked at first. */ onStarted?: (upid: string) => void | Promise<void>
    } = {},
): Promise<Performed> {
  return client.holding(claimsOf(request, options), async () => {
    options.onSending?.()
    const data = await client.request<unknown>({...request, signal: request.signal ?? options.signal})
    if (isUpid(data)) await options.onStarted?.(data)
    const isAwaited = isUpid(data) && !options.isAsync
    const result = await waitForTask(client, isAwaited ? data : null, options)
    if (data === null && !options.isAsync && makesTemplate.test(request.path))
      await untilTemplate(client, request.path, options)
    return {...result, data}
  })
}

function isUpid(data: unknown): data is string {
  return typeof data === 'string' && data.startsWith('UPID:')
}

/** It forks a worker and answers null: only the flag tells (pve-container, PVE/API2/LXC.pm, template). */
const makesTemplate = /\/lxc\/\d+\/template$/

async function untilTemplate(client: Writer, path: string, options: WaitOptions): Promise<void> {
  await waitUntil(
    () => client.get<{template?: number | string}>(path.replace(/template$/, 'config')),
    ({template}) => Number(template) === 1,
    `container ${guestOf(path)} as a template`,
    options,
  )
}
