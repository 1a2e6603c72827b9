import type {NodeState} from '../state/model.js'

/** Sockets and level of a key: `pve2b-…` is Basic for two. */
export function keyParts(key: string): {sockets: number; level: string} {
  const [, count, level] = /^pve([1248])([cbsp])-/.exec(key)!
  return {sockets: Number(count), level: level!}
}

/** The level that lists of nodes show. */
export const subscriptionLevel = ({subscription}: NodeState): string =>
  subscription?.status === 'active' ? keyParts(subscription.key).level : ''
