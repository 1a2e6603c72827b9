import type {Params} from '../contract/schema.js'
import {table} from '../state/tables.js'

/** Decodes percent-encoding; bytes that are no UTF-8 stay as they are. */
export function decodePercent(spaced: string): string {
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  }
}

const decode = (text: string): string => decodePercent(text.replace(/\+/g, ' '))

function add(params: Params, key: string, value: string): void {
  const before = params[key]
  if (before === undefined) params[key] = value
  else if (Array.isArray(before)) before.push(value)
  else params[key] = [before, value]
}

/** Parses a form or a query. A value ends at a second, unencoded `=`, as PVE's does. Fact: pve-http-server, PVE/APIServer/AnyEvent.pm (decode_urlencoded). */
export function parseForm(text: string): Params {
  const params: Params = table({})
  for (const pair of text.split(/[&;]/)) {
    if (pair === '') continue
    const [key, value] = pair.split('=')
    // Without a `=` it is as if it were not there.
    if (value !== undefined) add(params, decode(key!), decode(value))
  }
  return params
}
