import type {ByteString} from 'pmpc/kit/anonymize'
import {brokenError} from '../errors.js'
import type {Format, Look, Rewriting, Source} from './model.js'
import {after, placesOf} from './places.js'
import type {Encoding} from './sniff.js'
import {chunks} from './source.js'
import {windows} from './windows.js'

/** Texts, in parts where they are long. */
export function textFormat(encoding: Encoding): Format {
  return {
    async look(source, look) {
      if (!look.text) return
      let seen = {file: source.name, line: 0, column: 0}
      for await (const text of textsOf(source, encoding, look)) {
        look.text(text, seen)
        seen = after(text, seen)
      }
    },
    async rewrite(source, rewriting, write) {
      if (encoding.mark.length > 0) await write(encoding.mark)
      let seen = {file: source.name, line: 0, column: 0}
      for await (const text of textsOf(source, encoding, rewriting)) {
        const rewritten = rewriting.treatment.rewrite(text)
        const left = rewriting.treatment.left(rewritten)
        if (left.length > 0) rewriting.left(placesOf(rewritten, left, seen))
        seen = after(rewritten, seen)
        await write(encoded(rewritten, encoding))
      }
    },
  }
}

/** The texts of a source, as byte strings of UTF-8 or of whatever it is in, without its byte order mark. */
async function* textsOf(source: Source, encoding: Encoding, pass: Look | Rewriting): AsyncGenerator<ByteString> {
  const raw = withoutMark(counting(source, pass), encoding.mark.length)
  yield* windows(encoding.as === 'bytes' ? raw : decoded(source.name, raw, encoding.as))
}

async function* counting(source: Source, {signal, read}: Look | Rewriting): AsyncGenerator<Buffer> {
  for await (const chunk of chunks(source)) {
    signal.throwIfAborted()
    read(chunk.length)
    yield chunk
  }
}

async function* withoutMark(parts: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let left = length
  for await (const part of parts) {
    yield part.subarray(Math.min(left, part.length))
    left = Math.max(0, left - part.length)
  }
}

async function* decoded(
  name: string,
  parts: AsyncIterable<Buffer>,
  as: 'utf-16le' | 'utf-16be',
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(as, {fatal: true, ignoreBOM: true})
  const decode = (part?: Buffer): Buffer => {
    try {
      return Buffer.from(part === undefined ? decoder.decode() : decoder.decode(part, {stream: true}), 'utf8')
    } catch (error) {
      throw brokenError(name, `it is not ${as.toUpperCase()} to its end`, error)
    }
  }
  for await (const part of parts) yield decode(part)
  yield decode()
}

function encoded(text: ByteString, {as}: Encoding): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  if (as === 'bytes') return bytes
  const units = Buffer.from(bytes.toString('utf8'), 'utf16le')
  return as === 'utf-16le' ? units : units.swap16()
}
