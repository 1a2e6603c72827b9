import {Args, BaseCommand, confirm, count, Flags} from 'pmpc/kit/cli'
import {exitCodes} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {examine, mend, mendable, rowsNamed, type DoctorResult} from '../doctor/doctor.js'
import type {Finding, Result, Row} from '../doctor/model.js'
import type {Asked, Host} from '../doctor/surroundings.js'

export type {DoctorResult}

/** What `pmpc doctor --list --json` prints. */
export interface ListedCheck {
  id: string
  looksAt: string
  severity: string
  /** What `--fix` does, or null. */
  mends: string | null
}

const colors = {ok: 'green', warning: 'yellow', critical: 'red', unknown: 'cyan', skipped: 'dim'} as const

export default class Doctor extends BaseCommand<DoctorResult | ListedCheck[]> {
  static override readonly effect = 'records'
  static override summary = 'Check this installation: programs, configuration, credentials, the way to each cluster.'

  static override description = `Works outside of a workspace and in a broken one. Asks each endpoint for its version and what the token may do, and nothing else.
Exits with 2 where something is critical, with 1 where there are warnings or something could not be looked at.
How the clusters are is told by pmpc health; what is open in the workspace by pmpc status.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Mend what can be mended safely', command: '<%= config.bin %> <%= command.id %> --fix'},
    {description: 'Only some checks', command: '<%= config.bin %> <%= command.id %> git credential.sync'},
    '<%= config.bin %> <%= command.id %> --offline --json',
  ]

  static override strict = false
  static override args = {
    checks: Args.string({description: 'checks, or groups of them: git.version, credential; all of them unless given'}),
  }

  static override flags = {
    fix: Flags.boolean({summary: 'Mend what can be mended safely; asks before.'}),
    yes: Flags.boolean({char: 'y', summary: 'Mend without asking.', dependsOn: ['fix']}),
    offline: Flags.boolean({summary: 'Ask no cluster.'}),
    list: Flags.boolean({summary: 'List the checks; look at nothing.', exclusive: ['fix', 'offline']}),
  }

  async run(): Promise<DoctorResult | ListedCheck[]> {
    const {argv, flags} = await this.parse(Doctor)
    const rows = rowsNamed(argv.map(String))
    if (flags.list) return this.list(rows)
    const asked = this.asked(flags.offline)
    const found = await this.step('Looking', async () => examine(asked, rows))
    const result = flags.fix ? await this.mended(asked, found, rows, flags.yes) : found
    const told = {...result, checks: result.checks.map((check) => ({...check, fix: this.typedHere(check.fix)}))}
    this.tell(told)
    this.setExitCode(exitCodeOf(told))
    return told
  }

  /** A command as it is typed from where this one was: with `-C` it needs that, too. */
  private typedHere(fix: string | null): string | null {
    if (fix === null || this.folder === process.cwd()) return fix
    return fix.replace(
      /^(pmpc|git) (?!-|plugins |config --global)/,
      (_, program) => `${program} -C ${shellWord(this.folder)} `,
    )
  }

  /** Asks, and mends. */
  private async mended(
    asked: Asked,
    found: DoctorResult,
    rows: readonly Row[],
    isAgreed: boolean,
  ): Promise<DoctorResult> {
    const wanted = mendable(found, rows)
    if (wanted.length === 0) {
      this.hint('Nothing was found that --fix can mend.')
      return found
    }
    const lines = wanted.map(({id, mends}) => `  ${id}: ${mends}`)
    const message = `This would be done:\n${lines.join('\n')}\nDo it?`
    if (!isAgreed && !(await confirm({...this.prompts, command: this.again}, {flag: '--yes', message}))) return found
    const result = await mend(asked, found, rows)
    for (const {id, what, error} of result.fixed)
      if (error === undefined) this.say(`${this.paint('green', 'mended')}  ${id}: ${what}`)
      else this.warnUser(`${id} could not be mended: ${error}`)
    return result
  }

  /** As it was typed, for the flag that answers. */
  private get again(): string {
    return [this.typed, ...this.argv.filter((word) => word !== '--json').map(shellWord)].join(' ')
  }

  private asked(isOffline: boolean): Asked {
    const {config, folder, caller} = this
    return {
      ...{env: process.env, folder, caller, isOffline, host: this.host()},
      terminal: {isTerminal: Boolean(process.stdout.isTTY), columns: config.windows ? undefined : this.columns},
    }
  }

  private host(): Host {
    const {version, pjson, dataDir, plugins} = this.config
    const loaded = [...plugins.values()].filter(({name}) => name !== this.config.name && name !== pjson.name)
    return {
      ...{version, node: process.version.slice(1), script: process.argv[1] ?? '', dataFolder: dataDir},
      engines: (pjson.engines as {node?: string} | undefined)?.node ?? '>=20.19.0',
      plugins: loaded.map(({name, version: own}) => ({name, version: own})),
      expected: pjson.oclif.jitPlugins ?? {},
    }
  }

  private list(rows: readonly Row[]): ListedCheck[] {
    this.printTable(rows, [
      {header: 'CHECK', value: ({id}) => id, fixed: true},
      {header: 'AT WORST', value: ({severity}) => severity, fixed: true},
      {header: 'LOOKS AT', value: ({looksAt}) => looksAt},
      {header: 'WITH --FIX', value: ({mends}) => mends},
    ])
    return rows.map(({id, looksAt, severity, mends}) => ({id, looksAt, severity, mends: mends ?? null}))
  }

  private tell(result: DoctorResult): void {
    const {checks, summary, requests} = result
    const shown = checks.filter((check) => check.result !== 'skipped' || this.verbose)
    const width = Math.max(0, ...shown.map(({id}) => id.length))
    for (const check of shown) this.tellOne(check, width)
    const counts = (['ok', 'warning', 'critical', 'unknown', 'skipped'] as const).map(
      (each) => `${summary[each]} ${each}`,
    )
    this.say(`${count(checks.length, 'check')}: ${counts.join(', ')}; ${count(requests, 'request')}.`)
    if (summary.skipped > 0 && !this.verbose) this.hint('What was skipped, and why: pmpc doctor --verbose')
    if (checks.some(({mendable: isMendable}) => isMendable))
      this.hint('Mend what can be mended safely: pmpc doctor --fix')
    this.hint('How the clusters are: pmpc health; what is open: pmpc status')
  }

  private tellOne({result, id, message, fix}: Finding, width: number): void {
    const isBad = result !== 'ok' && result !== 'skipped'
    const text = message.replaceAll('\n', '\n            ')
    this.say(`${this.paint(colors[result], result.padEnd(8))}  ${id.padEnd(width)}  ${text}`)
    if (isBad && fix !== null) this.say(`${' '.repeat(10)}${this.paint('dim', 'Try:')} ${fix}`)
  }
}

/** As of pmpc health: what is unknown is not fine. */
function exitCodeOf({summary}: {summary: Record<Result, number>}): number {
  if (summary.critical > 0) return exitCodes.differs
  return summary.warning + summary.unknown > 0 ? exitCodes.failed : exitCodes.ok
}
