import {BaseCommand, count} from '../kit/cli/index.js'
import {shellWord} from '../kit/files/inside.js'
import type {UnparkResult} from '../kit/verbs/park.js'

export default class Unpark extends BaseCommand<UnparkResult> {
  static override readonly effect = 'declares'
  static override summary = 'Offer again what is open, after pmpc park.'
  static override description = `Offers in the working tree what is open by the last recorded state, and puts back the manifests that pmpc park moved aside.
Where something else has taken such a manifest's place, what you wrote stays kept. Makes no commit and asks no cluster.`

  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<UnparkResult> {
    await this.parse(Unpark)
    const [{unpark}, {requireWorkspace}] = await Promise.all([
      import('../kit/verbs/park.js'),
      import('../kit/workspace/index.js'),
    ])
    const result = await unpark(await requireWorkspace(this.folder), this.caller)
    for (const warning of result.warnings) this.warnUser(warning)
    for (const {path, kept, why, place} of result.kept) {
      const compare = `git diff --no-index ${shellWord(kept)} ${shellWord(place)}   # then: rm ${shellWord(kept)}`
      this.warnUser(`what you wrote into ${path} is kept in ${kept}, as ${why}`, compare)
    }
    for (const path of result.texts) this.say(`${path}: what you wrote is back.`)
    const {open, conflicts, manifests} = result
    const drift = open - conflicts
    const also =
      conflicts > 0 ? ` ${count(conflicts, 'conflict')} open, too: in a conflict the manifest stays as it is.` : ''
    if (open === 0) this.say('Nothing is open.')
    else if (manifests.length === 0) this.say(`Nothing was to be offered again: ${count(open, 'item')} open.`)
    else this.say(`Offered again: ${count(drift, 'item')}, ${count(manifests.length, 'manifest')} written.${also}`)
    if (open > 0) this.hint('See it: git diff. Then: pmpc status')
    return result
  }
}
