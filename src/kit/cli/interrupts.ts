import {PmpcError, exitCodes} from '../errors/index.js'

/** The signals that ask a command to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long a command that watches {@link Interrupts.signal} has to end by itself, in milliseconds. */
const GRACE = 10_000

export interface InterruptsOptions {
  /** Called when the process is to end now; ends it. */
  exit(code: number): void
  /** The process, or a stand-in for it in tests. */
  process?: Pick<NodeJS.EventEmitter, 'on' | 'removeListener'>
  /** Milliseconds; {@link GRACE} unless given. */
  grace?: number
}

/**
 * What happens on Ctrl-C. A command that asked for the signal is told, and ends by itself; one that did not, ends at once, after its clean-up.
 * In a {@link critical} section neither happens before the section is over. A second signal ends the process at once.
 */
export class Interrupts {
  private readonly controller = new AbortController()
  private readonly second = new AbortController()
  private readonly cleanups: (() => void | Promise<void>)[] = []
  private watched = false
  /** Set where a signal is the command's normal end. */
  private expected: (() => void) | undefined
  private sections = 0
  private received = 0
  private readonly source: Pick<NodeJS.EventEmitter, 'on' | 'removeListener'>

  constructor(private readonly options: InterruptsOptions) {
    this.source = options.process ?? process
  }

  /** Aborts at the first signal with a `PMPC_INTERRUPTED` error (exit code 130). Who reads this promises to end soon after. */
  get signal(): AbortSignal {
    this.watched = true
    return this.controller.signal
  }

  /** Aborts at the second signal within a {@link critical} section, which goes on: what it waits for elsewhere is to be stopped. A third one ends the process. */
  get cancel(): AbortSignal {
    return this.second.signal
  }

  get interrupted(): boolean {
    return this.received > 0 && this.expected === undefined
  }

  /** Whether a {@link critical} section goes on. */
  get inSection(): boolean {
    return this.sections > 0
  }

  /** For a command that serves until it is told to end: resolves at the first signal, which is then no interruption. A second one ends the process at once. */
  awaitSignal(): Promise<void> {
    return new Promise((resolve) => (this.expected = resolve))
  }

  /** Begins to listen; the returned function ends it. */
  listen(): () => void {
    for (const name of SIGNALS) this.source.on(name, this.onSignal)
    return () => {
      for (const name of SIGNALS) this.source.removeListener(name, this.onSignal)
    }
  }

  /** Has something done before the process ends by a signal, the last one registered first. The returned function takes it back. */
  onInterrupt(cleanup: () => void | Promise<void>): () => void {
    this.cleanups.push(cleanup)
    return () => {
      const index = this.cleanups.indexOf(cleanup)
      if (index >= 0) this.cleanups.splice(index, 1)
    }
  }

  /** Runs what must not be torn in two: a signal waits until it is over. */
  async critical<T>(work: () => Promise<T>): Promise<T> {
    this.sections++
    try {
      return await work()
    } finally {
      // A signal that the kernel has delivered meanwhile reaches JavaScript when the event loop next looks for one: between two immediates it has.
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
      this.sections--
      if (this.sections === 0 && this.interrupted) void this.end()
    }
  }

  private readonly onSignal = (): void => {
    this.received++
    if (this.received > (this.sections === 0 ? 1 : 2)) this.options.exit(exitCodes.interrupted)
    else if (this.received === 2) this.second.abort(this.controller.signal.reason)
    else if (this.expected) this.expected()
    else if (this.received === 1) {
      this.controller.abort(new PmpcError('PMPC_INTERRUPTED', 'Interrupted.', {suggestions: []}))
      if (this.sections === 0) void this.end()
    }
  }

  private async end(): Promise<void> {
    for (const cleanup of this.cleanups.reverse().splice(0)) await Promise.resolve(cleanup()).catch(() => undefined)
    if (!this.watched) this.options.exit(exitCodes.interrupted)
    else setTimeout(() => this.options.exit(exitCodes.interrupted), this.options.grace ?? GRACE).unref()
  }
}
