import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {Shell} from '../../src/kit/completion/index.js'
import {inPty, noPty} from './pty.js'
import type {Sandbox} from './pmpc.js'

/** A line that is typed: `<TAB>` completes, `<LIST>` lists what may stand there, `<ALL>` puts all of it into the line, `<ENTER>` runs it. */
export type Typed = string

/** Where a program is; undefined where this machine has none. */
export function whereIs(program: string): string | undefined {
  const {stdout} = spawnSync('sh', ['-c', `command -v ${program}`], {encoding: 'utf8'})
  const found = stdout.trim()
  return found.startsWith('/') ? realpathSync(found) : undefined
}

/** Why a shell cannot be tried here; undefined when it can. Where shells must be there (PMPC_SHELLS_REQUIRED) it throws. */
export function noShell(shell: Shell): string | undefined {
  const why = whereIs(shell) === undefined ? `needs ${shell}` : noPty()
  if (why !== undefined && process.env.PMPC_SHELLS_REQUIRED === '1') throw new Error(why)
  return why
}

/** How a shell is told what the keys do, and that `pmpc` notes what it was given. RECORD is where the line stands, GIVEN the words. */
const SHELLS: Record<Shell, {file: string; args(folder: string): string[]; settings: string}> = {
  bash: {
    file: 'rc.bash',
    args: (folder) => ['--noprofile', '--rcfile', path.join(folder, 'rc.bash'), '-i'],
    settings: `
pmpc() { printf '%s\\0' "$@" $'\\n' >> "$GIVEN"; }
record() { printf '%s\\0' "$READLINE_LINE" >> "$RECORD"; }
bind 'set completion-query-items 0'; bind 'set page-completions off'; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'
bind '"\\C-x\\C-a": insert-completions'
bind '"\\C-x\\C-l": possible-completions'
bind -x '"\\C-x\\C-p": record'
bind '"\\C-x\\C-k": kill-whole-line'
PS1='READY> '
`,
  },
  zsh: {
    file: '.zshrc',
    args: () => ['-d', '-i'],
    settings: `
unsetopt autolist automenu
PS1='READY> '
pmpc() { printf '%s\\0' "$@" $'\\n' >> $GIVEN }
record() { printf '%s\\0' "$BUFFER" >> $RECORD }
everything() { _main_complete "$@"; compstate[insert]=all }
zle -N record
zle -C everything complete-word everything
bindkey -e
bindkey '^X^L' list-choices '^X^A' everything '^X^P' record '^X^K' kill-buffer
`,
  },
  fish: {
    file: 'rc.fish',
    args: (folder) => ['-N', '-C', `source ${folder}/rc.fish`],
    settings: `
function pmpc; printf '%s\\0' $argv \\n >> $GIVEN; end
function record; printf '%s\\0' (commandline | string collect) >> $RECORD; end
function everything; complete -C | string replace -r '\\t.*' '' | string escape | string join ' ' | read -l all; commandline -t -- $all; end
bind \\cx\\ca everything
bind \\cx\\cl complete
bind \\cx\\cp record
bind \\cx\\ck 'commandline ""'
function fish_prompt; printf 'READY> '; end
function fish_greeting; end
set -g fish_autosuggestion_enabled 0
`,
  },
}

const BEFORE: Record<Shell, string> = {
  bash: '',
  zsh: 'autoload -Uz compinit\ncompinit -D -u\n',
  fish: '',
}

const KEYS: Record<string, string> = {
  '<TAB>': '\t',
  '<ALL>': '\u0018\u0001',
  '<LIST>': '\u0018\u000c',
  '<ENTER>': '\r',
}

/** What stood in the line behind each text that was typed, and the words of each command that was run. */
export interface Completed {
  lines: string[]
  given: string[][]
  /** All that the terminal showed. */
  shown: string
}

/**
 * Types lines into a shell in a pseudo-terminal. Its PATH holds awk alone: no node, no git.
 * @param script the text that completes
 */
export async function typeInto(
  shell: Shell,
  script: string,
  {box, cwd, typed, settings = ''}: {box: Sandbox; cwd: string; typed: Typed[]; settings?: string},
): Promise<Completed> {
  const folder = mkdtempSync(path.join(box.folder, `${shell}-`))
  const bin = path.join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(whereIs('awk')!, path.join(bin, 'awk'))
  const {file, args, settings: own} = SHELLS[shell]
  const onlyAwk = shell === 'fish' ? `set -gx PATH ${bin}\n` : `PATH=${bin}\n`
  writeFileSync(path.join(folder, 'pmpc.script'), script)
  const load = `source ${path.join(folder, 'pmpc.script')}\n`
  writeFileSync(path.join(folder, file), onlyAwk + BEFORE[shell] + load + own + settings)
  const [record, given] = [path.join(folder, 'record'), path.join(folder, 'given')]
  const keys = typed.map((text) => `${text.replaceAll(/<[A-Z]+>/g, (key) => KEYS[key]!)}\u0018\u0010\u0018\u000b`)
  const {output} = await inPty(whereIs(shell)!, args(folder), {
    env: {...box.env, ZDOTDIR: folder, RECORD: record, GIVEN: given, INPUTRC: '/dev/null', SHELL: whereIs(shell)!},
    cwd,
    answers: [{when: 'READY> ', type: `${keys.join('')}exit\r`}],
  })
  return {
    lines: read(record).split('\0').slice(0, -1),
    given: read(given)
      .split('\n\0')
      .slice(0, -1)
      .map((words) => words.split('\0').slice(0, -1)),
    shown: output,
  }
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
