import {isMap, isScalar, isSeq, parseDocument, type Document, type YAMLSeq} from 'yaml'
import type {FindKind} from 'pmpc/kit/anonymize'
import {PmpcError} from 'pmpc/kit/errors'
import {nearest} from 'pmpc/kit/workspace'
import {parseRules, RULES_PATH} from './rules.js'

/** What is to be changed in the rules. */
export interface RuleEdit {
  /** `strict=true` */
  settings: readonly string[]
  allow: readonly string[]
  block: readonly string[]
  /** Of the texts that go; `custom` unless given. */
  kind?: FindKind | undefined
  /** Texts, and ids of patterns, that are no rule any more. */
  remove: readonly string[]
}

const HEAD = `# What counts as private here: docs/anonymize.md. Commit it: all who work with this workspace need the same rules.\n`

const SETTINGS = ['notes', 'vendors', 'unknown', 'strict'] as const

/**
 * The text of privacy.yaml with rules changed; comments and all else stay.
 * @throws PMPC_USAGE, PMPC_PRIVACY_RULES where it could not be used as it was, or as it would be
 */
export function editedRules(text: string | undefined, edit: RuleEdit): string {
  if (text !== undefined) parseRules(text)
  const document = parseDocument(text ?? HEAD, {keepSourceTokens: false})
  if (document.contents === null) document.contents = document.createNode({}) as never
  for (const setting of edit.settings) set(document, setting)
  for (const word of edit.remove) remove(document, word)
  for (const word of edit.allow) add(document, 'allow', word)
  for (const word of edit.block) add(document, 'block', edit.kind === undefined ? word : {text: word, kind: edit.kind})
  const after = document.toString({lineWidth: 0})
  parseRules(after)
  return after
}

function set(document: Document, setting: string): void {
  const [, key = setting, value = ''] = /^([^=]*)=(.*)$/s.exec(setting) ?? []
  if (!(SETTINGS as readonly string[]).includes(key)) throw noSetting(key)
  const number = /^[-+]?\d+$/.test(value) ? Number(value) : undefined
  document.set(key, value === 'true' ? true : value === 'false' ? false : (number ?? value))
}

function noSetting(key: string): PmpcError {
  const meant = nearest(key, SETTINGS)
  return new PmpcError(
    'PMPC_USAGE',
    `${JSON.stringify(key)} is no setting of ${RULES_PATH}; there are ${SETTINGS.join(', ')}`,
    {
      suggestions: [`pmpc privacy set ${meant ?? 'strict'}=VALUE`],
    },
  )
}

function add(document: Document, key: 'allow' | 'block', value: unknown): void {
  const list = document.get(key, true)
  if (isSeq(list)) list.add(document.createNode(value))
  else document.set(key, document.createNode([value]))
}

/** Whatever list it stands in. */
function remove(document: Document, word: string): void {
  let count = 0
  for (const key of ['allow', 'block', 'patterns']) {
    const list = document.get(key, true)
    if (!isSeq(list)) continue
    const kept = (list as YAMLSeq).items.filter((item) => textOfItem(item) !== word)
    count += list.items.length - kept.length
    ;(list as YAMLSeq).items = kept
    if (kept.length === 0) document.delete(key)
  }
  if (count > 0) return
  throw new PmpcError('PMPC_USAGE', `there is no rule ${JSON.stringify(word)} in ${RULES_PATH}`, {
    suggestions: ['pmpc privacy rules'],
  })
}

function textOfItem(item: unknown): string {
  if (isMap(item)) return String(item.get('text') ?? item.get('id') ?? '')
  return isScalar(item) ? String(item.value) : ''
}
