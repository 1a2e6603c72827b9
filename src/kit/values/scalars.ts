import type {Version} from './schema.js'

const units = {K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40} as const

/**
 * Bytes of a size as PVE writes it (`32G`, `1.5T`, `512`); fractions are cut to whole bytes. Undefined when it is none.
 * 8.4 does not know the spellings `KiB`, `MiB`, … (pve-common, PVE/JSONSchema.pm, parse_size).
 */
export function parseSize(text: string, version: Version = '9.2'): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:([KMGT])(iB)?)?$/.exec(text)
  if (!match || (match[3] && version === '8.4')) return undefined
  const unit = match[2] as keyof typeof units | undefined
  return Math.trunc(Number(match[1]) * (unit ? units[unit] : 1))
}

/** Bytes in the largest unit that divides them: `34359738368` is `32G`, `0` is `0T`. */
export function printSize(bytes: number): string {
  let rest = Math.trunc(bytes)
  let unit = ''
  for (const next of ['K', 'M', 'G', 'T']) {
    if (rest % 1024 !== 0) break
    rest /= 1024
    unit = next
  }
  return `${rest}${unit}`
}

/** 1 for `1 on yes true`, 0 for `0 off no false`, in any case; undefined for anything else. */
export function parseBoolean(text: string): 0 | 1 | undefined {
  if (/^(?:1|on|yes|true)$/i.test(text)) return 1
  return /^(?:0|off|no|false)$/i.test(text) ? 0 : undefined
}

/** Elements of a list: split at commas, semicolons and white space, or at NUL alone when the text holds one. */
export function splitList(text: string): string[] {
  if (text.includes('\0')) return dropTrailingEmpty(text.split('\0'))
  return text.split(/[,;\s]+/).filter((element) => element !== '')
}

// Perl's split keeps empty elements but those at the end.
function dropTrailingEmpty(elements: string[]): string[] {
  const last = elements.findLastIndex((element) => element !== '')
  return elements.slice(0, last + 1)
}

/** How code points compare in Perl's `sort`; `<` of JavaScript compares UTF-16 units, which differs beyond U+FFFF only. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Sorted without repetitions. */
export function toSet(elements: Iterable<string>): string[] {
  return [...new Set(elements)].sort(byBytes)
}

/**
 * Tags as PVE stores them by default: lower case, unique, sorted, joined with semicolons (pve-guest-common, PVE/GuestHelpers.pm,
 * get_unique_tags).
 */
export function printTags(text: string): string {
  return toSet(splitList(text.toLowerCase())).join(';')
}

/** Text as it stands in a configuration file: `%`, `:`, control characters and all beyond ASCII percent-encoded as UTF-8. */
export function encodeText(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that PVE escapes
  return text.replaceAll(/[\u0000-\u001F\u007F-\u{10FFFF}:%]/gu, (char) =>
    [...Buffer.from(char, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

/** The reverse of {@link encodeText}; bytes that are no UTF-8 become replacement characters. */
export function decodeText(text: string): string {
  if (!text.includes('%')) return text
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** A percent-encoded value (`sshkeys`) in RFC 3986 style: a blank is `%20`, `+` is `%2B`. */
export function encodeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.codePointAt(0)!.toString(16).toUpperCase()}`,
  )
}

/** The reverse of {@link encodeUri}; text that is not percent-encoded comes back as it is. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A number that a text stands for, if writing that number gives the same text: `4` but not `04`, `1e3` or `0x4`. */
export function plainNumber(text: string): number | undefined {
  const number = Number(text)
  return Number.isFinite(number) && String(number) === text ? number : undefined
}

const integerText = /^[+-]?\d+$/
const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** Whether PVE takes a text for an integer. */
export const isInteger = (text: string): boolean => integerText.test(text)
/** Whether PVE takes a text for a number: an exponent is allowed. */
export const isNumber = (text: string): boolean => numberText.test(text)

/** An integer as a number, if it is one that JavaScript holds exactly. */
export function parseInteger(text: string): number | undefined {
  if (!integerText.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number + 0 : undefined
}

/** A number as a number, if JavaScript holds all of its digits. */
export function parseNumber(text: string): number | undefined {
  if (!numberText.test(text) || text.replaceAll(/\D/g, '').length > 15) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number + 0 : undefined
}

/** A volume id: `local-lvm:vm-100-disk-0` is volume `vm-100-disk-0` of storage `local-lvm`. Undefined when it is none. */
export function parseVolumeId(text: string): {storage: string; volume: string} | undefined {
  const match = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(.+)$/i.exec(text)
  return match ? {storage: match[1]!, volume: match[2]!} : undefined
}

/** A MAC address in upper case, as PVE generates it: stored as typed, compared without case. */
export const printMac = (text: string): string => text.toUpperCase()

/** Start order and delays in seconds. Undefined when the text is empty or not of the form; blanks are not allowed. */
export function parseStartup(text: string): {order?: string; up?: string; down?: string} | undefined {
  if (text === '' || text === '0') return undefined
  const result: {order?: string; up?: string; down?: string} = {}
  for (const part of text.split(',')) {
    if (/^\s*$/.test(part)) continue
    const match = /^(?:(?:order=)?(\d+)|(up|down)=(\d+))$/.exec(part)
    if (!match) return undefined
    if (match[2]) result[match[2] as 'up' | 'down'] = match[3]!
    else result.order = match[1]!
  }
  return result
}
