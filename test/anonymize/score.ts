import {parseAllDocuments} from 'yaml'
import {defaultRules, leftovers, openAnonymizer, restorer} from '../../src/kit/anonymize/index.js'
import type {ByteString, Find, FindKind, Pair} from '../../src/kit/anonymize/model.js'
import type {Label, LabelKind, Specimen} from './corpus.js'

/** What of these kinds stays is no blemish but a leak: all of it must go. */
export const CORE: ReadonlySet<LabelKind> = new Set<LabelKind>([
  'ipv4',
  'ipv6',
  'mac',
  'host',
  'password',
  'token',
  'key',
])
const SECRET: ReadonlySet<LabelKind> = new Set<LabelKind>(['password', 'token', 'key', 'certificate'])
/** Always the same key: a score is of the engine, not of chance. */
const KEY = Buffer.alloc(32, 7)

/** A label that did not go, or did not stay. */
export interface Failure {
  label: Label
  why: 'not found' | 'found in part' | 'left in the output' | 'touched'
}

/** What became of one file. */
export interface Outcome {
  specimen: Specimen
  output: ByteString
  finds: Find[]
  failures: Failure[]
  /** Finds that lie on no label at all. */
  strays: Find[]
  /** What else is wrong: lines, forms, relations, the way back. */
  broken: string[]
}

const ANSI = new RegExp(String.raw`${'\u001B'}\[[0-9;]*[A-Za-z]`, 'g')
const SUFFIX = /\.(?:(?:co|com|org|net|ac|gov)\.[a-z]{2}|home\.arpa|[a-z]{2,})$/i
const LINK_LOCAL = /^(?:fe80:(?:0{1,4}:){0,3}:?|::ffff:)/i

/** Marks the bytes of a label that tell nothing, and so may stay: punctuation and suffixes of names, colours, line breaks and indentation in a key. */
function structure(label: Label, text: ByteString): boolean[] {
  const value = text.slice(label.start, label.end)
  const free = Array.from(value, () => false)
  const release = (pattern: RegExp) => {
    for (const found of value.matchAll(pattern)) free.fill(true, found.index, found.index + found[0].length)
  }
  release(ANSI)
  if (SECRET.has(label.kind)) release(/\s+|\\[nr]|:|%[0-9A-F]{2}|[.=!$/+]/g)
  else {
    release(/[^\w\x80-\xFF]|_/g)
    release(/%[0-9A-F]{2}/g)
  }
  if (['host', 'domain', 'mail'].includes(label.kind)) release(new RegExp(SUFFIX, 'gi'))
  if (label.kind === 'iqn')
    release(/^[in]qn\.[\d-]+\.(?:(?:com|org)\.[\w.-]+:(?:01:|uuid:)?|[a-z]+\.)?|^[a-z]{2,3}(?=\.)/g)
  // What a ticket is of, and of when.
  if (label.kind === 'token') release(/^(?:PVE|PBS|PMG)[A-Z]*(?=:|%3A)|(?<=^|:|%3A)[0-9A-F]{8}(?=:|%3A)/g)
  if (label.kind === 'ipv6') release(new RegExp(LINK_LOCAL, 'gi'))
  return free
}

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
const wholeWord = (word: string, flags: string) =>
  new RegExp(`(?:(?<![A-Za-z0-9\\x80-\\xFF])|(?<=%[0-9A-F]{2}))${escape(word)}(?![A-Za-z0-9\\x80-\\xFF])`, flags)

/** How often a word stands in a text, in any case, as a word of its own. */
const occurrences = (text: string, word: string) => text.match(wholeWord(word, 'gi'))?.length ?? 0

/** Which bytes of the text lie in a find; the length of a network's prefix, which its address may bring along, does not: it stays. */
function coverage(text: ByteString, finds: readonly {kind: LabelKind; start: number; end: number}[]): Uint8Array {
  const covered = new Uint8Array(text.length)
  for (const {kind, start, end} of finds)
    covered.fill(
      1,
      start,
      end - (kind.startsWith('ipv') ? (/\/\d{1,3}$/.exec(text.slice(start, end))?.[0].length ?? 0) : 0),
    )
  return covered
}

function failureOf(label: Label, text: ByteString, covered: Uint8Array, isLeft: (label: Label) => boolean) {
  const inside = covered.subarray(label.start, label.end)
  if (label.kind === 'keep') return inside.includes(1) ? 'touched' : undefined
  const free = structure(label, text)
  const needed = [...inside].filter((_, at) => !free[at])
  if (needed.includes(0)) return needed.includes(1) ? 'found in part' : 'not found'
  return isLeft(label) ? 'left in the output' : undefined
}

