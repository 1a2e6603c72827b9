import {failure} from '../../errors.js'
import {FormatError, parsePropertyString} from '../../contract/property-string.js'
import {splitList} from '../../contract/scalars.js'
import {text, type Call, type Endpoints} from '../../simulation.js'

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

function parts(call: Call, key: string, value: string): Record<string, unknown> {
  const format = call.sim.contract.paths['/cluster/options']!.PUT!.parameters.properties?.[key]?.format
  const named = typeof format === 'string' ? call.sim.contract.formats[format] : format
  if (!named) return {}
  try {
    const read: Record<string, unknown> = parsePropertyString(value, named, key, call.sim.context)
    if (key === 'user-tag-access' && read['user-allow-list'] !== undefined)
      read['user-allow-list'] = splitList(String(read['user-allow-list']))
    return read
  } catch (error) {
    if (error instanceof FormatError) return {}
    throw error
  }
}

const asList = (value: unknown): string[] => splitList(String(value ?? ''))

/** Tags of the guests that a caller sees. */
export const usedTags = (call: Call): string[] =>
  Object.values(call.state.guests)
    .filter(({vmid}) => call.sim.permissions.has(call.auth, `/vms/${vmid}`, 'VM.Audit'))
    .flatMap(({config}) => asList(config.tags))

/** Which tags users may set: by `user-allow`, those of its list, and those that are registered for administrators. */
export function tagAccess(call: Call): {mode: string; listed: string[]; registered: string[]} {
  const {options} = call.state
  const given = options['user-tag-access']
  const access = given === undefined ? {} : parts(call, 'user-tag-access', String(given))
  return {
    mode: String(access['user-allow'] ?? 'free'),
    listed: (access['user-allow-list'] as string[] | undefined) ?? [],
    registered: asList(options['registered-tags']),
  }
}

/** Tags that anyone may set: registered ones and those of the list of free tags. */
function allowedTags(call: Call): string[] {
  const {mode, listed, registered} = tagAccess(call)
  const used = mode === 'free' ? usedTags(call) : []
  return [...new Set([...registered, ...listed, ...used])].sort()
}

function show(call: Call): unknown {
  const {options} = call.state
  if (!call.sim.permissions.has(call.auth, '/', 'Sys.Audit')) {
    const open = ['console', 'tag-style'].filter((key) => options[key] !== undefined)
    return {
      'allowed-tags': allowedTags(call),
      ...Object.fromEntries(
        open.map((key) => [key, spread.has(key) ? parts(call, key, String(options[key])) : options[key]]),
      ),
    }
  }
  const out: Record<string, unknown> = {description: '', mac_prefix: 'BC:24:11', 'allowed-tags': allowedTags(call)}
  for (const [key, value] of Object.entries(options)) {
    if (key === 'registered-tags') out[key] = asList(value).sort()
    else out[key] = spread.has(key) ? numbers(key, parts(call, key, String(value))) : value
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
    ...(parts(call, 'next-id', next) as {lower?: string; upper?: string}),
  }
  if (Number(lower) >= Number(upper)) throw failure(`lower (${lower}) <= upper (${upper}) boundary rule broken`)
}

function update(call: Call): unknown {
  const schema = call.sim.contract.paths['/cluster/options']!.PUT!.parameters.properties!
  checkRange(call)
  for (const key of splitList(text(call, 'delete') ?? '')) delete call.state.options[key]
  for (const [key, value] of Object.entries(call.param)) {
    if (key === 'delete') continue
    if (key === 'description') call.state.options[key] = `${String(value).replace(/\n$/, '')}\n`
    else if (schema[key]?.type === 'boolean') call.state.options[key] = Number(value)
    else call.state.options[key] = String(value)
  }
  return null
}

export const optionEndpoints: Endpoints = {
  'GET /cluster/options': show,
  'PUT /cluster/options': update,
}
