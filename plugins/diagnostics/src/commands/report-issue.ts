import path from 'node:path'
import type {AnonymizedFiles} from 'pmpc/kit/anonymize'
import {BaseCommand, confirm, count, Flags} from 'pmpc/kit/cli'
import {PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {lookForWorkspace} from 'pmpc/kit/workspace'
import {makeBundle, writeBundle, type Anonymize, type Bundle} from '../report/report.js'

/** What `pmpc report-issue --json` prints; docs/report-issue.md. */
export interface ReportIssueResult {
  /** The bundle. */
  file: string
  bytes: number
  files: {name: string; bytes: number}[]
  missing: {what: string; why: string}[]
  anonymized: boolean
  /** The map that turns pseudonyms back, or null. */
  map: string | null
}

export default class ReportIssue extends BaseCommand<ReportIssueResult> {
  static override readonly effect = 'records'
  static override summary =
    'Collect what somebody needs to help you into one file, with nothing in it that tells whose it is.'

  static override description = `Logs and traces of the last runs, the error of the last one that failed with what the catalogue says of it, versions, pmpc.yaml, the recorded states, how the clusters are, and the generated code; a summary in Markdown and a text to begin with, for an assistant.
The plugin anonymize takes out names, addresses and what else tells of anybody; without it nothing is written, unless --raw is typed. Secrets are in it neither way. What is in it is shown before it is written.
pmpc simulator start --replay FILE serves the estate in it as a simulated cluster.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -o report.tar.gz --yes',
    {description: 'The clusters are not asked how they are', command: '<%= config.bin %> <%= command.id %> --offline'},
  ]

  static override flags = {
    out: Flags.string({
      char: 'o',
      summary: 'The file that is written; its name has the time unless given.',
      helpValue: 'FILE',
    }),
    raw: Flags.boolean({summary: 'Leave names and addresses as they are.'}),
    yes: Flags.boolean({char: 'y', summary: 'Write it without asking.'}),
    offline: Flags.boolean({summary: 'Do not ask the clusters how they are.'}),
    runs: Flags.integer({summary: 'Of how many of the last runs it tells.', default: 10, min: 1, max: 200}),
  }

  async run(): Promise<ReportIssueResult> {
    const {flags} = await this.parse(ReportIssue)
    const {raw: isRaw, offline: isOffline, runs} = flags
    const name =
      flags.out ??
      `pmpc-report-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.tar.gz`
    const root = lookForWorkspace(this.folder)?.root
    const plugins = this.config.getPluginsList().filter(({name: of}) => of !== 'pmpc')
    const host = {version: this.config.version, plugins: plugins.map(({name: of, version}) => ({name: of, version}))}
    const bundle = await makeBundle({root, host, runs, isRaw, isOffline, caller: this.caller}, this.anonymize(root))
    this.show(bundle)
    if (!flags.yes && !(await this.isWanted(name, bundle)))
      throw new PmpcError('PMPC_NOT_CONFIRMED', 'Nothing was written.', {
        suggestions: [`pmpc report-issue -o ${shellWord(name)} --yes`],
      })
    const file = path.resolve(this.folder, name)
    const bytes = writeBundle(file, bundle)
    this.tell(name, bytes, bundle)
    const files = bundle.files.map(({name: of, bytes: content}) => ({name: of, bytes: content.length}))
    const {missing, anonymized} = bundle
    return {file, bytes, files, missing, anonymized: anonymized !== undefined, map: anonymized?.map ?? null}
  }

  /** The plugin anonymize answers the hook of that name; where it is not installed nobody does. */
  private anonymize(root: string | undefined): Anonymize {
    return async (files) => {
      const options = {files, folder: root ?? this.folder, caller: this.caller}
      const {successes, failures} = await this.config.runHook('anonymize' as never, options as never, undefined, true)
      if (failures[0]) throw failures[0].error
      return (successes as {result: AnonymizedFiles}[])[0]?.result
    }
  }

  private show({files, missing, anonymized}: Bundle): void {
    this.printTable(files, [
      {header: 'FILE', value: ({name}) => name, keep: true},
      {header: 'BYTES', value: ({bytes}) => String(bytes.length), align: 'right'},
    ])
    for (const {what, why} of missing) this.warnUser(`${what}: ${why}`)
    for (const {name, why} of anonymized?.leftOut ?? []) this.warnUser(`${name} is left out: ${why}`)
    const replaced = anonymized?.counts.map(({kind, found}) => `${kind} ${found}`).join(', ')
    if (replaced === undefined) this.warnUser('It is raw: names and addresses are those of your estate')
    else this.say(`Replaced: ${replaced === '' ? 'nothing' : replaced}.`)
  }

  private async isWanted(name: string, {files}: Bundle): Promise<boolean> {
    return confirm(this.prompts, {message: `Write these ${count(files.length, 'file')} to ${name}?`, flag: '--yes'})
  }

  private tell(name: string, bytes: number, {anonymized}: Bundle): void {
    const word = shellWord(name)
    this.say(`Wrote ${name} (${Math.ceil(bytes / 1024)} KiB).`)
    this.hint(`Look at it: tar -xzOf ${word} SUMMARY.md`)
    this.hint(`Serve it: pmpc simulator start --replay ${word}`)
    if (anonymized && anonymized.map !== null) this.hint('Turn an answer back: pmpc anonymize restore FILE')
  }
}
