import {expect} from 'chai'
import {parseTotp, totpValue} from '../src/access/totp.js'
import {Lab} from './support.js'
import {Http, type Reply} from './support/http.js'

const uri = 'otpauth://totp/pve:root@pam?secret=JBSWY3DPEHPK3PXP&digits=6&algorithm=SHA1&period=30'
const seconds = (): number => Math.floor(Date.now() / 1000)
const otp = (): string => totpValue(parseTotp(uri), seconds())
const message = ({body}: Reply): string => (JSON.parse(body) as {message: string}).message

describe('values of TOTP', () => {
  it('are those of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const totp = parseTotp(`otpauth://totp/x?secret=${secret}&digits=8`)
    expect([59, 1_111_111_109, 1_234_567_890].map((time) => totpValue(totp, time))).to.deep.equal([
      '94287082',
      '07081804',
      '89005924',
    ])
  })
})

describe('second factors', () => {
  let lab: Lab
  let root: Http
  beforeEach(async () => {
    lab = await Lab.start({seed: 'cluster'})
    root = await Http.withTicket(lab.simulator)
  })
  afterEach(() => lab.stop())

  const login = (form: Record<string, string>): Promise<Reply> =>
    new Http(lab.simulator).post('/access/ticket', {username: 'web@pve', password: 'simulator', ...form})
  const web = '/access/tfa/web@pve'
  const addTotp = () => root.post(web, {type: 'totp', description: 'phone', totp: uri, value: otp()})

  it('are added with a value that proves them', async () => {
    const add = (form: object) => root.post(web, {type: 'totp', ...form})
    expect(message(await add({}))).to.equal(`'description' is required for new entries\n`)
    expect(message(await add({description: 'x'}))).to.equal(`'totp' type requires both 'totp' and 'value' parameters\n`)
    const wrong = String((Number(otp()) + 1) % 1e6).padStart(6, '0')
    expect(message(await add({description: 'x', totp: uri, value: wrong}))).to.equal(
      'failed to verify TOTP challenge\n',
    )
    const {id} = (await addTotp()).data as {id: string}
    expect((await root.get(`${web}/${id}`)).data).to.deep.include({id, type: 'totp', description: 'phone'})
    expect((await root.get('/access/users/web@pve')).data).to.include({keys: 'x'})
    const listed = (await root.get('/access/tfa')).data as {userid: string}[]
    expect(listed.map(({userid}) => userid)).to.deep.equal(['web@pve'])
    expect((await root.get('/access/users/web@pve/tfa')).data).to.deep.equal({user: 'oath'})
    await root.delete(`${web}/${id}`)
    expect((await root.get(web)).data).to.deep.equal([])
    expect((await root.get(`${web}/${id}`)).reason).to.equal(`No such tfa entry '${id}'`)
    expect(message(await root.delete(`${web}/${id}`))).to.equal('no such entry\n')
  })

  it('are asked for after the password', async () => {
    await addTotp()
    const {NeedTFA, ticket} = (await login({})).data as {NeedTFA: number; ticket: string}
    expect(NeedTFA).to.equal(1)
    const partial = new Http(lab.simulator, {Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`})
    expect((await partial.get('/version')).status).to.equal(401)
    expect((await login({'tfa-challenge': ticket, password: 'totp:0'})).status).to.equal(401)
    const full = (await login({'tfa-challenge': ticket, password: `totp:${otp()}`})).data as {ticket: string}
    expect(full.ticket).to.match(/^PVE:web@pve:/)
  })

  it('lock after too many wrong values; a recovery key opens, once', async () => {
    await addTotp()
    const {recovery} = (await root.post(web, {type: 'recovery'})).data as {recovery: string[]}
    expect(recovery).to.have.length(10)
    expect(recovery[0]).to.match(/^([0-9a-f]{4}-){3}[0-9a-f]{4}$/)
    expect(message(await root.post(web, {type: 'recovery'}))).to.equal('user already has recovery keys\n')
    const {ticket} = (await login({})).data as {ticket: string}
    const answer = (password: string) => login({'tfa-challenge': ticket, password})
    for (let wrong = 0; wrong < 8; wrong++) await answer('totp:0')
    expect((await answer(`totp:${otp()}`)).status).to.equal(401)
    expect((await root.put('/access/users/web@pve/unlock-tfa')).data).to.equal(1)
    expect((await answer(`totp:${otp()}`)).status).to.equal(200)
    expect((await answer(`recovery:${recovery[3]}`)).status).to.equal(200)
    expect((await answer(`recovery:${recovery[3]}`)).status).to.equal(401)
  })

  it('ask the user for the password, and refuse tokens', async () => {
    const {ticket, CSRFPreventionToken} = (await login({})).data as Record<string, string>
    const user = new Http(lab.simulator, {
      Cookie: `PVEAuthCookie=${encodeURIComponent(ticket!)}`,
      CSRFPreventionToken: CSRFPreventionToken!,
    })
    const refused = await user.post(web, {type: 'recovery'})
    expect((JSON.parse(refused.body) as {errors: object}).errors).to.deep.equal({
      password: 'password is required to modify TFA data',
    })
    expect((await user.post(web, {type: 'recovery', password: 'simulator'})).status).to.equal(200)
    expect((await lab.send(web, {method: 'POST', form: {type: 'recovery'}})).reason).to.match(
      /^Permission check failed/,
    )
  })
})

describe('realms', () => {
  let lab: Lab
  before(async () => {
    lab = await Lab.start({seed: 'cluster'})
    lab.simulator.simulation.state.world.directory = {
      corp: {
        users: [{name: 'ann', email: 'ann@example.com'}, {name: 'bob'}],
        groups: [{name: 'ops', members: ['ann']}],
      },
    }
  })
  after(() => lab.stop())

  const refusal = async (method: string, path: string, form: Record<string, string>): Promise<string> =>
    (await lab.send(path, {method, form})).body.message!

  it('have the keys of their type', async () => {
    const make = (type: string, form: Record<string, string>) =>
      refusal('POST', '/access/domains', {realm: 'new', type, ...form})
    const add = 'add auth server failed: '
    expect(await make('openid', {'issuer-url': 'https://id.example.com', 'client-id': 'x', server1: 'y'})).to.equal(
      `${add}unexpected property 'server1'\n`,
    )
    expect(await make('pve', {})).to.equal(`${add}unable to create builtin type 'pve'\n`)
    expect(await refusal('PUT', '/access/domains/pve', {})).to.equal(
      'update auth server failed: no options specified\n',
    )
  })

  it('take over what their server knows', async () => {
    await lab.run('POST', '/access/domains', {
      ...{realm: 'corp', type: 'ldap', server1: 'ldap.example.com'},
      ...{base_dn: 'dc=example', user_attr: 'uid', default: '1'},
    })
    const scope = await lab.send('/access/domains/corp/sync', {method: 'POST', form: {}})
    expect(scope.body.errors).to.have.key('scope')
    expect(await lab.run('POST', '/access/domains/corp/sync', {scope: 'both'})).to.equal('OK')
    const users = await lab.get<{userid: string; email?: string}[]>('/access/users')
    expect(users.find(({userid}) => userid === 'ann@corp')).to.include({email: 'ann@example.com'})
    expect(await lab.get('/access/groups/ops-corp')).to.deep.equal({members: ['ann@corp']})
    expect(await refusal('POST', '/access/domains/pam/sync', {scope: 'both'})).to.equal(
      `Cannot sync realm type 'pam'! Only LDAP/AD realms can be synced.\n`,
    )
  })

  it('are synced by jobs', async () => {
    const path = '/cluster/jobs/realm-sync/nightly'
    await lab.run('POST', path, {realm: 'corp', schedule: 'daily', scope: 'users'})
    expect(await lab.get(path)).to.include({realm: 'corp', schedule: 'daily', type: 'realm-sync', enabled: 1})
    await lab.run('PUT', path, {schedule: 'daily', comment: 'at night'})
    await lab.run('PUT', path, {schedule: 'hourly', delete: 'comment'})
    expect(await lab.get(path)).to.not.have.property('comment')
    expect(await refusal('PUT', path, {schedule: 'daily', delete: 'scope'})).to.equal(
      `unable to delete required option 'scope'\n`,
    )
    expect(await refusal('PUT', path, {schedule: 'daily', delete: 'realm'})).to.equal(
      `unable to delete fixed option 'realm'\n`,
    )
    await lab.run('DELETE', path)
    expect(await lab.get('/cluster/jobs/realm-sync')).to.deep.equal([])
  })

  it('send users of OpenID to their provider', async () => {
    await lab.run('POST', '/access/domains', {
      ...{realm: 'oid', type: 'openid', 'issuer-url': 'https://id.example.com', 'client-id': 'pve'},
    })
    const url = (realm: string) =>
      lab.send('/access/openid/auth-url', {method: 'POST', token: false, form: {realm, 'redirect-url': 'https://pve/'}})
    expect((await url('oid')).body.data as string).to.match(/^https:\/\/id\.example\.com\/.*client_id=pve/)
    expect((await url('pam')).body.message).to.equal('wrong realm type (pam != openid)\n')
  })
})