/** Whether the value of a label stands in the output, except as a word that stood without a label in the input, too. */
function leftIn(output: ByteString, {text, labels}: Specimen): (label: Label) => boolean {
  const plain = output.replaceAll(ANSI, '')
  const unlabelled = [...text]
  for (const {kind, start, end} of labels) if (kind !== 'keep') unlabelled.fill('\0', start, end)
  const rest = unlabelled.join('')
  const known = new Map<string, boolean>()
  return ({weak, start, end}) => {
    const value = text.slice(start, end).replaceAll(ANSI, '')
    if (weak || value.length < 3) return false
    if (!known.has(value)) known.set(value, occurrences(plain, value) > 0 && occurrences(rest, value) === 0)
    return known.get(value)!
  }
}

/** The lines outside of the blocks of keys and certificates, which may become one line. */
function lines({text, labels}: Specimen): number {
  const blocks = labels.filter(({kind}) => kind === 'key' || kind === 'certificate')
  const folded = blocks.map(({start, end}, i) => {
    const before = blocks[i - 1]
    const isNext = before !== undefined && /^\s*\n\s*$/.test(text.slice(before.end, start))
    return text.slice(start, end).split('\n').length - 1 + (isNext ? 1 : 0)
  })
  return text.split('\n').length - folded.reduce((sum, each) => sum + each, 0)
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (value === null || typeof value !== 'object') return typeof value
  return Object.values(value).map(shapeOf)
}

