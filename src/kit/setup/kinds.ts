import {ask, type PromptContext} from '../cli/index.js'
import {PmpcError} from '../errors/index.js'
import {kindsNamed} from '../resources/index.js'
import {unknownKind} from '../workspace/index.js'

/** The word for all kinds. */
const ALL = 'all'

/**
 * The words of `--kinds`, as `kinds:` of pmpc.yaml takes them; none for all kinds.
 * @throws PMPC_USAGE (64) for a word that names no kind
 */
export function kindsFrom(text: string): string[] {
  const trouble = troubleIn(text)
  if (trouble === undefined) return wordsIn(text)
  throw new PmpcError('PMPC_USAGE', `--kinds '${text}': ${trouble}`, {
    suggestions: ['pmpc init --kinds guests,storage,pool', 'pmpc init --help'],
    data: {flag: '--kinds', value: text},
  })
}

/** Asks which kinds are to be kept: all unless the person says otherwise. */
export async function askKinds(prompts: PromptContext): Promise<string[]> {
  const answer = await ask(prompts, {
    flag: '--kinds KIND,…',
    message: 'What is to be kept: all, or kinds such as guests,storage,pool:',
    default: ALL,
    validate: (text) => troubleIn(text) ?? true,
  })
  return wordsIn(answer)
}

function wordsIn(text: string): string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.includes(ALL) ? [] : words
}

function troubleIn(text: string): string | undefined {
  const unknown = wordsIn(text).find((word) => kindsNamed(word).length === 0)
  if (text.trim() === '') return 'it is all, or names of kinds'
  return unknown === undefined ? undefined : unknownKind(unknown)
}
