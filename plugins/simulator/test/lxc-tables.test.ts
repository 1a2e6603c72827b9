import {expect} from 'chai'
import {readLines, referencePath} from '../../../test/support/reference.js'
import {Lab, type Answer} from './support.js'

interface Outcome {
  status?: number
  error: {message?: string; errors?: Record<string, string>} | null
  pending: Record<string, unknown>[]
}

interface Row extends Outcome {
  auth?: string
  key: string
  sent: string
  config: unknown
  configCurrent?: unknown
  tokenError?: Outcome['error']
  delete?: Outcome
}

const rowsOf = (name: string): Row[] => readLines<Row>(referencePath('daemon', 'tables', `${name}.jsonl`))

type Headers = Record<string, string>

/** Headers of root@pam itself, with a ticket. */
async function rootTicket(lab: Lab): Promise<Headers> {
  const form = {username: 'root@pam', password: 'rootpass1'}
  const {body} = await lab.send('/access/ticket', {method: 'POST', form, token: false})
  const {ticket, CSRFPreventionToken} = body.data as unknown as {ticket: string; CSRFPreventionToken: string}
  return {Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken}
}

/** A container of the daemon's host, as the tables were made with. */
class Container {
  constructor(
    readonly lab: Lab,
    readonly vmid: number,
    readonly ticket: Headers,
  ) {}

  put(form: Record<string, string>, auth = 'root'): Promise<Answer> {
    const asRoot = auth === 'root' ? {} : {token: false as const, headers: this.ticket}
    return this.lab.send(`/nodes/pve1/lxc/${this.vmid}/config`, {method: 'PUT', form, ...asRoot})
  }

  async pending(key: string): Promise<Record<string, unknown>[]> {
    const list = await this.lab.get<Record<string, unknown>[]>(`/nodes/pve1/lxc/${this.vmid}/pending`)
    return list.filter((entry) => entry.key === key)
  }

  async config(key: string, query = ''): Promise<unknown> {
    const config = await this.lab.get<Record<string, unknown>>(`/nodes/pve1/lxc/${this.vmid}/config${query}`)
    return config[key] ?? null
  }
}

const refused = (answer: Answer): Outcome['error'] =>
  answer.status === 200 ? null : (answer.body as unknown as Outcome['error'])

const shape = (error: Outcome['error']): unknown =>
  error === null ? null : {message: error.message, errors: error.errors}

/** Volumes are numbered as they were made: which number is another matter. */
const unnumbered = (value: unknown): unknown =>
  JSON.parse((JSON.stringify(value) ?? 'null').replace(/(vm-\d+-disk-)\d+/g, '$1N')) as unknown

describe('the tables of the real daemon about containers', function () {
  this.timeout(30_000)
  const template = 'local:vztmpl/debian-12-standard_12.5-1_amd64.tar.gz'
  let lab: Lab
  let ticket: Headers
  beforeEach(async () => {
    lab = await Lab.start({seed: 'daemon'})
    ticket = await rootTicket(lab)
  })
  afterEach(() => lab.stop())

  it('hold for every key of a stopped container', async () => {
    const rows = rowsOf('lxc-keys-table')
    const base = {vmid: '200', hostname: 'ct200', ostemplate: template, rootfs: 'local:1', memory: '512'}
    const container = new Container(lab, 200, ticket)
    await lab.run('POST', '/nodes/pve1/lxc', {...base, net0: 'name=eth0,bridge=vmbr0,ip=dhcp'})
    for (const row of rows) {
      const title = `${row.key}=${row.sent}`
      const {key, auth} = row
      const guest = lab.simulator.simulation.state.guests[200]!
      delete guest.lock
      if (row.tokenError)
        expect(shape(refused(await container.put({[key]: row.sent}))), title).to.eql(shape(row.tokenError))
      expect(shape(refused(await container.put({[key]: row.sent}, auth))), title).to.eql(shape(row.error))
      expect(unnumbered(await container.config(key)), title).to.eql(unnumbered(row.config))
      expect(unnumbered(await container.pending(key)), title).to.eql(unnumbered(row.pending))
      if (!row.delete) continue
      expect(shape(refused(await container.put({delete: key}, auth))), `delete ${title}`).to.eql(
        shape(row.delete.error),
      )
      expect(await container.pending(key), `delete ${title}`).to.eql(row.delete.pending)
    }
  })

  it('hold for every key of a running container', async () => {
    const rows = rowsOf('lxc-running-table')
    const container = new Container(lab, 201, ticket)
    await lab.run('POST', '/nodes/pve1/lxc', {
      vmid: '201',
      ostemplate: template,
      rootfs: 'local:1',
      hostname: 'full',
      cores: '2',
      cpulimit: '1.5',
      cpuunits: '200',
      memory: '128',
      swap: '64',
      features: 'nesting=1',
      nameserver: '192.0.2.53 192.0.2.54',
      net0: 'name=eth0,bridge=vmbr0,ip=192.0.2.10/24,gw=192.0.2.1',
      mp0: 'local:1,mp=/data,backup=1',
      protection: '1',
      cmode: 'shell',
      console: '1',
    })
    await lab.run('POST', '/nodes/pve1/lxc/201/status/start')
    // The bridge that one row misses was there in all other recordings.
    for (const row of rows.filter(({key}) => key !== 'net1')) {
      const title = `${row.key}=${row.sent}`
      expect(shape(refused(await container.put({[row.key]: row.sent}, 'ticket'))), title).to.eql(shape(row.error))
      expect(await container.config(row.key), title).to.eql(row.config)
      expect(await container.config(row.key, '?current=1'), title).to.eql(row.configCurrent)
      expect(await container.pending(row.key), title).to.eql(row.pending)
    }
  })
})
