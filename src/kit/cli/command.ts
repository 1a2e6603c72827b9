import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import type {Input, ParserOutput} from '@oclif/core/interfaces'
import path from 'node:path'
import {isPmpcError} from '../errors/index.js'
import type {ClusterState} from '../resources/index.js'
import type {Caller, Derived, StepReport} from '../runs/caller.js'
import {debugSince} from '../runs/debug.js'
import {exportHeaders, isExported} from '../runs/export-env.js'
import {causesOf, LEVELS, type Level, type Line} from '../runs/lines.js'
import {startRun, type Run} from '../runs/run.js'
import {mapTexts, redactText, withoutKnown} from '../secrets/index.js'
import {visible, visibleLines} from '../text/index.js'
import {hearWork, steadyNow} from '../work/index.js'
import {lookForWorkspace} from '../workspace/find.js'
import {cleared, painter, shown, type Painter} from './color.js'
import type {Effect} from './effects.js'
import {
  describeFailure,
  explainLine,
  failureJson,
  failureText,
  interrupted,
  isSilentExit,
  parseFailed,
  setIn,
  wordsOf,
  type Failure,
} from './failure.js'
import {Interrupts} from './interrupts.js'
import {isUnopenedFile, isTrue, jsonText, terminalWidth, writeBytes, writeError} from './output.js'
import {Printer} from './printer.js'
import type {ProgressMode} from './progress.js'
import type {PromptContext} from './prompts.js'
import {table, type Column} from './table.js'
import {displayWidth} from './width.js'

/** Parsed flags or arguments, as oclif's generics want them. */
type Named = Record<string, unknown>

/** A warning as a command gave it; all of them are in the log of the run. */
export interface Warning {
  message: string
  suggestion?: string
}

/**
 * Below every command of the host and of the plugins.
 *
 * `run()` returns a typed result, and that result, bare, is what `--json` prints: T is the contract with scripts.
 * For people, `run()` prints by itself with {@link say} and {@link printTable}, which are silent under `--json`.
 * Errors are thrown; they become text on standard error, or `{"error": …}` on standard output, and the exit code.
 */
export abstract class BaseCommand<T = unknown> extends Command {
  /** What the command does to the world. Each class states it: a build with one that does not fails. */
  declare static readonly effect: Effect

  static override enableJsonFlag = true

  static override baseFlags = {
    workspace: Flags.directory({
      char: 'C',
      summary: 'Run as if started in this folder.',
      helpGroup: 'GLOBAL',
      helpValue: 'DIR',
      env: 'PMPC_WORKSPACE',
    }),
    debug: Flags.boolean({
      summary: 'Tell what is done as it is done, and keep more of it in the log.',
      helpGroup: 'GLOBAL',
      exclusive: ['quiet'],
    }),
    'no-prompt': Flags.boolean({summary: 'Never ask; fail where an answer is missing.', helpGroup: 'GLOBAL'}),
    quiet: Flags.boolean({char: 'q', summary: 'Print results, warnings and errors only.', helpGroup: 'GLOBAL'}),
    verbose: Flags.boolean({
      char: 'v',
      summary: 'Tell more, and show where an error came from.',
      helpGroup: 'GLOBAL',
      exclusive: ['quiet'],
    }),
  }

  /** What was warned of during this run. */
  readonly warnings: Warning[] = []
  /** The folder that the command works from: `-C`, else where it was started. Known once `parse()` has run. */
  protected folder = process.cwd()
  private recorded: Run | undefined
  private began = steadyNow()
  /** Milliseconds that went into what is printed; undefined while nothing is. */
  private rendering = false
  private tellLine: ((line: Line) => void) | undefined
  private readonly printer = new Printer()
  /** What errors said that were told; the catalogue says at the end what it knows of them. */
  private readonly errorTexts: string[] = []
  /** What to type where what must not be torn in two was ended in its middle all the same. */
  protected readonly goOn: readonly string[] = []
  protected readonly interrupts = new Interrupts({exit: (code) => this.endNow(code)})

  /** Does the work; the value is what `--json` prints, nothing when undefined. */
  abstract override run(): Promise<T>

