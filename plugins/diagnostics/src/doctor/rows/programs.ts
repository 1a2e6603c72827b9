import {existsSync, readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {editorIn, wordsOf} from 'pmpc/kit/cli'
import {setUpLine, shells} from 'pmpc/kit/completion'
import {programOn, statInside} from 'pmpc/kit/files'
import {fine, nothing, unseen, warning, type LocalRow} from '../model.js'
import type {Surroundings} from '../surroundings.js'
import {isAtLeast} from '../versions.js'

/** What the code of `pmpc iac` asks for: `required_version` of its template. */
const leastTerraform = '1.7.0'
/** Columns that the tables were made for. */
const leastColumns = 80

/** The terminal, and programs beside pmpc. */
export const programs: LocalRow[] = [
  {
    id: 'terminal.type',
    looksAt: 'what the terminal can do: TERM',
    severity: 'warning',
    isPeoples: true,
    look({env, terminal}) {
      if (!terminal.isTerminal) return nothing('no terminal')
      const {TERM = ''} = env
      if (TERM !== '' && TERM !== 'dumb') return fine(TERM)
      return warning(`TERM is ${TERM === '' ? 'not set' : 'dumb'}: no colours, and no progress that moves.`, {
        fix: 'export TERM=xterm-256color',
      })
    },
  },
  {
    id: 'terminal.encoding',
    looksAt: "whether the terminal's texts are UTF-8: LC_ALL, LC_CTYPE, LANG",
    severity: 'warning',
    isPeoples: true,
    look({env, terminal}) {
      if (!terminal.isTerminal) return nothing('no terminal')
      const [name, value] =
        (['LC_ALL', 'LC_CTYPE', 'LANG'] as const)
          .map((each) => [each, env[each] ?? ''] as const)
          .find(([, text]) => text !== '') ?? (['LANG', ''] as const)
      if (/utf-?8/i.test(value)) return fine(`${name}=${value}`)
      return warning(
        `${name} is ${value === '' ? 'not set' : value}, no UTF-8: names and arrows may be shown as other characters.`,
        {
          fix: `export ${name}=C.UTF-8`,
        },
      )
    },
  },
  {
    id: 'terminal.width',
    looksAt: 'how many columns the terminal has',
    severity: 'warning',
    isPeoples: true,
    look({terminal: {isTerminal, columns}}) {
      if (!isTerminal || columns === undefined) return nothing('no terminal')
      if (columns >= leastColumns) return fine(`${columns} columns`)
      return warning(`The terminal has ${columns} columns: tables are cut. ${leastColumns} are enough for most.`, {
        fix: 'pmpc get guests -o json   # is never cut',
      })
    },
  },
  {
    id: 'editor',
    looksAt: 'the editor that `pmpc edit` opens: VISUAL, EDITOR',
    severity: 'warning',
    isPeoples: true,
    look({env}) {
      const named = editorIn(env)
      const fix = 'export EDITOR=nano   # or vi, or "code --wait"'
      if (named === undefined) return warning('Neither VISUAL nor EDITOR names an editor: pmpc edit opens none.', {fix})
      const [program] = wordsOf(named) ?? []
      if (program === undefined)
        return warning(`${JSON.stringify(named)} cannot be read as a program with its arguments.`, {fix})
      const path = program.startsWith('/') ? (existsSync(program) ? program : undefined) : programOn(env, program)
      return path === undefined
        ? warning(`The editor ${program} is not installed.`, {fix, objects: [program]})
        : fine(named)
    },
  },
  {
    id: 'completion',
    looksAt: 'whether your shell completes pmpc at TAB',
    severity: 'warning',
    isPeoples: true,
    look({env}) {
      const shell = shells.find((name) => (env.SHELL ?? '').endsWith(`/${name}`))
      if (shell === undefined) return nothing(`SHELL is ${env.SHELL ?? 'not set'}: pmpc completes ${shells.join(', ')}`)
      const file = completionFiles(shell, env).find((path) => isSetUp(path))
      if (file !== undefined) return fine(`${shell}, by ${file}`)
      return warning(`${shell} does not complete pmpc.`, {objects: [shell], fix: setUpLine(env.SHELL)})
    },
  },
  {
    id: 'programs.terraform',
    looksAt: 'Terraform or OpenTofu, for the code that this workspace keeps in iac/terraform',
    severity: 'warning',
    async look(at) {
      const isWanted = holds(at, 'iac/terraform')
      const found = await at.program(['terraform', 'tofu'], ['version'])
      const fix = 'tofu version   # after installing OpenTofu: opentofu.org/docs/intro/install'
      if (!found && !isWanted) return nothing('neither is installed, and nothing here needs one')
      if (!found)
        return warning(
          'Neither terraform nor tofu is on PATH: pmpc iac prove cannot hold iac/terraform against the cluster.',
          {fix},
        )
      const version = /v?(\d+\.\d+\.\d+)/.exec(found.said)?.[1]
      if (version === undefined)
        return unseen(`${found.path} does not say which version it is`, [found.path], `${found.name} version`)
      if (isAtLeast(version, leastTerraform)) return fine(`${found.name} ${version}`)
      return warning(`${found.name} ${version} is too old: the code of pmpc iac needs ${leastTerraform} or newer.`, {
        fix,
      })
    },
  },
  {
    id: 'programs.ansible',
    looksAt: 'Ansible, for the code that this workspace keeps in iac/ansible',
    severity: 'warning',
    async look(at) {
      const isWanted = holds(at, 'iac/ansible')
      const found = await at.program(['ansible-playbook'], ['--version'])
      const fix = 'pipx install --include-deps ansible'
      if (!found && !isWanted) return nothing('it is not installed, and nothing here needs it')
      if (!found)
        return warning('ansible-playbook is not on PATH: nothing can run the playbooks in iac/ansible.', {fix})
      const version = /\[core (\d+\.\d+[\d.]*)/.exec(found.said)?.[1]
      if (version === undefined)
        return unseen(`${found.path} does not say which version it is`, [found.path], 'ansible-playbook --version')
      return fine(`ansible-core ${version}`)
    },
  },
]

/** Whether there is anything at a path of the workspace. */
function holds({root}: Surroundings, path: string): boolean {
  try {
    return root !== undefined && statInside(root, path) !== undefined
  } catch {
    return false
  }
}

/** Where a shell reads what it completes, or a line that fetches it; docs/completion.md. */
function completionFiles(shell: (typeof shells)[number], env: Surroundings['env']): string[] {
  const home = env.HOME ?? homedir()
  const config = env.XDG_CONFIG_HOME || join(home, '.config')
  const data = env.XDG_DATA_HOME || join(home, '.local', 'share')
  const files = {
    bash: [
      ...['.bashrc', '.bash_profile', '.profile', '.bash_completion', '.bash_aliases'].map((name) => join(home, name)),
      join(data, 'bash-completion', 'completions', 'pmpc'),
      ...['/etc/bash_completion.d/pmpc', '/usr/share/bash-completion/completions/pmpc', '/etc/bash.bashrc'],
    ],
    zsh: [...['.zshrc', '.zshenv', '.zprofile'].map((name) => join(env.ZDOTDIR || home, name)), '/etc/zsh/zshrc'],
    fish: [join(config, 'fish', 'completions', 'pmpc.fish'), join(config, 'fish', 'config.fish')],
  }
  return files[shell]
}

/** Whether a file speaks of it: the line that fetches the script, or the script itself. */
function isSetUp(file: string): boolean {
  try {
    return /^[^#\n]*(?:pmpc completion|(?:complete|compdef) .*pmpc)/m.test(readFileSync(file, 'utf8'))
  } catch {
    return false
  }
}
