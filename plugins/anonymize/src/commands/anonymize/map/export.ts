import {Args, BaseCommand} from 'pmpc/kit/cli'
import {mapFlag, passphraseFlag} from '../../../flags.js'
import {exportMap, type Carried} from '../../../run/carry.js'
import {passphrase, PASSPHRASE_ENV} from '../../../run/passphrase.js'

/** What `pmpc anonymize map export --json` prints. */
export type AnonymizeMapExportResult = Carried

export default class AnonymizeMapExport extends BaseCommand<AnonymizeMapExportResult> {
  static override readonly effect = 'records'
  static override summary = 'Write the map with its key into a file that a passphrase seals.'
  static override description = `The passphrase is asked for, read from --passphrase-file, or taken from ${PASSPHRASE_ENV}. It becomes a key by scrypt, and the file is sealed with AES-256-GCM.`
  static override examples = ['<%= config.bin %> <%= command.id %> our-map.json']
  static override args = {file: Args.string({description: 'the file of the export', required: true})}
  static override flags = {map: mapFlag, 'passphrase-file': passphraseFlag}

  async run(): Promise<AnonymizeMapExportResult> {
    const {args, flags} = await this.parse(AnonymizeMapExport)
    const secret = async () => {
      const file = flags['passphrase-file']
      const found = await passphrase({folder: this.folder, file, env: process.env, prompts: this.prompts, isNew: true})
      this.record.registerSecret(found)
      return found
    }
    const result = await exportMap({folder: this.folder, map: flags.map, file: args.file}, secret, this.caller)
    this.say(`Wrote ${result.pairs} pairs to ${result.file}.`)
    return result
  }
}