  /** The command as a person types it, `pmpc state show`. */
  get typed(): string {
    return `${this.config.bin} ${(this.id ?? '').replaceAll(':', ' ')}`.trim()
  }

  /** The id that the log, the commit and the lock of this run share. */
  protected get runId(): string {
    return this.record.id
  }

  protected get quiet(): boolean {
    return this.hasFlag('--quiet', 'q')
  }

  protected get verbose(): boolean {
    return this.hasFlag('--verbose', 'v')
  }

  private get debugged(): boolean {
    return this.hasFlag('--debug') || isTrue(process.env.PMPC_DEBUG)
  }

  /** Whether a person is there to answer: a terminal, no `--json`, no `--no-prompt`, no pipeline (`CI`). */
  protected get interactive(): boolean {
    const terminal = Boolean(process.stdin.isTTY && process.stderr.isTTY)
    return terminal && !this.jsonEnabled() && !this.hasFlag('--no-prompt') && !isTrue(process.env.CI)
  }

  /** For the prompts of this kit, which never wait where nobody can answer. */
  protected get prompts(): PromptContext {
    this.printer.release()
    const clean = (text: string): string => this.clean(this.message(text))
    return {interactive: this.interactive, command: this.typed, signal: this.interrupts.signal, clean}
  }

  /** Aborts on Ctrl-C; a command that reads it ends by itself, see {@link Interrupts}. */
  protected get signal(): AbortSignal {
    return this.interrupts.signal
  }

  protected get paint(): Painter {
    if (isUnopenedFile() && process.env.FORCE_COLOR === undefined) return (_, text) => text
    return painter(process.stdout)
  }

  /** Columns of the terminal; undefined where nothing is to be cut. */
  protected get columns(): number | undefined {
    return isUnopenedFile() ? undefined : terminalWidth(process.stdout)
  }

  /** Prints text on standard output; all that is printed there passes here, or {@link printJson}. */
  protected print(text: string): void {
    this.rendered(() => this.printer.print(this.clean(text)))
  }

  /** What is printed counts as rendering, once. */
  private rendered(print: () => void): void {
    if (this.rendering) return print()
    const began = steadyNow()
    this.rendering = true
    try {
      print()
    } finally {
      this.rendering = false
      this.recorded?.spend('render', steadyNow() - began)
    }
  }

  /**
   * Writes the bytes of a file on standard output as they are, where they go to a program or a file; on a terminal they are printed as texts are.
   * For commands whose result is such a file: a door that changes it would break it.
   */
  protected async printBytes(bytes: Uint8Array): Promise<void> {
    if (process.stdout.isTTY) return this.print(Buffer.from(bytes).toString('utf8'))
    this.printer.release()
    await writeBytes(bytes)
  }

  /** Prints text on standard error, after all that was printed before; all that is printed there passes here. */
  private printError(text: string): void {
    this.printer.release()
    writeError(this.clean(text))
  }

  /** Text as it may be printed: without the secrets of this run, and with nothing in it that cannot be seen. */
  private clean(text: string): string {
    return shown(withoutKnown(text, this.recorded?.secrets ?? []))
  }

  /** Words about the run, an error's say, also without what only looks like a secret. A result must not be changed like that. */
  private message(text: string): string {
    return redactText(text, this.recorded?.secrets, 'message')
  }

  /** What cannot be seen stands as JSON itself writes it. Secrets are taken out of texts before: out of a number it would break the document. */
  private printJson(value: unknown): void {
    const secrets = this.recorded?.secrets
    this.rendered(() => {
      const told = secrets?.size ? mapTexts(value, (text) => withoutKnown(text, secrets)) : value
      this.printer.print(visibleLines(jsonText(told)))
    })
  }

  private printFailure(failure: Failure): void {
    const told = mapTexts(failure, (text) => this.message(text)) as Failure
    if (this.jsonEnabled()) this.printJson(failureJson(told))
    else this.printError(failureText(told, painter(process.stderr)))
  }

  /** `--json`, or `-o json` of a command that has `-o`. */
  override jsonEnabled(): boolean {
    return super.jsonEnabled() || this.outputOption() === 'json'
  }

  /** Prints a line for people on standard output; nothing under `--json`. */
  protected say(text = ''): void {
    if (!this.jsonEnabled()) this.print(`${text}\n`)
  }

