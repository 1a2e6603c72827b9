import {displayWidth, type Painter} from 'pmpc/kit/cli'
import type {PendingChange, Plan, PlannedAction, PlannedField, PlannedRequest, SecretParameter} from 'pmpc/kit/plan'
import type {Scalar} from 'pmpc/kit/resources'
import {formatValue} from 'pmpc/kit/state'
import {visible} from 'pmpc/kit/text'
import {differenceOf, oneLine, type Line} from './difference.js'
import {
  colors,
  commitOf,
  commitWords,
  consentLines,
  consequenceWords,
  effectWords,
  namer,
  objectSigns,
  pendingWords,
  signOf,
  sumText,
} from './words.js'

/** How a plan is told to people. */
export interface Telling {
  paint: Painter
  /** Columns of the terminal; undefined: it is none. */
  width?: number | undefined
  /** With requests, and with all lines of long values. */
  verbose?: boolean
  /** Where the sign of a line stands: behind what sets it in unless given, or at the line's beginning, as a diff has it. */
  signs?: 'first'
}

const signColors = {'+': 'green', '-': 'red', '~': 'yellow', '±': 'magenta', ' ': undefined, '@': 'dim'} as const

/** Lines of one value that are shown without `verbose`. */
const mostLines = 40

/** What people read of a plan, without a line end. */
export function planTextFor(plan: Plan, telling: Telling): string {
  const name = namer(plan)
  const sections = [
    ...plan.actions.map((action) => actionLines(action, name, telling)),
    undecidedLines(plan, name, telling),
    checkLines(plan, name, telling),
    sumLines(plan, telling),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** What is to be done with one object, below its name. */
export function actionLines(action: PlannedAction, name: (object: string) => string, telling: Telling): string[] {
  const {paint, verbose} = telling
  const {object, change, effects, pending, requests, from} = action
  const isGoing = change === 'remove'
  const fields = isGoing ? whatGoes(action) : action.fields
  const called = `${action.name === undefined ? '' : ` ${visible(action.name)}`}${action.verb === undefined ? '' : `: ${action.verb}`}`
  const sign = objectSigns[change]
  const commit = isGoing ? action.commit : commitOf(action.fields)
  const source =
    commit === undefined || action.verb !== undefined ? '' : paint('dim', `  wished in ${commitWords(commit)}`)
  const width = Math.max(0, ...fields.map(({field}) => displayWidth(visible(field))))
  const columns = {
    width,
    withCommit: !isGoing && commit === undefined && action.verb === undefined,
    isAll: change !== 'change',
  }
  const also = action.fields.length > 0 ? 'also ' : ''
  return [
    `${paint('bold', paint(signColors[sign], `${sign} ${visible(name(object))}${called}`))}${source}`,
    ...(from ? wrapped(`made of ${originText(from)}`, '    ', telling) : []),
    ...fields.flatMap((field) => fieldLines(field, columns, telling)),
    ...effects.flatMap((effect) =>
      wrapped(also + visible(effectWords(effect)), '    ', telling).map((line) =>
        paint(colors[effect.consequence], line),
      ),
    ),
    ...pending.flatMap((each) => wrapped(pendingText(each, object), '    ', telling).map((line) => paint('dim', line))),
    ...(verbose ? requests.flatMap((request) => requestLines(request, telling)) : []),
  ]
}

function pendingText({field, runs, configured}: PendingChange, object: string): string {
  return `${visible(field)} ${valueText(runs)} → ${valueText(configured)} ${pendingWords(object)}`
}

/** All that an object has: who destroys it should see what is lost. */
function whatGoes({bound}: PlannedAction): PlannedField[] {
  const there = Object.entries(bound.is ?? {}).filter(([, value]) => value !== null)
  return there.map(([field, from]) => ({field, from, to: null, consequence: null, commit: null}))
}

function originText(from: NonNullable<PlannedAction['from']>): string {
  return Object.entries(from)
    .map(([key, value]) => `${key}=${formatValue(value)}`)
    .join(' ')
}

function valueText(value: PlannedField['from']): string {
  return value === null ? '(none)' : oneLine(value)
}

interface Columns {
  /** Columns that the names of fields take. */
  width: number
  withCommit: boolean
  /** Whether the whole object comes or goes. */
  isAll: boolean
}

function fieldLines(field: PlannedField, {width, withCommit, isAll}: Columns, telling: Telling): string[] {
  const {paint} = telling
  const sign = signOf(field)
  const name = visible(field.field)
  const difference = differenceOf(field.from, field.to)
  const source = withCommit ? ` (wished in ${commitWords(field.commit)})` : ''
  // Of what is made, and of what goes with all else, nothing more can be said.
  const told =
    isAll && (field.consequence === 'live' || field.to === null)
      ? source.trimStart()
      : visible(consequenceWords(field)) + source
  const color = field.consequence === null ? 'red' : colors[field.consequence]
  const head = 'inline' in difference ? `${name}${' '.repeat(width - displayWidth(name))}  ${difference.inline}` : name
  const isOneLine = telling.width === undefined || displayWidth(`  ${sign} ${head}  ${told}`) <= telling.width
  const signed = signedLine('  ', sign, head, telling)
  const first = isOneLine
    ? [`${signed}  ${paint(color, told)}`.trimEnd()]
    : [signed, ...wrapped(told, '      ', telling).map((line) => paint(color, line))]
  return [...first, ...('lines' in difference ? valueLines(difference.lines, telling) : [])]
}

/** The sign takes the colour; of a line of a value, the whole line does. */
function signedLine(indent: string, sign: keyof typeof signColors, text: string, {paint, signs}: Telling): string {
  const color = signColors[sign]
  const painted = color ? paint(color, sign) : sign
  return signs === 'first' ? `${painted}${indent} ${text}` : `${indent}${painted} ${text}`
}

function valueLines(lines: readonly Line[], telling: Telling): string[] {
  const {paint, verbose} = telling
  const shown = verbose || lines.length <= mostLines + 1 ? lines : lines.slice(0, mostLines)
  const told = shown.map(({sign, text}) => {
    const color = signColors[sign]
    const painted = color ? paint(color, text) : text
    return sign === '@' ? `      ${paint('dim', `… ${text}`)}` : signedLine('      ', sign, painted, telling).trimEnd()
  })
  const left = lines.length - shown.length
  return left > 0 ? [...told, `      … and ${left} more lines: pmpc plan --verbose`] : told
}

function requestLines({method, path, parameters, task, digest}: PlannedRequest, {paint}: Telling): string[] {
  const marks = [...(task ? ['a task'] : []), ...(digest ? ['with the digest as it is then'] : [])]
  const told = marks.length > 0 ? `  (${marks.join(', ')})` : ''
  return [
    paint('dim', `    ${method} ${visible(path)}${told}`),
    ...Object.entries(parameters).flatMap(([key, value]) =>
      // A list is sent as so many parameters of that name.
      [value].flat().map((each) => paint('dim', `      ${visible(key)}=${sentText(each)}`)),
    ),
  ]
}

function sentText(value: Scalar | SecretParameter): string {
  if (typeof value === 'object') return `(the secret ${value.secret})`
  return /^[\x21-\x7e]+$/.test(String(value)) ? String(value) : formatValue(value)
}

export function undecidedLines({undecided}: Plan, name: (object: string) => string, telling: Telling): string[] {
  if (undecided.length === 0) return []
  return [
    telling.paint('bold', `Undecided (${undecided.length}), and left alone:`),
    ...undecided.flatMap(({object, field, why}) =>
      wrapped(visible(`${name(object)}${field === null ? '' : ` ${field}`}: ${why}`), '  ', telling),
    ),
  ]
}

export function checkLines({checks}: Plan, name: (object: string) => string, telling: Telling): string[] {
  const {paint} = telling
  const sorted = [...checks].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return sorted.flatMap(({object, field, check, severity, message, suggestions}) => {
    const where = visible(`${name(object)}${field === undefined ? '' : ` ${field}`}`)
    const [first, ...rest] = wrapped(`${where}: ${visible(message)} [${visible(check)}]`, '         ', telling)
    const label = paint(severity === 'error' ? 'red' : 'yellow', severity.padEnd(7))
    return [
      `${label}  ${first!.trimStart()}`,
      ...rest,
      // What is to be typed is never broken.
      ...suggestions.map((suggestion) => `           ${visible(suggestion)}`),
    ]
  })
}

function sumLines(plan: Plan, telling: Telling): string[] {
  const {paint} = telling
  const consents = consentLines(plan)
  const hasFailed = plan.checks.some(({severity}) => severity === 'error')
  const sum = `${sumText(plan)}.`
  return [
    `${paint('bold', 'Plan:')} ${hasFailed ? paint('red', sum) : sum}`,
    ...(consents.length > 0 ? ['Needs consent:', ...consents.flatMap((line) => wrapped(line, '  ', telling))] : []),
  ]
}

/** Prose in lines of the terminal's width, each set in; a word that is longer stays whole. */
export function wrapped(text: string, indent: string, {width}: Pick<Telling, 'width'>): string[] {
  if (width === undefined || displayWidth(indent + text) <= width) return [indent + text]
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    const longer = line === indent || line === `${indent}  ` ? line + word : `${line} ${word}`
    if (displayWidth(longer) > width && line.trim() !== '') {
      lines.push(line)
      line = `${indent}  ${word}`
    } else line = longer
  }
  return [...lines, line]
}
