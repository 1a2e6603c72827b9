import {expect} from 'chai'
import {isSetting, namedSecret, secretsIn} from '../../../src/kit/secrets/index.js'

const hidden = (text: string) => secretsIn(text).map(({start, end}) => text.slice(start, end))

describe('secrets in a text', () => {
  const table: [text: string, secrets: string[]][] = [
    ['Web. root pw: hunter2222\nAsk Jo.', ['hunter2222']],
    ['Password: correct horse, battery staple', ['correct horse, battery staple']],
    ['**Password:** hunter2222', ['hunter2222']],
    ['FOO=bar\0DB_PASSWORD=hunter2222\0LANG=C', ['hunter2222']],
    ['DBPASSWORD=hunter2222', ['hunter2222']],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI', ['wJalrXUtnFEMI']],
    ['PrivateKey = aGFsbG8gd2VsdA==', ['aGFsbG8gd2VsdA==']],
    ['{"user": "jo", "apikey": "1-a\\"b", "port": 1}', ['1-a\\"b']],
    ["secret: 'hunter 2222' and more", ['hunter 2222']],
    ['username=jo,password=hunter2222,vers=3.0', ['hunter2222,vers=3.0']],
    ['nfs://jo:hunter@2@nas/share', ['hunter@2']],
    ['Authorization: Bearer abcdef123', ['abcdef123']],
    ['PVEAuthCookie=PVE:jo@pve:65F00000::abcd', ['PVE:jo@pve:65F00000::abcd']],
    ['password hash: none; passwd: $6$salt$abcdef', ['$6$salt$abcdef']],
    ['a -----BEGIN OPENSSH PRIVATE KEY-----\nabc\ndef', ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc\ndef']],
    ['PBS jo@pbs!ci:12345678-1234-1234-1234-123456789abc', ['12345678-1234-1234-1234-123456789abc']],
    ['token one: abcd1234 \r\ntoken=efgh5678\r\n', ['efgh5678']],
    ['password=AKIAIOSFODNN7EXAMPLE and AKIAIOSFODNN7EXAMPLE', ['AKIAIOSFODNN7EXAMPLE and AKIAIOSFODNN7EXAMPLE']],
  ]
  for (const [text, secrets] of table) {
    it(`are found: ${JSON.stringify(text)}`, () => expect(hidden(text)).to.deep.equal(secrets))
  }

  const ordinary = [
    'Front end of the shop. Ask Jo about the password.',
    'password: see vault',
    'password: **********',
    'password: xxxx',
    'password=<yours>',
    'token: $CI_TOKEN',
    'secret: ${SECRET}',
    'credentials=/root/.smbcredentials,vers=3.0',
    'PASSWORD_FILE=/run/secrets/db',
    'https://jo:***@host/',
    'https://pve1:8006/#v1:0:=qemu/100',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ root@pve1',
    'Compass: north by west',
    'virtio=BC:24:11:00:00:01,bridge=vmbr0',
    'authorization: bearer token of the group',
    '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----',
    'password: **********(password-9f3c)',
    'https://jo:**********(url-password-9f3c)@host/',
    '"token": "**********(password-9f3c)"',
  ]
  for (const text of ordinary)
    it(`are not seen in ${JSON.stringify(text)}`, () => expect(hidden(text)).to.deep.equal([]))

  it('take no time to speak of, however long a text is', () => {
    for (const part of [
      'a',
      '=',
      'password',
      'password: ',
      ' ',
      '@!',
      '://a:',
      '"',
      '-----BEGIN PRIVATE KEY-----',
      'token="\\',
    ]) {
      const before = process.cpuUsage().user
      secretsIn(part.repeat(Math.ceil(8192 / part.length)))
      expect((process.cpuUsage().user - before) / 1000, JSON.stringify(part)).to.be.below(500)
    }
  })
})

describe('a key that says secret', () => {
  it('is known by its name', () => {
    const names = ['truenas_apikey', 'freenas_password', 'client-key', 'api_key', 'X-Api-Key', 'db_passwd', 'my-secret']
    for (const name of [...names, 'token', 'user_credentials', 'key', 'access-key', 'privateKey', 'passphrase'])
      expect(namedSecret(name), name).to.not.equal(undefined)
    const plain = [
      'truenas_use_ssl',
      'freenas_user',
      'keyboard',
      'sshkeys',
      'master-pubkey',
      'ssh_public_key',
      'pub-key',
      'keep-all',
      'monkey',
      'pass',
    ]
    for (const name of plain) expect(namedSecret(name), name).to.equal(undefined)
  })

  it('may hold a switch or a small number, which is none', () => {
    for (const value of [0, 1, '1', 'yes', 'False', '', 12, '-1', 999])
      expect(isSetting(value), String(value)).to.equal(true)
    for (const value of [1000, '1234', 'x', '1-a', 1.5]) expect(isSetting(value), String(value)).to.equal(false)
  })
})
