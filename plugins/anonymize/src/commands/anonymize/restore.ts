import {Args, BaseCommand, count} from 'pmpc/kit/cli'
import {Held, leftOutWarning, mapFlag, outFlag} from '../../flags.js'
import {restore, type Restored} from '../../run/restore.js'

/** What `pmpc anonymize restore --json` prints. */
export interface AnonymizeRestoreResult extends Restored {
  text?: string
  base64?: string
}

export default class AnonymizeRestore extends BaseCommand<AnonymizeRestoreResult> {
  static override readonly effect = 'records'
  static override summary = 'Turn pseudonyms back into what they stand for, by the map.'
  static override description =
    'For the answer to what was anonymized, and for all that can be anonymized. It needs the map of the workspace, or the one that --map names; what it writes with -o is for its owner alone.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> answer.txt',
    '<%= config.bin %> <%= command.id %> answer.txt -o answer-for-us.txt --map ~/support.map',
  ]

  static override args = {
    input: Args.string({description: 'a file, a folder, or - for standard input', required: true}),
  }

  static override flags = {out: outFlag, map: mapFlag}

  async run(): Promise<AnonymizeRestoreResult> {
    const {args, flags} = await this.parse(AnonymizeRestore)
    const held = new Held(this.jsonEnabled(), async (bytes) => this.printBytes(bytes))
    const wanted = {folder: this.folder, map: flags.map, input: args.input, out: flags.out}
    const result = await restore(wanted, this.caller, held.take)
    for (const {name, why} of result.leftOut) this.warnUser(leftOutWarning(name, why))
    if (flags.out !== undefined) this.say(`Restored ${count(result.files.length, 'file')}.`)
    return {...result, ...(flags.out === undefined && held.json())}
  }
}
