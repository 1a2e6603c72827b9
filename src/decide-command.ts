import {Args, BaseCommand, confirm, count} from './kit/cli/index.js'
import {PmpcError} from './kit/errors/index.js'
import type {DecisionResult, Verdict} from './kit/verbs/index.js'
import {describeOpen, wordOf, type OpenItemText} from './kit/workspace/index.js'

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
    const result = await decide(
      await requireWorkspace(this.folder),
      {
        verdict: this.verdict,
        words: argv as string[],
        folder: this.folder,
        approve: async (conflicts) => this.approve(conflicts),
      },
      this.caller,
    )
    this.tell(result)
    return result
  }

  /** Who accepts all that is open may have drift in mind: a person is asked before the cluster's side takes the place of theirs. */
  private async approve(conflicts: OpenItemText[]): Promise<void> {
    if (!this.interactive) return
    const [first] = conflicts
    const lines = conflicts.flatMap(describeOpen).map((line) => `  ${line}`)
    const message = `${count(conflicts.length, 'conflict')} among what is open:\n${lines.join('\n')}\nTake the cluster's side?`
    if (await confirm(this.prompts, {message, flag: '--no-prompt'})) return
    throw new PmpcError('PMPC_NOT_CONFIRMED', 'Nothing was accepted.', {
      suggestions: ['pmpc status', `pmpc reject ${wordOf(first!)}   (keeps yours)`, `pmpc accept ${wordOf(first!)}`],
      data: {conflicts},
    })
  }

  private tell({decided, stillOpen, kept, manifests, warnings}: DecisionResult): void {
    for (const warning of warnings) this.warnUser(warning)
    if (decided.length === 0) {
      this.say('Nothing is open.')
      return this.hint('Look for changes in the cluster: pmpc sync')
    }
    const done = this.verdict === 'accept' ? 'Accepted' : 'Rejected'
    this.say(`${done} ${count(decided.length, 'item')} in ${count(manifests.length, 'manifest')}.`)
    const conflicts = this.verdict === 'accept' ? decided.filter(({state}) => state === 'conflict') : []
    for (const item of conflicts) {
      const [first, ...further] = describeOpen(item)
      this.say(`  The cluster's side of a conflict was taken: ${first}`)
      for (const line of further) this.say(`  ${line}`)
    }
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