  /** Empties the terminal, for what is drawn anew from its top. */
  protected clearScreen(): void {
    this.print(cleared)
  }

  /** Prints rows for people, cut to the terminal where there is one. */
  protected printTable<Row>(
    rows: readonly Row[],
    columns: readonly Column<Row>[],
    options: {headers?: boolean} = {},
  ): void {
    if (this.jsonEnabled()) return
    this.rendered(() => this.print(table(rows, columns, {...options, width: this.columns, paint: this.paint})))
  }

  /** Prints a table that was made before, uncut and without colours. Returns false, and prints nothing, where the terminal is too narrow for it. */
  protected printTableText(text: string): boolean {
    const {columns} = this
    if (columns !== undefined && text.split('\n').some((line) => displayWidth(line) > columns)) return false
    const end = text.indexOf('\n')
    if (end >= 0) this.print(this.paint('bold', text.slice(0, end)) + text.slice(end))
    return true
  }

  /** Tells what to type next, on standard error. Silent under `--json` and `--quiet`. */
  protected hint(text: string): void {
    if (this.jsonEnabled() || this.quiet) return
    this.printError(`${painter(process.stderr)('dim', this.message(text))}\n`)
  }

  /** Warns on standard error, under `--json` too. */
  protected warnUser(message: string, suggestion?: string): void {
    const warning = suggestion === undefined ? {message} : {message, suggestion}
    this.warnings.push(warning)
    this.record.log('warning', warning, 'warn')
    const paint = painter(process.stderr)
    const next = suggestion === undefined ? '' : `${paint('dim', 'Try:')}     ${setIn(this.message(suggestion))}\n`
    this.printError(`${paint('yellow', 'Warning:')} ${setIn(this.message(message))}\n${next}`)
  }

  /** oclif warns through this, of a deprecated flag for instance. */
  override warn(input: Error | string): Error | string {
    this.warnUser(input instanceof Error ? input.message : input)
    return input
  }

  /** How progress of this run is shown. */
  protected get progressMode(): ProgressMode {
    if (this.quiet) return 'silent'
    if (this.jsonEnabled()) return this.verbose ? 'json' : 'silent'
    // What moves asks standard output how wide the terminal is.
    const isTerminal = process.stderr.isTTY && process.stdout.isTTY
    return isTerminal && this.tellLine === undefined && !isTrue(process.env.CI) && process.env.TERM !== 'dumb'
      ? 'live'
      : 'plain'
  }

  /** Runs a step with progress on standard error. */
  protected async step<R>(title: string, work: (report: StepReport) => Promise<R>): Promise<R> {
    this.printer.release()
    const {runStep} = await import('./progress.js')
    const told = (text: string): string => visible(this.message(text))
    const {record} = this
    const run = async (report: StepReport): Promise<R> =>
      work({
        detail: (text) => report.detail(told(text)),
        title: (text) => report.title(told(text)),
        item(name, state, text) {
          record.item(name, state, text)
          report.item(told(name), state, text === undefined ? undefined : told(text))
        },
        note: (text) => report.note(told(text)),
      })
    return record.step(title, async () => runStep(told(title), run, this.progressMode))
  }

  /** This command as the verbs of the kit know who runs them. Who asks for it promises to end soon after Ctrl-C, as for {@link signal}. */
  protected get caller(): Caller {
    return {
      run: this.record,
      command: this.typed,
      env: process.env,
      signal: this.signal,
      cancel: this.interrupts.cancel,
      critical: async (work) => this.interrupts.critical(work),
      step: async (title, work) => this.step(title, work),
      derive: async (root, states) => this.derive(root, states),
    }
  }

  /** What plugins write of what is about to be recorded: their hook `derive`. */
  private async derive(root: string, states: readonly ClusterState[]): Promise<Derived> {
    const {successes, failures} = await this.config.runHook('derive' as never, {root, states} as never, undefined, true)
    const derived = (successes as {result: Derived}[]).map(({result}) => result)
    const failed = failures.map(({error}) => `iac/ was not written anew: ${error.message}`)
    const none =
      derived.length + failed.length === 0
        ? ['iac/ was not written anew: the plugin that does it is not installed (pmpc plugins install iac)']
        : []
    return {
      files: derived.flatMap(({files}) => files),
      warnings: [...none, ...failed, ...derived.flatMap(({warnings}) => warnings)],
    }
  }

