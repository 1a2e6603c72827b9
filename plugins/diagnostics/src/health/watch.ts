import {setTimeout as wait} from 'node:timers/promises'
import type {HealthResult} from './health.js'

/**
 * Looks again and again until the signal aborts, so many seconds after the look before has ended.
 * @param show told each result
 * @returns the last one
 * @throws what a look fails with; where it was broken off before any other, too
 */
export async function watch(
  look: () => Promise<HealthResult>,
  {seconds, signal}: {seconds: number; signal: AbortSignal},
  show: (result: HealthResult) => void,
): Promise<HealthResult> {
  let last: HealthResult | undefined
  while (last === undefined || !signal.aborted) {
    try {
      last = await look()
      show(last)
      await wait(seconds * 1000, undefined, {signal})
    } catch (error) {
      if (!signal.aborted || last === undefined) throw error
    }
  }
  return last
}
