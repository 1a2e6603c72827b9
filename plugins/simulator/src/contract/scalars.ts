const units = ['', 'K', 'M', 'G', 'T']

/** Bytes of a size as PVE writes it (`32G`, `1.5T`, a bare number of bytes); fractions are cut. Undefined when it is none. */
export function parseSize(text: string, release: '8.4' | '9.2' = '9.2'): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT])?(?:iB)?$/.exec(text)
  // Units such as GiB came with 9.
  if (release === '8.4' && text.endsWith('iB')) return undefined
  if (!match) return undefined
  return Math.trunc(Number(match[1]) * 1024 ** units.indexOf(match[2] ?? ''))
}

/** A size in the largest unit that divides it exactly: 34359738368 is `32G`, 0 is `0T`. */
export function formatSize(bytes: number): string {
  let unit = 0
  let value = bytes
  while (unit < units.length - 1 && value % 1024 === 0) {
    value /= 1024
    unit++
  }
  return `${value}${units[unit]}`
}

/** 1 or 0 for the spellings that property strings and config files take; undefined for anything else. */
export function parseBoolean(text: string): 0 | 1 | undefined {
  if (/^(1|on|yes|true)$/i.test(text)) return 1
  return /^(0|off|no|false)$/i.test(text) ? 0 : undefined
}

/** Splits a list as PVE does: on NUL when there is one, else on commas, semicolons and white space. */
export function splitList(text: string): string[] {
  if (text.includes('\0')) return text.split('\0').filter((item) => item !== '')
  return text.split(/[,;\s]+/).filter((item) => item !== '')
}
