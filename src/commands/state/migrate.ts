import {BaseCommand, Flags} from '../../kit/cli/index.js'
import type {MigratedStates} from '../../kit/verbs/index.js'
import {schemaVersion} from '../../kit/state/schema.js'
import {findWorkspace} from '../../kit/workspace/index.js'

export default class StateMigrate extends BaseCommand<MigratedStates> {
  static override readonly effect = 'records'
  static override summary =
    'Rewrite the state files in another version of their schema, and the schemas of manifests; commit both.'
  static override description = `Older files are read without it; this is for having all of them current, or for an older pmpc.
An older version may not hold everything: what it loses is told, and the next sync reads it again.`
  static override examples = ['<%= config.bin %> state migrate', '<%= config.bin %> state migrate --to 1']
  static override flags = {
    to: Flags.integer({min: 1, default: schemaVersion, summary: 'The version to write.', helpValue: 'N'}),
  }

  async run(): Promise<MigratedStates> {
    const {flags} = await this.parse(StateMigrate)
    const {migrateStates} = await import('../../kit/verbs/migrate.js')
    const result = await migrateStates(findWorkspace(this.folder).root, flags.to, this.caller)
    this.tell(result)
    return result
  }

  private tell({commit, files, schemas, pairs}: MigratedStates): void {
    for (const {cluster, from, to, changed, lost} of files) {
      this.say(changed ? `${cluster}: version ${from} → ${to}` : `${cluster}: version ${to} already`)
      for (const {what, count} of lost) this.warnUser(`${cluster}: not kept of ${count} ${what}`)
    }
    if (pairs !== undefined) this.say(`agreement: ${pairs} pairs in .pmpc/agreed.yaml`)
    if (schemas.length > 0) this.say(`schemas of the manifests: ${schemas.length} rewritten`)
    if (files.length === 0 && commit === null) this.hint('No cluster was synced yet: pmpc sync')
    else if (commit !== null)
      this.hint(`Committed as ${commit.slice(0, 12)}. To see it: git show ${commit.slice(0, 12)}`)
  }
}
