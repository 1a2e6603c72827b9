import type {Params} from '../contract/schema.js'
import type {Simulation} from '../simulation.js'
import {failure} from '../errors.js'

/** A request as it reaches the API once it is known who sends it. */
export interface Request {
  verb: string
  /** Percent-encoded, without `/api2/json`. */
  path: string
  query: Params
  body: Params
  auth: string | undefined
  byManager?: boolean
  /** A file that came along. */
  upload?: Upload
}

/** A file that was sent along with a call. */
export interface Upload {
  /** Where PVE's proxy keeps it meanwhile. */
  path: string
  data: Buffer
}

/** One authenticated, checked request on its way to its handler. */
export interface Call {
  sim: Simulation
  /** `user@realm` or `user@realm!token`. */
  auth: string
  verb: string
  /** Path as the contract writes it. */
  path: string
  param: Params
  /** The HA manager sends it: nothing is handed to it again. */
  byManager?: boolean
  /** A file that came along. */
  upload?: Upload
}

export type Handler = (call: Call) => unknown
export type Endpoints = Record<string, Handler>

/** A parameter as text; undefined when it was not sent. */
export function text(call: Call, key: string): string | undefined {
  const value = call.param[key]
  return value === undefined ? undefined : String(value)
}

/** A parameter that the contract requires. */
export const required = (call: Call, key: string): string => text(call, key) ?? ''

/** Whether a boolean parameter was sent and is true. */
export const isSet = (call: Call, key: string): boolean => text(call, key) === '1'

/** An integer parameter, or the fallback. */
export function integer(call: Call, key: string, fallback: number): number {
  const value = text(call, key)
  return value === undefined ? fallback : Number(value)
}

/** Refuses a write when the configuration is not the one the client has read. @throws ApiError 500 */
export function checkDigest(call: Call, current: string, message: string): void {
  const given = call.param.digest
  if (given !== undefined && String(given) !== '' && String(given) !== current) throw failure(message)
}
