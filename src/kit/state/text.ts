import {visible} from '../text/index.js'
import {localKey} from '../resources/refs.js'
import {flatten, type FieldChange} from '../resources/fields.js'
import type {ClusterState, KindName, Observed} from '../resources/model.js'
import {canonicalState} from './canonical.js'
import type {ObjectChange} from './diff.js'
import {below, differenceAt, isLines, lineOf, runningTexts} from './difference.js'
import {formatValue} from './format.js'
import {sightOf, summedUp} from './ignored.js'
import {readState} from './read.js'

/**
 * A state file as text, for Git's diffs and for people: a line an object (`vm/100 on pve1 running`), then its fields, sorted,
 * a line a value, so that one changed value is one changed line. Errors as of {@link readState}.
 */
export async function stateToText(bytes: Uint8Array, name?: string): Promise<string> {
  return renderState(await readState(bytes, name))
}

/** The text form of a state at hand. */
function renderState(state: ClusterState): string {
  return [`cluster ${state.cluster}\n`, ...canonicalState(state).objects.map(renderObject)].join('\n')
}

/** One object as a heading and a line a field. Node and status stand in the heading. */
function renderObject(object: Observed): string {
  const {node, status, ...facts} = object.facts
  const heading = [localKey(object), ...(node === undefined ? [] : ['on', formatValue(node)])]
  if (status !== undefined) heading.push(formatValue(status))
  const fields = flatten({...object, facts})
  const lines = [...fields].flatMap(([field, value]) =>
    isLines(value)
      ? [`  ${field}:`, ...value.map((line) => `    ${lineOf(line)}`)].map(visible)
      : [visible(`  ${field}: ${formatValue(value)}`)],
  )
  return `${[visible(heading.join(' ')), ...lines].join('\n')}\n`
}

/** Each as {@link describeChange}; before them what is ignored, or read, from here on by kind where it is much. */
export function describeChanges(changes: readonly ObjectChange[]): string[] {
  const {sums, single} = summedUp(changes)
  return [...sums.map((sum) => `~ ${visible(sum)}`), ...single.flatMap(describeChange)]
}

/** `~ vm/101 web01: config.memory 2048 → 4096`, a line a field, more where a long value differs; a line for an object that came or went. */
export function describeChange(change: ObjectChange): string[] {
  const name = `${change.kind}/${change.id}${change.name === undefined ? '' : ` ${formatValue(change.name)}`}`
  const sight = sightOf(change)
  if (sight) return [`~ ${name}: ${sight}`]
  if (change.change === 'added') return [`+ ${name}`]
  if (change.change === 'removed') return [`- ${name}`]
  if (change.change === 'replaced') return [`± ${name}: another object has this id now`]
  return change.fields.flatMap((field) => {
    const [first, ...rest] = describeField(change.kind, field)
    return [`~ ${name}: ${first}`, ...rest]
  })
}

/** A field's name and what differs in it, on one line; where that takes several, those after the first are set in. */
function describeField(kind: KindName, change: FieldChange): string[] {
  const {field, before, after, added, removed} = change
  const name = visible(field)
  const sight = sightOf(change)
  if (sight) return [`${name} ${sight}`]
  if (field.startsWith('running.')) return below(name, runningTexts(kind, before, after))
  if (!added || !removed) return differenceAt(name, before, after)
  const marks = [...added.map((each) => `+${formatValue(each)}`), ...removed.map((each) => `-${formatValue(each)}`)]
  return [`${name} ${marks.join(' ')}`]
}
