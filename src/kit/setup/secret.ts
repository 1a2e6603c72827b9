import {askSecret, type PromptContext} from '../cli/index.js'
import {isPmpcError, PmpcError} from '../errors/index.js'
import {isTokenId} from '../proxmox/index.js'
import type {Environment, Secret} from '../proxmox/index.js'

/** Where a secret comes from, as flags say it. */
export interface SecretFlags {
  'token-stdin'?: boolean
  'token-env'?: string
  'token-command'?: readonly string[]
}

/** The one flag of which all following words are the value. */
const commandFlag = '--token-command'

/**
 * Takes `--token-command` and all words after it out of the arguments: a command may have flags of its own.
 * @throws PMPC_USAGE (64) when no word follows
 */
export function splitCommand(argv: readonly string[]): {argv: string[]; words: string[] | undefined} {
  const at = argv.findIndex((word) => word === commandFlag || word.startsWith(`${commandFlag}=`))
  if (at < 0) return {argv: [...argv], words: undefined}
  const inline = argv[at]?.slice(commandFlag.length + 1)
  const after = argv.slice(at + 1)
  const words = [
    ...(inline === undefined || inline === '' ? [] : [inline]),
    ...(after[0] === '--' ? after.slice(1) : after),
  ]
  if (words.length > 0) return {argv: argv.slice(0, at), words}
  throw new PmpcError('PMPC_USAGE', `${commandFlag} needs the words of a command, as the last of all flags`, {
    suggestions: [`pmpc auth login ${commandFlag} op read op://Private/pmpc/secret`],
  })
}

/**
 * The secret that flags name, or undefined when they name none.
 * @throws PMPC_NO_SECRET (64) for an empty standard input or an unset variable, PMPC_USAGE (64) for more than one source
 */
export async function secretFrom(
  flags: SecretFlags,
  env: Environment,
  input: NodeJS.ReadableStream & {isTTY?: boolean},
): Promise<Secret | undefined> {
  const sources = [
    flags['token-stdin'] === true,
    flags['token-env'] !== undefined,
    flags['token-command'] !== undefined,
  ].filter(Boolean)
  if (sources.length > 1) {
    throw new PmpcError(
      'PMPC_USAGE',
      'the secret comes from one place: --token-stdin, --token-env or --token-command',
      {suggestions: ['pmpc auth login --help']},
    )
  }
  if (flags['token-command'] !== undefined) return {command: flags['token-command']}
  if (flags['token-env'] !== undefined)
    return {secret: nonEmpty(env[flags['token-env']], `the variable ${flags['token-env']} is not set`)}
  if (flags['token-stdin'] === true) return {secret: nonEmpty(await readAll(input), 'standard input was empty')}
  return undefined
}

async function readAll(input: NodeJS.ReadableStream & {isTTY?: boolean}): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** How often a person is asked for one secret. */
const mostTimes = 3

/**
 * Asks for the secret of a token, or the password of a user, and uses it; asks again where the cluster refuses it.
 * @throws what `use` throws, a third refusal too; PMPC_FLAG_REQUIRED (64) where nobody can be asked
 */
export async function withAskedSecret<Result>(
  {
    tokenId,
    of = tokenId,
    prompts,
    say,
  }: {tokenId: string; of?: string; prompts: PromptContext; say: (text: string) => void},
  use: (secret: Secret) => Promise<Result>,
): Promise<Result> {
  const message = `${isTokenId(tokenId) ? 'Secret' : 'Password'} of ${of}:`
  for (let times = 1; ; times++) {
    const secret = await askSecret(prompts, {flag: '--token-stdin', message})
    try {
      return await use({secret})
    } catch (error) {
      if (!isPmpcError(error) || error.code !== 'PMPC_NOT_AUTHENTICATED' || times === mostTimes) throw error
      say(`${error.message}. Once more, please:`)
    }
  }
}

function nonEmpty(text: string | undefined, otherwise: string): string {
  const secret = text?.split(/\r?\n/)[0]?.trim() ?? ''
  if (secret !== '') return secret
  throw new PmpcError('PMPC_NO_SECRET', `no secret: ${otherwise}`, {
    suggestions: [
      'pmpc auth login --token-stdin < FILE',
      'pmpc auth login --token-env VARIABLE',
      'pmpc auth login --token-command op read op://Private/pmpc/secret',
    ],
  })
}
