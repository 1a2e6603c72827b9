import {localKey} from '../resources/refs.js'
import type {ClusterState, ObjectRef, Observed} from '../resources/model.js'
import {namesOf} from '../workspace/objects.js'
import type {OpenItem} from '../workspace/open.js'
import {keepList, listFile} from './kept.js'

/** What is open, as far as it is offered. */
export type OpenWord = Pick<OpenItem, 'field' | 'state'> & {ref: ObjectRef}

/** What a workspace has to offer; what is absent stays as it was kept. */
export interface Offered {
  /** Those of pmpc.yaml. */
  clusters: readonly string[]
  states?: readonly ClusterState[]
  /** All that is open, in all of these clusters. */
  open?: readonly OpenWord[]
}

/** Keeps the words that the shells offer in a workspace. Where they cannot be kept, none are offered. */
export function keepWords(root: string, {clusters, states = [], open}: Offered): void {
  keepList(() => listFile(root, 'clusters'), lines(clusters.map((name) => [name])))
  for (const state of states) keepList(() => listFile(root, `${state.cluster}.objects`), objectsText(state))
  if (!open) return
  for (const cluster of clusters) keepList(() => listFile(root, `${cluster}.open`), openText(cluster, open))
}

/** `vm 100 web01`, `tag prod`: a line each, in the order of the state. */
export function objectsText({objects}: ClusterState): string {
  const tags = objects.flatMap(({config: {tags}}) => (Array.isArray(tags) ? tags.flat().map(String) : []))
  const statuses = objects.flatMap(({facts: {status}}) => (status === undefined ? [] : [String(status)]))
  return lines([
    ...objects.map((object) => [object.kind, String(object.id), ...nameOf(object)]),
    ...distinct(tags).map((tag) => ['tag', tag]),
    ...distinct(statuses).map((status) => ['status', status]),
  ])
}

/** `vm/100`, and behind it `vm/100:config.memory`. */
export function openText(cluster: string, open: readonly OpenWord[]): string {
  const mine = open.filter(({ref}) => ref.cluster === cluster)
  const objects = new Map<string, string[][]>()
  for (const {ref, field, state} of mine) {
    const object = localKey(ref)
    const found = objects.get(object) ?? [[object, state]]
    if (field !== undefined) found.push([`${object}:${field}`, state])
    objects.set(object, found)
  }
  return lines([...objects.values()].flat())
}

/** The name of a guest, where it has one that can be typed. */
function nameOf({kind, config}: Observed): string[] {
  return namesOf(kind, config).filter(isTypable)
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}

/** Of each line the cells; one with a cell that cannot be typed is left out. */
function lines(rows: readonly (readonly string[])[]): string {
  return rows
    .filter((cells) => cells.every(isTypable))
    .map((cells) => `${cells.join('\t')}\n`)
    .join('')
}

/**
 * Whether a word can be typed as it is read: printable ASCII, as all names of Proxmox VE are, no blank at either end, and no flag. Nothing else is
 * offered: what a terminal obeys or hides, or what looks like another letter, cannot be typed either.
 */
export function isTypable(word: string): boolean {
  return word.length <= MOST_LETTERS && /^(?!-)[!-~](?:[ -~]*[!-~])?$/.test(word)
}

/** Longer than any name; the DNS's are 253. */
const MOST_LETTERS = 255
