// Property strings as the texts that Proxmox VE has.
import {encode} from 'pmpc/kit/values'
import type {Value} from 'pmpc/kit/resources'
import type {At} from './row.js'

/** A property string as PVE spells it, else in the one spelling that all of them have. */
export function spellingOfMap(at: At, path: string): string {
  const value = at.spelled(path)
  if (typeof value !== 'object') return String(value)
  return String(encode(at.object.kind, path.replace(/^config\./, ''), value as Value))
}
