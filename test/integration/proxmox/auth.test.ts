import {expect} from 'chai'
import {createClient, type Writer} from '../../../src/kit/proxmox/index.js'
import {
  failureOf,
  makeAuthority,
  makeIdentity,
  ok,
  quickClock,
  refuse,
  startServer,
  type Answer,
  type TestServer,
} from './support.js'

describe('tickets', () => {
  let pem: string
  let server: TestServer
  let client: Writer
  let issued = 0
  let valid = new Set<string>()
  const clock = quickClock()

  /** As PVE does it: a ticket is good as a password too, and every method but GET needs the CSRF token. */
  const answer: Answer = (request, response) => {
    if (request.path === '/access/ticket') {
      const form = new URLSearchParams(request.body)
      const password = form.get('password') ?? ''
      if (form.get('username') === 'tfa@pve')
        return ok(response, {NeedTFA: 1, ticket: 'PVE:!tfa!…', username: 'tfa@pve'})
      if (password !== 'rootpass1' && !valid.has(password)) return refuse(response, 401, 'authentication failure')
      const ticket = `PVE:root@pam:${++issued}::a+b/c==`
      valid.add(ticket)
      return ok(response, {ticket, CSRFPreventionToken: `csrf:${issued}`, username: 'root@pam'})
    }
    const cookie = decodeURIComponent(/PVEAuthCookie=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '')
    if (!valid.has(cookie)) return refuse(response, 401, 'permission denied - invalid PVE ticket')
    if (request.method !== 'GET' && request.headers.csrfpreventiontoken !== `csrf:${cookie.split(':')[2]}`)
      return refuse(response, 401, 'Permission denied - invalid csrf token')
    return ok(response, 'fine')
  }

  before(async () => {
    const authority = makeAuthority()
    pem = authority.pem
    server = await startServer(makeIdentity(authority), answer)
  })

  beforeEach(() => {
    issued = 0
    valid = new Set()
    server.received.length = 0
    client = clientOf('root@pam', 'rootpass1')
  })

  afterEach(() => client.close())
  after(() => server.close())

  function clientOf(username: string, password: string): Writer {
    return createClient({endpoints: [server.url], trust: {ca: pem}, credential: {username, password}, env: {}, clock})
  }

  const logins = () => server.received.filter(({path}) => path === '/access/ticket').length

  it('one login serves all requests that wait for it, and writes carry the CSRF token', async () => {
    await Promise.all(Array.from({length: 6}, () => client.get('/version')))
    expect(await client.request({method: 'PUT', path: '/nodes/pve1/qemu/100/config'})).to.equal('fine')
    expect(logins()).to.equal(1)
  })

  it('are renewed before two hours, with the old ticket as the password', async () => {
    await client.get('/version')
    clock.advance(111 * 60_000)
    await client.get('/version')
    expect(logins()).to.equal(2)
    expect(decodeURIComponent(server.received.at(-2)?.body ?? '')).to.contain('password=PVE:root@pam:1::a+b/c==')
  })

  it('that PVE does not like any more are replaced once, then the request is repeated', async () => {
    await client.get('/version')
    valid.clear()
    expect(await client.request({method: 'POST', path: '/nodes/pve1/qemu/100/status/start'})).to.equal('fine')
    expect(logins()).to.equal(2)
  })

  it('a wrong password is asked once, and not shown', async () => {
    const wrong = clientOf('root@pam', 'hunter2-wrong')
    const [error] = await Promise.all(Array.from({length: 9}, () => failureOf(wrong.get('/version'))))
    await wrong.close()
    expect(error).to.include({code: 'PMPC_NOT_AUTHENTICATED', exitCode: 77})
    expect(error?.message).to.contain('root@pam').and.not.to.contain('hunter2')
    expect(server.received).to.have.length(1)
  })

  it('a second factor is refused with the way out', async () => {
    const second = clientOf('tfa@pve', 'x')
    const error = await failureOf(second.get('/version'))
    await second.close()
    expect(error.code).to.equal('PMPC_SECOND_FACTOR')
    expect(error.suggestions[0]).to.contain('pveum user token add tfa@pve')
  })
})

describe('tokens', () => {
  it('that cannot be any are refused before anything is sent', () => {
    const make = (tokenId: string, secret: string) => () =>
      createClient({endpoints: ['https://192.0.2.1:8006'], trust: {system: true}, credential: {tokenId, secret}})
    expect(make('pmpc@pve', 'x')).to.throw(/no token id/)
    expect(make('pmpc@pve!sync', 'two\nlines-secret'))
      .to.throw(/never shown/)
      .with.property('message')
      .not.contain('lines-secret')
  })

  it('go to https endpoints only', () => {
    for (const endpoint of [
      'http://192.0.2.1:8006',
      '192.0.2.1',
      'https://u:p@192.0.2.1:8006',
      'https://192.0.2.1:8006/pve',
    ]) {
      expect(() => createClient({endpoints: [endpoint], trust: {system: true}}), endpoint).to.throw(/no endpoint/)
    }
  })
})
