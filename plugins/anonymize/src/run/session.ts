import {resolve} from 'node:path'
import {defaultRules, knownOf, leftovers, openAnonymizer, restorer} from 'pmpc/kit/anonymize'
import type {Anonymizer, ByteString, Find, Known, Pair, Rules} from 'pmpc/kit/anonymize'
import {clusterOf, listInside, STATE_FOLDER} from 'pmpc/kit/files'
import type {Caller} from 'pmpc/kit/runs'
import {loadState} from 'pmpc/kit/state'
import {lookForWorkspace} from 'pmpc/kit/workspace'
import {mapError} from '../errors.js'
import {mapLine, textAfter} from '../content/rows.js'
import type {Treatment} from '../content/model.js'
import {rulesOf} from '../rules/rules.js'
import {fileStore, passingStore, workspaceStore, type Store} from '../store/map.js'

/** Where a command works from. */
export interface Where {
  folder: string
  /** `--map`. */
  map?: string | undefined
}

/** The map of a run: the one that was named, the workspace's, or one that ends with it. @param keep false: nothing is written */
export async function openStore({folder, map}: Where, keep: boolean, caller: Caller): Promise<Store> {
  if (map !== undefined) return fileStore(resolve(folder, map), {keep, make: true})
  const root = lookForWorkspace(folder)?.root
  if (root === undefined) return passingStore()
  return workspaceStore(root, keep, {command: caller.command, run: caller.run.id, signal: caller.signal})
}

/** The map that restores; it must be there. @throws PMPC_ANONYMIZE_MAP */
export async function requireStore({folder, map}: Where, caller: Caller): Promise<Store> {
  const store =
    map === undefined
      ? await openStore({folder}, false, caller)
      : await fileStore(resolve(folder, map), {keep: false, make: false})
  if (store.path !== null) return store
  throw mapError('there is no map here: only who has the map of an anonymized text can restore it', [
    'pmpc anonymize restore FILE --map MAP',
    'cd into the workspace in which it was anonymized',
  ])
}

/** The rules that hold in a folder. @throws PMPC_PRIVACY_RULES */
export function rulesIn(folder: string, strict = false): Rules {
  const root = lookForWorkspace(folder)?.root
  const rules = root === undefined ? defaultRules : rulesOf(root)
  return strict ? {...rules, strict: true} : rules
}

/** What the recorded states of the workspace call their things. */
export async function knownIn(folder: string): Promise<Known[]> {
  const root = lookForWorkspace(folder)?.root
  if (root === undefined) return []
  const clusters = listInside(root, STATE_FOLDER).flatMap(({name}) => clusterOf(name) ?? [])
  const states = await Promise.all(clusters.map(async (cluster) => loadState({root, cluster})))
  return states.flatMap((state) => (state ? knownOf(state.objects) : []))
}

/** An anonymizer with the map that it goes on with. */
export interface Session {
  anonymizer: Anonymizer & {pairs(): Pair[]}
  treatment: Treatment
  store: Store
}

/** @param known what the texts themselves tell before they are read */
export async function openSession(
  where: Where,
  known: readonly Known[],
  {keep, strict}: {keep: boolean; strict: boolean},
  caller: Caller,
): Promise<Session> {
  const store = await openStore(where, keep, caller)
  const anonymizer = openAnonymizer({
    key: store.key,
    pairs: store.pairs,
    rules: rulesIn(where.folder, strict),
    known: [...(await knownIn(where.folder)), ...known],
  })
  return {anonymizer, store, treatment: anonymizing(anonymizer)}
}

function anonymizing(anonymizer: Session['anonymizer']): Treatment {
  let known = {pairs: -1, left: leftovers([])}
  const rewrite = (text: ByteString): ByteString => anonymizer.rewrite(text)
  return {
    rewrite,
    path: (name) => anonymizer.path(name),
    line: (json) => textAfter(json, rewrite),
    left(text): readonly Find[] {
      const pairs = anonymizer.pairs()
      // Pairs are only added: most texts of an archive bring none.
      if (pairs.length !== known.pairs) known = {pairs: pairs.length, left: leftovers(pairs)}
      return known.left(text)
    },
  }
}

/** Turns pseudonyms back. */
export function restoring(pairs: readonly Pair[]): Treatment {
  const restore = restorer(pairs)
  return {rewrite: restore, path: restore, line: (json) => mapLine(json, restore), left: () => []}
}
