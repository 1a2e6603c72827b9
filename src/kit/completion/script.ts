import {readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {assetPath} from '../files/assets.js'
import {commandTable, type KnownCommands} from './commands.js'
import {FORMAT, LISTS} from './kept.js'

/** How a text stands in single quotes, and how a shell is set up. */
interface ShellForm {
  template: string
  quoted(text: string): string
  /** What to type, once. */
  setUp: string
}

const posix = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const FORMS = {
  bash: {
    template: 'bash.sh',
    quoted: posix,
    setUp: `echo 'source <(pmpc completion bash)' >> ~/.bashrc`,
  },
  zsh: {
    template: 'zsh.zsh',
    quoted: posix,
    setUp: `echo 'source <(pmpc completion zsh)' >> ~/.zshrc`,
  },
  fish: {
    template: 'fish.fish',
    // Within single quotes fish takes \\ for a backslash, too.
    quoted: (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`,
    setUp: 'pmpc completion fish > ~/.config/fish/completions/pmpc.fish',
  },
} as const satisfies Record<string, ShellForm>

export type Shell = keyof typeof FORMS

export const shells = Object.keys(FORMS) as Shell[]

/** The script that completes what is typed behind `pmpc` in a shell, with the commands as they are known now. */
export function completionScript(shell: Shell, known: KnownCommands): string {
  const {template, quoted} = FORMS[shell]
  const file = (name: string) => readFileSync(assetPath(`templates/completion/${name}`), 'utf8')
  const parts: Record<string, string> = {
    commands: quoted(commandTable(known)),
    words: quoted(file('words.awk')),
    format: String(FORMAT),
    lists: LISTS,
  }
  return file(template).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name]!)
}

/** What to type so that the shell of this path (`$SHELL`) completes; that of bash where it is another. */
export function setUpLine(shellPath = ''): string {
  const name = shellPath.slice(shellPath.lastIndexOf('/') + 1)
  return FORMS[shells.find((shell) => shell === name) ?? 'bash'].setUp
}

/** Whether a program of that name is found along `$PATH`, as a new shell looks for it. */
export function isOnPath(program: string, folders = ''): boolean {
  return folders
    .split(path.delimiter)
    .some((folder) => folder !== '' && statSync(path.join(folder, program), {throwIfNoEntry: false})?.isFile())
}
