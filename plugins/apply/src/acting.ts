import {Args, clusterFlag, Flags, meantFlags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import type {Plan} from 'pmpc/kit/plan'
import {
  act,
  make,
  planOfAct,
  planOfMake,
  type ActName,
  type ActRequest,
  type ActResult,
  type Question,
} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {acts, type ActRow, type CommandName, type Typed} from './acts.js'
import {ApplyingCommand, consentFlags} from './applying.js'
import {meantBy} from './meant.js'
import {actedText} from './print/acted.js'
import {planTextFor} from './print/text.js'

/** How many go at a time, and what is waited for. */
const paceFlags = {
  'at-once': Flags.integer({summary: 'So many guests at a time.', min: 1, helpValue: 'N'}),
  rolling: Flags.boolean({
    summary: 'One a node and a rule of HA at a time, in order of startup; what fails ends it.',
    exclusive: ['async'],
  }),
  pause: Flags.integer({summary: 'Wait so long after each.', min: 0, helpValue: 'SECONDS', dependsOn: ['rolling']}),
  healthy: Flags.option({
    options: ['task', 'running', 'agent'] as const,
    summary: 'What each has to do before the next: end its task, run, or answer by its agent.',
    dependsOn: ['rolling'],
  })(),
  patience: Flags.integer({
    summary: 'Wait so long for that; 300 unless given.',
    min: 1,
    helpValue: 'SECONDS',
    dependsOn: ['healthy'],
  }),
  async: Flags.boolean({summary: 'Begin the tasks, and do not wait for them.'}),
}

const commonFlags = {
  cluster: clusterFlag,
  ...consentFlags,
  'dry-run': Flags.boolean({summary: 'Show the plan, and do nothing.'}),
}

const guestsArg = Args.string({
  description: 'which guests: vm/100, web01, web*, 100-110, vms, tag:web, pool:shop, node:pve1',
})

const onceFlag = Flags.boolean({summary: 'Leave the manifests as they are, though they say otherwise.'})

/** Of the flags that all have. */
interface Common {
  cluster?: string[]
  tag?: string[]
  pool?: string
  node?: string
  status?: string
  label?: string[]
  yes: boolean
  allow: string | undefined
  confirm: string | undefined
  'dry-run': boolean
  'at-once'?: number
  rolling: boolean
  pause?: number
  healthy?: 'task' | 'running' | 'agent'
  patience?: number
  async: boolean
  once?: boolean
}

/** Below every command that does something to guests: what is its own stands in {@link acts}. */
export abstract class ActingCommand extends ApplyingCommand<ActResult | Plan> {
  declare static readonly act: CommandName
  static readonly result = 'acted'

  protected override get looks(): string[] {
    return [`${this.whole} --dry-run`]
  }

  async run(): Promise<ActResult | Plan> {
    const {act: name} = this.ctor as typeof ActingCommand
    const row: ActRow = acts[name]
    const other = row.elsewhere?.(this.argv)
    if (other !== undefined) {
      await this.config.runCommand(other, this.argv)
      // That command has told its own result.
      return undefined as never
    }
    const {argv, flags} = await this.parse(this.ctor as typeof ActingCommand)
    const given = flags as unknown as Common & Typed
    const words = argv as string[]
    const making = row.makes?.(words, given)
    const workspace = await requireWorkspace(this.folder)
    const common = {
      ...this.applying(given),
      clusters: clustersOf(workspace, given.cluster, this.typed),
      again: this.whole,
    }
    const at = [this.caller, this.config.version] as const
    const isPlan = given['dry-run']
    if (making) {
      const request = {
        ...{...common, ...making, isAsked: this.interactive},
        ask: async (question: Question) => this.answer(question),
      }
      if (isPlan) return this.tellPlan(await planOfMake(workspace, request, ...at))
      return this.tellActed(await make(workspace, request, ...at))
    }
    // What only makes guests has been made.
    const request = {...common, ...acting(name as ActName, row, words, given)}
    if (isPlan) return this.tellPlan(await planOfAct(workspace, request, ...at))
    return this.tellActed(await act(workspace, request, ...at), given.async)
  }

  private tellPlan(plan: Plan): Plan {
    const {paint, columns: width, verbose} = this
    this.say(planTextFor(plan, {paint, width, verbose}))
    if (plan.checks.some(({severity}) => severity === 'error')) this.setExitCode(exitCodes.failed)
    return plan
  }

  private tellActed(result: ActResult, isAsync = false): ActResult {
    for (const warning of result.warnings) this.warnUser(warning)
    this.say(actedText(result, {paint: this.paint, isAsync}))
    const begun = result.results.flatMap(({object, ok, upid}) => (ok && upid !== null ? [object] : []))
    if (isAsync && begun.length > 0)
      this.hint(`Wait for it: pmpc task wait ${begun.slice(0, 4).map(shellWord).join(' ')}`)
    for (const suggestion of result.suggestions.slice(0, 4)) this.hint(`Try: ${suggestion}`)
    this.noteErrors(result.results.flatMap(({ok, message}) => (ok || message === null ? [] : [message])))
    if (result.results.some(({ok}) => !ok)) this.setExitCode(exitCodes.failed)
    return result
  }
}

/** What is done to which guests, and how fast. */
function acting(
  name: ActName,
  row: ActRow,
  words: readonly string[],
  flags: Common & Typed,
): Pick<ActRequest, 'act' | 'given' | 'once' | 'guests' | 'pace' | 'rolling'> {
  const {healthy} = flags
  return {
    ...{act: row.act?.(flags) ?? name, given: row.given?.(flags) ?? {}, once: flags.once ?? false},
    guests: meantBy(words, flags),
    pace: {
      ...defined({atOnce: flags['at-once'], pause: flags.pause, patience: flags.patience}),
      ...(healthy !== undefined && healthy !== 'task' && {healthy}),
      ...(flags.rolling && {failFast: true as const}),
      ...(flags.async && {isAsync: true as const}),
    },
    ...(flags.rolling && {rolling: row.way ?? 'up'}),
  }
}

function defined<T extends object>(values: T): {[Key in keyof T]?: Exclude<T[Key], undefined>} {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

/** The command of an act. */
export function actCommand(name: CommandName): typeof ActingCommand {
  const row: ActRow = acts[name]
  return class extends ActingCommand {
    static override readonly act = name
    static override readonly effect = row.effect
    static override summary = row.summary
    static override description = row.description
    static override examples = row.examples.map(([words, description]) => {
      const command = `<%= config.bin %> <%= command.id %> ${words}`
      return description === undefined ? command : {command, description}
    })

    // oclif reads these of the class itself.
    static override strict = false
    static override enableJsonFlag = true
    static override baseFlags = ActingCommand.baseFlags
    static override args = row.args ?? {guests: guestsArg}
    static override flags = {
      ...commonFlags,
      ...(row.onlyMakes ? {} : {...meantFlags, ...paceFlags}),
      ...row.flags,
      ...(row.declares && {once: onceFlag}),
    }
  }
}
