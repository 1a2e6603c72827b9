import {PmpcError} from '../errors/index.js'

/** The error of one object that cannot be read, for the reason given; it makes that object stale and no other. */
export function unreadable(why: string): PmpcError {
  return new PmpcError('PMPC_UNREADABLE', why, {suggestions: ['pmpc sync   # when it can be read again']})
}

/** Errors that concern the whole cluster: they end the sync. All others of the API concern one object or one list. */
const ofTheCluster =
  /^PMPC_(NOT_AUTHENTICATED|NO_CREDENTIAL|BAD_CREDENTIAL|BAD_ENDPOINT|BAD_FINGERPRINT|TLS.*|UNREACHABLE|SECOND_FACTOR|INTERRUPTED)$/

/** The error of one object or one list; throws it where it concerns the whole cluster, or is none of pmpc's. */
export function asUnreadable(error: unknown): PmpcError {
  const code = codeOf(error)
  if (code?.startsWith('PMPC_') && !ofTheCluster.test(code)) return error as PmpcError
  throw error
}

/** The code of an error, whichever package it comes from. */
export function codeOf(error: unknown): string | undefined {
  return (error as {code?: string} | undefined)?.code
}
