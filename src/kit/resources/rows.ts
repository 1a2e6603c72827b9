import {kinds, type Shape} from './kinds/index.js'
import {isMap} from './documents.js'
import type {ValueMap} from './model.js'

/** The keys that come first in rows, by the shapes of all kinds. */
const orders = kinds.flatMap(({shapes}) => Object.values(shapes ?? {}).flatMap(ordersIn))

function ordersIn(shape: Shape): (readonly string[])[] {
  if (typeof shape === 'string') return []
  if ('rows' in shape) return shape.first ? [shape.first] : []
  return Object.values(shape.map).flatMap(ordersIn)
}

/** Whether a value is a sequence of maps: rules of a firewall, ranges of a subnet. */
export function isRows(value: unknown): value is ValueMap[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMap)
}

/**
 * The keys of a row in the order in which they are told, and how many of them at the beginning need no name: `in ACCEPT dport=22`. The
 * shape that fits best decides, so that nobody needs to know of which kind the row is.
 */
export function rowOrder(row: ValueMap): {keys: string[]; plain: number} {
  const count = (order: readonly string[]) =>
    Object.hasOwn(row, order[0]!) ? order.filter((key) => Object.hasOwn(row, key)).length : 0
  const order = orders.toSorted((a, b) => count(b) - count(a))[0] ?? []
  const first = order.filter((key) => Object.hasOwn(row, key))
  const rest = Object.keys(row)
    .filter((key) => !order.includes(key))
    .sort()
  const isLed = count(order) > 0
  return {
    keys: isLed ? [...first, ...rest] : Object.keys(row).sort(),
    plain: !isLed ? 0 : first[1] === order[1] ? 2 : 1,
  }
}
