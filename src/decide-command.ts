import {Args, ask, BaseCommand, clusterFlag, confirm, count, Flags} from './kit/cli/index.js'
import {PmpcError} from './kit/errors/index.js'
import type {DecidedItem, DecisionResult, Verdict} from './kit/verbs/index.js'
import {formatValue, isLines, lineOf} from './kit/state/index.js'
import {visible} from './kit/text/index.js'
import {decisionLines} from './kit/verbs/decision.js'
import {wordOf} from './kit/workspace/index.js'

/** How many decisions are told without --verbose. */
const shownLines = 20

/** What a person may answer of each item, as in `git add -p`. */
const keys = {
  y: 'this one',
  n: 'not this one',
  a: 'this one and all later ones of the same object',
  d: 'neither this one nor any later one of the same object',
  q: 'quit; what was answered with y or a so far is done',
  p: 'print both sides whole',
  '?': 'what the keys mean',
} as const

type Key = keyof typeof keys

/** What accept and reject have in common: which items they mean, and how the outcome is told. */
export abstract class DecideCommand extends BaseCommand<DecisionResult> {
  static override readonly effect = 'declares'
  static override strict = false

  static override args = {
    items: Args.string({
      description:
        'objects (vm/100, web01), fields (vm/100:config.memory) or paths of manifests; all open items without any',
    }),
  }

  static override flags = {
    cluster: clusterFlag,
    'dry-run': Flags.boolean({summary: 'Tell what would be done; write nothing.'}),
    interactive: Flags.boolean({
      char: 'i',
      summary: 'Ask about each item, at a terminal. Nothing is written before the last answer, or q.',
    }),
    message: Flags.string({
      char: 'm',
      summary: "The commit's message; given more than once, each is a paragraph. What was decided stands below it.",
      helpValue: 'TEXT',
      multiple: true,
      multipleNonGreedy: true,
    }),
  }

  protected abstract readonly verdict: Verdict

  override async run(): Promise<DecisionResult> {
    const {argv, flags} = await this.parse(this.ctor as typeof DecideCommand)
    if (flags.interactive && !this.interactive) throw noTerminal(this.verdict)
    const message = flags.message && textOf(flags.message, this.verdict)
    const [{decide}, {clustersNamed, requireWorkspace}] = await Promise.all([
      import('./kit/verbs/decide.js'),
      import('./kit/workspace/index.js'),
    ])
    const workspace = await requireWorkspace(this.folder)
    const result = await decide(
      workspace,
      {
        verdict: this.verdict,
        words: argv as string[],
        folder: this.folder,
        clusters: clustersNamed(workspace.clusters, flags.cluster, `pmpc ${this.verdict}`),
        isDryRun: flags['dry-run'],
        message,
        approve: async (items) => this.approve(items),
        ...(flags.interactive && {pick: async (items) => this.pick(items)}),
      },
      this.caller,
    )
    this.tell(result)
    return result
  }

  /**
   * Who accepts all that is open, or all of a folder or an object, may have drift in mind: a person is asked before the cluster's side takes the
   * place of theirs; and before all that is open is rejected.
   */
  private async approve(items: DecidedItem[]): Promise<void> {
    if (!this.interactive) return
    const isAccept = this.verdict === 'accept'
    const shown = items.slice(0, shownLines)
    const lines = shown.flatMap((item) => this.linesOf(item))
    if (items.length > shown.length) lines.push(`… and ${items.length - shown.length} more: pmpc status --verbose`)
    const [heading, question] = isAccept
      ? [`${count(items.length, 'conflict')} among what is open`, "Take the cluster's side?"]
      : [`${count(items.length, 'item')} open`, 'Reject all of it, for good?']
    const message = [`${heading}:`, ...lines.map((line) => `  ${line}`), question].join('\n')
    if (await confirm(this.prompts, {message, flag: '--no-prompt'})) return
    const word = wordOf(items[0]!)
    const ways = isAccept ? [`pmpc reject ${word}   # keeps yours`, `pmpc accept ${word}`] : [`pmpc reject ${word}`]
    throw new PmpcError('PMPC_NOT_CONFIRMED', `Nothing was ${isAccept ? 'accepted' : 'rejected'}.`, {
      suggestions: ['pmpc status', ...ways],
      data: isAccept ? {conflicts: items} : {items},
    })
  }

  /** Asks about each item, as `git add -p` does. */
  private async pick(items: readonly DecidedItem[]): Promise<boolean[]> {
    const answers: boolean[] = []
    const ofObject = new Map<string, boolean>()
    for (const [at, item] of items.entries()) {
      const known = ofObject.get(item.object)
      const key = known === undefined ? await this.askAbout(item, `${at + 1}/${items.length}`) : known ? 'y' : 'n'
      if (key === 'q') break
      if (key === 'a' || key === 'd') ofObject.set(item.object, key === 'a')
      answers.push(key === 'y' || key === 'a')
    }
    return answers
  }

