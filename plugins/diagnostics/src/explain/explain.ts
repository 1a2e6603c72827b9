import {explainId, explainText, type Match} from 'pmpc/kit/catalogue'
import {explainCode, readCodes} from './codes.js'

/** What `pmpc explain --json` prints. */
export interface ExplainResult {
  /** Empty where nothing in the catalogue fits. */
  matches: Match[]
}

/**
 * What is known of a text, of an id of the catalogue, or of a code of pmpc's own.
 * @param host the folder of the host, whose `docs/errors.md` tells the codes
 */
export function explain(typed: string, host: string): ExplainResult {
  const codes = readCodes(host)
  const word = typed.trim().toUpperCase()
  const named = explainId(word) ?? explainCode(codes, word)
  if (named !== undefined) return {matches: [named]}
  return {matches: [...explainText(typed), ...codesIn(typed, codes)]}
}

/** The codes of pmpc's own that stand in a text: `Code:  PMPC_LOCKED`. */
function codesIn(text: string, codes: ReadonlyMap<string, string>): Match[] {
  const found = new Set([...text.matchAll(/\bPMPC_[A-Z0-9_]+/g)].map(([code]) => code))
  return [...found].flatMap((code) => explainCode(codes, code) ?? [])
}
