import {kindOf, type KindName, type Scalar, type Value} from '../resources/index.js'
import {encode, keyInfo, type Version} from '../values/index.js'
import type {Around, Request, SecretParameter} from './model.js'

export type Parameters = Request['parameters']

/** A guest by its place. */
export interface Place {
  kind: KindName
  id: string | number
  node: string
}

/** Below the path of a guest. */
export function guestPath({kind, id, node}: Place, ...rest: string[]): string {
  return [guestsPath({kind, node}), String(id), ...rest].join('/')
}

/** Where guests of a kind are made on a node. */
export const guestsPath = ({kind, node}: Pick<Place, 'kind' | 'node'>): string =>
  `/nodes/${node}/${kindOf(kind).guest!}`

/** A request, its parameters in the order of their names. */
export function requestOf(method: Request['method'], path: string, parameters: Parameters = {}): Request {
  const names = Object.keys(parameters).sort()
  return {method, path, parameters: Object.fromEntries(names.map((name) => [name, parameters[name]!]))}
}

/** A value as it is sent. A secret is filled in when that is done. */
export function sentValue(kind: KindName, key: string, value: Value, version: Version): Scalar | SecretParameter {
  return keyInfo(kind, key).masked ? {secret: key} : encode(kind, key, value, version)
}

/** The contract of a node. */
export const versionAt = (around: Around, node: string): Version =>
  around.version(node).startsWith('8.') ? '8.4' : '9.2'
