import {kindOf, type KindName, type Scalar, type Value} from 'pmpc/kit/resources'
import type {Expression} from '../hcl.js'
import type {At, Field, Path, Test} from './row.js'

type Options = Omit<Partial<Field>, 'to' | 'from' | 'as'>

/** A text as it is. */
export const text = (to: string, from: Path, options: Options = {}): Field => ({to, from, ...options, as: asText})

/** A text as PVE spells it: what the provider compares by its letters. */
export const verbatim = (to: string, from: Path, options: Options = {}): Field => ({
  ...{to, from, ...options},
  as: (value, at) => String(spelledAt(from, at) ?? value),
})

const spelledAt = (from: Path, at: At): Value | undefined => {
  const path = typeof from === 'function' ? from(at) : from
  return path === undefined ? undefined : at.spelled(path)
}

export const number = (to: string, from: Path, options: Options = {}): Field => ({
  ...{to, from, ...options},
  as: (value) => (isNumber(value) ? Number(value) : asText(value)),
})

/** PVE's 0 and 1. */
export const flag = (to: string, from: Path, options: Options = {}): Field => ({
  ...{to, from, ...options},
  as: (value) => Number(value) === 1,
})

/** A list of texts: a list of PVE's, or a text that is split. */
export const list = (to: string, from: Path, separator: string | RegExp = /[;,\s]+/, options: Options = {}): Field => ({
  ...{to, from, ...options},
  as: (value) => elementsOf(value, separator),
})

/** A list in the order that PVE has it in, where what was recorded is a set. */
export const ordered = (to: string, from: Path, separator: string | RegExp = /[;,\s]+/): Field => ({
  ...{to, from},
  as: (value, at) => elementsOf(spelledAt(from, at) ?? value, separator),
})

/** What is the same in all resources of a type. */
export const constant = (to: string, value: Expression): Field => derived(to, () => value)

/** The name of another object: a reference where the code has that object. */
export const named = (kind: KindName, to: string, from: Path, options: Options = {}): Field => ({
  ...{to, from, ...options},
  as: (value, at) => at.reference(kind, String(value), asText(value)),
})

/** What follows from the place, and not from a key. */
export const derived = (to: string, of: (at: At) => Expression | undefined): Field => ({to, as: (_value, at) => of(at)})

/** The elements of a list of PVE's, or of a text that is split; none is no list. */
export function elementsOf(value: Value, separator: string | RegExp): string[] | undefined {
  const elements = Array.isArray(value) ? value.map(String) : String(value).split(separator)
  const filled = elements.filter((element) => element !== '')
  return filled.length === 0 ? undefined : filled
}

export const asText = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

const isNumber = (value: Value): boolean => typeof value !== 'object' && value !== '' && Number.isFinite(Number(value))

/** Whether a key is there. */
export const has =
  (path: string): Test =>
  (at) =>
    at.get(path) !== undefined

/** Whether a key is there and has one of these values. */
export const is =
  (path: string, ...values: readonly Scalar[]): Test =>
  (at) => {
    const value = at.get(path)
    return value !== undefined && values.some((each) => String(each) === asText(value))
  }

export const not =
  (test: Test): Test =>
  (at) =>
    !test(at)

export const allOf =
  (...tests: readonly Test[]): Test =>
  (at) =>
    tests.every((test) => test(at))

export const anyOf =
  (...tests: readonly Test[]): Test =>
  (at) =>
    tests.some((test) => test(at))

/** The value of a key, or what stands for it where it is absent. */
export const valueOf = (at: At, path: string, absent: Scalar): Scalar => {
  const value = at.get(path)
  return value === undefined || typeof value === 'object' ? absent : value
}

/** The name of an object. */
export const idOf = ({object}: At): string => String(object.id)

/** Whether Proxmox VE has it from the beginning, and nobody set anything in it. */
export const isBuiltin: Test = ({object}) => kindOf(object.kind).builtin?.(object) ?? false
