import {forbidden} from '../errors.js'
import {splitList} from '../contract/scalars.js'
import type {Call} from '../calls/call.js'
import type {Scalar} from '../state/model.js'
import {optionParts} from '../calls/options.js'

/**
 * Refuses tags that the caller may neither set nor take away: registered ones, and those that `user-tag-access` does not allow.
 * Who may modify the cluster may set any. Fact: pve-guest-common, PVE/GuestHelpers.pm assert_tag_permissions. @throws ApiError 403
 */
export function checkTags(call: Call, before: Scalar | undefined, after: unknown): void {
  if (call.sim.permissions.has(call.auth, '/', 'Sys.Modify')) return
  const [old, wanted] = [before, after].map((tags) => splitList(String(tags ?? '')))
  const changed = [...old!.filter((tag) => !wanted!.includes(tag)), ...wanted!.filter((tag) => !old!.includes(tag))]
  const {mode, listed, registered} = tagAccess(call)
  const known = mode === 'free' || mode === 'existing' ? usedTags(call) : []
  const allowed = new Set([...(mode === 'none' ? [] : listed), ...known])
  const refused = changed.find((tag) => registered.includes(tag) || (mode !== 'free' && !allowed.has(tag)))
  if (refused !== undefined) throw forbidden(`/, Sys.Modify for modifying tag '${refused}'`)
}

export const asList = (value: unknown): string[] => splitList(String(value ?? ''))

/** Tags of the guests that a caller sees. */
export const usedTags = (call: Call): string[] =>
  Object.values(call.sim.state.guests)
    .filter(({vmid}) => call.sim.permissions.has(call.auth, `/vms/${vmid}`, 'VM.Audit'))
    .flatMap(({config}) => asList(config.tags))

/** Which tags users may set: by `user-allow`, those of its list, and those that are registered for administrators. */
export function tagAccess(call: Call): {mode: string; listed: string[]; registered: string[]} {
  const {options} = call.sim.state
  const given = options['user-tag-access']
  const access = given === undefined ? {} : optionParts(call, 'user-tag-access', String(given))
  return {
    mode: String(access['user-allow'] ?? 'free'),
    listed: (access['user-allow-list'] as string[] | undefined) ?? [],
    registered: asList(options['registered-tags']),
  }
}
