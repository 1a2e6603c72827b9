import {writeSync} from 'node:fs'
import {isUnopenedFile} from './output.js'

/**
 * What one command prints on standard output. Node opens the stream when it is first asked for, with all of its sockets, for 3 ms. A command
 * that waits for nothing is over before that is needed: what it printed is written to the file descriptor at its end, in one piece.
 * In all other cases, on a terminal, and as soon as the command waits for anything, it goes through the stream.
 */
export class Printer {
  private held = ''
  private immediate: NodeJS.Immediate | undefined

  print(text: string): void {
    this.held += text
    if (isUnopenedFile()) this.immediate ??= setImmediate(() => this.release())
    else this.release()
  }

  /** Writes what is held back, before anything is written elsewhere. */
  release(): void {
    const text = this.take()
    if (text !== '') process.stdout.write(text)
  }

  /** Writes what is left. It may wait for a slow reader: no signal may be listened for then, or none would end the process. */
  end(): void {
    if (this.held !== '' && isUnopenedFile()) this.held = writeAtOnce(Buffer.from(this.held))
    this.release()
  }

  private take(): string {
    const text = this.held
    this.held = ''
    clearImmediate(this.immediate)
    this.immediate = undefined
    return text
  }
}

/** Returns what could not be written, as the other end of a pipe may be in a mode in which a write does not wait. A reader that has gone gets nothing. */
function writeAtOnce(bytes: Buffer): string {
  let at = 0
  try {
    while (at < bytes.length) at += writeSync(1, bytes, at)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return ''
    if (code !== 'EAGAIN') throw error
  }
  return bytes.toString('utf8', at)
}
