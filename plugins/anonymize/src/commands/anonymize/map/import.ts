import {Args, BaseCommand} from 'pmpc/kit/cli'
import {mapFlag, passphraseFlag} from '../../../flags.js'
import {importMap, type Carried} from '../../../run/carry.js'
import {passphrase, PASSPHRASE_ENV} from '../../../run/passphrase.js'

/** What `pmpc anonymize map import --json` prints. */
export type AnonymizeMapImportResult = Carried

export default class AnonymizeMapImport extends BaseCommand<AnonymizeMapImportResult> {
  static override readonly effect = 'records'
  static override summary = 'Take over a map that was exported, with its key.'
  static override description = `The passphrase is asked for, read from --passphrase-file, or taken from ${PASSPHRASE_ENV}. It becomes a key by scrypt, and the file is sealed with AES-256-GCM.`
  static override examples = ['<%= config.bin %> <%= command.id %> our-map.json']
  static override args = {file: Args.string({description: 'the file of the export', required: true})}
  static override flags = {map: mapFlag, 'passphrase-file': passphraseFlag}

  async run(): Promise<AnonymizeMapImportResult> {
    const {args, flags} = await this.parse(AnonymizeMapImport)
    const secret = async () => {
      const file = flags['passphrase-file']
      const found = await passphrase({folder: this.folder, file, env: process.env, prompts: this.prompts, isNew: false})
      this.record.registerSecret(found)
      return found
    }
    const result = await importMap({folder: this.folder, map: flags.map, file: args.file}, secret, this.caller)
    this.say(`Took over ${result.pairs} pairs into ${result.map}.`)
    return result
  }
}
