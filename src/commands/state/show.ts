import {resolve} from 'node:path'
import {Args, BaseCommand, Flags} from '../../kit/cli/index.js'
import {isPmpcError} from '../../kit/errors/index.js'
import {stateFiles} from '../../kit/observed/index.js'
import {startRun, type Run} from '../../kit/runs/index.js'
import {visible} from '../../kit/text/index.js'

/** What `pmpc state show --json` prints. */
export interface ShownState {
  name: string
  text: string
}

export default class StateShow extends BaseCommand<ShownState[]> {
  static override readonly effect = 'reads'
  static override summary = 'Print state files as text, a line a value; this is what git diff shows of them.'
  static override examples = [
    '<%= config.bin %> state show',
    '<%= config.bin %> state show home',
    '<%= config.bin %> state show .pmpc/state/home.db',
  ]
  static override args = {
    state: Args.string({description: 'a file, or the name of a cluster; all states unless given'}),
  }
  static override flags = {
    textconv: Flags.boolean({hidden: true, summary: 'Called by Git: print something of any file, and succeed.'}),
  }

  private unlogged: Run | undefined

  /** Without a log: `git log -p` calls this twice a commit, and would drive the logs of all other runs out. */
  protected override get record(): Run {
    this.unlogged ??= startRun({command: this.typed})
    return this.unlogged
  }

  async run(): Promise<ShownState[]> {
    const {args, flags} = await this.parse(StateShow)
    const {stateToText} = await import('../../kit/state/text.js')
    const shown: ShownState[] = []
    const files = await stateFiles(this.folder, args.state).catch(async (error: unknown) => {
      shown.push({name: args.state ?? '', text: await textOfUnread(error, this.folder, args.state, flags.textconv)})
      return []
    })
    for (const {name, bytes} of files) {
      const text = await stateToText(bytes, name).catch((error: unknown) =>
        textOfUnreadable(error, bytes, flags.textconv),
      )
      shown.push({name, text})
    }
    this.say(shown.map(({text}) => text.trimEnd()).join('\n\n'))
    return shown
  }
}

/** Git dies where its driver fails, and shows nothing where two texts are equal: so the text names the content. */
async function textOfUnreadable(error: unknown, bytes: Uint8Array, textconv: boolean): Promise<string> {
  if (!textconv || !isPmpcError(error)) throw error
  const {createHash} = await import('node:crypto')
  return `# ${visible(error.message)}\n# ${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}\n`
}

/** The same for a file that is too large to be read into memory. */
async function textOfUnread(
  error: unknown,
  folder: string,
  file: string | undefined,
  textconv: boolean,
): Promise<string> {
  if (!textconv || file === undefined || !isPmpcError(error) || error.code !== 'PMPC_TOO_LARGE') throw error
  const [{createHash}, {createReadStream}] = await Promise.all([import('node:crypto'), import('node:fs')])
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(resolve(folder, file))) hash.update(chunk as Buffer)
  return `# ${error.message}\n# SHA-256 ${hash.digest('hex')}\n`
}
