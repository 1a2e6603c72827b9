import {expect} from 'chai'
import {loadContract, type Method} from '../src/contract/contract.js'
import {checkObject, type Errors, type Schema} from '../src/contract/schema.js'
import {indexEndpoints} from '../src/endpoints/indexes.js'
import {endpoints} from '../src/endpoints/all.js'
import {startSimulator} from '../src/index.js'
import {Random} from '../src/state/random.js'
import {Http} from './support/http.js'

/** Values that formats and patterns take, tried in turn until one is valid. */
// prettier-ignore
const candidates = [
  'one', 'pve1', 'local', 'local-zfs', '100', '1', '0', 'root@pam', 'web', 'pve', 'vmbr0', '192.0.2.7', '192.0.2.0/24', 'BC:24:11:00:00:01',
  'local:iso/x.iso', 'order=scsi0', '/', 'PVEAuditor', 'cat:word', 'a=b', 'sat 04:00', '*/15', 'https://example.com/x', 'x@example.com',
  '12:30', '1700000000', '10G', 'ssh-ed25519 AAAA x', 'rules', 'vm:100', '100-0', 'fe80::1', '0000:01:00.0', '1234:5678', 'enabled=1',
  'UPID:pve1:000003E9:00000001:65000000:qmstart:100:root@pam:', 'a'.repeat(8), 'a'.repeat(40), 'a'.repeat(64), 'node=pve1,path=/x', 'in',
]

const names: Record<string, string> = {
  node: 'pve1',
  storage: 'local',
  userid: 'root@pam',
  poolid: 'web',
  iface: 'vmbr0',
  target: 'pve2',
  realm: 'pve',
}

/** Draws values that a method's schema takes: all that it requires, and a few that it does not. */
class Generator {
  constructor(
    private readonly context: Parameters<typeof checkObject>[4],
    private readonly random: Random,
  ) {}

  private isValid(value: unknown, schema: Schema): boolean {
    const errors: Errors = {}
    checkObject({value}, {properties: {value: schema}}, '', errors, this.context)
    return Object.keys(errors).length === 0
  }

  /** A value, or undefined where none is known. */
  value(name: string, schema: Schema): unknown {
    const tried: unknown[] = [names[name], ...(schema.enum ?? []), schema.minimum, schema.maximum]
    tried.push(...this.random.shuffle([...candidates]))
    const fits = (one: unknown): boolean => one !== undefined && this.isValid(String(one), schema)
    if (schema.type === 'array')
      return tried
        .filter((one) => one !== undefined && (!schema.items || this.isValid(String(one), schema.items)))
        .slice(0, 1)
    const found = tried.find(fits)
    return found === undefined ? undefined : String(found)
  }

  parameters(path: string, {parameters}: Method): Record<string, unknown> {
    const drawn: Record<string, unknown> = {}
    for (const [name, schema] of Object.entries(parameters.properties ?? {})) {
      if (path.includes(`{${name}}`) || (schema.optional && this.random.below(12) > 0)) continue
      const value = this.value(name, schema)
      if (value !== undefined) drawn[name] = value
    }
    for (const name of Object.keys(drawn)) {
      const needed = parameters.properties![name]!.requires
      if (needed === undefined || drawn[needed] !== undefined || path.includes(`{${needed}}`)) continue
      const value = this.value(needed, parameters.properties![needed]!)
      if (value !== undefined) drawn[needed] = value
    }
    return drawn
  }

  path(path: string, {parameters}: Method): string {
    return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
      if (name === 'vmid') return path.includes('/lxc/') ? '200' : '100'
      // No route takes white space.
      const value = String(this.value(name, parameters.properties?.[name] ?? {}) ?? 'one')
      return encodeURIComponent(value.replace(/\s.*/, ''))
    })
  }
}

describe('a walk over everything that is served', () => {
  for (const release of ['8.4', '9.2'] as const) {
    it(`of ${release}: calls with parameters that the contract takes are understood`, async function () {
      this.timeout(180_000)
      const contract = await loadContract(release)
      const options = {seed: 'cluster', pve: release, authDelay: 0, taskTime: 0, statusInterval: 0, proxyTimeout: 10}
      const simulator = await startSimulator(options)
      const generator = new Generator(simulator.simulation.context, new Random(7))
      const problems: string[] = []
      const counted = {fine: 0, refused: 0}
      try {
        const http = await Http.withTicket(simulator)
        const order = ['GET', 'POST', 'PUT', 'DELETE']
        const methods = Object.keys({...indexEndpoints(contract), ...endpoints})
          .map((method) => method.split(' ') as [string, string])
          // A password would end the walk; an upload brings a file along (storage.test.ts).
          .filter(([verb, path]) => contract.paths[path]?.[verb] !== undefined && !/\/(?:password|upload)$/.test(path))
          .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
        for (const [verb, path] of methods) {
          const method = contract.paths[path]![verb]!
          for (let round = 0; round < 2; round++) {
            const drawn = generator.parameters(path, method)
            const at = generator.path(path, method)
            const inBody = verb === 'POST' || verb === 'PUT'
            const query = new URLSearchParams(drawn as Record<string, string>).toString()
            const reply = await http.send(
              verb,
              inBody || query === '' ? at : `${at}?${query}`,
              inBody ? drawn : undefined,
            )
            if (reply.status === 200) counted.fine++
            else counted.refused++
            const unknown = reply.status === 501 || /simulator error|unknown permission check/.test(reply.body)
            if (unknown || ![200, 400, 401, 403, 404, 500].includes(reply.status))
              problems.push(`${verb} ${at} ${query}: ${reply.status} ${reply.reason}`)
          }
        }
      } finally {
        await simulator.stop()
      }
      expect([...new Set(problems)].join('\n')).to.equal('')
      expect(counted.fine).to.be.above(250)
    })
  }
})
