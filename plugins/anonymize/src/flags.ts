import {Flags} from 'pmpc/kit/cli'
import {isUtf8} from 'node:buffer'
import {outputError} from './errors.js'

export const outFlag = Flags.string({
  char: 'o',
  summary: 'Write it there; standard output unless given.',
  helpValue: 'OUT',
})

export const mapFlag = Flags.string({
  summary: 'Keep the key and the map in this file, for its owner alone.',
  helpValue: 'FILE',
})

/** How what was left out is told. */
export const leftOutWarning = (name: string, why: string): string => `${name} was left out: ${why}`

/** Bytes of what a result of `--json` may hold. */
const MOST_JSON = 32 * 2 ** 20

/** What goes to standard output: as it is, or as a part of a JSON document. */
export class Held {
  private readonly parts: Buffer[] = []
  private bytes = 0

  constructor(
    private readonly isJson: boolean,
    private readonly print: (bytes: Buffer) => Promise<void>,
  ) {}

  readonly take = async (part: Buffer): Promise<void> => {
    if (!this.isJson) {
      if (process.stdout.isTTY && part.includes(0))
        throw outputError('this is no text, and cannot be shown on a terminal', ['pmpc anonymize FILE -o OUT'])
      return this.print(part)
    }
    this.parts.push(part)
    this.bytes += part.length
    if (this.bytes > MOST_JSON)
      throw outputError('this is too much for a JSON document', ['pmpc anonymize FILE -o OUT --json'])
  }

  /** The members of the result. */
  json(): {text?: string; base64?: string} {
    if (!this.isJson) return {}
    const bytes = Buffer.concat(this.parts)
    return isUtf8(bytes) && !bytes.includes(0) ? {text: bytes.toString('utf8')} : {base64: bytes.toString('base64')}
  }
}

export const passphraseFlag = Flags.string({summary: 'Read the passphrase from this file.', helpValue: 'FILE'})
