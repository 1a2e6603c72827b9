import {formatRef, kinds, localKey, type ObjectRef} from '../../resources/index.js'
import {claimedBy} from '../../resources/named.js'
import {clashesIn, type Clash} from '../../validation/claims.js'
import {madeUp, type Check} from '../model.js'
import type {Plan} from './seen.js'

const words: Readonly<Record<Clash['what'], string>> = {mac: 'MAC address', address: 'address', volume: 'volume'}

/** Whether what is to be gives an object a MAC address, an address or a volume that another one has. */
export function checkClaims({actions, cluster, will}: Plan): Check[] {
  const changed = new Map(actions.filter(({steps}) => steps.length > 0).map((action) => [localKey(action.ref), action]))
  if (changed.size === 0) return []
  const things = kinds.flatMap(({name}) => will.ofKind(name)).map((object) => ({naming: {...object, pool: undefined}}))
  // What PVE makes up, it makes up anew for each.
  const clashes = clashesIn(things).filter(({value}) => !value.includes(madeUp))
  return clashes.flatMap(({what, value, claimants}) =>
    claimants.flatMap((mine): Check[] => {
      const {kind, id, config} = mine.thing.naming
      const action = changed.get(localKey({kind, id}))
      const had = action?.is ? claimedBy({...action.is, pool: undefined}) : []
      const raw = claimedBy({kind, id, config, pool: undefined}).find(
        ({path}) => path.join() === mine.path.join(),
      )?.value
      if (!action || had.some((one) => one.what === what && one.value === raw)) return []
      const others = claimants
        .filter((one) => one !== mine)
        .map((one) => `${localKey(one.thing.naming)} (${one.path[0]})`)
      const message = `${mine.path[0]}: the ${words[what]} ${value} is that of ${others.join(', ')}, too`
      const ref: ObjectRef = {cluster, kind, id}
      const another = `${mine.path.join('.')}=…   # another one, in its manifest or behind the command`
      const suggestions = [action.is ? 'pmpc validate' : another]
      return [{object: formatRef(ref), check: 'twice', severity: 'error', message, suggestions}]
    }),
  )
}
