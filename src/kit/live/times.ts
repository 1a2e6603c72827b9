import {PmpcError} from '../errors/index.js'

/** Seconds since the epoch as ISO 8601; what no date can be is the last one there is. */
export function momentOf(seconds: number): string {
  return new Date(Math.min(seconds, lastSecond) * 1000).toISOString().replace('.000', '')
}

/** 9999-12-31, in seconds. */
const lastSecond = 253_402_300_799

const units = {s: 1, m: 60, h: 3600, d: 86_400, w: 604_800} as const

/** Seconds as people read them, by the two largest units: `45s`, `2m05s`, `1h02m`, `3d04h`. */
export function spanText(seconds: number): string {
  const [larger, smaller] = (
    [
      ['d', 'h'],
      ['h', 'm'],
      ['m', 's'],
    ] as const
  ).find(([unit]) => seconds >= units[unit]) ?? [undefined, 's']
  if (larger === undefined) return `${seconds}s`
  const rest = Math.floor((seconds % units[larger]) / units[smaller])
  return `${Math.floor(seconds / units[larger])}${larger}${String(rest).padStart(2, '0')}${smaller}`
}

/**
 * A span of time in seconds: `90s`, `15m`, `2h`, `7d`, `1w`, `1h30m`; a number alone is seconds.
 * @param typed what stands before it: `pmpc task wait --timeout`
 * @throws PMPC_USAGE
 */
export function secondsOf(text: string, typed: string): number {
  const parts = /^(?:\d+(?:[smhdw]|$))+$/.test(text) ? [...text.matchAll(/(\d+)([smhdw]?)/g)] : []
  const seconds = parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[(unit || 's') as keyof typeof units], 0)
  if (parts.length > 0 && Number.isSafeInteger(seconds)) return seconds
  throw new PmpcError('PMPC_USAGE', `${flagOf(typed)} takes a span of time, and ${JSON.stringify(text)} is none.`, {
    suggestions: [`${typed} 90s   # or 15m, 2h, 7d`],
  })
}

/**
 * A moment in seconds since the epoch: a span before now (`1h`), or a date with or without a time (`2026-11-28`, `2026-11-28T10:00`), in UTC unless it
 * says otherwise.
 * @throws PMPC_USAGE
 */
export function sinceOf(text: string, typed: string, now = Date.now()): number {
  const date = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  const [, day, time = '00:00', zone = 'Z'] = date ?? []
  const moment = date ? Date.parse(`${day}T${time}${zone}`) : NaN
  if (!Number.isNaN(moment)) return Math.floor(moment / 1000)
  if (/^\d+[smhdw]/.test(text)) return Math.max(0, Math.floor(now / 1000) - secondsOf(text, typed))
  throw new PmpcError(
    'PMPC_USAGE',
    `${flagOf(typed)} takes a span of time or a date, and ${JSON.stringify(text)} is neither.`,
    {
      suggestions: [`${typed} 2h   # or 15m, 7d, 2026-11-28, 2026-11-28T10:00`],
    },
  )
}

function flagOf(typed: string): string {
  return typed.split(' ').at(-1)!
}
