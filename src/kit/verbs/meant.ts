// Which guests are meant by flags, as of `pmpc get`, beside or instead of words.
import {PmpcError} from '../errors/index.js'
import {shellWord} from '../files/inside.js'
import {itemsOf, select, type Selection} from '../observed/index.js'
import {formatRef, kinds, type ClusterState} from '../resources/index.js'

/** Which objects are meant: what the words name, as far as it fits what is given besides. */
export interface Meant extends Omit<Selection, 'objects' | 'name'> {
  words: readonly string[]
}

/** Whether anything is given beside words; then guests are meant, and nothing else. */
export const isFiltered = ({words: _words, ...filters}: Meant): boolean =>
  Object.values(filters).some((value) => value !== undefined)

/** @throws PMPC_USAGE where nothing says what is meant */
export function refuseNothing(meant: Meant, command: string): void {
  if (meant.words.length > 0 || isFiltered(meant)) return
  throw new PmpcError('PMPC_USAGE', `nothing says what ${command} is about`, {
    suggestions: [`${command} vm/100`, `${command} --tag web`, `${command} --help`],
  })
}

/** The flags of what is given beside words. */
const flags = {node: '--node', pool: '--pool', tags: '--tag', status: '--status', labels: '-l'} as const

/** What is to be typed to mean the same once more. */
export function typedAgain(command: string, meant: Meant): string {
  const given = Object.entries(flags).flatMap(([name, flag]) =>
    [meant[name as keyof typeof flags] ?? []].flat().map((value) => `${flag} ${shellWord(value)}`),
  )
  return [command, ...meant.words.map(shellWord), ...given].join(' ')
}

const guestKinds = kinds.flatMap(({name, guest}) => (guest === undefined ? [] : [name]))

/**
 * The guests of some objects that fit what is given beside words, by their names, in the order of clusters and VMIDs.
 * @throws PMPC_BAD_SELECTOR for a label that cannot be read; PMPC_NOT_FOUND where none fits
 */
export function fitting(
  states: readonly ClusterState[],
  {words: _words, ...filters}: Meant,
  among: Iterable<string>,
): string[] {
  const items = select(itemsOf(states, guestKinds), {...filters, objects: new Set(among)})
  if (items.length > 0) return items.map(formatRef)
  throw nobody()
}

/** What was said means no guest. */
export function nobody(): PmpcError {
  return new PmpcError('PMPC_NOT_FOUND', 'no guest is all that; nothing was done', {
    suggestions: ['pmpc get guests', 'pmpc sync   # if it is new'],
  })
}
