import {Readable, Transform} from 'node:stream'
import {createGunzip, createGzip} from 'node:zlib'
import {binaryError, brokenError} from '../errors.js'
import {Unpacking} from './limits.js'
import type {Format, Pass, Source} from './model.js'
import {formOf, HEAD} from './sniff.js'
import {chunks, headOf} from './source.js'

/** A file that was compressed by itself; what is in it may be an archive. The name and the time in its header are not kept. */
export const gzipFormat: Format = {
  async look(source, look) {
    const inner = unpacked(source)
    const format = await innerFormat(inner, look)
    await format.look(inner, look)
  },
  async rewrite(source, rewriting, write) {
    const inner = unpacked(source)
    const format = await innerFormat(inner, rewriting)
    const gzip = createGzip()
    const written = (async () => {
      for await (const part of gzip) await write(part as Buffer)
    })()
    // What it throws is thrown below, where it is waited for.
    written.catch(() => undefined)
    try {
      await format.rewrite(inner, rewriting, async (part) => {
        if (!gzip.write(part)) await new Promise((resolve) => gzip.once('drain', resolve))
      })
      gzip.end()
      await written
    } finally {
      gzip.destroy()
    }
  },
}

async function innerFormat(inner: Source, pass: Pass): Promise<Format> {
  if (formOf(await headOf(inner, HEAD)).form === 'gzip') throw binaryError(inner.name, 'compressed twice')
  return pass.formatOf(inner, pass.depth)
}

/** What is in it. */
function unpacked(source: Source): Source {
  return {
    name: source.name,
    size: undefined,
    stream() {
      const packed = source.stream()
      const gunzip = createGunzip()
      let bytesIn = 0
      const unpacking = new Unpacking(source.name, () => bytesIn)
      const counting = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytesIn += chunk.length
          done(null, chunk)
        },
      })
      packed.on('error', (error) => gunzip.destroy(error))
      gunzip.on('close', () => packed.destroy())
      packed.pipe(counting).pipe(gunzip)
      return Readable.from(told(source, gunzip, unpacking), {objectMode: false})
    },
  }
}

async function* told(source: Source, gunzip: Readable, unpacking: Unpacking): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of chunks(source, gunzip)) {
      unpacking.add(chunk.length)
      yield chunk
    }
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw brokenError(source.name, 'it ends before its end', error)
    if (code?.startsWith('Z_')) throw brokenError(source.name, 'what was compressed is damaged', error)
    throw error
  }
}
