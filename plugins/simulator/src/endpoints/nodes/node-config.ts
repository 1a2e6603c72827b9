import {isIP} from 'node:net'
import {badParameter, failure} from '../../errors.js'
import {keptNotes} from '../../state/notes.js'
import type {Format} from '../../contract/property-string.js'
import {parsePropertyString} from '../../contract/schema.js'
import {splitList} from '../../contract/scalars.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import {sha1} from '../../state/digest.js'
import type {Config} from '../../state/model.js'
import {findNode} from '../../calls/node.js'
import {sectionsOf, changedMeanwhile} from '../../calls/sections.js'

function checkDigest(call: Call, current: string): void {
  const wanted = text(call, 'digest')
  if (wanted !== undefined && wanted !== '' && wanted !== current) throw failure(changedMeanwhile)
}

const configDigest = (config: Config): string => sha1(JSON.stringify(config))

function showConfig(call: Call): unknown {
  const {config} = findNode(call)
  const only = text(call, 'property')
  if (only !== undefined) return config[only] === undefined ? {} : {[only]: config[only]}
  return Object.keys(config).length === 0 ? {} : {...config, digest: configDigest(config)}
}

/** Domains of the node's certificate must be named once, and their plugins be there. @throws ApiError 500 */
function checkAcme(call: Call, config: Config): void {
  const schema = call.sim.contract.paths['/nodes/{node}/config']!.PUT!.parameters.properties!
  const parse = (key: string): Record<string, unknown> => {
    const format = schema[key]?.format
    const value = config[key]
    return value === undefined || typeof format !== 'object'
      ? {}
      : parsePropertyString(String(value), format as Format, key, call.sim.context)
  }
  const named: Record<string, string> = {}
  const {domains} = parse('acme')
  for (const domain of splitList(String(domains ?? ''))) named[domain.toLowerCase()] = 'acme'
  for (const key of Object.keys(schema).filter((name) => /^acmedomain\d+$/.test(name))) {
    const {domain: given, plugin} = parse(key)
    if (given === undefined) continue
    const domain = String(given).toLowerCase()
    if (named[domain] !== undefined)
      throw failure(`duplicate domain '${domain}' in ACME config properties '${key}' and '${named[domain]}'`)
    if (plugin !== undefined && plugin !== 'standalone' && !sectionsOf(call, 'acme/plugins')[String(plugin)])
      throw failure(`plugin '${String(plugin)}' for domain '${domain}' not found!`)
    named[domain] = key
  }
}

const notSettings = ['node', 'delete', 'digest']

function updateConfig(call: Call): unknown {
  const node = findNode(call)
  checkDigest(call, configDigest(node.config))
  const config = {...node.config}
  for (const [key, value] of Object.entries(call.param)) {
    if (notSettings.includes(key)) continue
    config[key] = key === 'description' ? keptNotes('node', String(value)) : String(value)
  }
  if (config.description === '') delete config.description
  for (const key of splitList(text(call, 'delete') ?? '')) delete config[key]
  checkAcme(call, config)
  node.config = config
  return null
}

/** What is read back of /etc/resolv.conf: one search domain, each server once. */
function updateDns(call: Call): unknown {
  const servers = ['dns1', 'dns2', 'dns3']
    .map((key) => text(call, key))
    .filter((server) => server !== undefined && server !== '' && server !== '0.0.0.0')
  const dns: Config = {}
  const search = required(call, 'search').trim().split(/\s+/)[0]
  if (search) dns.search = search
  ;[...new Set(servers)].forEach((server, index) => (dns[`dns${index + 1}`] = server!))
  findNode(call).dns = dns
  return null
}

function updateHosts(call: Call): unknown {
  const node = findNode(call)
  const data = required(call, 'data')
  checkDigest(call, sha1(node.hosts))
  for (const line of data.split('\n')) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const [address, ...names] = line.split(/\s+/) as [string, ...string[]]
    if (isIP(address) === 0) throw badParameter('data', `Invalid IP '${address}'`)
    const wrong = names.find((name) => name !== '' && !/^[.\-a-zA-Z0-9]+$/.test(name))
    if (wrong !== undefined) throw badParameter('data', `Invalid Hostname '${wrong}'`)
  }
  node.hosts = data
  return null
}

/** Whether there is a time zone of this name, written just so: PVE looks for its file. */
function isTimeZone(name: string): boolean {
  try {
    const {timeZone} = new Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions()
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase()
  } catch {
    return false
  }
}

function updateTime(call: Call): unknown {
  const timezone = required(call, 'timezone')
  if (!isTimeZone(timezone)) throw badParameter('timezone', 'No such timezone')
  findNode(call).timezone = timezone
  return null
}

export const nodeConfigEndpoints: Endpoints = {
  'GET /nodes/{node}/config': showConfig,
  'PUT /nodes/{node}/config': updateConfig,
  'GET /nodes/{node}/dns': (call) => ({...findNode(call).dns}),
  'PUT /nodes/{node}/dns': updateDns,
  'GET /nodes/{node}/hosts': (call) => ({data: findNode(call).hosts, digest: sha1(findNode(call).hosts)}),
  'POST /nodes/{node}/hosts': updateHosts,
  'PUT /nodes/{node}/time': updateTime,
}
