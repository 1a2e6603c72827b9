import {kinds, type Kind} from '../resources/kinds/index.js'
import {visible} from '../text/index.js'
import {commandsFile, keepList} from './kept.js'
import {valueOf, type Value} from './values.js'

/** What is told of a command, as oclif's manifests have it. */
interface KnownCommand {
  id: string
  pluginName?: string
  pluginAlias?: string
  aliases?: string[]
  hidden?: boolean
  summary?: string
  strict?: boolean
  args?: Record<string, {options?: readonly string[]; hidden?: boolean}>
  flags?: Record<string, KnownFlag>
}

interface KnownFlag {
  type: string
  char?: string
  summary?: string
  description?: string
  hidden?: boolean
  multiple?: boolean
  allowNo?: boolean
  options?: readonly string[]
  helpValue?: string | string[]
}

/** Of oclif's configuration: the commands of the host, of installed plugins, and of those that would be installed when they are typed. */
export interface KnownCommands {
  commands: readonly KnownCommand[]
  topics: readonly {name: string; description?: string}[]
}

/** Keeps the table of the commands, so that the shells know those of a plugin that was installed since their script was made. */
export function keepCommands(known: KnownCommands): void {
  keepList(commandsFile, commandTable(known))
}

/** What stands before any command, and on each. */
const BEFORE: Record<string, KnownFlag> = {
  workspace: {type: 'option', char: 'C', summary: 'Run as if started in this folder.'},
  version: {type: 'boolean', summary: 'Show the version.'},
}
const HELP: Record<string, KnownFlag> = {help: {type: 'boolean', char: 'h', summary: 'Show what it does and takes.'}}

/**
 * The table that `words.awk` reads: a row a line, cells by tabs. Commands are sorted, as people look for them; arguments and flags stand
 * below their command.
 */
export function commandTable({commands, topics}: KnownCommands): string {
  const sorted = [...commands].sort((a, b) => (a.id < b.id ? -1 : 1))
  const rows = [
    ...kindRows(),
    ...fieldRows(),
    ...pluginRows(commands),
    ...topics.map(({name, description}) => ['topic', words(name), shown(description)]),
    ...commandRows('', {id: '', flags: BEFORE}, true),
    ...sorted.flatMap((command) => [
      ...commandRows(command.id, command, command.hidden),
      ...(command.aliases ?? []).flatMap((alias) => commandRows(alias, command, true)),
    ]),
  ]
  return rows.map((cells) => `${cells.join('\t').replace(/\t+$/, '')}\n`).join('')
}

/**
 * Words for kinds, each with the names that the lists have. `(named)` are those of which an id alone is offered, as what is called like it does not
 * matter (`lookUp` in workspace/objects.ts); of `(single)` ones there is one object, which the kind names.
 */
function kindRows(): string[][] {
  const rows = kinds.flatMap(({name, plural, aliases}) =>
    [...new Set([name, plural, ...aliases])].map((word) => [word, name]),
  )
  const named = (isMeant: (kind: Kind) => boolean) => kinds.filter(isMeant).map(({name}) => name)
  const guests = named(({guest}) => guest !== undefined)
  const single = named(({id}) => id === 'single')
  return [
    ['(single)', ...single],
    ...rows,
    ...['guest', 'guests', 'snapshot', 'snapshots'].map((word) => [word, ...guests]),
    ['(named)', ...named(({id, table}) => id === 'name' && table !== undefined), ...single],
  ].map((row) => ['kind', ...row])
}

/** Fields by which objects of a kind are sorted: those of its columns. */
function fieldRows(): string[][] {
  return kinds.map(({name, columns}) => [
    'field',
    name,
    ...columns.map(({field}) => field.replace(/^(config|facts)\./, '')),
  ])
}

/** Plugins by the names that are typed for them, `sync`; of other people's the whole name. */
function pluginRows(commands: readonly KnownCommand[]): string[][] {
  const names = new Set(commands.map(({pluginName, pluginAlias}) => pluginName ?? pluginAlias ?? HOST))
  return [...names]
    .filter((name) => name !== HOST && !name.startsWith('@oclif/'))
    .map((name) => ['plugin', shown(name.replace(/^@pmpc\/plugin-/, ''))])
    .sort()
}

const HOST = 'pmpc'

function commandRows(id: string, command: KnownCommand, hidden = false): string[][] {
  const {args = {}, flags = {}, strict, summary} = command
  const byName = Object.entries({...flags, ...HELP}).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ['command', words(id), shown(summary), hidden ? 'hidden' : ''],
    ...Object.entries(args)
      .filter(isSeen)
      .map(([name, {options}]) => ['arg', ...valueCells(command.id, name, options)]),
    ...(strict === false ? [['more']] : []),
    ...byName.filter(isSeen).flatMap(([name, flag]) => flagRows(command.id, name, flag)),
  ]
}

function isSeen([, {hidden}]: [string, {hidden?: boolean}]): boolean {
  return !hidden
}

function flagRows(command: string, name: string, flag: KnownFlag): string[][] {
  const {type, char = '', summary, description, multiple, allowNo, options, helpValue} = flag
  const row = (typed: string, short: string) => [
    ...['flag', typed, short, shown(summary ?? description), multiple ? 'many' : ''],
    ...(type === 'option' ? valueCells(command, name, options, helpValue) : []),
  ]
  return [row(`--${name}`, char && `-${char}`), ...(allowNo ? [row(`--no-${name}`, '')] : [])]
}

/** What it takes, and its own words. What takes something that no list has says `-`. */
function valueCells(
  command: string,
  name: string,
  options?: readonly string[],
  helpValue?: string | string[],
): string[] {
  if (options) return ['-', ...options.map(shown)]
  const {is, words: own = []} = valueOf(command, name) ?? byHelpValue(helpValue)
  return [is ?? '-', ...own]
}

/** Of a flag of somebody else's plugin only this tells. */
function byHelpValue(helpValue: string | string[] | undefined): Value {
  const files: Record<string, Value> = {FILE: {is: 'file'}, DIR: {is: 'folder'}}
  return (typeof helpValue === 'string' ? files[helpValue] : undefined) ?? {}
}

/** `auth:login` as it is typed. */
function words(id: string): string {
  return shown(id.replaceAll(':', ' '))
}

/** One cell: the first line of a text. */
function shown(text = ''): string {
  return visible(text.split('\n', 1)[0]!)
}
