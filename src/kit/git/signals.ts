const remembered = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const numbers = {SIGHUP: 1, SIGINT: 2, SIGTERM: 15} as const

/**
 * Runs a section that must not be cut in half. Ctrl-C and SIGTERM that arrive meanwhile are remembered, and take effect when
 * it is over: whoever listened before hears the signal then, and where nobody did the process ends with 128 + its number
 * (130 for Ctrl-C). Sections may be nested.
 */
export async function protect<T>(section: () => Promise<T>): Promise<T> {
  let pending: (typeof remembered)[number] | undefined
  const suspended = remembered.map((signal) => {
    const listeners = process.rawListeners(signal) as NodeJS.SignalsListener[]
    const remember = (): void => {
      pending ??= signal
    }
    for (const listener of listeners) process.removeListener(signal, listener)
    process.on(signal, remember)
    return {signal, listeners, remember}
  })
  try {
    return await section()
  } finally {
    // A signal that the kernel has delivered reaches JavaScript with the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    for (const {signal, listeners, remember} of suspended) {
      for (const listener of listeners) process.on(signal, listener)
      process.removeListener(signal, remember)
    }
    if (pending) raise(pending)
  }
}

function raise(signal: (typeof remembered)[number]): void {
  if (process.listenerCount(signal) === 0) process.exit(128 + numbers[signal])
  process.emit(signal, signal)
}
