import {expect} from 'chai'
import {isSetting, markerOf, namedSecret, secretsIn} from '../../../src/kit/secrets/index.js'

const hidden = (text: string) => secretsIn(text).map(({start, end}) => text.slice(start, end))

describe('secrets in a text', () => {
  const letters = 'aBcDeF0123456789aBcDeF01'
  const uuid = '12345678-1234-1234-1234-123456789abc'
  const webhooks: [before: string, secret: string, after?: string][] = [
    ['https://hooks.slack.com/services/', `T0AB12CD3/B0AB12CD3/${letters}`],
    ['https://hooks.slack.com/triggers/', `T0AB12CD3/1234567890/${letters}`, ' posts to #ops'],
    ['https://discord.com/api/webhooks/123456789012345678/', `${letters}_-${letters}`],
    ['https://discordapp.com/api/v10/webhooks/123456789012345678/', letters, '/slack?wait=1'],
    ['https://chat.example.com/hooks/', 'abcdefghijklm0123456789nop'],
    ['https://chat.example.com/hooks/', `abcdefghijklm01234/${letters}${letters}`],
    ['https://example.webhook.office.com/webhookb2/', `${uuid}@${uuid}/IncomingWebhook/${letters}/${uuid}`],
    ['https://prod-1.westeurope.logic.azure.com/workflows/a/triggers/manual/paths/invoke?sv=1.0&sig=', letters],
    ['https://api.telegram.org/bot', `123456789:AA${letters}`, '/sendMessage?chat_id=1'],
    ['https://hooks.zapier.com/hooks/catch/12345/', 'ab1cd2e'],
    ['https://maker.ifttt.com/trigger/backup/with/key/', letters],
    ['https://events.pagerduty.com/integration/', '0123456789abcdef0123456789abcdef', '/enqueue'],
    ['https://open.feishu.cn/open-apis/bot/v2/hook/', uuid],
    ['https://n8n.example.com/webhook/', uuid],
    ['https://hc-ping.com/', uuid],
    ['http://ha.example.com:8123/api/webhook/', `-${letters}`],
    ['https://kuma.example.com/api/push/', letters, '?status=up'],
    ['https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=', uuid],
    ['https://ntfy.example.com/ops?auth=', letters],
  ]
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
    ['Web.\n\napi key: abcdefghijklmnop1234567890', ['abcdefghijklmnop1234567890']],
    ['API key: 1f', []],
    ['API key: hunter', ['hunter']],
    ['access key: hunter2222\nsecret key: hunter3333', ['hunter2222', 'hunter3333']],
    ['Pre-shared key = hunter2222', ['hunter2222']],
    ['| User | root |\n| Password | hunter2222 |\n| Port | 22 |', ['hunter2222']],
    ['|Name|Value|\n|---|---|\n|**API key**|`hunter`|\n', ['hunter']],
    ['| Password for root: | correct horse |', ['correct horse']],
    ['| Root password | hunter |', ['hunter']],
    ['Password for root: hunter', ['hunter']],
    ['Password for the web UI: correct horse', ['correct horse']],
    ['Password (root): hunter', ['hunter']],
    ['Passwort für root ist: hunter', ['hunter']],
    ['Passwort ist: hunter', ['hunter']],
    ['Password - hunter2222', ['hunter2222']],
    ['Password – Hunter-2', ['Hunter-2']],
    ['password hunter2', ['hunter2']],
    ['password "hunter2222"', ['hunter2222"']],
    ['**Password** `hunter2222`', ['hunter2222`']],
    ['root password is hunter2222 on both', ['hunter2222']],
    ['root pw 2hunter', ['2hunter']],
    ['PIN: 12345678', ['12345678']],
    ['Pin code = 1234, ask Jo', ['1234']],
    ['Mot de passe : hunter', ['hunter']],
    ['Contraseña: hunter', ['hunter']],
    ['Wachtwoord: hunter', ['hunter']],
    ['login: root / hunter', ['hunter']],
    ['Login: admin/hunter', ['hunter']],
    ['**Login:** jo / hunter', ['hunter']],
    ['user: jo/hunter2222', ['hunter2222']],
    ...webhooks.map(([before, secret, after = '']): [string, string[]] => [before + secret + after, [secret]]),
  ]
  for (const [text, secrets] of table) {
    it(`are found: ${JSON.stringify(text)}`, () => expect(hidden(text)).to.deep.equal(secrets))
  }

  it('are none any more once a marker stands in their place', () => {
    for (const [text] of table) {
      let clean = text
      for (const {start, end} of secretsIn(text).toReversed())
        clean = clean.slice(0, start) + markerOf('password', '9f3c') + clean.slice(end)
      expect(hidden(clean), text).to.deep.equal([])
    }
  })

  const ordinary = [
    'Front end of the shop. Ask Jo about the password.',
    'password: see vault',
    'password: **********',
    'password: xxxx',
    'Password for root: see vault',
    'API key: see vault',
    'Private key: /etc/ssl/private/web.pem',
    'private_key: "/root/.ssh/id_ed25519"\nhost: web',
    '| User | Password | Notes |\n|---|---|---|\n',
    '| Password | Notes |\n| :-- | --- |\n',
    '| Password | see vault |',
    '| Password | **** |',
    '| a token without rights | lists nothing |',
    '| no such token | renew it |\n|---|---|',
    'user,password|token_id,token_secret|validate_certs',
    'Password - see vault',
    'Password - protected page',
    'The password is in the vault of 2024.',
    'password manager for 12 people',
    'Password hash is SHA512',
    'the password rotates every 90 days, pass 2 of 3',
    'Passed tests on web01-prod, compass k8s-prod-01',
    'bypass web01-prod',
    'password 2024-01-31',
    'PIN: 12',
    'Pin: core 0-3',
    'Pins: 123456',
    'CPU pinning: 123456',
    'login: root / see vault',
    'Login: web.example.com/admin',
    'Login: https://web.example.com/admin',
    'User: Jo / Anna',
    'user: root / group: www-data',
    'Key: A minor; keyboard: de',
    'Last login: 2024-01-31 / web01',
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
    'https://hooks.slack.com/services/{{ secrets.path }}',
    'https://hooks.slack.com/services/YOUR/WEBHOOK/URL',
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    'https://discord.com/api/webhooks/123456789012345678/{{ secrets.token }}',
    'https://api.telegram.org/bot{{ secrets.bot }}/sendMessage',
    'https://ntfy.sh/ops',
    'https://example.com/hooks/deploy',
    'https://git.example.com/infra/hooks/src/branch/main/pre-commit',
    'https://example.com/webhook/backup?key=short',
    'https://example.com/api/webhook/backup-of-all-nodes-is-done',
    'https://example.com/api/push/notifications',
    'https://keyserver.ubuntu.com/pks/lookup?op=get&search=0x0123456789ABCDEF0123',
    'webhook/12345678-1234-1234-1234-123456789abc',
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
      'password ',
      'password for a',
      '|password|',
      'login: a / ',
      'password: /etc/',
      'pw a',
      'https://hooks.slack.com/services/a',
      '://a/hooks/a',
      '?key=a',
      'https://maker.ifttt.com/trigger/a',
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
