import {isPmpcError} from '../errors/index.js'
import type {Around, SecretParameter, Sent, Step} from '../plan/index.js'
import {guestOf, perform, waitForTask} from '../proxmox/index.js'
import type {Parameters, Performed, Writer} from '../proxmox/index.js'
import {formatRef, kinds} from '../resources/index.js'
import type {ObjectRef} from '../resources/index.js'
import type {Execution} from './model.js'

/** A request as it is sent, with its secrets. */
export interface Sending {
  ref: ObjectRef
  step: Step
  digest: string | undefined
  /** It makes the object. */
  makes: boolean
}

/**
 * Sends a step's request once and waits for its task; the journal knows of it before and after.
 * @throws what `perform` throws
 */
export async function send(
  {writer, journal, secretOf, progress, signal, cancel, clock, sight, pace}: Execution,
  {ref, step, digest, makes}: Sending,
  {onSent, onStarted}: {onSent: () => void; onStarted: (upid: string) => void},
): Promise<Performed> {
  const object = formatRef(ref)
  const {method, path} = step.request
  const given = Object.entries(step.request.parameters).map(([name, value]): [string, Parameters[string]] => [
    name,
    isSecret(value) ? secretOf(object, value.secret) : (value as Parameters[string]),
  ])
  const parameters: Parameters = {...Object.fromEntries(given), ...(digest !== undefined && {digest})}
  const source = makes ? guestOf(path) : undefined
  let isSent = false
  let started: string | undefined
  try {
    const result = await perform(
      writer,
      {method, path, ...(method === 'DELETE' ? {query: parameters} : {body: parameters})},
      {
        isSourceStopped: isStopped(sight.around, source),
        onSending() {
          // Whoever waited for a place begins nothing any more.
          signal?.throwIfAborted()
          const at = new Date().toISOString()
          journal.write({
            ...{event: 'sent', object, method, path, at},
            ...(makes && {made: true}),
            ...(step.once && {once: true}),
            ...(source && {source}),
          })
          progress.onDetail?.(object, `${method} ${path}`)
          isSent = true
          onSent()
        },
        onStarted(upid) {
          started = upid
          journal.write({event: 'started', object, upid})
          onStarted(upid)
        },
        ...(pace?.isAsync && {isAsync: true}),
        onLog: (line) => progress.onDetail?.(object, line),
        signal: cancel,
        stopWith: writer,
        ...(clock && {clock}),
      },
    )
    journal.write({event: 'answered', object})
    return result
  } catch (error) {
    if (!isPmpcError(error)) throw error
    if (error.code === 'PMPC_INTERRUPTED' && started !== undefined)
      await waitForTask(writer, started, {timeout: 120_000}).catch(() => undefined)
    // Of what nobody answered nobody knows how it ended; nor of what was broken off before its task was known.
    const isOpen =
      error.code === 'PMPC_OUTCOME_UNKNOWN' ||
      error.code === 'PMPC_TASK_TIMEOUT' ||
      (error.code === 'PMPC_INTERRUPTED' && started === undefined)
    if (isSent && !isOpen) journal.write({event: 'answered', object, code: error.code})
    throw error
  }
}

function isStopped(around: Around, source: string | undefined): boolean {
  if (source === undefined) return false
  const guests = kinds.filter(({guest}) => guest !== undefined).flatMap(({name}) => around.objects(name))
  return guests.find(({id}) => String(id) === source)?.facts.status === 'stopped'
}

const isSecret = (value: Sent): value is SecretParameter =>
  typeof value === 'object' && !Array.isArray(value) && 'secret' in value

/**
 * The digest of the list that a rule stands in, or of an object whose reading tells none: from where the request goes, or from above it. undefined: the
 * API gives none.
 */
export async function digestOfList(writer: Writer, {request}: Step): Promise<string | undefined> {
  const isInList = /\/rules\/\d+$/.test(request.path)
  const path = isInList ? request.path.slice(0, request.path.lastIndexOf('/')) : request.path
  const answer = await writer.get<unknown>(path).catch((error: unknown) => {
    if (!isPmpcError(error) || !/^PMPC_(NOT_FOUND|NOT_IMPLEMENTED|NOT_ALLOWED)$/.test(error.code)) throw error
    return undefined
  })
  const found = Array.isArray(answer) ? (answer as unknown[]).find(hasDigest) : answer
  return hasDigest(found) ? found.digest : undefined
}

const hasDigest = (value: unknown): value is {digest: string} =>
  typeof value === 'object' && value !== null && 'digest' in value && typeof value.digest === 'string'
