import {isEntry, type Entry} from 'pmpc/kit/proxmox'

/** PVE prints numbers as numbers and as texts; 0 for what is none. */
export function number(value: unknown): number {
  const found = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isFinite(found) ? found : 0
}

export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** PVE's booleans: `1`, `"1"` and true. */
export function isSet(value: unknown): boolean {
  return value === true || number(value) === 1
}

/** The maps in a value that should be a list. */
export function maps(value: unknown): Entry[] {
  return Array.isArray(value) ? value.filter(isEntry) : []
}

/** The words of a list of PVE's, which splits on commas, semicolons and blanks. */
export function words(value: unknown): string[] {
  return text(value)
    .split(/[,; ]+/)
    .filter((word) => word !== '')
}

/** The parts of a property string: `virtio=…,bridge=vmbr0`. What has no key is under ``. */
export function parts(value: string): Record<string, string> {
  return Object.fromEntries(
    value.split(',').map((part) => {
      const at = part.indexOf('=')
      return at < 0 ? ['', part] : [part.slice(0, at), part.slice(at + 1)]
    }),
  )
}

/** `85.3%` */
export function percent(share: number): string {
  return `${Math.round(share * 10) / 10}%`
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `12.5 GiB` */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power]!}`
}

export const GIB = 1024 ** 3
export const HOUR = 3600
export const DAY = 86_400

/** `3 days`, `5 hours` */
export function spanText(seconds: number): string {
  const [size, word] = seconds >= 2 * DAY ? [DAY, 'day'] : seconds >= HOUR ? [HOUR, 'hour'] : [60, 'minute']
  const amount = Math.floor(seconds / size)
  return `${amount} ${word}${amount === 1 ? '' : 's'}`
}
