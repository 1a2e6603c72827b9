import {isSeq} from 'yaml'
import type {YAMLMap, YAMLSeq} from 'yaml'
import {PmpcError} from '../errors/index.js'
import {CONFIG_PATH} from '../files/names.js'
import {equalValues} from '../resources/documents.js'
import {parseConfig, parsedOrNothing} from './config-parse.js'
import type {AllowRule} from './config.js'
import {inlineText} from './emit.js'
import {withoutMark} from './manifests.js'
import {insertElement, replaceValue} from './splice.js'
import {ownPair, parseTree} from './tree.js'

/**
 * The text of pmpc.yaml with a further rule at the end of `allow:`; comments and all else stay.
 * @throws PMPC_CONFIG for a text that cannot be read, or is written in a form to which none can be added; the rule is then told
 */
export function withAllowed(text: string, rule: AllowRule): string {
  const before = parseConfig(text)
  const {mark, body} = withoutMark(text)
  const eol = body.includes('\r\n') ? '\r\n' : '\n'
  const closed = body.endsWith('\n') ? body : body + eol
  for (const candidate of candidates(closed, rule, eol)) {
    if (equalValues(parsedOrNothing(candidate), {...before, allow: [...before.allow, rule]})) return mark + candidate
  }
  throw new PmpcError('PMPC_CONFIG', `${CONFIG_PATH} is written in a form to which pmpc cannot add a rule`, {
    suggestions: [`add by hand, below allow: in ${CONFIG_PATH}: ${lineOf(rule)}`],
    data: {path: CONFIG_PATH, rule},
  })
}

/** A line of its own, behind the last rule or with a heading at the end of the file. */
function candidates(text: string, rule: AllowRule, eol: string): string[] {
  const root = parseTree(text).documents[0]!.contents as unknown as YAMLMap
  const pair = ownPair(root, 'allow')
  const value = {object: rule.object, key: rule.key}
  const options = {order: () => 0, layout: {}, step: 2, eol}
  if (!pair) return [`${text}allow:${eol}  ${lineOf(rule)}${eol}`]
  const list = pair.value as YAMLSeq | null
  if (!isSeq(list) || list.items.length === 0) return replaceValue(text, root, pair, [value], options)
  return insertElement(text, list, list.items.length, value, options)
}

function lineOf({object, key}: AllowRule): string {
  return `- ${inlineText({object, key})}`
}