const utf8 = (text: ByteString) => Buffer.from(text, 'latin1').toString('utf8')
const READ: Readonly<Record<Specimen['form'], (text: string) => unknown>> = {
  text: () => undefined,
  json: JSON.parse,
  jsonl: (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  yaml: (text) =>
    [...parseAllDocuments(text, {logLevel: 'silent'})].map((document) => {
      if (document.errors.length > 0) throw document.errors[0]!
      return document.toJS() as unknown
    }),
}

function formBroken({form, text}: Specimen, output: ByteString): string[] {
  try {
    const [before, after] = [text, output].map((each) => JSON.stringify(shapeOf(READ[form](utf8(each)))))
    return before === after ? [] : [`another shape of ${form}`]
  } catch {
    return [`no ${form} any more`]
  }
}

function linesBroken(specimen: Specimen, output: ByteString): string[] {
  const wanted = lines(specimen)
  const most = specimen.text.split('\n').length
  const is = output.split('\n').length
  const broken = is < wanted || is > most ? [`${is} lines instead of ${wanted}`] : []
  const ends = (text: string) => text.includes('\r\n') && !/(?<!\r)\n/.test(text)
  if (ends(specimen.text) !== ends(output)) broken.push('other line ends')
  if (specimen.text.endsWith('\n') !== output.endsWith('\n')) broken.push('another end')
  return broken
}

const octets = (address: string) => address.split('.').map(Number)
const network = (address: string) => address.split('.').slice(0, 3).join('.')

/** Addresses of one /24 stay together and in order, those of different ones apart, and no two become one. */
function addressesBroken({text, labels}: Specimen, rewrite: (text: ByteString) => ByteString): string[] {
  const addresses = labels
    .filter(({kind, end}) => kind === 'ipv4' && !text.startsWith('.in-addr', end))
    .map(({start, end}) => text.slice(start, end))
    .filter((each) => /^\d+(?:\.\d+){3}$/.test(each))
  const pairs = [...new Set(addresses)].map((real) => [real, rewrite(real)] as const)
  const broken: string[] = []
  for (const [at, [one, its]] of pairs.entries())
    for (const [other, others] of pairs.slice(at + 1)) {
      const together = network(one) === network(other)
      if (its === others) broken.push('two addresses become one')
      else if (together !== (network(its) === network(others))) broken.push(`a /24 is ${together ? 'torn' : 'joined'}`)
      else if (
        together &&
        Math.sign(octets(one)[3]! - octets(other)[3]!) !== Math.sign(octets(its)[3]! - octets(others)[3]!)
      )
        broken.push('addresses of a /24 in another order')
    }
  return [...new Set(broken)]
}

/** A host is one pseudonym wherever it is found. */
function hostsBroken(
  {text, labels}: Specimen,
  output: ByteString,
  pairs: readonly Pair[],
  missed: ReadonlySet<Label>,
): string[] {
  const plain = output.replaceAll(ANSI, '')
  const counts = new Map<string, number>()
  for (const label of labels) {
    const {kind, weak, start, end} = label
    const name = text.slice(start, end).toLowerCase()
    if (kind === 'host' && !weak && !missed.has(label) && !name.includes('.'))
      counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const known = new Map(pairs.filter(({kind}) => kind === 'host').map(({original, pseudonym}) => [original, pseudonym]))
  const found = [...counts].filter(([name]) => known.has(name))
  const torn = found.some(([name, count]) => occurrences(plain, known.get(name)!) < count)
  const joined = new Set(found.map(([name]) => known.get(name))).size < found.length
  return [...(torn ? ['a host has more than one pseudonym'] : []), ...(joined ? ['two hosts become one'] : [])]
}

/** Whether a text stands in the input outside of what is to go: it stayed, and is no pseudonym. */
const isKept = ({text, labels}: Specimen, value: string): boolean =>
  text.includes(value) &&
  !labels.some(({kind, start, end}) => kind !== 'keep' && text.slice(start, end).includes(value))

/** Learns and rewrites one file as if it were all there is, and holds what comes out against the labels. */
export function tryOut(specimen: Specimen): Outcome {
  const {text, labels} = specimen
  const anonymizer = openAnonymizer({key: KEY, pairs: [], rules: defaultRules, known: specimen.known})
  anonymizer.learn(text)
  const output = anonymizer.rewrite(text)
  const finds = anonymizer.find(text)
  const covered = coverage(text, finds)
  const isLeft = leftIn(output, specimen)
  const failures = labels.flatMap((label) => {
    const why = failureOf(label, text, covered, isLeft)
    return why ? [{label, why} as Failure] : []
  })
  const labelled = coverage(text, labels)
  const strays = finds.filter(({start, end}) => !labelled.subarray(start, end).includes(1))
  const rewrite = (each: ByteString) => anonymizer.rewrite(each)
  const broken = [
    ...formBroken(specimen, output),
    ...linesBroken(specimen, output),
    ...addressesBroken(specimen, rewrite),
    ...hostsBroken(specimen, output, anonymizer.pairs(), new Set(failures.map(({label}) => label))),
  ]
  const pairs = anonymizer.pairs()
  if (restorer(pairs)(output) !== text) broken.push('does not come back')
  const left = leftovers(pairs)(output)
  if (left.length > 0) broken.push(`verify finds ${[...new Set(left.map(({kind}) => kind))].join(', ')} left`)
  // Whoever has no map sees pseudonyms, too, where they can be told.
  const told = leftovers([])(output).filter(({start, end}) => !isKept(specimen, output.slice(start, end)))
  if (told.length > 0) broken.push(`verify without a map finds ${[...new Set(told.map(({kind}) => kind))].join(', ')}`)
  return {specimen, output, finds, failures, strays, broken}
}

/** How many labels of a kind there are, and how many were right. */
export interface Score {
  kind: LabelKind
  labels: number
  right: number
}

/** The scores of all files by kind; `keep` last. */
export function scores(outcomes: readonly Outcome[]): Score[] {
  const by = new Map<LabelKind, Score>()
  for (const {specimen, failures} of outcomes) {
    const wrong = new Set(failures.map(({label}) => label))
    for (const label of specimen.labels) {
      const score = by.get(label.kind) ?? {kind: label.kind, labels: 0, right: 0}
      by.set(label.kind, {...score, labels: score.labels + 1, right: score.right + (wrong.has(label) ? 0 : 1)})
    }
  }
  const order = (kind: LabelKind) => (kind === 'keep' ? 2 : CORE.has(kind) ? 0 : 1)
  return [...by.values()].sort((a, b) => order(a.kind) - order(b.kind) || a.kind.localeCompare(b.kind))
}

/** The share that was right of those that a test picks, 1 where there are none. */
export function share(of: readonly Score[], picks: (kind: LabelKind) => boolean): number {
  const picked = of.filter(({kind}) => picks(kind))
  const sum = (count: (score: Score) => number) => picked.reduce((total, each) => total + count(each), 0)
  return picked.length === 0 ? 1 : sum(({right}) => right) / sum(({labels}) => labels)
}

/** The table that the test prints. */
export function table(title: string, outcomes: readonly Outcome[]): string {
  const all = scores(outcomes)
  const percent = (part: number) => `${(part * 100).toFixed(2).padStart(6)} %`
  const row = (name: string, right: number, labels: number) =>
    `${name.padEnd(14)}${String(right).padStart(6)}${String(labels).padStart(6)}  ${percent(labels === 0 ? 1 : right / labels)}`
  const strays = outcomes.reduce((sum, outcome) => sum + outcome.strays.length, 0)
  return [
    `${title}: ${outcomes.length} files`,
    ...all.map(({kind, right, labels}) => row(CORE.has(kind) ? `${kind} *` : kind, right, labels)),
    `core recall (*) ${percent(share(all, (kind) => CORE.has(kind)))}`,
    `recall          ${percent(share(all, (kind) => kind !== 'keep'))}`,
    `preservation    ${percent(share(all, (kind) => kind === 'keep'))}`,
    `finds on no label: ${strays}`,
  ].join('\n')
}

/** Where a label stands and what is wrong with it. */
export function tellFailure({specimen, output}: Outcome, {label, why}: Failure): string {
  const line = specimen.text.slice(0, label.start).split('\n').length
  const value = utf8(specimen.text.slice(label.start, label.end))
  const became =
    why === 'touched' || why === 'found in part'
      ? ` → ${utf8(output.split('\n')[line - 1] ?? '')
          .trim()
          .slice(0, 200)}`
      : ''
  return `${specimen.file}:${line} ${label.kind} ${why}: ${JSON.stringify(value.slice(0, 80))}${became}`
}

export type {FindKind}
