/**
 * Condenses the official API contracts into what the simulator needs: parameters, permissions and routing of each method.
 * Usage: node plugins/simulator/scripts/condense-contract.mjs FOLDER_OF_CONTRACTS
 * Prose and return schemas are left out; schemas that occur more than once are stored once and referred to as {"$": index}.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

const source = process.argv[2]
if (!source) throw new Error('usage: condense-contract.mjs FOLDER_OF_CONTRACTS')
const target = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../src/contract')

const prose = new Set(['description', 'verbose_description', 'format_description', 'title', 'typetext'])

/** A schema without prose. A property may itself be called `description`: below `properties` and formats names are kept. */
function bare(schema, names = false) {
  if (Array.isArray(schema)) return schema.map((item) => bare(item))
  if (schema === null || typeof schema !== 'object') return schema
  const out = {}
  for (const [key, value] of Object.entries(schema)) {
    if (!names && prose.has(key) && typeof value === 'string') continue
    if (!names && key === 'default') continue
    out[key] = bare(value, !names && (key === 'properties' || key === 'format'))
  }
  return out
}

function condense(contract) {
  const counts = new Map()
  const count = (node) => {
    if (node === null || typeof node !== 'object') return
    const text = JSON.stringify(node)
    if (text.length > 60) counts.set(text, (counts.get(text) ?? 0) + 1)
    for (const value of Object.values(node)) count(value)
  }
  const paths = {}
  for (const [path, methods] of Object.entries(contract.paths)) {
    paths[path] = {}
    for (const [verb, method] of Object.entries(methods)) {
      const {name, parameters, permissions, protected: isProtected, proxyto, allowtoken, returns} = method
      const link = verb === 'GET' ? /^\{(.+)\}$/.exec(returns?.links?.[0]?.href ?? '')?.[1] : undefined
      paths[path][verb] = {
        name,
        parameters: bare(parameters ?? {}),
        ...(permissions && {permissions: {check: permissions.check, user: permissions.user}}),
        ...(isProtected && {protected: true}),
        ...(proxyto && {proxyto}),
        ...(link && {link}),
        ...(allowtoken === false && {allowtoken: false}),
      }
    }
  }
  const formats = Object.fromEntries(
    Object.entries(contract.formats).map(([name, format]) => [name, bare(format, true)]),
  )
  for (const methods of Object.values(paths)) for (const method of Object.values(methods)) count(method.parameters)
  count(formats)
  const shared = []
  const index = new Map()
  const refer = (node) => {
    if (node === null || typeof node !== 'object') return node
    const text = JSON.stringify(node)
    if ((counts.get(text) ?? 0) > 1) {
      if (!index.has(text)) {
        const place = shared.length
        index.set(text, place)
        shared.push(null)
        shared[place] = inner(node)
      }
      return {$: index.get(text)}
    }
    return inner(node)
  }
  const inner = (node) =>
    Array.isArray(node)
      ? node.map(refer)
      : Object.fromEntries(Object.entries(node).map(([key, value]) => [key, refer(value)]))
  for (const methods of Object.values(paths))
    for (const method of Object.values(methods)) method.parameters = refer(method.parameters)
  return {version: contract.version, indexed: contract.indexed, formats: refer(formats), shared, paths}
}

for (const release of ['8.4', '9.2']) {
  const contract = JSON.parse(readFileSync(join(source, `pve-${release}.json`), 'utf8'))
  const text = JSON.stringify(condense(contract))
  writeFileSync(join(target, `${release}.json`), text + '\n')
  console.log(`${release}: ${Math.round(text.length / 1024)} KiB`)
}
const roles = JSON.parse(readFileSync(join(source, 'roles.json'), 'utf8'))
writeFileSync(join(target, 'roles.json'), JSON.stringify(roles) + '\n')