  /**
   * Ends the command with a code that is no error, 2 with `--detailed-exitcode` for instance.
   * `this.exit()` must not be used: it is an exception, and another copy of oclif prints it.
   */
  protected setExitCode(code: number): void {
    process.exitCode = code
  }

  /**
   * This run: its id stands in its log, its commits and its lock. The log is begun with the first line, in a workspace only;
   * first asked for after `parse()`, as `-C` decides which workspace that is.
   */
  protected get record(): Run {
    return (this.recorded ??= this.startRecord())
  }

  private startRecord(): Run {
    const root = lookForWorkspace(this.folder)?.root
    const {env} = process
    const isExporting = isExported(env)
    const run = startRun({
      ...(root !== undefined && {workspaceRoot: root}),
      command: this.typed,
      argv: this.argv,
      version: this.config.version,
      began: this.began,
      level: levelOf(env.PMPC_LOG_LEVEL),
      isDebug: this.debugged || (root !== undefined && debugSince(root) !== undefined),
      keepLines: isExporting,
      onLine: this.tellLine,
      // Tokens of this workspace's clusters, whatever they are typed into.
      secrets: [
        ...Object.entries(env).flatMap(([name, value]) =>
          /^PMPC_TOKEN/.test(name) && value !== undefined ? value : [],
        ),
        ...(isExporting ? Object.values(exportHeaders(env)) : []),
      ],
    })
    return run
  }

