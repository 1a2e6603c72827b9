/** Time and chance, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number
  /** Rejects with the signal's reason when it is aborted meanwhile. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** 0 to 1. */
  random(): number
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, milliseconds)
      signal?.addEventListener('abort', stop, {once: true})
    }),
  random: () => Math.random(),
}

/** Pause before a repeated read: doubling from `base` milliseconds to 8 s, half of it by chance so that clients spread out. */
export function backoff(attempt: number, clock: Clock, base = 250): number {
  const full = Math.min(8000, base * 2 ** attempt)
  return full / 2 + (full / 2) * clock.random()
}
