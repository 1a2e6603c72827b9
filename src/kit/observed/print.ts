import type {FieldChange} from '../resources/fields.js'
import type {KindName} from '../resources/model.js'
import {localKey} from '../resources/refs.js'
import type {ObjectChange} from '../state/diff.js'
import {below, differenceOf, runningTexts} from '../state/difference.js'
import {formatValue} from '../state/format.js'
import {deedsOf} from '../git/trailers.js'
import {sightCounts, sightOf, summedUp} from '../state/ignored.js'
import {visible} from '../text/index.js'
import type {Changes} from './changes.js'
import type {LogEntry} from './log.js'
import type {RunLog} from './run-log.js'

/** Colours text, or leaves it alone: the painter of the command line. */
export type Paint = (color: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'magenta', text: string) => string

const signs = {added: '+', removed: '-', changed: '~', replaced: '!', ignored: '~'} as const
const colors = {added: 'green', removed: 'red', changed: 'yellow', replaced: 'magenta', ignored: 'dim'} as const

/** What people read of `pmpc diff`. */
export function changesText({before, after, counts, changes}: Changes, paint: Paint): string {
  const heading = paint('dim', `${before.rev} → ${after.rev}`)
  if (changes.length === 0) return `${heading}\nNothing changed.\n`
  const several = new Set(changes.map(({cluster}) => cluster)).size > 1
  const {sums, single} = summedUp(changes)
  const told = [
    ...sums.map((sum) => `${paint('dim', visible(`~ ${sum}`))}\n`),
    ...single.map((change) => changeText(change, paint, several)),
  ]
  return `${heading}\n${told.join('')}${sumOf({counts, changes})}\n`
}

/** What people read of `pmpc diff --stat`: a line an object with how many fields changed. */
export function changesStat(changes: Changes, paint: Paint): string {
  const [heading, ...rest] = changesText({...changes, changes: []}, paint).split('\n')
  if (changes.changes.length === 0) return [heading, ...rest].join('\n')
  const several = new Set(changes.changes.map(({cluster}) => cluster)).size > 1
  const {sums, single} = summedUp(changes.changes)
  const rows = single.map((change) => ({change, title: titleOf(change, several)}))
  const width = Math.max(...rows.map(({title}) => title.length))
  const lines = rows.map(({change, title}) => {
    const {change: what, fields} = change
    const told = sightOf(change) ?? what
    const count = what === 'changed' ? `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}` : told
    return `${paint(colors[lookOf(change)], title.padEnd(width))}  ${count}`
  })
  const summed = sums.map((sum) => paint('dim', visible(`~ ${sum}`)))
  return `${heading}\n${[...summed, ...lines].join('\n')}\n${sumOf(changes)}\n`
}

/** What only comes into sight looks like what goes out of it. */
const lookOf = (change: ObjectChange): ObjectChange['change'] => (sightOf(change) ? 'ignored' : change.change)

function sumOf({counts, changes}: Pick<Changes, 'counts' | 'changes'>): string {
  const told = Object.entries(counts).filter(([change, count]) => count > 0 && change !== 'ignored')
  return [...told.map(([change, count]) => `${count} ${change}`), ...sightCounts(changes)].join(', ')
}

/** `~ vm/101 web01` */
function titleOf(change: ObjectChange & {cluster: string}, withCluster: boolean): string {
  const {cluster, kind, id, name} = change
  const what = name === undefined ? '' : ` ${formatValue(name)}`
  return visible(`${signs[lookOf(change)]} ${withCluster ? `${cluster}/` : ''}${kind}/${id}${what}`)
}

function changeText(change: ObjectChange & {cluster: string}, paint: Paint, withCluster: boolean): string {
  const {kind, was} = change
  const sight = sightOf(change)
  const reused = ` is another ${kind} now${was ? `, it was a ${was}` : ''}: the id was reused`
  const told = sight ? ` is ${sight}` : change.change === 'replaced' ? reused : ''
  const heading = paint(colors[lookOf(change)], titleOf(change, withCluster) + told)
  return `${heading}\n${change.change === 'changed' ? fieldLines(change, paint) : ''}`
}