  private async askAbout(item: DecidedItem, place: string): Promise<Exclude<Key, '?' | 'p'>> {
    const lines = this.linesOf(item)
    if (item.state === 'conflict') lines[0] += ' (conflict)'
    const letters = Object.keys(keys)
    const question = `${this.verdict === 'accept' ? 'Accept' : 'Reject'} this? [${letters.join(',')}]`
    const message = `(${place}) ${[...lines, question].join('\n')}`
    for (;;) {
      // Not checked while it is typed: what is no key would stay in the line, and the next one be typed behind it.
      const answer = (await ask(this.prompts, {message, flag: '--interactive'})).toLowerCase()
      if (isKey(answer) && answer !== '?' && answer !== 'p') return answer
      if (answer === 'p') for (const line of wholeLines(item)) this.hint(line)
      else for (const [letter, meaning] of Object.entries(keys)) this.hint(`${letter}  ${meaning}`)
    }
  }

  private linesOf(item: DecidedItem): string[] {
    return decisionLines(this.verdict, item)
  }

  private tell({dryRun, decided, stillOpen, kept, manifests, warnings}: DecisionResult): void {
    for (const warning of warnings) this.warnUser(warning)
    const done = this.verdict === 'accept' ? 'accepted' : 'rejected'
    if (decided.length === 0) {
      this.say(stillOpen > 0 ? `Nothing was ${done}.` : 'Nothing is open.')
      return this.hint(
        stillOpen > 0
          ? `${count(stillOpen, 'item')} still open: pmpc status`
          : 'Look for changes in the cluster: pmpc sync',
      )
    }
    const where = manifests.length > 0 ? ` in ${count(manifests.length, 'manifest')}` : ''
    const what = `${count(decided.length, 'item')}${where}`
    this.say(dryRun ? `Would be ${done}: ${what}.` : `${done[0]!.toUpperCase()}${done.slice(1)} ${what}.`)
    this.tellItems(decided)
    for (const {object, fields} of kept) {
      this.say(`  ${object}: your own ${fields.join(', ')} stays, as a change not yet committed`)
    }
    if (dryRun) this.hint('Nothing was written.')
    else if (stillOpen > 0) this.hint(`${count(stillOpen, 'item')} still open: pmpc status`)
    else
      this.hint(
        this.verdict === 'accept'
          ? 'See what was agreed on: git show'
          : 'See what differs from the cluster now: pmpc status',
      )
  }

  /** What is no drift comes first where not all is shown: of that nobody may be sure that it was asked for. */
  private tellItems(decided: readonly DecidedItem[]): void {
    const isDrift = ({state}: DecidedItem) => Number(state === 'drift')
    const isAll = this.verbose || decided.length <= shownLines
    const told = isAll ? decided : decided.toSorted((a, b) => isDrift(a) - isDrift(b))
    const shown = this.verbose ? told : told.slice(0, shownLines)
    for (const item of shown) {
      const isTaken = this.verdict === 'accept' && item.state === 'conflict'
      const [first, ...further] = this.linesOf(item)
      this.say(`  ${isTaken ? "The cluster's side of a conflict was taken: " : ''}${first}`)
      for (const line of further) this.say(`  ${line}`)
    }
    if (told.length > shown.length) this.say(`  … and ${told.length - shown.length} more: --verbose tells all`)
  }
}

function isKey(answer: string): answer is Key {
  return Object.hasOwn(keys, answer)
}

/** Both sides of an item, nothing of them cut. */
function wholeLines({field, head, offer}: DecidedItem): string[] {
  if (field === undefined) return ['It is about the object as a whole: pmpc status']
  const side = (name: string, value: unknown) => [`${name}:`, ...wholeValue(value).map((line) => `  ${line}`)]
  return [...side('yours', head), ...side("the cluster's", offer)]
}

function wholeValue(value: unknown): string[] {
  if (value === null || value === undefined) return ['(none)']
  if (isLines(value)) return value.map(lineOf)
  if (typeof value === 'string' && value.includes('\n')) return value.trimEnd().split(/\r?\n/).map(visible)
  return [formatValue(value)]
}

/** A person's words as one text: paragraphs, without blanks at the ends of lines. @throws PMPC_USAGE for no words at all */
function textOf(paragraphs: readonly string[], verdict: Verdict): string {
  const text = paragraphs
    .map((paragraph) => paragraph.replaceAll(/[^\S\n]+$/gm, '').replaceAll(/^\n+|\n+$/g, ''))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
  if (text !== '') return text
  throw new PmpcError('PMPC_USAGE', 'the message is empty', {suggestions: [`pmpc ${verdict} -m "Why it is right"`]})
}

function noTerminal(verdict: Verdict): PmpcError {
  return new PmpcError('PMPC_NO_TERMINAL', '--interactive asks about each item, and nobody can be asked here', {
    suggestions: [
      `pmpc ${verdict} --dry-run`,
      `pmpc ${verdict} vm/100   # an object, a field, or the path of a manifest`,
    ],
  })
}