  protected override async parse<F extends Named, B extends Named, A extends Named>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    // oclif fills an argument that was not given from a piped standard input: `pmpc accept` in a script would read what is not meant for it,
    // and a secret that is would end in a message.
    for (const arg of Object.values((options?.args ?? {}) as Record<string, {ignoreStdin?: boolean}>))
      arg.ignoreStdin = true
    const parsed = await super.parse<F, B, A>(options, argv).catch(async (error: unknown) => {
      const {withMeantFlag} = await import('./unknown-flag.js')
      throw parseFailed(withMeantFlag(error, this.typed))
    })
    const {workspace} = parsed.flags as {workspace?: unknown}
    if (typeof workspace === 'string') this.folder = path.resolve(workspace)
    return parsed
  }

  /** As oclif's, but a result of any value is printed under `--json`, and signals are heard. */
  protected override async _run<R>(): Promise<R> {
    const stopListening = this.interrupts.listen()
    this.began = steadyNow()
    const stopHearing = hearWork((work) => this.record.work(work))
    let failure: unknown
    let result: T | undefined
    try {
      if (this.debugged) await this.startDebugging()
      await this.init()
      result = await this.run()
      if (this.interrupts.interrupted) throw new Error('SIGINT')
      if (this.jsonEnabled() && result !== undefined) this.printJson(result)
    } catch (error) {
      failure = error
      await this.catch(error as Error)
    } finally {
      stopListening()
      this.tellUnlogged(failure)
      stopHearing()
      await this.tellKnown()
      this.record.finish(Number(process.exitCode ?? 0))
      this.printer.end()
      if (isExported(process.env)) await this.exportRun()
      await this.finally(failure as Error | undefined)
    }
    return result as R
  }

  /** Has lines of the log told on standard error, as they are written. */
  private async startDebugging(): Promise<void> {
    const {lineText} = await import('../runs/line-text.js')
    const paint = painter(process.stderr)
    this.tellLine = (line) => this.printError(`${paint('dim', lineText(line))}\n`)
  }

  /** Tells the run to the collector that the variables name. That fails no command, and is over soon. */
  private async exportRun(): Promise<void> {
    const {exportRun} = await import('../runs/export.js')
    const root = lookForWorkspace(this.folder)?.root
    const failed = await exportRun(this.record.lines, {env: process.env, root})
    if (failed !== undefined && this.debugged) this.printError(`${this.message(failed)}\n`)
  }

  /** That nothing was logged is said, unless the command failed for the same reason. */
  private tellUnlogged(failure: unknown): void {
    const {unlogged} = this.record
    if (unlogged === undefined || (isPmpcError(failure) && failure.code === unlogged.code)) return
    this.warnUser(`${unlogged.message}. Nothing is logged there`, unlogged.suggestions[0])
  }

  /** Errors that a command tells by itself, what came of one object say: their words may be in the catalogue of errors. */
  protected noteErrors(texts: readonly string[]): void {
    this.errorTexts.push(...texts)
  }

  /** Says what the catalogue knows of the errors that were told. It stands in the host: the hook of that name. */
  private async tellKnown(): Promise<void> {
    if (this.errorTexts.length === 0 || this.jsonEnabled()) return
    const {successes} = await this.config.runHook(
      'explain' as never,
      {texts: this.errorTexts} as never,
      undefined,
      true,
    )
    const [known] = successes.flatMap(({result}) => (typeof result === 'string' ? [result as string] : []))
    if (known !== undefined) this.printError(explainLine(known, painter(process.stderr)))
  }

  /** Sets the exit code and prints the error. It ends here: no copy of oclif sees it, and none prints it again. */
  protected override async catch(error: Error & {exitCode?: number}): Promise<void> {
    if (isSilentExit(error)) {
      process.exitCode = error.oclif?.exit ?? 1
      return
    }
    const {record} = this
    const described = describeFailure(this.interrupts.interrupted ? new Error('SIGINT') : error, {
      command: this.typed,
      logFile: record.logPath,
    })
    const failure =
      this.folder === process.cwd() ? described : (await import('./elsewhere.js')).typedIn(this.folder, described)
    process.exitCode = failure.exitCode
    const {code, message, exitCode, suggestions: recovery, data} = failure
    const objects = [data.object].filter((object) => typeof object === 'string')
    const told = {code, message, exitCode, cause: causesOf(error), recovery}
    record.log('error', {...(objects.length > 0 && {objects}), error: told, stack: stackOf(error)}, 'error')
    this.printFailure(failure)
    this.noteErrors(wordsOf(failure))
    if (this.verbose || this.debugged) this.printError(`${this.message(error.stack ?? error.message)}\n`)
  }

  private endNow(code: number): never {
    this.record.finish(code, {interrupted: true})
    this.printFailure({...interrupted(), suggestions: this.interrupts.inSection ? [...this.goOn] : []})
    this.printer.release()
    process.exit(code)
  }

  /** What was typed for `-o`, before anything is parsed: an error of the parser has to be told as JSON, too. */
  private outputOption(): string | undefined {
    if (!this.ctor.flags || !('output' in this.ctor.flags)) return undefined
    return this.typedOption('output', 'o')
  }

  /** The value of a flag as typed: `--name value`, `--name=value`, `-nvalue`, `-n=value`, `-n value`. */
  private typedOption(long: string, short: string): string | undefined {
    const own = this.ownArguments()
    for (const [index, argument] of own.entries()) {
      if (argument === `-${short}` || argument === `--${long}`) return own[index + 1]
      if (argument.startsWith(`--${long}=`)) return argument.slice(long.length + 3)
      if (argument.startsWith(`-${short}`)) return argument.slice(2).replace(/^=/, '')
    }
    return undefined
  }

  /** Asks the arguments, not the parsed flags: what an error of the parser looks like depends on it. */
  private hasFlag(long: string, short?: 'q' | 'v'): boolean {
    return this.ownArguments().some(
      (argument) => argument === long || (short !== undefined && /^-[qv]+$/.test(argument) && argument.includes(short)),
    )
  }

  /** The arguments before `--`. */
  private ownArguments(): string[] {
    const end = this.argv.indexOf('--')
    return end < 0 ? this.argv : this.argv.slice(0, end)
  }
}

/** `PMPC_LOG_LEVEL`: what is logged; everything unless it is a level, or `off`. */
function levelOf(value: string | undefined): Level | 'off' {
  const level = value?.trim().toLowerCase() ?? ''
  return level === 'off' ? 'off' : (LEVELS.find((one) => one === level) ?? 'debug')
}

/** The frames of an error's stack: its message is told beside them. */
function stackOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim())
  return lines.filter((line) => line.startsWith('at ')).slice(0, 12)
}
