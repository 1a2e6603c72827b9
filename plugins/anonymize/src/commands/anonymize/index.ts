import {textOf} from 'pmpc/kit/anonymize'
import {Args, BaseCommand, Flags, count, table} from 'pmpc/kit/cli'
import {anonymize, mark, type Anonymized, type MarkedPlace} from '../../run/anonymize.js'
import {outFlag, mapFlag, Held, leftOutWarning} from '../../flags.js'

/** What `pmpc anonymize --json` prints. */
export interface AnonymizeResult extends Anonymized {
  /** With `--dry-run`: where something would be replaced. */
  places?: Omit<MarkedPlace, 'after'>[]
  /** Without `-o`: what was made; `base64` where it is no text. */
  text?: string
  base64?: string
}

const columns = [
  {header: 'KIND', value: ({kind}: Anonymized['counts'][number]) => kind, keep: true},
  {header: 'FOUND', value: ({found}: Anonymized['counts'][number]) => String(found)},
  {header: 'DIFFERENT', value: ({different}: Anonymized['counts'][number]) => String(different)},
  {header: 'LIKELY', value: ({likely}: Anonymized['counts'][number]) => (likely > 0 ? String(likely) : '')},
]

export default class Anonymize extends BaseCommand<AnonymizeResult> {
  static override readonly effect = 'records'
  static override summary = 'Make a file or folder safe to show: what identifies goes, what it says stays.'

  static override description = `Addresses, names of hosts and people, secrets, keys and what else tells of somebody becomes something of the same form that tells nothing; the same value becomes the same pseudonym each time. Logs, configurations, JSON, YAML, archives (.tar, .tar.gz, .zip), databases of SQLite and bundles of Git are taken by what they hold; the words logs and state mean those of the workspace.
In a workspace the key and the map stay below .pmpc/local, and pmpc anonymize restore turns an answer back. Elsewhere they end with the run, unless --map names a file for them.
What was made is looked at again before it is put in place: where anything is left, nothing is written, and the exit code is 1.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> /var/log/syslog -o syslog.txt',
    {
      description: 'What would be replaced, and where',
      command: '<%= config.bin %> <%= command.id %> report.txt --dry-run',
    },
    {
      description: 'The recorded states of the workspace',
      command: '<%= config.bin %> <%= command.id %> state -o for-support',
    },
    'journalctl -u pveproxy | <%= config.bin %> <%= command.id %> - > pveproxy.txt',
  ]

  static override args = {
    input: Args.string({description: 'a file, a folder, - for standard input, logs or state', required: true}),
  }

  static override flags = {
    out: outFlag,
    map: mapFlag,
    'dry-run': Flags.boolean({summary: 'Tell what would be replaced, and write nothing.'}),
    strict: Flags.boolean({summary: 'Replace what only looks like a secret as well.'}),
  }

  async run(): Promise<AnonymizeResult> {
    const {args, flags} = await this.parse(Anonymize)
    const wanted = {folder: this.folder, input: args.input, out: flags.out, map: flags.map, strict: flags.strict}
    if (flags['dry-run']) return this.mark(wanted)
    const held = new Held(this.jsonEnabled(), async (bytes) => this.printBytes(bytes))
    const result = await anonymize(wanted, this.caller, held.take)
    this.tell(result, flags.out !== undefined)
    return {...result, ...(flags.out === undefined && held.json())}
  }

  private async mark(wanted: Parameters<typeof mark>[0]): Promise<AnonymizeResult> {
    const isTerminal = Boolean(process.stdout.isTTY) && !this.jsonEnabled()
    const {places, ...result} = await mark(wanted, isTerminal, this.caller)
    for (const {file, line, column, kind, confidence, after} of places) {
      const where = file === wanted.input ? `${line}:${column}` : `${file}:${line}:${column}`
      const what = `${this.paint('bold', where)} ${kind}${confidence === 'likely' ? ' (likely)' : ''}`
      this.say(after === undefined ? what : `${what}\n  ${this.paint('dim', textOf(after).trim())}`)
    }
    this.tell(result, false)
    return {...result, places: places.map(({after: _after, ...place}) => place)}
  }

  private tell({counts, leftOut, map, files}: Anonymized, onOutput: boolean): void {
    for (const {name, why} of leftOut) this.warnUser(leftOutWarning(name, why))
    if (onOutput) this.printTable(counts, columns)
    else if (counts.length > 0) this.hint(table(counts, columns).trimEnd())
    if (counts.length === 0) this.hint('Nothing was found that tells of anybody.')
    if (onOutput) this.say(`Wrote ${count(files.length, 'file')}.`)
    if (map === null)
      this.hint(
        'There is no map of this run: what was replaced cannot be restored. With one: pmpc anonymize FILE --map MAP',
      )
    else this.hint('Turn an answer back: pmpc anonymize restore FILE')
  }
}
