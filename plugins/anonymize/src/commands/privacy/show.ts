import {BaseCommand} from 'pmpc/kit/cli'
import {mapFlag} from '../../flags.js'
import {shownPrivacy, type Privacy} from '../../run/privacy.js'

/** What `pmpc privacy show --json` prints. */
export type PrivacyShowResult = Privacy

export default class PrivacyShow extends BaseCommand<PrivacyShowResult> {
  static override readonly effect = 'reads'
  static override summary = 'Show what counts as private here, and how much the map holds; never what is in it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --map ~/support.map',
  ]
  static override flags = {map: mapFlag}

  async run(): Promise<PrivacyShowResult> {
    const {flags} = await this.parse(PrivacyShow)
    const shown = await shownPrivacy({folder: this.folder, map: flags.map}, this.caller)
    const {settings} = shown
    const rows: [string, string][] = [
      ['rules', shown.rules ?? 'the usual ones: there is no .pmpc/privacy.yaml'],
      ['notes', settings.notes === 'drop' ? 'taken out as a whole' : 'looked through'],
      ['vendors', settings.vendors === 'keep' ? 'of MACs are kept' : 'of MACs are hidden'],
      ['unknown', settings.unknown === 'keep' ? 'words stay' : 'words are taken for names'],
      ['strict', settings.strict ? 'yes' : 'no'],
      ['map', shown.map ?? 'none yet'],
    ]
    for (const [name, value] of rows) this.say(`${name.padEnd(8)} ${value}`)
    if (shown.pairs.length > 0)
      this.printTable(shown.pairs, [
        {header: 'KIND', value: ({kind}) => kind, keep: true},
        {header: 'IN THE MAP', value: ({count}) => String(count)},
      ])
    return shown
  }
}
