// When what was done to a guest counts as done, and what comes after it may begin.
import {isPmpcError, PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {apiPath, systemClock} from '../proxmox/index.js'
import {formatRef, isGuest, kindOf} from '../resources/index.js'
import {guestTravelOf} from '../resources/travels/index.js'
import type {Action} from '../plan/index.js'
import type {Execution, Outcome} from './model.js'

/** Seconds that health is waited for, unless given; milliseconds between two looks. */
const [defaultPatience, pause] = [300, 2000]

/** What came of an object, once its health was looked at: failed where it does not get well in time. */
export async function inGoodHealth({ref}: Action, outcome: Outcome, execution: Execution): Promise<Outcome> {
  const {pace = {}, writer, sight, progress, signal, clock = systemClock} = execution
  const {healthy, patience = defaultPatience} = pace
  const {guest} = kindOf(ref.kind)
  if (outcome.how !== 'done' || healthy === undefined || !isGuest(ref.kind) || guest === undefined) return outcome
  const node = String(sight.last(ref).is?.facts.node)
  const path = (...rest: string[]) => apiPath('nodes', node, guest, ref.id, ...rest)
  const looks = {
    running: async () => (await writer.get<{status?: string}>(path('status', 'current'))).status === 'running',
    // Of what has no agent it is enough that it runs.
    agent: async () => {
      const {ping} = guestTravelOf(ref.kind).calls
      if (!ping) return looks.running()
      await writer.request({method: 'POST', path: path(...ping)})
      return true
    },
  }
  const object = formatRef(ref)
  const deadline = clock.now() + patience * 1000
  for (;;) {
    const isWell = await looks[healthy]().catch((error: unknown) => {
      if (!isPmpcError(error) || error.code === 'PMPC_INTERRUPTED') throw error
      return false
    })
    if (isWell) return outcome
    if (signal?.aborted)
      return {...outcome, warnings: [...(outcome.warnings ?? []), 'interrupted; whether it got well was not seen']}
    if (clock.now() >= deadline) break
    progress.onDetail?.(object, healthy === 'agent' ? 'waiting for its agent' : 'waiting until it runs')
    await clock.sleep(pause)
  }
  const why = new PmpcError('PMPC_UNHEALTHY', unwell[healthy](object, patience), {
    suggestions: [`pmpc describe ${shellWord(object)}`, `pmpc console ${shellWord(object)}   # what it shows`],
  })
  return {...outcome, how: 'failed', code: why.code, message: why.message, suggestions: why.suggestions}
}

const unwell = {
  running: (object: string, seconds: number) => `${object} does not run ${seconds} s after its task ended`,
  agent: (object: string, seconds: number) =>
    `the agent of ${object} does not answer ${seconds} s after its task ended`,
} as const

/** Lets some time go by before what comes after an object begins; not when nothing is begun any more. */
export async function pauseAfter({pace, signal, clock = systemClock}: Execution): Promise<void> {
  if (pace?.pause) await clock.sleep(pace.pause * 1000, signal).catch(() => undefined)
}
