import type {IncomingHttpHeaders} from 'node:http'
import type {Dispatcher} from 'undici'
import {brokenOff, type Limits} from './limits.js'

/** One HTTP exchange as it goes over the wire. */
export interface Exchange {
  method: string
  /** Path with query. */
  path: string
  headers: Record<string, string>
  body?: string
  signal?: AbortSignal
}

export interface RawAnswer {
  status: number
  reason: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** How far an exchange came before it failed: whether the server may have acted on it hangs on this. */
export type Phase = 'connecting' | 'sent' | 'answering'

/** The network failed; `phase` says how far the exchange had come. */
export class TransportError extends Error {
  constructor(
    readonly phase: Phase,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), {cause})
    this.name = 'TransportError'
  }
}

/**
 * Sends one request and reads the whole answer. Not undici's `request()`: it hides whether anything was sent.
 * @throws TransportError; its cause has a code of `brokenOff` where the answer took too long, or was too long
 */
export function send(
  dispatcher: Dispatcher,
  origin: string,
  exchange: Exchange,
  limits: Pick<Limits, 'answerTime' | 'bytes'>,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const {method, path, headers, body, signal} = exchange
    let phase: Phase = 'connecting'
    let controller: Dispatcher.DispatchController | undefined
    const answer: RawAnswer = {status: 0, reason: '', headers: {}, body: Buffer.alloc(0)}
    const chunks: Buffer[] = []
    let received = 0
    let timer: NodeJS.Timeout | undefined
    const breakOff = (reason: Error) => {
      controller?.abort(reason)
      fail(reason)
    }
    const abort = () => breakOff(signal?.reason as Error)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const fail = (error: unknown) => {
      settle()
      reject(new TransportError(phase, error))
    }
    if (signal?.aborted === true) return fail(signal.reason)
    signal?.addEventListener('abort', abort, {once: true})
    dispatcher.dispatch(
      {origin, method: method as Dispatcher.HttpMethod, path, headers, body: body ?? null},
      {
        onRequestStart(given) {
          controller = given
          if (signal?.aborted === true) return given.abort(signal.reason as Error)
          phase = 'sent'
          timer = setTimeout(
            () => breakOff(limitError('time', `no whole answer within ${limits.answerTime} ms`)),
            limits.answerTime,
          )
        },
        onResponseStart(_, status, responseHeaders, reason) {
          if (status < 200) return
          phase = 'answering'
          Object.assign(answer, {status, reason: latin1AsUtf8(reason ?? ''), headers: responseHeaders})
        },
        onResponseData(_, chunk) {
          received += chunk.length
          if (received > limits.bytes) breakOff(limitError('bytes', `more than ${limits.bytes} bytes`))
          else chunks.push(chunk)
        },
        onResponseEnd() {
          settle()
          resolve({...answer, body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)})
        },
        onResponseError(_, error) {
          fail(error)
        },
      },
    )
  })
}

/** PVE writes UTF-8 into the reason phrase; HTTP parsers read it as Latin-1. */
function latin1AsUtf8(text: string): string {
  return /[\u0080-\u00ff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text
}

function limitError(limit: keyof typeof brokenOff, message: string): Error {
  return Object.assign(new Error(message), {code: brokenOff[limit]})
}

/** The body of an answer, unpacked. @throws when the compressed data broke off, or with the code ERR_BUFFER_TOO_LARGE */
export async function unpacked({headers, body}: RawAnswer, {bytes}: Pick<Limits, 'bytes'>): Promise<Buffer> {
  if (headers['content-encoding'] !== 'gzip') return body
  const {gunzipSync} = await import('node:zlib')
  return gunzipSync(body, {maxOutputLength: bytes})
}
