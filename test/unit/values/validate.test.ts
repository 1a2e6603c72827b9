import {expect} from 'chai'
import {type Contract, contractVersion, loadContract} from '../../../src/kit/values/index.js'
import {least, contractText, filesIn, readLines, referencePath} from '../../support/reference.js'

interface Exchange {
  seq: number
  method: string
  path: string
  query: string | Record<string, string> | null
  requestBody: Record<string, unknown> | string | null
  status: number
  body: {errors?: Record<string, string>} | null
}

/** A call of the contract and its path as a pattern; the last variable of `/content/{volume}` may hold slashes. */
interface Route {
  call: string
  verb: string
  pattern: RegExp
  variables: string[]
}

function routesOf(calls: string[]): Route[] {
  return calls.map((call) => {
    const [verb, at] = call.split(' ') as [string, string]
    const variables = [...at.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
    const text = at.replaceAll(/\{([^}]+)\}/g, (_, name: string) => (name === 'volume' ? '(.+)' : '([^/]+)'))
    return {call, verb, pattern: new RegExp(`^${text}$`), variables}
  })
}

/** The call of a request with all of its parameters; undefined where the contract has none. */
function callOf(
  {method, path, query, requestBody}: Exchange,
  routes: Route[],
): {call: string; parameters: Record<string, unknown>} | undefined {
  const fitting = routes
    .filter(({verb, pattern}) => verb === method && pattern.test(path))
    .sort((a, b) => a.variables.length - b.variables.length)
  const route = fitting[0]
  if (!route || typeof requestBody === 'string') return undefined
  const found = route.pattern.exec(path)!
  const variables = Object.fromEntries(
    route.variables.map((name, index) => [name, decodeURIComponent(found[index + 1]!)]),
  )
  const asked = typeof query === 'string' ? Object.fromEntries(new URLSearchParams(query)) : query
  return {call: route.call, parameters: {...requestBody, ...asked, ...variables}}
}

/** Texts that come from the state of the host and not from the schema of a parameter. */
const fromState =
  /exist|no such|unknown (?:option|macro|action|privilege)|already|is local node|invalid (?:ACL path|rule type)|is required\.|neither |hotplug|does not support vm images|worker upid|No such|wrong file extension|Only root|conflicting values|at the same time|is required for iso|not allowed for this rule|unable to (?:apply pending|delete)|requires special syntax|cannot use role|- 'dport' requires|Invalid IP 'garbage'|^property is missing and it is not optional$/

describe('values: checks of parameters', () => {
  let contract: Contract
  before(async () => {
    contract = await loadContract('9.2')
  })

  it('take what is right', () => {
    expect(
      contract.validate('POST /nodes/{node}/qemu', {
        node: 'pve1',
        vmid: 100,
        net31: 'virtio,bridge=vmbr0',
        onboot: true,
      }),
    ).to.deep.equal({})
    expect(
      contract.validate('PUT /nodes/{node}/qemu/{vmid}/config', {node: 'pve1', vmid: 100, cpu: 'custom-own'}),
    ).to.deep.equal({})
    expect(contract.validate('GET /version', {})).to.deep.equal({})
  })

  it('say what PVE says', () => {
    const errors = contract.validate('POST /nodes/{node}/qemu', {
      node: 'pve1',
      vmid: '99',
      net32: 'virtio',
      net0: 'virtio,tag=5000,bogus=1',
      onboot: 'yes',
      agent: {enabled: 1},
    })
    expect(errors).to.deep.equal({
      vmid: 'invalid format - value does not look like a valid VM ID\n',
      net32: 'property is not defined in schema and the schema does not allow additional properties',
      net0:
        'invalid format - format error\nnet0.bogus: property is not defined in schema and the schema does not allow additional properties\n' +
        'net0.tag: value must have a maximum value of 4094\n',
      onboot: "type check ('boolean') failed - got 'yes'",
      agent: "type check ('string') failed - got HASH",
    })
  })

  it('know what each version has', async () => {
    const older = await loadContract('8.4')
    expect(contract.has('GET /cluster/ha/rules')).to.equal(true)
    expect(older.has('GET /cluster/ha/rules')).to.equal(false)
    expect(contract.has('GET /no/such')).to.equal(false)
    expect(contract.has('constructor')).to.equal(false)
    expect(contract.takes('PUT /nodes/{node}/qemu/{vmid}/config', 'allow-ksm')).to.equal(true)
    expect(older.takes('PUT /nodes/{node}/qemu/{vmid}/config', 'allow-ksm')).to.equal(false)
    expect(['8.4', '8.0', '9.0', '9.2', '10.1'].map(contractVersion)).to.deep.equal(['8.4', '8.4', '9.2', '9.2', '9.2'])
  })

  it('take a list as PVE takes repeated keys', () => {
    const call = 'PUT /nodes/{node}/qemu/{vmid}/config'
    expect(contract.validate(call, {node: 'pve1', vmid: 100, delete: ['net0', 'scsi1']})).to.deep.equal({})
    expect(contract.validate(call, {node: 'pve1', vmid: 100, name: ['a', 'b']})).to.deep.equal({
      name: "type check ('string') failed - got ARRAY",
    })
    expect(
      contract.validate('POST /nodes/{node}/qemu/{vmid}/agent/exec', {node: 'pve1', vmid: 100, command: 'ls'}),
    ).to.deep.equal({})
  })

  it('know the CPU models of the cluster where they are given', async () => {
    const own = await loadContract('9.2', ['own'])
    const check = (cpu: string): unknown =>
      own.validate('PUT /nodes/{node}/qemu/{vmid}/config', {node: 'pve1', vmid: 100, cpu})
    expect(check('custom-own')).to.deep.equal({})
    expect(check('custom-other')).to.deep.equal({cpu: "invalid format - Custom cputype 'other' not found\n"})
  })

  it('agree with the daemon on every request that it took or refused', async () => {
    const folders = ['daemon', 'clients'].map((name) => referencePath(name))
    const {paths} = JSON.parse(contractText('9.2')) as {paths: Record<string, Record<string, unknown>>}
    const routes = routesOf(
      Object.entries(paths).flatMap(([at, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${at}`)),
    )
    const strict = await loadContract('9.2', [])
    let taken = 0
    let refused = 0
    for (const file of folders.flatMap((folder) => filesIn(folder, '.jsonl'))) {
      for (const exchange of readLines<Exchange>(file)) {
        const found = callOf(exchange, routes)
        if (!found) continue
        const ours = strict.validate(found.call, found.parameters)
        const theirs = exchange.body?.errors
        const name = `${file} ${exchange.seq} ${found.call}`
        if (exchange.status === 200) {
          expect(ours, name).to.deep.equal({})
          taken++
        } else if (theirs && !exchange.path.startsWith('/cluster/ha/rules')) {
          const schemaOnly = Object.values(theirs).every(
            (text) => !fromState.test(text) || Object.values(ours).includes(text),
          )
          if (!schemaOnly) continue
          expect(ours, name).to.deep.equal(theirs)
          refused++
        }
      }
    }
    expect(taken).to.be.greaterThan(least(4000, 500))
    expect(refused).to.be.greaterThan(least(250, 20))
  })
})
