import {visible} from '../text/index.js'
import {canonicalJson} from './canonical.js'

/** A value on one line: plain where that cannot be misread, else as JSON, in which nothing hides; sets and lists in brackets. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return `[${value.map(element).join(', ')}]`
  if (typeof value === 'string') return isPlain(value) ? value : visible(JSON.stringify(value))
  return value === undefined ? '' : visible(canonicalJson(value))
}

function element(value: unknown): string {
  const text = formatValue(value)
  return typeof value === 'string' && /[,\][]/.test(text) ? visible(JSON.stringify(value)) : text
}

/** No quote or bracket at the beginning, no blank at an end, nothing invisible, and nothing that reads as a number or null. */
function isPlain(text: string): boolean {
  // Most values are such words; telling them first halves the time that a diff takes.
  if (/^[A-Za-z][\w.:/,;=@+-]*$/.test(text)) return text !== 'null' && text !== 'Infinity'
  const visible = /^[^"[{\s\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}\p{Z}])?$/u
  return visible.test(text) && text !== 'null' && Number.isNaN(Number(text))
}
