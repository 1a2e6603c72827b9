import type {Budget} from './scheduler.js'

/** What a client asks of a cluster at most, and takes from it. A broken or hostile server must not cost more than these. */
export interface Limits extends Budget {
  /** How often a read is repeated. */
  retries: number
  /** Milliseconds until the first byte of an answer, and between any two. */
  timeout: number
  /** Milliseconds from sending a request to the last byte of its answer. */
  answerTime: number
  /** Milliseconds until a connection stands. */
  connectTimeout: number
  /** Bytes of an answer, as sent and as unpacked. */
  bytes: number
  /** How deep lists and maps of an answer may lie in each other. */
  depth: number
  /** Values in an answer: elements of lists, and members of maps. */
  values: number
}

/** The limits, and why they are as they are. */
export const defaultLimits: Limits = {
  // PVE runs 3 workers a daemon (pve-manager, PVE/Service/pvedaemon.pm, max_workers).
  perNode: 4,
  total: 16,
  retries: 4,
  // PVE itself gives up on another node after 30 s (pve-http-server, PVE/APIServer/AnyEvent.pm, proxy_request).
  timeout: 45_000,
  // Twice what PVE gives itself. One byte every 44 s would else last for days.
  answerTime: 60_000,
  connectTimeout: 10_000,
  // A guest takes 600 bytes in /cluster/resources: this is the list of 50,000 of them, where PVE's own answers end at a few megabytes.
  bytes: 32 * 1024 * 1024,
  // JSON.parse takes 0.1 s for this, and 0.5 s for ten times as much. What reads an answer has limits of its own, for each entry.
  depth: 100_000,
  // The same 50,000 guests with 25 keys each, and as much again: some 300 MB once parsed.
  values: 2_500_000,
}

/** A limit of an answer that can be passed. */
export type AnswerLimit = 'bytes' | 'depth' | 'values'

/** Codes of the errors with which an exchange is broken off. */
export const brokenOff = {time: 'ANSWER_TIME', bytes: 'ANSWER_BYTES'} as const

const [QUOTE, COMMA, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = Buffer.from('",\\[]{}')

/**
 * Which limit a JSON text passes, or undefined. It is looked at before it is parsed: what is parsed takes up to forty times as
 * much memory as its text.
 */
export function passedLimit(json: Buffer, {depth, values}: Pick<Limits, 'depth' | 'values'>): AnswerLimit | undefined {
  // As many values or levels take at least as many bytes: nearly all answers are too short for either.
  if (json.length <= Math.min(depth, values)) return undefined
  let [level, found] = [0, 0]
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) at = endOfText(json, at)
    else if (byte === OPEN_LIST || byte === OPEN_MAP) {
      found++
      if (++level > depth) return 'depth'
    } else if (byte === CLOSE_LIST || byte === CLOSE_MAP) level--
    else if (byte === COMMA) found++
    if (found > values) return 'values'
  }
  return undefined
}

function endOfText(json: Buffer, quote: number): number {
  let at = quote + 1
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1
  return at
}
