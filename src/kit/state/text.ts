import {visible} from '../text/index.js'
import {localKey} from '../resources/refs.js'
import {flatten, type FieldChange} from '../resources/fields.js'
import type {ClusterState, Observed} from '../resources/model.js'
import {isMarker} from '../secrets/index.js'
import {canonicalJson, canonicalState} from './canonical.js'
import type {ObjectChange} from './diff.js'
import {readState} from './read.js'

/**
 * A state file as text, for Git's diffs and for people: a line an object (`vm/100 on pve1 running`), then its fields, sorted,
 * a line a value, so that one changed value is one changed line. Errors as of {@link readState}.
 */
export async function stateToText(bytes: Uint8Array, name?: string): Promise<string> {
  return renderState(await readState(bytes, name))
}

/** The text form of a state at hand. */
export function renderState(state: ClusterState): string {
  return [`cluster ${state.cluster}\n`, ...canonicalState(state).objects.map(renderObject)].join('\n')
}

/** One object as a heading and a line a field. Node and status stand in the heading. */
export function renderObject(object: Observed): string {
  const {node, status, ...facts} = object.facts
  const heading = [localKey(object), ...(node === undefined ? [] : ['on', formatValue(node)])]
  if (status !== undefined) heading.push(formatValue(status))
  const fields = flatten({...object, facts})
  const lines = [...fields].map(([field, value]) => visible(`  ${field}: ${formatValue(value)}`))
  return `${[visible(heading.join(' ')), ...lines].join('\n')}\n`
}

/** A value on one line: plain where that cannot be misread, else as JSON, in which nothing hides; sets and lists in brackets. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return `[${value.map(element).join(', ')}]`
  if (typeof value === 'string') return isPlain(value) ? value : visible(JSON.stringify(value))
  return value === undefined ? '' : visible(canonicalJson(value))
}

/** Longest value that is shown to people in a list of changes; `--json` has all of it. */
const longest = 60

/** A value on one line, cut where it is long. */
export function shortValue(value: unknown): string {
  const text = [...formatValue(value)]
  return text.length <= longest ? text.join('') : `${text.slice(0, longest - 1).join('')}…`
}

/** `~ vm/101 web01: config.memory 2048 → 4096`, a line a field; a line for an object that came or went. */
export function describeChange(change: ObjectChange): string[] {
  const name = `${change.kind}/${change.id}${change.name === undefined ? '' : ` ${formatValue(change.name)}`}`
  if (change.change === 'added') return [`+ ${name}`]
  if (change.change === 'removed') return [`- ${name}`]
  if (change.change === 'replaced') return [`± ${name}: another object has this id now`]
  if (change.change === 'ignored') return [`~ ${name}: ignored from here on`]
  return change.fields.map((field) => `~ ${name}: ${describeField(field)}`)
}

function describeField({field, before, after, added, removed, ignored}: FieldChange): string {
  const name = visible(field)
  if (ignored) return `${name} ignored from here on`
  if (!added || !removed) return `${name} ${beforeAndAfter(before, after)}`
  const marks = [...added.map((each) => `+${formatValue(each)}`), ...removed.map((each) => `-${formatValue(each)}`)]
  return `${name} ${marks.join(' ')}`
}

/** `2048 → 4096`; of a secret that was withheld and is another one now, that it changed. */
export function beforeAndAfter(before: unknown, after: unknown): string {
  return isMarker(before) && isMarker(after) ? 'changed' : `${valueOrNone(before)} → ${valueOrNone(after)}`
}

/** A value on one line, or that there is none. */
export function valueOrNone(value: unknown): string {
  return value === undefined || value === null ? '(none)' : shortValue(value)
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
