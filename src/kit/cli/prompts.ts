import {PmpcError} from '../errors/index.js'
import {visibleLines} from '../text/index.js'

/** Whether, and for whom, somebody may be asked. */
export interface PromptContext {
  /** A person sits at a terminal and did not say `--no-prompt`. */
  interactive: boolean
  /** The command as it is typed, `pmpc init`. */
  command: string
  /** What has to stay at the end of the command, behind the flag that answers; with its space. */
  rest?: string
  signal?: AbortSignal | undefined
  /** What is asked, as it may be printed; nothing that cannot be seen is left in it by {@link visibleLines}, which is the least. */
  clean?: (text: string) => string
}

interface Question {
  /** The flag that answers the question where nobody can be asked, `--token-stdin`; for people to type. */
  flag: string
  message: string
}

export interface TextQuestion extends Question {
  default?: string
  /** True, or what is wrong with the answer. */
  validate?(answer: string): true | string
}

export interface Choice<T> {
  value: T
  name: string
  description?: string
}

/** Prompts are written to standard error, so that standard output stays the result. */
async function open(context: PromptContext, question: TextQuestion, takesValue = true) {
  if (!context.interactive) throw flagRequired(context, question, takesValue)
  const prompts = await import('./inquirer.js')
  const {signal, clean = visibleLines} = context
  const validate = (answer: string): true | string => {
    const verdict = question.validate?.(answer) ?? true
    return verdict === true ? verdict : clean(verdict)
  }
  return {
    prompts,
    clean,
    asked: {message: clean(question.message), ...(question.validate && {validate})},
    options: {input: process.stdin, output: process.stderr, signal},
  }
}

/** Nobody can be asked: the error names the flag instead of waiting for ever. */
function flagRequired(context: PromptContext, {flag, message}: Question, takesValue: boolean): PmpcError {
  const value = takesValue && !/[ =]/.test(flag) ? ' …' : ''
  return new PmpcError('PMPC_FLAG_REQUIRED', `${flag} is required where nobody can be asked: ${message}`, {
    suggestions: [`${context.command} ${flag}${value}${context.rest ?? ''}`],
    data: {flag},
  })
}

/** Asks for a line of text. */
export async function ask(context: PromptContext, question: TextQuestion): Promise<string> {
  const {prompts, clean, asked, options} = await open(context, question)
  const preset = question.default === undefined ? {} : {default: clean(question.default)}
  return (await prompts.input({...asked, ...preset}, options)).trim()
}

/** Asks for a secret; nothing of it is shown. Its flag takes no value: a secret is no word of a command. */
export async function askSecret(context: PromptContext, question: Omit<TextQuestion, 'default'>): Promise<string> {
  const {prompts, asked, options} = await open(context, question, false)
  return prompts.password(asked, options)
}

/** Asks yes or no; no unless said otherwise. */
export async function confirm(context: PromptContext, question: Question & {default?: boolean}): Promise<boolean> {
  const {flag, message, default: preset = false} = question
  const {prompts, asked, options} = await open(context, {flag, message}, false)
  return prompts.confirm({...asked, default: preset}, options)
}

/** Lets a person pick one of some. */
export async function choose<T>(context: PromptContext, question: Question & {choices: Choice<T>[]}): Promise<T> {
  const {prompts, clean, asked, options} = await open(context, question)
  const choices = question.choices.map(({value, name, description}) => ({
    value,
    name: clean(name),
    ...(description !== undefined && {description: clean(description)}),
  }))
  return prompts.select({...asked, choices}, options)
}

/**
 * Before something is destroyed: its name has to be typed, on a terminal or with the flag (`--confirm 101`).
 * @throws PMPC_NOT_CONFIRMED (exit code 1) when something else was typed
 */
export async function typeToConfirm(
  context: PromptContext,
  question: Question & {expected: string; given?: string | undefined},
): Promise<void> {
  const {expected, given, flag} = question
  const typed =
    given ??
    (await ask(context, {
      ...question,
      flag: `${flag} ${expected}`,
      message: `${question.message} Type ${expected} to confirm:`,
    }))
  if (typed === expected) return
  throw new PmpcError('PMPC_NOT_CONFIRMED', `Nothing was done: ${JSON.stringify(typed)} is not ${expected}.`, {
    suggestions: [`${context.command} ${flag} ${expected}`],
    data: {expected},
  })
}
