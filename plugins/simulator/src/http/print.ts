import type {Random} from '../state/random.js'

const orderless = new WeakSet<object>()

/** Marks a list whose order PVE leaves to chance; it is shuffled anew in each answer. */
export function unordered<T>(list: T[]): T[] {
  orderless.add(list)
  return list
}

/** What stands beside `data` in an answer. */
export class Answer {
  constructor(
    readonly data: unknown,
    readonly beside: Record<string, unknown> = {},
  ) {}
}

const asIs = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/

function printString(text: string): string {
  return asIs.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** Prints JSON with the keys of every object, and the elements of unordered lists, in an order drawn anew. */
export function printJson(value: unknown, random: Random): string {
  if (typeof value === 'string') return printString(value)
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) {
    const list = orderless.has(value) ? random.shuffle([...value]) : value
    let text = '['
    for (let index = 0; index < list.length; index++) text += (index > 0 ? ',' : '') + printJson(list[index], random)
    return `${text}]`
  }
  const object = value as Record<string, unknown>
  let text = ''
  for (const key of random.shuffle(Object.keys(object))) {
    const item = object[key]
    if (item === undefined) continue
    text += `${text === '' ? '' : ','}${printString(key)}:${printJson(item, random)}`
  }
  return `{${text}}`
}
