import {textOf, type FindKind, type Rules} from 'pmpc/kit/anonymize'
import {readInside, replaceFile, shellWord} from 'pmpc/kit/files'
import {PmpcError} from 'pmpc/kit/errors'
import type {Caller} from 'pmpc/kit/runs'
import {findWorkspace, lookForWorkspace} from 'pmpc/kit/workspace'
import {existsSync, mkdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Place} from '../content/model.js'
import {placesOf} from '../content/places.js'
import {editedRules, type RuleEdit} from '../rules/edit.js'
import {RULES_PATH, rulesOf} from '../rules/rules.js'
import {openInput} from './input.js'
import {lookAt} from './passes.js'
import {openSession, openStore, rulesIn, type Where} from './session.js'

/** What counts as private, and how much is in the map. */
export interface Privacy {
  /** The file of the rules; null: there is none. */
  rules: string | null
  settings: Pick<Rules, 'notes' | 'vendors' | 'unknown' | 'strict'>
  allow: number
  block: number
  patterns: number
  /** null: there is none yet. */
  map: string | null
  pairs: {kind: FindKind; count: number}[]
}

export async function shownPrivacy(where: Where, caller: Caller): Promise<Privacy> {
  const root = lookForWorkspace(where.folder)?.root
  const {notes, vendors, unknown, strict, allow, block, patterns} = rulesIn(where.folder)
  const {path, pairs} = await openStore(where, false, caller)
  const counts = new Map<FindKind, number>()
  for (const {kind} of pairs) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return {
    rules: root !== undefined && existsSync(join(root, RULES_PATH)) ? RULES_PATH : null,
    settings: {notes, vendors, unknown, strict},
    allow: allow.length,
    block: block.length,
    patterns: patterns.length,
    map: path,
    pairs: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({kind, count})),
  }
}

/** A rule of privacy.yaml. */
export interface ListedRule {
  rule: 'allow' | 'block' | 'pattern'
  /** Of a pattern. */
  id?: string
  kind?: FindKind
  /** The text, or the pattern. */
  text: string
}

/** @throws PMPC_PRIVACY_RULES, PMPC_NO_WORKSPACE */
export function listedRules(folder: string): {path: string | null; rules: ListedRule[]} {
  const {root} = findWorkspace(folder)
  const {allow, block, patterns} = rulesOf(root)
  return {
    path: readInside(root, RULES_PATH) === undefined ? null : RULES_PATH,
    rules: [
      ...allow.map((text): ListedRule => ({rule: 'allow', text: textOf(text)})),
      ...block.map(({text, kind}): ListedRule => ({rule: 'block', kind, text})),
      ...patterns.map(({id, pattern, kind}): ListedRule => ({rule: 'pattern', id, kind, text: textOf(pattern.source)})),
    ],
  }
}

/** Changes the rules of a workspace. @throws PMPC_PRIVACY_RULES, PMPC_USAGE, PMPC_NO_WORKSPACE, PMPC_READ_ONLY */
export function setRules(folder: string, edit: RuleEdit): {path: string; changed: boolean} {
  const {root} = findWorkspace(folder)
  const before = readInside(root, RULES_PATH)?.toString('utf8')
  const after = editedRules(before, edit)
  if (after === before) return {path: RULES_PATH, changed: false}
  const path = join(root, RULES_PATH)
  try {
    mkdirSync(dirname(path), {recursive: true})
    replaceFile(path, after)
  } catch (error) {
    throw new PmpcError('PMPC_READ_ONLY', `${RULES_PATH} cannot be written`, {
      suggestions: [`ls -ld ${shellWord(dirname(path))}`],
      cause: error,
    })
  }
  return {path: RULES_PATH, changed: true}
}

/** What the rules make of a text. */
export interface Tried {
  text: string
  found: Omit<Place, 'file'>[]
}

/** Tries the rules; nothing is kept, and pseudonyms are those of this one time unless the workspace has a map. */
export async function tryRules(
  wanted: {folder: string; input: string; strict: boolean},
  caller: Caller,
): Promise<Tried> {
  const input = await openInput(wanted.input, wanted.folder)
  const {anonymizer} = await openSession({folder: wanted.folder}, [], {keep: false, strict: wanted.strict}, caller)
  const texts: string[] = []
  const found: Tried['found'] = []
  await lookAt(input, {caller, read: () => undefined}, (text, at) => {
    anonymizer.learn(text)
    for (const {file: _file, ...place} of placesOf(text, anonymizer.find(text), at)) found.push(place)
    texts.push(textOf(anonymizer.rewrite(text)))
  })
  return {text: texts.join(''), found}
}
