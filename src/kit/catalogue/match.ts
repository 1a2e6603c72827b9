import {compile, find, small, type Found} from './pattern.js'
import type {CatalogueRow, Match} from './model.js'

/** What colours text, and moves in it; the frames that Terraform draws around an error. */
const painted = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]|[\u2500-\u257F]`, 'g')

/** As it is printed in JSON, in HTML and by word processors. */
const spellings: readonly [RegExp, string][] = [
  [/\\[nrt]/g, ' '],
  [/\\(["'])/g, '$1'],
  [/&(?:#0?39|apos);|[\u2018\u2019]/g, "'"],
  [/&quot;|[\u201C\u201D]/g, '"'],
]

/** The text as it is looked through: without colours and frames, in one line, as terminals and mails break lines where they like. */
function plain(text: string): string {
  return spellings
    .reduce((so, [spelling, meant]) => so.replaceAll(spelling, meant), text.replaceAll(painted, ' '))
    .replaceAll(/\s+/g, ' ')
}

/**
 * The rows that a text holds, in the order of the table: a place that a row has taken is no later row's, so that what is said of all locks is not
 * said again where the lock is known. Takes as long as reading the text, whatever it is.
 */
export function matchText(rows: readonly CatalogueRow[], text: string): Match[] {
  const read = plain(text)
  let hay = small(read)
  const matches: Match[] = []
  for (const row of rows) {
    const found = row.texts.flatMap((one) => everyPlace(one, hay, read))
    if (found.length === 0) continue
    hay = without(hay, found)
    matches.push(told(row, found[0]?.holes ?? {}))
  }
  return matches
}

/** Where a row's text stands; each place once. */
function everyPlace(text: string, hay: string, read: string): Found[] {
  const pattern = compile(text)
  const places: Found[] = []
  for (let at: Found | undefined = find(pattern, hay, read); at !== undefined; at = find(pattern, hay, read, at.to))
    places.push(at)
  return places
}

/** The text with what was found blanked out, by what is in no text. */
function without(hay: string, found: readonly Found[]): string {
  const parts: string[] = []
  let at = 0
  for (const {from, to} of [...found].sort((a, b) => a.from - b.from)) {
    if (from < at) continue
    parts.push(hay.slice(at, from), '\0'.repeat(to - from))
    at = to
  }
  return [...parts, hay.slice(at)].join('')
}

/** A row as it is told. @param holes what stood in the holes of its text */
export function told({id, source, meaning, causes, steps}: CatalogueRow, holes: Record<string, string> = {}): Match {
  return {id, source, meaning, causes: [...causes], steps: steps.map((step) => filled(step, holes)), docs: docsOf(id)}
}

/** Where a row is told in full. */
export function docsOf(id: string): string {
  return `docs/explain.md#${id.toLowerCase()}`
}

/** Only what needs no quotes in a shell is filled in: the text comes from anywhere, and the step is typed. */
const harmless = /^[A-Za-z0-9][A-Za-z0-9_.@:/!+-]{0,200}$/

function filled(step: string, holes: Record<string, string>): string {
  return step.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => {
    const value = holes[name]?.replace(/[.:]+$/, '')
    return value !== undefined && harmless.test(value) ? value : name.toUpperCase()
  })
}
