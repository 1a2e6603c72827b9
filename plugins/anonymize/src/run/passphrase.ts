import {resolve} from 'node:path'
import {askSecret} from 'pmpc/kit/cli'
import {readNamed} from 'pmpc/kit/files'
import {mapError, unreadable} from '../errors.js'

type PromptContext = Parameters<typeof askSecret>[0]

/** The variable that may hold it. */
export const PASSPHRASE_ENV = 'PMPC_ANONYMIZE_PASSPHRASE'
/** Characters: whoever has the file may try as many as they like. */
const SHORTEST = 8
const MOST_BYTES = 4096

/** Where a passphrase is taken from. */
export interface Asking {
  folder: string
  /** `--passphrase-file` */
  file?: string | undefined
  env: Record<string, string | undefined>
  prompts: PromptContext
  /** It is new: it must be of some length, and is asked for twice. */
  isNew: boolean
}

/** The passphrase of an export: from a file, from the environment, or asked for. @throws PMPC_ANONYMIZE_MAP, PMPC_FLAG_REQUIRED */
export async function passphrase({folder, file, env, prompts, isNew}: Asking): Promise<string> {
  const given = file === undefined ? env[PASSPHRASE_ENV] : readFile(resolve(folder, file), file)
  const found = given ?? (await askFor(prompts, isNew))
  if (found.length >= (isNew ? SHORTEST : 1)) return found
  throw mapError(`a passphrase has at least ${isNew ? SHORTEST : 1} characters`, [
    'pmpc anonymize map export FILE --passphrase-file FILE',
  ])
}

function readFile(path: string, shown: string): string {
  try {
    return readNamed(path, shown, MOST_BYTES)
      .toString('utf8')
      .replace(/\r?\n$/, '')
  } catch (error) {
    throw unreadable(shown, error)
  }
}

async function askFor(prompts: PromptContext, isNew: boolean): Promise<string> {
  const flag = '--passphrase-file'
  const first = await askSecret(prompts, {
    flag,
    message: isNew ? 'A new passphrase for this file:' : 'The passphrase of this file:',
  })
  if (isNew && (await askSecret(prompts, {flag, message: 'Once more:'})) !== first)
    throw mapError('the two passphrases differ', ['pmpc anonymize map export FILE'])
  return first
}
