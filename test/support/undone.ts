// What tests of `pmpc undo` share that take back changes of any kind: what is declared, and what is otherwise afterwards.
import {editsBetween, manifestOf} from '../../src/kit/reconcile/index.js'
import type {Document} from '../../src/kit/reconcile/fields.js'
import {isMap, localKey, type ObjectRef, type Observed, type Value} from '../../src/kit/resources/index.js'
import {isWithheld} from '../../src/kit/secrets/index.js'
import {canonicalJson} from '../../src/kit/state/index.js'
import {loadState} from '../../src/kit/state/load.js'
import {ownFileOf, printManifest} from '../../src/kit/workspace/index.js'
import {editManifest} from '../../src/kit/workspace/tools.js'
import type {Came} from './inside.js'
import {groups} from './kinds/cases.js'
import type {Clone} from './lab.js'
import {asDeclared} from './plan/guests.js'
import type {Wishes} from './plan/kinds.js'

/** What was recorded of a cluster, by local key. */
export type Objects = ReadonlyMap<string, Observed>

/** What is recorded in a clone of the cluster `home`. */
export async function recordedIn(clone: Clone): Promise<Objects> {
  const state = await loadState({root: clone.root, cluster: 'home'})
  return new Map(state!.objects.map((object) => [localKey(object), object]))
}

/** Writes into the manifest of an object what it is to be. */
export function declareWanted(clone: Clone, ref: ObjectRef, is: Observed | undefined, wanted: Document): void {
  const path = ownFileOf(ref)
  if (!is || !clone.has(path)) return clone.write(path, printManifest(manifestOf(ref, wanted)))
  const edits = editsBetween(asDeclared(is), wanted).flatMap((edit) =>
    edit.do === 'set' && edit.path[0] !== 'placement' ? [{field: edit.path, value: edit.value}] : [],
  )
  clone.write(path, editManifest(clone.read(path), ref, edits).text)
}

/** Without holes that Proxmox VE closes: a wish for one is met by nothing. */
export function asKept({case_, calls}: Wishes, document: Document): Document {
  const {config} = document
  const part = config[case_.part ?? '']
  return calls.settled && isMap(part)
    ? {...document, config: {...config, [case_.part!]: calls.settled(part)}}
    : document
}

/** Whether there may be secrets in it of which Proxmox VE tells nothing: calls for such an object take some that stand in no answer. */
export function mayHide({case_, row, taken}: Wishes): boolean {
  const {told = []} = row.change
  const typeOf = ({fixed, fills}: typeof case_) => fixed?.type ?? fills?.type
  const alike = groups
    .flatMap(({cases}) => cases)
    .filter((one) => one.kind === case_.kind && one.part === undefined && typeOf(one) === typeOf(case_))
  const takes = (name: string) =>
    alike.some(({keys}) => (keys === undefined ? taken.has(name) : keys.split(' ').includes(name)))
  return Object.keys(row.secret ?? {}).some((name) => !told.includes(name) && takes(name))
}

/** What cannot come back, as it was a secret: fields `home/user/a@pve config.keys`, and what was removed as a whole. */
export function lostBetween(before: Objects, after: Objects, hidden: readonly string[]): Set<string> {
  const lost = new Set<string>()
  for (const [key, {config}] of before) {
    const object = `home/${key}`
    const is = after.get(key)?.config
    if (!is) {
      if (isWithheld(config) || hidden.includes(object)) lost.add(object)
      continue
    }
    for (const [name, value] of Object.entries(config))
      if (isWithheld(value) && JSON.stringify(value) !== JSON.stringify(is[name])) lost.add(`${object} config.${name}`)
    const tokens = (of: typeof config): string[] => Object.keys((of.tokens ?? {}) as Record<string, Value>)
    for (const name of tokens(config)) if (!tokens(is).includes(name)) lost.add(`${object} config.tokens.${name}`)
  }
  return lost
}

/** Objects that are otherwise, but for what is lost. */
export function differences(before: Objects, now: Objects, lost: ReadonlySet<string>): string[] {
  const keys = [...new Set([...before.keys(), ...now.keys()])]
  const text = (object: Observed | undefined): string =>
    canonicalJson(object ? {config: object.config, facts: object.facts} : null)
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), now.get(key)].map(text)
    const isLost = [...lost].some((name) => name.split(' ')[0] === `home/${key}`)
    return was === is || isLost ? [] : [`${key} is otherwise:\n  ${was}\n  ${is}`]
  })
}

/** What was not done, a line each. */
export const amiss = ({result}: Extract<Came, {result: unknown}>): string[] =>
  [...result.failed, ...result.skipped, ...result.unknown].map(
    ({object, code, message}) => `${object} was not done: ${code} ${message}`,
  )
