import {Args, BaseCommand} from '../kit/cli/index.js'
import {completionScript, keepCommands, setUpLine, shells, type Shell} from '../kit/completion/index.js'

/** What `pmpc completion --json` prints. */
export interface CompletionResult {
  shell: Shell
  /** The script, to be sourced. */
  script: string
  /** The line that sets it up. */
  setUp: string
}

export default class Completion extends BaseCommand<CompletionResult> {
  static override readonly effect = 'reads'
  static override summary = 'Print what makes a shell complete commands, flags, VMIDs and names.'
  static override description = `The script reads plain files that pmpc keeps in your cache folder, and starts neither node nor git at TAB. Sync, accept, reject and status bring them up to date, so it needs to be set up once only: docs/completion.md.`
  static override examples = [
    {description: 'bash: each time it starts', command: 'source <(<%= config.bin %> <%= command.id %> bash)'},
    {
      description: 'bash with bash-completion: once',
      command:
        '<%= config.bin %> <%= command.id %> bash > ~/.local/share/bash-completion/completions/<%= config.bin %>',
    },
    {description: 'zsh, behind compinit', command: 'source <(<%= config.bin %> <%= command.id %> zsh)'},
    {
      description: 'fish: once',
      command: '<%= config.bin %> <%= command.id %> fish > ~/.config/fish/completions/<%= config.bin %>.fish',
    },
  ]
  static override args = {
    shell: Args.string({description: 'the shell', options: shells, required: true}),
  }

  async run(): Promise<CompletionResult> {
    const {args} = await this.parse(Completion)
    const shell = args.shell as Shell
    keepCommands(this.config)
    const script = completionScript(shell, this.config)
    if (!this.jsonEnabled()) this.print(script)
    return {shell, script, setUp: setUpLine(shell)}
  }
}
