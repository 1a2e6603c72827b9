import type {Hook} from '@oclif/core/hooks'
import {nearest} from '../kit/errors/nearest.js'
import {PmpcError} from '../kit/errors/index.js'

/** A command that does not exist: the one that was meant, exit code 127; or an argument too many, which is a usage error. */
const hook: Hook.CommandNotFound = async function ({config, id}) {
  const words = id.split(':')
  const commands = config.commands.filter((command) => !command.hidden).map((command) => command.id)
  const known = [...commands, ...config.topics.map((topic) => topic.name)]
  const owner = longestCommand(words, commands)
  const below = known.filter((candidate) => candidate.startsWith(`${owner}:`))
  const meant = likelyCommand(words, owner === undefined ? known : below)
  if (owner !== undefined && meant === undefined) throw tooManyArguments(owner, words)
  throw new PmpcError('PMPC_COMMAND_NOT_FOUND', `There is no command \`pmpc ${words.slice(0, 2).join(' ')}\`.`, {
    suggestions: [...(meant === undefined ? [] : [`pmpc ${meant.replaceAll(':', ' ')}`]), 'pmpc --help'],
    data: {command: words.slice(0, 2).join(' ')},
  })
}

/** `sync extra` is looked up as a command by oclif, when `sync` takes no argument. */
function longestCommand(words: string[], commands: string[]): string | undefined {
  for (let length = words.length - 1; length > 0; length--) {
    const id = words.slice(0, length).join(':')
    if (commands.includes(id)) return id
  }
  return undefined
}

function tooManyArguments(owner: string, words: string[]): PmpcError {
  const typed = `pmpc ${owner.replaceAll(':', ' ')}`
  const extra = words[owner.split(':').length] ?? ''
  return new PmpcError('PMPC_USAGE', `\`${typed}\` takes no argument ${JSON.stringify(extra)}.`, {
    suggestions: [`${typed} --help`],
  })
}

/** Compares what was typed with the commands and topics of as many words, the longest first. */
function likelyCommand(words: string[], known: string[]): string | undefined {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const candidates = known.filter((id) => id.split(':').length === length)
    const meant = nearestOf(words.slice(0, length), candidates)
    if (meant !== undefined) return meant
  }
  return undefined
}

/** Below a topic that is right the last word alone decides: the letters of the topic would make any short word near (`plugins foo`, `plugins add`). */
function nearestOf(words: string[], candidates: string[]): string | undefined {
  const prefix = words
    .slice(0, -1)
    .map((word) => `${word}:`)
    .join('')
  const below = candidates.filter((id) => id.startsWith(prefix))
  if (prefix === '' || below.length === 0) return nearest(words.join(':'), candidates)
  const last = nearest(
    words.at(-1)!,
    below.map((id) => id.slice(prefix.length)),
  )
  return last === undefined ? undefined : prefix + last
}

export default hook
