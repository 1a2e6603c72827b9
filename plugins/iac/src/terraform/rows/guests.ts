// What VMs and containers have in common.
import {parseSize} from 'pmpc/kit/values'
import {is} from './fields.js'
import type {At, Test} from './row.js'

/** The storage of a volume, `local-lvm` of `local-lvm:vm-100-disk-0`; undefined of a path of the node. */
export const storageOf = (volume: unknown): string | undefined => /^([^/:]+):/.exec(String(volume))?.[1]

/** Go's strings.TrimSpace, and a line feed for each CR LF: what the provider makes of a description in the code. */
const asDescribed = (text: string): string =>
  text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, '').replaceAll('\r\n', '\n')

/** Whether the provider makes another text of a description than PVE has. */
export const isTrimmed: Test = (at) => {
  const text = at.get('config.description')
  return text !== undefined && asDescribed(String(text)) !== String(text)
}

/** The numbers of keys that are there: `config.net*`. */
export const slotsOf = (at: At, pattern: string): number[] => at.each(pattern).map(({slot}) => slot ?? 0)

/** Whether one of the keys is missing before the last. */
export const hasGap =
  (pattern: string): Test =>
  (at) =>
    slotsOf(at, pattern).some((slot, place) => slot !== place)

/** How many GiB the provider reads: whole ones. */
export const gibibytes = (size: unknown): number => Math.floor((parseSize(String(size ?? 0)) ?? 0) / 2 ** 30)

export const isRunning = is('facts.status', 'running')
