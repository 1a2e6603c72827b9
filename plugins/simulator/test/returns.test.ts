import {expect} from 'chai'
import {contractText} from '../../../test/support/reference.js'
import {endpoints} from '../src/endpoints/all.js'
import {Lab} from './support.js'

interface Schema {
  type?: string
  enum?: unknown[]
  optional?: boolean | number
  properties?: Record<string, Schema>
  items?: Schema
}

interface Reference {
  paths: Record<string, Record<string, {returns?: Schema} | undefined> | undefined>
}

/** Where real hosts answer otherwise than the contract says as recordings of them show; recordings win. */
const exceptions: RegExp[] = [
  // Parsed from property strings, as the real daemon answers.
  /vzdump\/defaults\.(?:fleecing|performance): no string/,
  // Only where it is so, see PVE/Diskmanage.pm of pve-storage.
  /disks\/list\[\]\.mounted: missing/,
]

/** Numbers, strings and booleans stand for each other in Perl; only shapes are told apart. */
function problems(value: unknown, schema: Schema | undefined, at: string): string[] {
  if (!schema || value === null || value === undefined) return []
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`${at}: not a list`]
    return value.slice(0, 20).flatMap((item) => problems(item, schema.items, `${at}[]`))
  }
  if (schema.type === 'object') {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${at}: not an object`]
    const properties = schema.properties ?? {}
    return Object.entries(properties).flatMap(([key, part]) => {
      const inner = (value as Record<string, unknown>)[key]
      if (inner === undefined && !part.optional && !/[[{]/.test(key)) return [`${at}.${key}: missing`]
      return problems(inner, part, `${at}.${key}`)
    })
  }
  if (schema.type === 'integer' && !/^-?\d+$/.test(String(value)))
    return [`${at}: ${JSON.stringify(value)} is no integer`]
  if (schema.type === 'number' && !Number.isFinite(Number(value)))
    return [`${at}: ${JSON.stringify(value)} is no number`]
  if (schema.type === 'string' && typeof value === 'object') return [`${at}: no string`]
  if (schema.enum && !schema.enum.map(String).includes(String(value)))
    return [`${at}: ${JSON.stringify(value)} is none of ${schema.enum.join(', ')}`]
  return []
}

const fillers: Record<string, string> = {
  node: 'pve1',
  storage: 'local',
  userid: 'root@pam',
  tokenid: 'sim',
  realm: 'pve',
  poolid: 'web',
  roleid: 'PVEAdmin',
  groupid: 'shop',
  snapname: 'current',
  iface: 'vmbr0',
}

const fill = (path: string): string =>
  path.replace(/\{([^}]+)\}/g, (_, key: string) =>
    key === 'vmid' ? (path.includes('/lxc/') ? '200' : '100') : (fillers[key] ?? 'x'),
  )

describe('answers against the contract', () => {
  for (const release of ['8.4', '9.2'] as const) {
    it(`of ${release}: every list and object that can be read has the shape the contract tells`, async function () {
      this.timeout(60_000)
      const {paths} = JSON.parse(contractText(release)) as Reference
      const lab = await Lab.start({seed: 'cluster', pve: release})
      const found: string[] = []
      let read = 0
      try {
        for (const name of Object.keys(endpoints)) {
          const [verb, path] = name.split(' ') as [string, string]
          if (verb !== 'GET' || !paths[path]?.GET) continue
          const answer = await lab.send(fill(path))
          if (answer.status !== 200) continue
          read++
          found.push(...problems(answer.body.data, paths[path].GET.returns, name))
        }
      } finally {
        await lab.stop()
      }
      expect(read).to.be.greaterThan(80)
      const surprises = [...new Set(found)].filter((line) => !exceptions.some((pattern) => pattern.test(line)))
      expect(surprises, surprises.join('\n')).to.have.length(0)
    })
  }
})
