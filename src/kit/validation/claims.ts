import {isIP} from 'node:net'
import {isMap, own, type Value} from '../resources/index.js'
import {claimedBy, type Claimed} from '../resources/named.js'
import {called, isRecordedAt, type Say} from './remark.js'
import type {Thing, World} from './world.js'

/** Something that two objects claim, or one of them twice. */
export interface Clash {
  what: Claimed['what']
  value: string
  /** In the order in which they were given. */
  claimants: {thing: Thing; path: readonly string[]}[]
}

const words: Readonly<Record<Claimed['what'], string>> = {mac: 'MAC address', address: 'address', volume: 'volume'}

/** MAC addresses, addresses and volumes that are there twice. Both places are told of, where they are manifests. */
export function checkClaims(world: World, say: Say): void {
  for (const {what, value, claimants} of clashesIn(world.things.values())) {
    const isSo = claimants.every(({thing, path}) => !thing.declared || isRecordedAt(thing, path))
    for (const mine of claimants) {
      if (!mine.thing.declared) continue
      const others = claimants
        .filter((one) => one !== mine)
        .map(({thing, path}) => `${called(thing.naming)} ${path[0]!}`)
      say({
        thing: mine.thing,
        severity: isSo ? 'warning' : 'error',
        code: `duplicate-${what}`,
        message: `${called(mine.thing.naming)} ${mine.path[0]!}: the ${words[what]} ${value} is that of ${others.join(', ')}, too`,
        path: ['config', ...mine.path],
      })
    }
  }
}

/** What is claimed more than once in a cluster. Pure. */
export function clashesIn(things: Iterable<Pick<Thing, 'naming'>>): Clash[] {
  const claims = new Map<string, Clash>()
  for (const thing of things as Iterable<Thing>)
    for (const claimed of claimedBy(thing.naming)) {
      const value = valueOf[claimed.what](claimed.value)
      if (value === undefined || mayShare(thing, claimed)) continue
      const key = `${claimed.what} ${value}`
      const clash = claims.get(key) ?? {what: claimed.what, value, claimants: []}
      clash.claimants.push({thing, path: claimed.path})
      claims.set(key, clash)
    }
  return [...claims.values()].filter(({claimants}) => claimants.length > 1)
}

/** In one spelling; undefined for a word that stands for no value of its own. */
const valueOf: Readonly<Record<Claimed['what'], (text: string) => string | undefined>> = {
  mac: (text) => (/^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(text) ? text.toUpperCase() : undefined),
  address(text) {
    const address = text.replace(/\/.*$/s, '')
    const family = isIP(address)
    // What starts a link by itself is the same on many of them.
    if (family === 0 || /^(?:0\.0\.0\.0$|127\.|169\.254\.|fe[89ab]|::1?$)/i.test(address)) return undefined
    return family === 4 ? address : new URL(`http://[${address}]`).hostname.slice(1, -1)
  },
  // Not those that are yet to be made, by their size or as a cloud-init drive, nor images, which many may read.
  volume: (text) => (/^[\w.-]+:(?!(?:\d+(?:\.\d+)?|cloudinit)$|iso\/|import\/)./.test(text) ? text : undefined),
}

/** A template never runs; and a disk may be meant for several VMs (qm.conf(5), `shared`). */
function mayShare({naming: {config}}: Thing, {what, path}: Claimed): boolean {
  if (what !== 'volume') return config.template === 1
  const drive: Value | undefined = own(config, path[0]!)
  return isMap(drive) && drive.shared === 1 && 'file' in drive
}
