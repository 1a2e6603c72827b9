import {Args, BaseCommand, count} from './kit/cli/index.js'
import type {DecisionResult, Verdict} from './kit/verbs/index.js'

/** What accept and reject have in common: which items they mean, and how the outcome is told. */
export abstract class DecideCommand extends BaseCommand<DecisionResult> {
  static override readonly effect = 'declares'
  static override strict = false

  static override args = {
    items: Args.string({
      description: 'paths of manifests, objects (vm/100) or fields (vm/100:config.memory); all open items without any',
    }),
  }

  protected abstract readonly verdict: Verdict

  override async run(): Promise<DecisionResult> {
    const {argv} = await this.parse(this.ctor as typeof DecideCommand)
    const [{decide}, {requireWorkspace}] = await Promise.all([
      import('./kit/verbs/decide.js'),
      import('./kit/workspace/index.js'),
    ])
    const request = {verdict: this.verdict, words: argv as string[], folder: this.folder}
    const result = await decide(await requireWorkspace(this.folder), request, this.caller)
    this.tell(result)
    return result
  }

  private tell({decided, stillOpen, kept, manifests, warnings}: DecisionResult): void {
    for (const warning of warnings) this.warnUser(warning)
    if (decided.length === 0) {
      this.say('Nothing is open.')
      return this.hint('Look for changes in the cluster: pmpc sync')
    }
    const done = this.verdict === 'accept' ? 'Accepted' : 'Rejected'
    this.say(`${done} ${count(decided.length, 'item')} in ${count(manifests.length, 'manifest')}.`)
    for (const {object, fields} of kept) {
      this.say(`  ${object}: your own ${fields.join(', ')} stays, as a change not yet committed`)
    }
    if (stillOpen > 0) this.hint(`${count(stillOpen, 'item')} still open: pmpc status`)
    else
      this.hint(
        this.verdict === 'accept'
          ? 'See what was agreed on: git show'
          : 'See what differs from the cluster now: pmpc status',
      )
  }
}
