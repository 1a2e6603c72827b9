import type {Guest, Section, State} from '../state/model.js'

/** Name of the HA resource of a guest. */
export const serviceOf = ({type, vmid}: Pick<Guest, 'type' | 'vmid'>): string =>
  `${type === 'qemu' ? 'vm' : 'ct'}:${vmid}`

/** The guest of a HA resource. */
export const guestOf = (state: State, sid: string): Guest | undefined => state.guests[sid.slice(sid.indexOf(':') + 1)]

/** The HA resource of a guest; one that is ignored is as if there were none. */
export function managedBy(state: State, guest: Guest): Section | undefined {
  const resource = state.sections['ha/resources']?.[serviceOf(guest)]
  return resource?.state === 'ignored' ? undefined : resource
}

/** What a resource is asked to be. */
export const wishOf = (resource: Section): string =>
  resource.state === undefined || resource.state === 'enabled' ? 'started' : String(resource.state)
