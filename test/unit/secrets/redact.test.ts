import {expect} from 'chai'
import fc from 'fast-check'
import {
  mapTexts,
  redact,
  redacted,
  redactText,
  secretForms,
  secretsIn,
  spellingsOf,
  withoutKnown,
  withoutSecrets,
} from '../../../src/kit/secrets/index.js'

describe('redact', () => {
  const secret = 'S3cretValue'
  const texts = [
    `PVEAPIToken=root@pam!ci=${secret}`,
    `Authorization: PVEAPIToken=root@pam!ci=${secret}`,
    `PBSAPIToken=root@pam!ci:${secret}`,
    `pmpc@pve!sync=12345678-1234-1234-1234-${secret.replace(/\W|[^0-9a-f]/gi, '0')}abcdef0`,
    `Authorization: Bearer ${secret}`,
    `authorization: Basic ${secret}=`,
    `"authorization":"${secret}"`,
    `Cookie: PVEAuthCookie=PVE:root@pam:65F00000::${secret}`,
    `Set-Cookie: a=b; ${secret}`,
    `ticket PVE:root@pam:65F00000::${secret}+/==`,
    `PVEVNC:65F00000::${secret}`,
    `CSRFPreventionToken: 65F00000:${secret}`,
    `https://user:${secret}@host:8006/`,
    `password=${secret}&x=1`,
    `{"cipassword":"${secret}"}`,
    `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}`,
  ]
  for (const text of texts) {
    it(`hides what is secret in ${JSON.stringify(text.slice(0, 40))}`, () => {
      const clean = redactText(text)
      expect(clean).to.include(redacted)
      expect(clean).to.not.include(secret)
      expect(clean).to.not.include('12345678-1234')
    })
  }

  it('leaves what is no secret', () => {
    for (const text of [
      'https://pve1:8006/api2/json',
      'net0: virtio=BC:24:11:00:00:01',
      '-----BEGIN CERTIFICATE-----\nabc',
      'UPID:pve1:0001:qmstart:100:root@pam:',
      'root@pam!ci',
    ]) {
      expect(redactText(text)).to.equal(text)
    }
  })

  it('leaves what stands for a secret, so that people can tell one from another', () => {
    for (const text of [
      'password=**********(password-9f3c)',
      '"cipassword":"**********(password-9f3c)"',
      'https://jo:**********(url-password-9f3c)@nas/',
    ])
      for (const use of ['log', 'message'] as const) expect(redactText(text, [], use)).to.equal(text)
    expect(redactText('password=**********(password-9f3c)hunter2')).to.equal(`password=${redacted}`)
  })

  it('hides values under keys that name a secret, at any depth', () => {
    const keys = [
      'password',
      'cipassword',
      'tokenSecret',
      'secret',
      'ticket',
      'CSRFPreventionToken',
      'authorization',
      'Cookie',
      'private_key',
      'value',
    ]
    for (const key of keys) expect(redact({a: [{[key]: 'x'}]}), key).to.deep.equal({a: [{[key]: redacted}]})
    expect(redact({tokenId: 'a@pve!b', name: 'web', passwordSet: true})).to.deep.equal({
      tokenId: 'a@pve!b',
      name: 'web',
      passwordSet: true,
    })
  })

  it('hides a known secret wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({minLength: 8, maxLength: 30}).filter((text) => !redacted.includes(text)),
        fc.anything(),
        (known, value) => {
          const text = JSON.stringify(redact({value: [`before ${known} after`, value], [known]: 1}, [known])) ?? ''
          expect(text).to.not.include(JSON.stringify(`before ${known} after`).slice(1, -1))
        },
      ),
    )
  })

  it('hides a secret in all its spellings', () => {
    const secret = 'p"a\\s%s&wörd'
    const known = new Set(spellingsOf(secret))
    for (const text of [
      `told ${secret}`,
      JSON.stringify({told: `Cookie ${secret}`}),
      new URL(`https://x/?${encodeURIComponent(secret)}`).href,
      `PVEAPIToken=a@b!c=${secret.replaceAll('%', '%25')}`,
    ])
      expect(withoutKnown(text, known)).to.contain(redacted).and.not.contain('wörd').and.not.contain('w%C3%B6rd')
  })

  it('hides a known secret in texts and keys of a document, which stays one', () => {
    const told = mapTexts({a: [{'x 123456': 'y 123456', number: 123456, none: null}], at: new Date(0)}, (text) =>
      withoutKnown(text, ['123456']),
    )
    expect(JSON.parse(JSON.stringify(told))).to.deep.equal({
      a: [{[`x ${redacted}`]: `y ${redacted}`, number: 123456, none: null}],
      at: '1970-01-01T00:00:00.000Z',
    })
  })

  it('leaves the words of messages that only speak of secrets, and hides what these hold', () => {
    for (const text of ['no secret: standard input was empty', 'password: value does not match', 'ticket: is expired'])
      expect(redactText(text, [], 'message')).to.equal(text)
    for (const text of texts) expect(redactText(text, [], 'message')).to.not.include(secret)
  })

  it('takes no time to speak of, however long a text is', () => {
    for (const part of ['a', 'a-', 'a.', 'password', 'secret-', 'a@', '://a:', 'ticket ']) {
      const before = process.cpuUsage().user
      redactText(part.repeat(Math.ceil(16384 / part.length)))
      expect((process.cpuUsage().user - before) / 1000, JSON.stringify(part)).to.be.below(300)
    }
  })

  it('hides secrets among arguments', () => {
    expect(withoutSecrets(['login', '--password', 'x', '--secret=y', '--token-id', 'a@b!c'])).to.deep.equal([
      'login',
      '--password',
      redacted,
      `--secret=${redacted}`,
      '--token-id',
      'a@b!c',
    ])
  })

  it('knows each form that is withheld from Git, so that a new one need not be remembered twice', () => {
    const samples: Record<string, [text: string, secret: string]> = {
      'a private key': ['-----BEGIN RSA PRIVATE KEY-----\nS3cret\n-----END RSA PRIVATE KEY-----', 'S3cret'],
      'an AWS access key': ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
      'a GitHub token': [`ghp_${'a1'.repeat(18)}`, 'a1a1'],
      'a GitLab token': [`glpat-${'a1'.repeat(10)}`, 'a1a1'],
      'a Slack token': ['xoxb-12345678901-abc', '12345678901'],
      'a JSON Web Token': ['eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSM', 'SflKxwRJSM'],
      'a Proxmox VE API token': ['root@pam!ci=12345678-1234-1234-1234-123456789abc', '12345678-1234'],
      'a ticket or a header of a session': ['PVE:root@pam:65F00000::S3cretValue', 'S3cretValue'],
      'the address of a webhook': [`https://hooks.slack.com/services/T0AB/B0AB/${'a1'.repeat(12)}`, 'a1a1'],
      'a password in a URL': ['https://user:S3cretValue@host/', 'S3cretValue'],
      'a password or a key': ['password=S3cretValue', 'S3cretValue'],
    }
    for (const {what} of secretForms) {
      const [text, secret] = samples[what]!
      const sample = `note ${text}`
      const found = secretsIn(sample)
      expect(
        found.map(({form}) => form.what),
        what,
      ).to.deep.equal([what])
      expect(sample.slice(found[0]!.start, found[0]!.end), what).to.include(secret)
      expect(redactText(sample), what).to.include(redacted).and.not.include(secret)
    }
  })
})
