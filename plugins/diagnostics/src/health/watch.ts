import {setTimeout as wait} from 'node:timers/promises'
import type {HealthResult} from './health.js'

/**
 * Looks again and again until the signal aborts, so many seconds after the look before has ended.
 * @param show told each result
 * @returns the last one @throws what the first look fails with
 */
export async function watch(
  look: () => Promise<HealthResult>,
  {seconds, signal}: {seconds: number; signal: AbortSignal},
  show: (result: HealthResult) => void,
): Promise<HealthResult> {
  for (;;) {
    const result = await look()
    show(result)
    try {
      await wait(seconds * 1000, undefined, {signal})
    } catch {
      return result
    }
  }
}
