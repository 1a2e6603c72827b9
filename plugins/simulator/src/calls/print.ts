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

/** An answer that is a file: its content as it is, without `data` around it. */
export class Download {
  constructor(
    readonly type: string,
    readonly content: string,
    /** Name under which a browser keeps it. */
    readonly filename?: string,
  ) {}
}

/** An object of which parts were printed before: `"key":value` each. Their order is drawn anew in each answer, as that of keys is. */
export class Printed {
  constructor(readonly parts: string[]) {}

  /** Prints the keys of an object, for `parts`. */
  static partsOf(object: Record<string, unknown>, random: Random): string[] {
    return Object.keys(object)
      .filter((key) => object[key] !== undefined)
      .map((key) => `${printString(key)}:${printJson(object[key], random)}`)
  }
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
    return `[${list.map((item) => printJson(item, random)).join(',')}]`
  }
  if (value instanceof Printed) return `{${random.shuffle(value.parts).join(',')}}`
  const object = value as Record<string, unknown>
  let text = ''
  for (const key of random.shuffle(Object.keys(object))) {
    const item = object[key]
    if (item === undefined) continue
    text += `${text === '' ? '' : ','}${printString(key)}:${printJson(item, random)}`
  }
  return `{${text}}`
}
