import {Args, clusterFlag, Flags, meantFlags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import type {Plan} from 'pmpc/kit/plan'
import {act, planOfAct, type ActRequest, type ActResult} from 'pmpc/kit/verbs'
import {clustersOf, requireWorkspace} from 'pmpc/kit/workspace'
import {acts, type ActRow, type CommandName, type Typed} from './acts.js'
import {ApplyingCommand, consentFlags} from './applying.js'
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
  ...meantFlags,
  ...consentFlags,
  'dry-run': Flags.boolean({summary: 'Show the plan, and do nothing.'}),
  ...paceFlags,
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
  async run(): Promise<ActResult | Plan> {
    const {act: name} = this.ctor as typeof ActingCommand
    const row: ActRow = acts[name]
    const {argv, flags} = await this.parse(this.ctor as typeof ActingCommand)
    const given = flags as unknown as Common & Typed
    const workspace = await requireWorkspace(this.folder)
    const {tag: tags, pool, node, status, label: labels, healthy} = given
    const request: ActRequest = {
      ...this.applying(given),
      ...{act: row.act?.(given) ?? name, given: row.given?.(given) ?? {}, once: given.once ?? false},
      clusters: clustersOf(workspace, given.cluster, this.typed),
      guests: {words: argv as string[], ...defined({tags, pool, node, status, labels})},
      pace: {
        ...defined({atOnce: given['at-once'], pause: given.pause, patience: given.patience}),
        ...(healthy !== undefined && healthy !== 'task' && {healthy}),
        ...(given.rolling && {failFast: true as const}),
        ...(given.async && {isAsync: true as const}),
      },
      ...(given.rolling && {rolling: row.way ?? 'up'}),
      again: [this.typed, ...this.argv.filter((word) => word !== '--json').map(shellWord)].join(' '),
    }
    if (given['dry-run']) return this.tellPlan(await planOfAct(workspace, request, this.caller, this.config.version))
    const result = await act(workspace, request, this.caller, this.config.version)
    this.tellActed(result)
    return result
  }

  private tellPlan(plan: Plan): Plan {
    const {paint, columns: width, verbose} = this
    this.say(planTextFor(plan, {paint, width, verbose}))
    if (plan.checks.some(({severity}) => severity === 'error')) this.setExitCode(exitCodes.failed)
    return plan
  }

  private tellActed(result: ActResult): void {
    for (const warning of result.warnings) this.warnUser(warning)
    this.say(actedText(result, this.paint))
    for (const suggestion of result.suggestions.slice(0, 4)) this.hint(suggestion)
    if (result.results.some(({ok}) => !ok)) this.setExitCode(exitCodes.failed)
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
    static override args = {guests: guestsArg}
    static override flags = {...row.flags, ...commonFlags, ...(row.declares && {once: onceFlag})}
  }
}
