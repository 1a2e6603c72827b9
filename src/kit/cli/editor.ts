import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'

/**
 * Opens a file in a person's editor, `$VISUAL` or `$EDITOR`, without a shell, and waits for its end.
 * @param out where it writes: standard error where standard output is for the result
 * @throws PMPC_NO_EDITOR where none is named, or it cannot be started; PMPC_EDITOR_FAILED where it ends with an error
 */
export async function openEditor(file: string, env: Record<string, string | undefined>, out: 1 | 2 = 1): Promise<void> {
  const named = editorIn(env)
  if (named === undefined) throw noEditor('neither VISUAL nor EDITOR names an editor')
  const words = wordsOf(named)
  const [program, ...rest] = words ?? []
  if (program === undefined) throw noEditor(`${JSON.stringify(named)} cannot be read as a program with its arguments`)
  const {execa} = await import('execa')
  const ended = await execa(program, [...rest, file], {stdin: 'inherit', stdout: out, stderr: 'inherit', reject: false})
  if (!ended.failed) return
  if (ended.exitCode === undefined && ended.signal === undefined) throw noEditor(`${program} cannot be started`)
  const how = ended.signal ?? `exit code ${ended.exitCode}`
  throw new PmpcError('PMPC_EDITOR_FAILED', `${program} ended with ${how}, and nothing was changed`, {
    suggestions: [`${named} ${shellWord(file)}   # what it says`],
    data: {program, exitCode: ended.exitCode ?? null},
  })
}

/** What a person calls their editor, a program with its arguments; undefined where they name none. */
export function editorIn({VISUAL, EDITOR}: Record<string, string | undefined>): string | undefined {
  return [VISUAL, EDITOR].find((text) => text !== undefined && text.trim() !== '')
}

const onePart = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/sy

/** Words of a command as a shell tells them, quotes and backslashes included; nothing is expanded. undefined: a quote is open. */
export function wordsOf(text: string): string[] | undefined {
  const words: string[] = []
  const part = new RegExp(onePart)
  let isOpen = false
  while (part.lastIndex < text.length) {
    const blank = /\s+/y
    blank.lastIndex = part.lastIndex
    if (blank.test(text)) {
      part.lastIndex = blank.lastIndex
      isOpen = false
      continue
    }
    const match = part.exec(text)
    if (!match) return undefined
    const [, single, double, escaped, plain] = match
    const read = single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain!
    if (isOpen) words[words.length - 1] += read
    else words.push(read)
    isOpen = true
  }
  return words
}

function noEditor(why: string): PmpcError {
  return new PmpcError('PMPC_NO_EDITOR', `${why}: nothing was opened`, {
    suggestions: [
      'export EDITOR=nano   # or vi, or "code --wait"',
      'pmpc set --help   # changes fields without an editor',
    ],
  })
}
