// Paths of rows, with what stands in them filled in.
import {apiPath} from '../proxmox/index.js'
import {parentsOf} from '../resources/index.js'
import type {Scalar} from '../resources/index.js'
import type {WireKind} from '../resources/kinds/on-wire.js'
import {isScalar} from './answers.js'
import {unreadable} from './unreadable.js'

/** What a name stands for: `id`, `node`, `parent`, a fact or a key of the configuration. */
export type Given = (name: string) => Scalar | undefined

const placeholder = /\{([\w-]+)\}/g

/** An object, as far as paths name it. */
export interface Placed {
  id: string | number
  facts?: Readonly<Record<string, unknown>>
  config?: Readonly<Record<string, unknown>>
}

/** What stands for an object in the paths of its kind. */
export function givenOf(kind: WireKind, {id, facts = {}, config = {}}: Placed): Given {
  return (name) => {
    if (name === 'id') return id
    if (name === 'node') return nodeOf(kind, {id, facts})
    if (name === 'parent') return parentsOf({kind: kind.name, id})[0]?.id
    const value = [facts, config].find((values) => Object.hasOwn(values, name))?.[name]
    return isScalar(value) ? value : undefined
  }
}

/** The node that an object is on; undefined where it is on none. */
export function nodeOf({belongs}: WireKind, {id, facts = {}}: Placed): Scalar | undefined {
  if (belongs?.node === undefined) return undefined
  if (belongs.node === 'id') return id
  const value = facts[belongs.node.replace(/^facts\./, '')]
  return isScalar(value) ? value : undefined
}

/** Whether a path names the node that is asked. */
export function namesNode(template: string | undefined): boolean {
  return template?.includes('{node}') === true
}

/** A path of the API with all names filled in, encoded. @throws PMPC_UNREADABLE where one is not known */
export function fillPath(template: string, given: Given): string {
  return apiPath(
    ...template
      .slice(1)
      .split('/')
      .map((part) => fillText(part, given)),
  )
}

/** A text with all names filled in, as it is. @throws PMPC_UNREADABLE where one is not known */
export function fillText(template: string, given: Given): string {
  return template.replaceAll(placeholder, (_, name: string) => {
    const value = given(name)
    if (value === undefined || value === '') throw unreadable(`its ${name} is not known`)
    return String(value)
  })
}

/** The parameters of a request, filled in. @throws PMPC_UNREADABLE */
export function fillQuery(
  query: Readonly<Record<string, Scalar>> | undefined,
  given: Given,
): Record<string, Scalar> | undefined {
  if (!query) return undefined
  const filled = Object.entries(query).map(([key, value]): [string, Scalar] => [
    key,
    typeof value === 'string' ? fillText(value, given) : value,
  ])
  return Object.fromEntries(filled)
}

/** Where objects of a kind may be out of sight together: the path up to where it names one of them. */
export function pathAbove(template: string): string {
  const above = template.replace(/\/[^/]*\{.*$/, '')
  return above === '' ? '/' : above
}
