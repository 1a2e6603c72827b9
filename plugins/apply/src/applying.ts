import {isLeft} from 'pmpc/kit/apply'
import {
  ask,
  askSecret,
  BaseCommand,
  choose,
  confirm,
  count,
  Flags,
  isTrue,
  typeToConfirm,
  type PromptContext,
} from 'pmpc/kit/cli'
import {exitCodes, PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {consequences, type Consequence, type Given, type Lacking, type Plan} from 'pmpc/kit/plan'
import type {ApplyRequest, ApplyResult, Question} from 'pmpc/kit/verbs'
import {appliedText} from './print/applied.js'
import {planTextFor} from './print/text.js'
import {namer} from './print/words.js'

/** The flags by which a person agrees to what a plan does. */
export const consentFlags = {
  yes: Flags.boolean({
    char: 'y',
    summary: 'Agree to all but destroys-data, detaches-data, cuts-network and grants.',
  }),
  allow: Flags.string({
    summary: 'Agree to these classes, each of all objects or of one.',
    helpValue: 'CLASS[:OBJECT],…',
  }),
  confirm: Flags.string({summary: 'Name the objects whose data may be destroyed.', helpValue: 'OBJECT,…'}),
}

/** Objects that a question names, and that are told to be left out. */
const [mostAsked, fewExcluded] = [10, 3]

interface ConsentFlags {
  yes: boolean
  allow: string | undefined
  confirm: string | undefined
}

/** What the commands have in common that carry out a plan: it is shown, agreed to, and what came of it is told. */
export abstract class ApplyingCommand<T = ApplyResult> extends BaseCommand<T> {
  protected override readonly goOn = ['pmpc apply --resume   # goes on; what was sent is in its journal']

  /** Where to look again at what was not agreed to. */
  protected get looks(): string[] {
    return ['pmpc plan']
  }

  /** What was typed. */
  protected get whole(): string {
    return [this.typed, ...this.argv.filter((word) => word !== '--json').map(shellWord)].join(' ')
  }

  protected override get prompts(): PromptContext {
    return {...super.prompts, command: this.whole}
  }

  protected applying(
    flags: ConsentFlags,
  ): Omit<ApplyRequest, 'clusters' | 'words' | 'exclude' | 'failFast' | 'resume'> {
    return {
      refresh: false,
      consent: givenBy(flags),
      ...(this.interactive && {
        approve: async (lacking: readonly Lacking[], plan: Plan) => left(this.approve(lacking, namer(plan))),
        askSecret: async (object: string, name: string, variable: string) =>
          left(this.askSecretOf(object, name, variable)),
      }),
      onPlan: (plan) => this.showPlan(plan),
      isPipeline: isTrue(process.env.CI),
    }
  }

  private showPlan(plan: Plan): void {
    const {paint, columns: width, verbose} = this
    this.say(planTextFor(plan, {paint, width, verbose}))
  }

  /** Each class is one question; what destroys data is named. */
  private async approve(lacking: readonly Lacking[], name: (object: string) => string): Promise<void> {
    for (const {consequence, objects, named} of lacking) {
      const others = objects.filter((object) => !named.includes(object))
      if (others.length > 0) {
        const more = others.length > mostAsked ? ` and ${others.length - mostAsked} more` : ''
        const message = `${consequence}: ${others.slice(0, mostAsked).map(name).join(', ')}${more}. Go on?`
        if (!(await confirm(this.prompts, {message, flag: `--allow ${consequence}`})))
          throw this.declined(consequence, others)
      }
      for (const object of named)
        await typeToConfirm(this.prompts, {
          message: `${consequence}: ${name(object)}.`,
          flag: '--confirm',
          expected: name(object),
        })
    }
  }

  private declined(consequence: Consequence, objects: readonly string[]): PmpcError {
    const excluded = objects.map((object) => ` --exclude ${shellWord(object)}`).join('')
    const isPart = this.typed === 'pmpc apply' && objects.length <= fewExcluded
    return new PmpcError('PMPC_NOT_CONFIRMED', `Nothing was done: ${consequence} was not agreed to.`, {
      suggestions: [...(isPart ? [`${this.typed}${excluded}   # all else`] : []), ...this.looks],
    })
  }

  private async askSecretOf(object: string, name: string, variable: string): Promise<string> {
    return askSecret(this.prompts, {
      message: `${object} ${name} (kept nowhere):`,
      flag: `${variable}=…`,
      validate: (answer) => answer !== '' || 'Nothing was typed; Ctrl-C leaves, and nothing is done then',
    })
  }

  /** Asks what lacks. Where nobody can be asked the error says what there is. */
  protected async answer({message, flag, choices, ...rest}: Question): Promise<string> {
    const prompts = {...this.prompts, command: [this.typed, ...this.argv].join(' ')}
    if (!choices) return ask(prompts, {message: this.interactive ? `${message}:` : message, flag, ...rest})
    const named = choices.slice(0, 10).map(({value}) => value)
    const told = `${named.join(', ')}${choices.length > named.length ? ', …' : ''}`
    return choose(prompts, {
      flag,
      message: this.interactive || told === '' ? message : `${message} (${told})`,
      choices: choices.map(({value, note}) => ({value, name: [value, note].filter((part) => part).join('  ')})),
    })
  }

  protected tell(result: ApplyResult): void {
    for (const warning of result.warnings) this.warnUser(warning)
    const {paint, columns: width} = this
    this.say(appliedText(result, {paint, width}))
    const {failed, skipped, unknown} = result
    this.noteErrors([...failed, ...unknown].map(({message}) => message))
    if (result.undecided.length > 0)
      this.hint(`${count(result.undecided.length, 'item')} undecided, and left alone: pmpc status`)
    const isOpen = unknown.some(({code}) => isLeft({how: 'unknown', code})) || [...failed, ...skipped].some(isLeft)
    if (isOpen) this.hint('Go on: pmpc apply --resume')
    else if (failed.length + skipped.length > 0) this.hint('What is left: pmpc plan')
    if (failed.length + unknown.length + skipped.length > 0) this.setExitCode(exitCodes.failed)
  }
}

/** What flags agree to. @throws PMPC_USAGE for a class that is none */
function givenBy({yes, allow, confirm}: {yes: boolean; allow: string | undefined; confirm: string | undefined}): Given {
  return {
    yes,
    allow: wordsIn(allow).map((word) => {
      const [name, object] = word.split(/:(.*)/s, 2)
      const consequence = consequences.find((each) => each === name)
      if (!consequence)
        throw new PmpcError(
          'PMPC_USAGE',
          `--allow takes classes, and ${JSON.stringify(name)} is none: ${consequences.join(', ')}`,
          {
            suggestions: ['pmpc plan   # tells which are needed'],
          },
        )
      return {consequence, ...(object !== undefined && {object})}
    }),
    confirm: wordsIn(confirm),
  }
}

const wordsIn = (text = ''): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** Who leaves a question is told what came of it: nothing, as all are asked before anything is sent. */
async function left<T>(asking: Promise<T>): Promise<T> {
  return asking.catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error
    throw new PmpcError('PMPC_INTERRUPTED', 'Interrupted: nothing was done.', {suggestions: []})
  })
}
