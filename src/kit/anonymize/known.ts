import {isBuiltin, kindOf, type Observed} from '../resources/index.js'
import type {FindKind, Known} from './model.js'
import {builtinRealms, systemUsers} from './words.js'

/** What the ids of a kind are, by the key that PVE has for them; of the others they are names that people gave. */
const byIdKey: Readonly<Record<string, FindKind>> = {userid: 'user', realm: 'realm', node: 'host'}

/** What an estate calls its things: the ids and names of its objects, by the rows of their kinds. What PVE brings is none. */
export function knownOf(objects: readonly Observed[]): Known[] {
  return objects.flatMap((object) => {
    const {id: sort, idKey, nameKey, belongs} = kindOf(object.kind)
    const name = nameKey === undefined ? undefined : object.config[nameKey]
    if (typeof name === 'string')
      return name
        .split('.')
        .slice(0, 1)
        .map((value): Known => ({kind: 'host', value}))
    if (sort !== 'name' || isBuiltin(object)) return []
    const [value = '', realm] = String(object.id).split('@')
    const kind = belongs?.node === 'id' ? 'host' : (byIdKey[idKey] ?? 'name')
    const isOne = /^[A-Za-z\u0080-\uffff][\w.\u0080-\uffff-]+$/.test(value)
    if (!isOne || systemUsers.has(value) || builtinRealms.has(value)) return []
    const found: Known[] = [{kind, value}]
    if (realm !== undefined && !builtinRealms.has(realm)) found.push({kind: 'realm', value: realm})
    return found
  })
}