function fieldLines({kind, fields}: ObjectChange, paint: Paint): string {
  const width = Math.max(0, ...fields.map(({field}) => visible(field).length))
  return fields
    .flatMap((field) => below(`${visible(field.field).padEnd(width)} `, fieldTexts(kind, field, paint)))
    .map((line) => `    ${line.trimEnd()}\n`)
    .join('')
}

/** One line, or several where a long value differs. */
function fieldTexts(kind: KindName, change: FieldChange, paint: Paint): string[] {
  const {field, before, after, added, removed} = change
  const sight = sightOf(change)
  if (sight) return [paint('dim', sight)]
  if (field.startsWith('running.')) return runningTexts(kind, before, after)
  if (added && removed && added.length + removed.length > 0) {
    const came = added.map((element) => paint('green', `+${formatValue(element)}`))
    const went = removed.map((element) => paint('red', `-${formatValue(element)}`))
    return [[...came, ...went].join(' ')]
  }
  return differenceOf(before, after).map((line) => painted(line, paint))
}

function painted(line: string, paint: Paint): string {
  if (line.includes(' → ')) return line
  return line.startsWith('+') ? paint('green', line) : line.startsWith('-') ? paint('red', line) : line
}

/** What people read of `pmpc log`. */
export function logText(entries: readonly LogEntry[], paint: Paint): string {
  return entries.map((entry) => entryText(entry, paint)).join('')
}

function entryText(entry: LogEntry, paint: Paint): string {
  const {commit, date, author, subject, run, changes = []} = entry
  const when = date.replace('T', ' ').slice(0, 16)
  const by = [`by ${visible(author.name)}`, ...(run === null ? [] : [`run ${visible(run)}`])].join(', ')
  const told = changes.map((change) => changeText(change, paint, false).replaceAll(/^(?=.)/gm, '  '))
  const who = changersOf(entry).map((line) => `    ${paint('dim', line)}\n`)
  const heading = `${paint('yellow', commit.slice(0, 12))}  ${when}  ${visible(subject)}  ${paint('dim', `(${by})`)}`
  return `${heading}\n${who.join('')}${told.join('')}`
}

/** Objects that are named of one person's changes. */
const named = 5

/** `changed in Proxmox by alice@pve: vm/101`, a line a person; of the objects that were asked for, where some were. */
function changersOf({trailers, changes}: LogEntry): string[] {
  const listed = Object.entries(trailers).flatMap(([key, values]) => values.map((value) => ({key, value})))
  const asked = changes && new Set(changes.map(localKey))
  const objects = new Map<string | null, string[]>()
  const deeds = deedsOf({trailers: listed}, 'change').deeds.filter(({object}) => !asked || asked.has(object))
  for (const {user, object, what} of deeds) {
    // What one of several did is told by fields.
    const isShared = deeds.some((other) => other.object === object && other.user !== user)
    const told = isShared && typeof what !== 'string' ? `${object} ${what.join(' ')}` : object
    objects.set(user, [...(objects.get(user) ?? []), told])
  }
  return [...objects].map(([user, all]) => {
    const more = all.length > named ? ` and ${all.length - named} more` : ''
    const who = user === null ? 'changed in Proxmox, by whom is unknown' : `changed in Proxmox by ${visible(user)}`
    return `${who}: ${visible(all.slice(0, named).join(', '))}${more}`
  })
}

/** What people read of `pmpc log --run`: a line an event, its time of day first. */
export function runLogText({commits, file, lines: logged}: RunLog, paint: Paint): string {
  const told = logged.map(({time, run: _run, event, ...fields}) => {
    const what = Object.entries(fields).map(([key, value]) => `${key}=${formatValue(value)}`)
    const line = visible(`${String(event)}  ${what.join(' ')}`.trimEnd())
    return `${paint('dim', String(time ?? '').slice(11, 23))}  ${line}\n`
  })
  const without = file === null ? paint('dim', 'Its log is not on this machine.') + '\n' : ''
  return logText(commits, paint) + without + told.join('')
}
