import {Args, BaseCommand, count} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {leftOutWarning, mapFlag} from '../../flags.js'
import {verify, type FoundPlace, type Verified} from '../../run/verify.js'

/** What `pmpc anonymize verify --json` prints. */
export type AnonymizeVerifyResult = Verified

export default class AnonymizeVerify extends BaseCommand<AnonymizeVerifyResult> {
  static override readonly effect = 'reads'
  static override summary = 'Look again, by other means, for what is left in something that was anonymized.'
  static override description = `Every value of the map is searched for, in its usual spellings too, and whatever has the form of an address or a secret and is no pseudonym.
Exits with 2 where anything is left. What it is, is not told: only its kind and where it stands.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> syslog.txt',
    '<%= config.bin %> <%= command.id %> for-support --json',
  ]

  static override args = {
    input: Args.string({description: 'a file, a folder, or - for standard input', required: true}),
  }

  static override flags = {map: mapFlag}

  async run(): Promise<AnonymizeVerifyResult> {
    const {args, flags} = await this.parse(AnonymizeVerify)
    const result = await verify({folder: this.folder, map: flags.map, input: args.input}, this.caller)
    for (const {name, why} of result.leftOut) this.warnUser(leftOutWarning(name, why))
    for (const place of result.found) this.say(`${this.paint('bold', whereOf(place))} ${place.kind}`)
    this.say(
      result.found.length > 0
        ? `${count(result.found.length, 'place')} left.`
        : 'Nothing is left that is known to tell of anybody.',
    )
    if (result.found.length > 0) this.setExitCode(exitCodes.differs)
    return result
  }
}

const whereOf = ({file, line, column}: FoundPlace): string => `${file === undefined ? '' : `${file}:`}${line}:${column}`
