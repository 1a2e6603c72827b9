import {count, padTo} from 'pmpc/kit/cli'
import {shellWord} from 'pmpc/kit/files'
import {visible} from 'pmpc/kit/text'
import type {ApplyResult, Done, Undone} from 'pmpc/kit/verbs'
import {wrapped, type Telling} from './text.js'

/** Objects that are named for one reason, and reasons and guests that are told one by one. */
const [mostObjects, mostReasons] = [8, 20]

const words = {unknown: 'red', failed: 'red', skipped: 'yellow'} as const

/** What an apply did and did not: what was not done with why and what to type, what waits, and the sum at last. */
export function appliedText(result: ApplyResult, telling: Pick<Telling, 'paint' | 'width'>): string {
  const {done, intention, observation} = result
  const name = namer(result)
  const {paint} = telling
  const commits = [
    ...(intention === null ? [] : [`wishes in ${intention.slice(0, 10)}`]),
    ...(observation === null ? [] : [`what was observed in ${observation.slice(0, 10)}`]),
  ]
  const sections = [
    ...(['unknown', 'failed', 'skipped'] as const).map((word) => undoneLines(result[word], {word, name}, telling)),
    pendingLines(done, name, telling),
    [
      ...wrapped(sumOf(result), '', telling).map((line) => paint('bold', line)),
      ...(commits.length > 0 ? [`Committed: ${commits.join(', ')}.`] : []),
    ],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** What an object is called: with its cluster only where several were changed. */
function namer({done, failed, skipped, unknown}: ApplyResult): (object: string) => string {
  const objects = [done, failed, skipped, unknown].flatMap((each) => each.map(({object}) => object))
  // A manifest that cannot be read stands by its path.
  const isOne = new Set(objects.map((object) => object.split('/')[0])).size === 1
  return (object) => visible(isOne ? object.slice(object.indexOf('/') + 1) : object)
}

/** `failed   vm/101: why`, with what to type below; both once where they are the same for several. */
function undoneLines(
  undone: readonly Undone[],
  {word, name}: {word: keyof typeof words; name: (object: string) => string},
  {paint, width}: Pick<Telling, 'paint' | 'width'>,
): string[] {
  const groups = groupedByReason(undone)
  const lines = groups.slice(0, mostReasons).flatMap(({objects, why, typed}, at) => {
    const more = objects.length > mostObjects ? ` and ${objects.length - mostObjects} more` : ''
    const [first, ...others] = wrapped(
      visible(`${objects.slice(0, mostObjects).map(name).join(', ')}${more}: ${why}`),
      '         ',
      {width},
    )
    const isTold = typed === undefined || groups.slice(0, at).some((before) => before.typed === typed)
    return [
      paint(words[word], padTo(word, 9)) + first!.trimStart(),
      ...others,
      // What is to be typed is never broken.
      ...(isTold ? [] : [`           ${visible(typed)}`]),
    ]
  })
  const rest = groups.slice(mostReasons).reduce((sum, {objects}) => sum + objects.length, 0)
  return rest > 0 ? [...lines, `         … and ${rest} more ${word}: pmpc log, or --json`] : lines
}

/** What there is to type of an interrupted run is said once, at the end. */
function groupedByReason(undone: readonly Undone[]): {objects: string[]; why: string; typed: string | undefined}[] {
  const groups = new Map<string, {objects: string[]; why: string; typed: string | undefined}>()
  for (const {object, code, message, suggestions} of undone) {
    // The message of an error may begin with its object.
    const why = message.startsWith(`${object} `) ? message.slice(object.length + 1) : message
    const typed = code === 'PMPC_INTERRUPTED' ? undefined : suggestions[0]
    const group = groups.get(why) ?? {objects: [], why, typed}
    group.objects.push(object)
    groups.set(why, group)
  }
  return [...groups.values()]
}

/** Guests that take what was changed at their next restart only, with what restarts them. */
function pendingLines(
  done: readonly Done[],
  name: (object: string) => string,
  {paint, width}: Pick<Telling, 'paint' | 'width'>,
): string[] {
  const waiting = done.flatMap(({object, pending}) => (pending ? [{object, ...pending}] : []))
  if (waiting.length === 0) return []
  const rest = waiting.length - mostReasons
  return [
    ...wrapped('Waits for a restart by Proxmox VE; one from within the guest does not do:', '', {width}).map((line) =>
      paint('bold', line),
    ),
    ...waiting
      .slice(0, mostReasons)
      .flatMap(({object, fields}) => [
        ...wrapped(`${name(object)}: ${visible(fields.join(', '))}`, '  ', {width}),
        `    pmpc reboot ${shellWord(name(object))}`,
      ]),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ]
}

/** `Done: 12 of 14 objects, by 15 requests; 1 failed, 1 skipped.` */
function sumOf({done, failed, skipped, unknown}: ApplyResult): string {
  const all = done.length + failed.length + skipped.length + unknown.length
  if (all === 0) return 'Nothing to do.'
  const requests = done.reduce((sum, each) => sum + each.requests, 0)
  const undone = Object.entries({failed, skipped, unknown}).flatMap(([word, {length}]) =>
    length > 0 ? [`${length} ${word}`] : [],
  )
  const what = undone.length === 0 ? count(all, 'object') : `${done.length} of ${count(all, 'object')}`
  return `Done: ${what}, by ${count(requests, 'request')}${undone.length > 0 ? `; ${undone.join(', ')}` : ''}.`
}
