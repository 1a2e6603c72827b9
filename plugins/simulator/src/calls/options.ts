import {FormatError} from '../contract/property-string.js'
import {parsePropertyString} from '../contract/schema.js'
import {splitList} from '../contract/scalars.js'
import type {Call} from './call.js'

/** Parts of an option of datacenter.cfg, by its schema; none where it cannot be read. */
export function optionParts(call: Call, key: string, value: string): Record<string, unknown> {
  const format = call.sim.contract.paths['/cluster/options']!.PUT!.parameters.properties?.[key]?.format
  const named = typeof format === 'string' ? call.sim.contract.formats[format] : format
  if (!named) return {}
  try {
    const read: Record<string, unknown> = parsePropertyString(value, named, key, call.sim.context)
    if (key === 'user-tag-access' && read['user-allow-list'] !== undefined)
      read['user-allow-list'] = splitList(String(read['user-allow-list']))
    return read
  } catch (error) {
    if (error instanceof FormatError) return {}
    throw error
  }
}
