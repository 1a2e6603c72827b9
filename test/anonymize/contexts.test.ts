import {expect} from 'chai'
import {bytesOf, defaultRules, openAnonymizer, textOf} from '../../src/kit/anonymize/index.js'
import {manifestSchemas} from '../../src/kit/workspace/schemas.js'

/** A text as it is handed out. */
function anonymized(text: string): string {
  const anonymizer = openAnonymizer({key: Buffer.alloc(32, 5), pairs: [], rules: defaultRules, known: []})
  anonymizer.learn(bytesOf(text))
  return textOf(anonymizer.rewrite(bytesOf(text)))
}

describe('what the place of a word tells', () => {
  // A program and a scheme may have one name, and both say something.
  for (const text of [
    'mysql://shop:Kx7pQ2vR@db.example.net:3306/app',
    'mysql -h 10.0.0.5 -u shop -pKx7pQ2vR app',
    'docker login registry.example.net -u shop -p Kx7pQ2vR',
    'mariadb://shop:Kx7pQ2vR@10.0.0.5/app',
    'echo root:Kx7pQ2vR | chpasswd',
    'chpasswd:\n  list: |\n    root:Kx7pQ2vR\n',
    'Passwort: Kx7pQ2vR',
    'das Passwort lautet Kx7pQ2vR',
    'wachtwoord=Kx7pQ2vR',
    '<ldap_password>Kx7pQ2vR</ldap_password>',
    '["pvesh","set","/access/password","--password","Kx7pQ2vR"]',
    "define( 'DB_PASSWORD', 'Kx7pQ2vR' );",
    'username netops privilege 15 password 7 Kx7pQ2vR',
    'db.example.net:5432:shop:shop_rw:Kx7pQ2vR',
    'machine git.example.net login ada password Kx7pQ2vR',
    '10.0.0.5 10.0.0.6 : PSK "Kx7pQ2vR"',
    'openssl req -new -passout pass:Kx7pQ2vR -out c.pem',
    'net user ada Kx7pQ2vR /add',
    'Le mot de passe du compte est Kx7pQ2vR.',
    'she changed the root password on all nodes to Kx7pQ2vR!9',
  ])
    it(`takes the password out of ${JSON.stringify(text)}`, () => {
      const output = anonymized(text)
      expect(output).to.include('REDACTED-password-')
      expect(output).to.not.include('Kx7pQ2vR')
    })

  it('takes no address behind a password for one', () => {
    expect(anonymized("curl -d 'password=Kx7pQ2vR' https://10.0.0.1/x1\n")).to.match(
      /^curl -d 'password=REDACTED-password-\w+' https:\/\/250\.\d+\.\d+\.1\/x1\n$/,
    )
  })

  it('takes what looks made up by a machine for a secret, and nothing that people thought up', () => {
    for (const secret of ['i2abjGx94Q', 'nifEou7N5IbERZ', '0bg9LLux-p3aT5Xq', 'SqdR9T+82QqzT', 'cDNGUOevh89fURrD'])
      expect(anonymized(`saw ${secret} here\n`)).to.match(/^saw REDACTED-token-\w+ here\n$/)
    for (const word of ['IPv4Address', 'getUTF8String', 'X509v3', 'SHA256withRSA', 'i7-10700K', 'MacBookPro18', 'UPID'])
      expect(anonymized(`a ${word} b`)).to.equal(`a ${word} b`)
  })

  it('knows the brothers of a host that is numbered', () => {
    const output = anonymized('hostname: zx-fra-hv01\nsaw zx-fra-hv02, and vmbr0 of vm100\n')
    expect(output).to.match(/^hostname: host-[0-9a-f]+\nsaw host-[0-9a-f]+, and vmbr0 of vm100\n$/)
  })

  it('finds names between marks that are none of ASCII', () => {
    const [first, ...others] = anonymized('hostname: web01\n„web01“ »web01« – web01\u00a0up').match(/host-[0-9a-f]+/g)!
    expect(others).to.deep.equal([first, first, first])
  })

  for (const text of [
    'token: root@pam!ci\n',
    'id = "home/user/root@pam proxmox_user_token:sim"\n',
    'infra/home/access/user/root@pam.yaml\n',
    'datastore_id = proxmox_storage_dir.backup_pve1.id\n',
    'if (trust.ca) return trust\n',
  ])
    it(`leaves ${JSON.stringify(text)} as it is`, () => {
      expect(anonymized(text)).to.equal(text)
    })

  it('knows each word of what pmpc writes into a workspace', () => {
    for (const {path, content} of manifestSchemas()) expect(anonymized(content), path).to.equal(content)
  })
})
