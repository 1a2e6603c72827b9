import {failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {text, type Call, type Endpoints} from '../../calls/call.js'
import {optionParts} from '../../calls/options.js'
import {keptNotes} from '../../state/notes.js'
import {tagAccess, usedTags, asList} from '../../guests/tags.js'

/** Options that answers show as objects, as they are read from datacenter.cfg. */
const spread = new Set([
  'migration',
  'ha',
  'crs',
  'u2f',
  'webauthn',
  'next-id',
  'tag-style',
  'user-tag-access',
  'notify',
  'replication',
])

/** Tags that anyone may set: registered ones and those of the list of free tags. */
function allowedTags(call: Call): string[] {
  const {mode, listed, registered} = tagAccess(call)
  const used = mode === 'free' ? usedTags(call) : []
  return [...new Set([...registered, ...listed, ...used])].sort()
}

function show(call: Call): unknown {
  const {options} = call.sim.state
  if (!call.sim.permissions.has(call.auth, '/', 'Sys.Audit')) {
    const open = ['console', 'tag-style'].filter((key) => options[key] !== undefined)
    return {
      'allowed-tags': allowedTags(call),
      ...Object.fromEntries(
        open.map((key) => [key, spread.has(key) ? optionParts(call, key, String(options[key])) : options[key]]),
      ),
    }
  }
  const out: Record<string, unknown> = {description: '', mac_prefix: 'BC:24:11', 'allowed-tags': allowedTags(call)}
  for (const [key, value] of Object.entries(options)) {
    if (key === 'registered-tags') out[key] = asList(value).sort()
    else out[key] = spread.has(key) ? numbers(key, optionParts(call, key, String(value))) : value
  }
  return out
}

/** Booleans of these options are numbers, everything else text. */
function numbers(key: string, values: Record<string, unknown>): Record<string, unknown> {
  return key === 'next-id'
    ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
    : values
}

function checkRange(call: Call): void {
  const next = text(call, 'next-id')
  if (next === undefined) return
  const {lower, upper} = {
    lower: '100',
    upper: '1000000',
    ...(optionParts(call, 'next-id', next) as {lower?: string; upper?: string}),
  }
  if (Number(lower) >= Number(upper)) throw failure(`lower (${lower}) <= upper (${upper}) boundary rule broken`)
}

function update(call: Call): unknown {
  const schema = call.sim.contract.paths['/cluster/options']!.PUT!.parameters.properties!
  checkRange(call)
  for (const key of splitList(text(call, 'delete') ?? '')) delete call.sim.state.options[key]
  for (const [key, value] of Object.entries(call.param)) {
    if (key === 'delete') continue
    if (key === 'description') call.sim.state.options[key] = keptNotes('datacenter', String(value))
    else if (schema[key]?.type === 'boolean') call.sim.state.options[key] = Number(value)
    else call.sim.state.options[key] = String(value)
  }
  settle(call)
  return null
}

/** What `migration` has taken the place of becomes that where it stands alone. Fact: pve-cluster, PVE/DataCenterConfig.pm (write_datacenter_config); seen on the real daemon. */
function settle({sim: {state}}: Call): void {
  const {migration, migration_unsecure: isUnsecure} = state.options
  if (isUnsecure === undefined || migration !== undefined) return
  delete state.options.migration_unsecure
  state.options.migration = `type=${Number(isUnsecure) === 1 ? 'insecure' : 'secure'}`
}

export const optionEndpoints: Endpoints = {
  'GET /cluster/options': show,
  'PUT /cluster/options': update,
}
