import {isIP} from 'node:net'
import {badParameter, failure} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import {required, text, type Call, type Endpoints} from '../../simulation.js'
import {sha1} from '../../state/digest.js'
import {findNode} from './nodes.js'
import {changedMeanwhile} from '../sections.js'

function checkDigest(call: Call, current: string): void {
  const wanted = text(call, 'digest')
  if (wanted !== undefined && wanted !== '' && wanted !== current) throw failure(changedMeanwhile)
}

const configDigest = (config: Record<string, unknown>): string => sha1(JSON.stringify(config))

function showConfig(call: Call): unknown {
  const {config} = findNode(call)
  const only = text(call, 'property')
  const shown = only === undefined ? config : Object.fromEntries(Object.entries(config).filter(([key]) => key === only))
  return Object.keys(config).length === 0 ? {} : {...shown, digest: configDigest(config)}
}

function updateConfig(call: Call): unknown {
  const {config} = findNode(call)
  checkDigest(call, configDigest(config))
  const entries = Object.entries(call.param).filter(([key]) => !['node', 'delete', 'digest'].includes(key))
  for (const [key, value] of entries) {
    const plugin = /^acmedomain/.test(key) ? /plugin=([^,]+)/.exec(String(value))?.[1] : undefined
    const domain = /(?:^|domain=)([^,=]+)/.exec(String(value))?.[1]
    if (plugin !== undefined && plugin !== 'standalone')
      throw failure(`plugin '${plugin}' for domain '${domain}' not found!`)
  }
  for (const key of splitList(text(call, 'delete') ?? '')) delete config[key]
  for (const [key, value] of entries)
    config[key] = key === 'description' ? `${String(value).replace(/\n$/, '')}\n` : String(value)
  return null
}

function updateDns(call: Call): unknown {
  const dns: Record<string, string> = {}
  for (const key of ['search', 'dns1', 'dns2', 'dns3']) {
    const value = text(call, key)
    if (value !== undefined) dns[key] = value
  }
  findNode(call).dns = dns
  return null
}

function updateHosts(call: Call): unknown {
  const node = findNode(call)
  const data = required(call, 'data')
  checkDigest(call, sha1(node.hosts))
  for (const line of data.split('\n')) {
    const address = line.trim().split(/\s+/)[0]
    if (!address || address.startsWith('#')) continue
    if (isIP(address) === 0) throw badParameter('data', `Invalid IP '${address}'`)
  }
  node.hosts = data
  return null
}

function updateTime(call: Call): unknown {
  const timezone = required(call, 'timezone')
  try {
    new Intl.DateTimeFormat('en', {timeZone: timezone})
  } catch {
    throw badParameter('timezone', 'No such timezone')
  }
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
