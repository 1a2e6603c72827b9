import {chmod, mkdtemp, readFile, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {
  cleanSecret,
  readCredentials,
  removeCredential,
  resolveCredential,
  saveCredential,
  tokenVariable,
  type ClusterAccess,
} from '../../../src/kit/proxmox/index.js'
import {failureOf} from '../../integration/proxmox/support.js'

const fingerprint = 'AA:'.repeat(31) + 'AA'
const secret = 'aaaaaaaa-0000-4000-8000-000000000001'
const access: ClusterAccess = {
  cluster: 'home-lab',
  endpoints: ['https://192.0.2.10:8006'],
  trust: {fingerprint},
  tokenId: 'pmpc@pve!sync',
}

describe('credentials', () => {
  let env: Record<string, string>
  let file: string

  beforeEach(async () => {
    env = {PMPC_HOME: join(await mkdtemp(join(tmpdir(), 'pmpc-')), 'new')}
    file = join(env.PMPC_HOME as string, 'credentials.json')
  })

  it('are kept at 0600 in a folder at 0700, and found again', async () => {
    expect(await saveCredential(access, {secret: `${secret}\n`}, env)).to.equal(file)
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    expect((await stat(env.PMPC_HOME as string)).mode & 0o777).to.equal(0o700)
    expect(await resolveCredential(access, env)).to.deep.equal({
      credential: {tokenId: 'pmpc@pve!sync', secret},
      endpoints: access.endpoints,
      source: 'file',
    })
  })

  it('of the same place replace each other; others stay', async () => {
    const other = {...access, cluster: 'work', endpoints: ['https://198.51.100.1:8006']}
    await saveCredential(access, {secret: 'old'}, env)
    await saveCredential(other, {secret: 'work'}, env)
    await saveCredential(access, {secret: 'new'}, env)
    expect((await readCredentials(env)).map((entry) => entry.secret)).to.deep.equal(['work', 'new'])
    expect(await removeCredential(access, env)).to.equal(1)
    expect((await readCredentials(env)).map((entry) => entry.secret)).to.deep.equal(['work'])
  })

  it('a missing one names the command to type', async () => {
    const error = await failureOf(resolveCredential(access, env))
    expect(error).to.include({code: 'PMPC_NO_CREDENTIAL', exitCode: 77})
    expect(error.suggestions).to.include('pmpc auth login home-lab')
  })

  it('one of another cluster under the same token id is no reason for suspicion', async () => {
    await saveCredential({...access, cluster: 'work', endpoints: ['https://198.51.100.1:8006']}, {secret}, env)
    const error = await failureOf(resolveCredential(access, env))
    expect(error.message).to.contain('there is no credential for the cluster home-lab').and.to.contain('work')
    expect(error.suggestions[0]).to.equal('pmpc auth login home-lab')
  })

  it('a cloned repository that names another host, or another certificate, gets nothing', async () => {
    await saveCredential(access, {secret}, env)
    const elsewhere = await failureOf(resolveCredential({...access, endpoints: ['https://203.0.113.66:8006']}, env))
    expect(elsewhere.code).to.equal('PMPC_NO_CREDENTIAL')
    expect(elsewhere.message)
      .to.contain('bound to https://192.0.2.10:8006')
      .and.to.contain('https://203.0.113.66:8006')
      .and.not.to.contain(secret)
    const otherLeaf = await failureOf(
      resolveCredential({...access, trust: {fingerprint: 'BB:'.repeat(31) + 'BB'}}, env),
    )
    expect(otherLeaf.code).to.equal('PMPC_NO_CREDENTIAL')
    expect((await failureOf(resolveCredential({...access, trust: {system: true}}, env))).code).to.equal(
      'PMPC_NO_CREDENTIAL',
    )
    expect((await failureOf(resolveCredential({...access, tokenId: 'other@pve!sync'}, env))).code).to.equal(
      'PMPC_NO_CREDENTIAL',
    )
  })

  it('go only to those of several endpoints that they are bound to', async () => {
    await saveCredential(access, {secret}, env)
    const added = {...access, endpoints: ['https://203.0.113.66:8006', 'https://192.0.2.10:8006/']}
    expect((await resolveCredential(added, env)).endpoints).to.deep.equal(['https://192.0.2.10:8006/'])
  })

  it('of the environment win, and can be bound to an endpoint', async () => {
    await saveCredential(access, {secret: 'from-file'}, env)
    const inPipeline = {...env, PMPC_TOKEN_HOME_LAB: secret}
    expect(tokenVariable('home-lab')).to.equal('PMPC_TOKEN_HOME_LAB')
    expect(await resolveCredential(access, inPipeline)).to.deep.include({
      credential: {tokenId: 'pmpc@pve!sync', secret},
      source: 'environment',
    })
    expect(
      (await resolveCredential(access, {...inPipeline, PMPC_ENDPOINT_HOME_LAB: 'https://192.0.2.10:8006/'})).endpoints,
    ).to.deep.equal(access.endpoints)
    const error = await failureOf(
      resolveCredential(
        {...access, endpoints: ['https://203.0.113.66:8006']},
        {...inPipeline, PMPC_ENDPOINT_HOME_LAB: 'https://192.0.2.10:8006'},
      ),
    )
    expect(error).to.include({code: 'PMPC_CREDENTIAL_BOUND', exitCode: 77})
    expect(error.message).to.contain('https://203.0.113.66:8006').and.not.to.contain(secret)
  })

  it('come from a command, run without a shell', async () => {
    await saveCredential(
      access,
      {command: [process.execPath, '-e', 'console.log(process.argv[1] + "-x\\nsecond line")', '$(id);`id`']},
      env,
    )
    expect(await resolveCredential(access, env)).to.deep.include({
      credential: {tokenId: 'pmpc@pve!sync', secret: '$(id);`id`-x'},
      source: 'command',
    })
    expect(await readFile(file, 'utf8')).not.to.contain('"secret"')
  })

  it('a command that fails, prints nothing or is missing says so, and no word of what it printed', async () => {
    const commands: [string[], string][] = [
      [[process.execPath, '-e', 'console.log("half"); process.exit(3)'], 'exit code 3'],
      [[process.execPath, '-e', ''], 'printed nothing'],
      [['/no/such/program', 'read'], 'is not installed'],
    ]
    for (const [command, says] of commands) {
      await saveCredential(access, {command}, env)
      const error = await failureOf(resolveCredential(access, env))
      expect(error.code).to.equal('PMPC_CREDENTIAL_COMMAND')
      expect(error.message).to.contain(says).and.not.to.contain('half')
    }
  })

  it('in a file that others can read are refused', async () => {
    await saveCredential(access, {secret}, env)
    await chmod(file, 0o640)
    const error = await failureOf(resolveCredential(access, env))
    expect(error).to.include({code: 'PMPC_CREDENTIALS_EXPOSED', exitCode: 77})
    expect(error.suggestions[0]).to.equal(`chmod 600 ${file}`)
  })

  it('in a broken file are not quoted', async () => {
    await saveCredential(access, {secret}, env)
    await writeFile(file, `{"credentials": [{"secret": "${secret}"`)
    const error = await failureOf(resolveCredential(access, env))
    expect(error.code).to.equal('PMPC_CREDENTIALS_BROKEN')
    expect(JSON.stringify([error.message, error.data, error.suggestions])).not.to.contain(secret)
  })

  it('are understood as people paste them', () => {
    for (const typed of [
      secret,
      ` ${secret}\n`,
      `pmpc@pve!sync=${secret}`,
      `PVEAPIToken=pmpc@pve!sync=${secret}`,
      `Authorization: PVEAPIToken=pmpc@pve!sync=${secret}`,
    ]) {
      expect(cleanSecret('pmpc@pve!sync', typed)).to.equal(secret)
    }
  })
})
