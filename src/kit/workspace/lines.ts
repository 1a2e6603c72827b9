/** The files of lines that pmpc keeps under `.pmpc`: each line is YAML and, behind its dash, JSON, so that Git merges them line by line. */

import {visible} from '../text/index.js'

/** A map as one line without its end; members that are undefined are left out, the others stay in their order. */
export function printLine(members: Record<string, unknown>): string {
  const parts = Object.entries(members).filter(([, value]) => value !== undefined)
  return `- {${parts.map(([key, value]) => `"${key}": ${json(value)}`).join(', ')}}`
}

/** JSON that is YAML too, with sorted keys, on one line for every parser. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).sort()
    return `{${keys.map((key) => `${json(key)}: ${json((value as Record<string, unknown>)[key])}`).join(', ')}}`
  }
  if (typeof value === 'number') {
    const text = JSON.stringify(value)
    return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text
  }
  // YAML 1.1 ends a line at U+0085, U+2028 and U+2029, and takes no C1 control unescaped; and people read it in diffs.
  return visible(JSON.stringify(value))
}

/** Order of names in which numbers count as numbers, so that `vm/9` comes before `vm/100`. */
export function compareNames(a: string, b: string): number {
  const pad = (text: string) => text.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0'))
  const [x, y] = [pad(a), pad(b)]
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
}

/** Number of the line (from 1) with a marker that Git leaves at a conflict; undefined where there is none. */
export function conflictMarker(text: string): number | undefined {
  const marker = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/m.exec(text)
  return marker ? text.slice(0, marker.index).split('\n').length : undefined
}

/** What is said of a file in which Git left both sides of a merge. */
export const MARKERS_LEFT =
  'conflict markers: Git left both sides of a merge here; keep what is right, and take the lines <<<<<<<, ======= and >>>>>>> away'

/** The same of YAML that people write, in which a line of equals signs may be a part of a text. */
export function conflictMarkerInYaml(text: string): number | undefined {
  return /^(?:<{7}|>{7})(?: |\r?$)/m.test(text) ? conflictMarker(text) : undefined
}

/** Adds the lines that a text does not have, at its end, with its own line ends. */
export function withLines(text: string, lines: readonly string[]): string {
  const words = (line: string) => line.trim().split(/\s+/)
  const present = text.split(/\r?\n/).map(words)
  const missing = lines.filter((line) => {
    const [pattern, ...attributes] = words(line)
    const covers = (there: string[]) =>
      samePattern(there[0]!, pattern!) && attributes.every((one) => there.includes(one))
    return !present.some(covers)
  })
  if (missing.length === 0) return text
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const start = text.endsWith('\n') ? text : text + eol
  return start + missing.map((line) => line + eol).join('')
}

/** `/.pmpc/local` ignores what `.pmpc/local/` does. */
function samePattern(a: string, b: string): boolean {
  const bare = (pattern: string) => pattern.replace(/^\//, '').replace(/\/$/, '')
  return bare(a) === bare(b)
}
