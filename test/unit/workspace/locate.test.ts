import {expect} from 'chai'
import {Locator} from '../../../src/kit/workspace/locate.js'

const text = `# first
kind: vm
config:
  net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5000
  scsi0:
    file: local:vm-1-disk-0
  tags: [web, prod]
  boot: {order: "scsi0;net0"}
---
base: &base
  cores: 4
kind: vm
config:
  <<: *base
  memory: 512
rules:
  - {type: in, action: ACCEPT}
  - type: group
    action: web
map:
  /vms/1:
    "@ops": [Role]
nothing:
`

describe('places of values', () => {
  const locator = new Locator(`\uFEFF${text}`)
  const lines = text.split('\n')

  const cases: [string, number, (string | number)[], string | undefined, string][] = [
    ['a value', 0, ['config', 'scsi0', 'file'], undefined, 'local:vm-1-disk-0'],
    ['the key of what holds several', 0, ['config', 'scsi0'], undefined, 'scsi0:'],
    ['a sub-key of a property string', 0, ['config', 'net0', 'tag'], undefined, '5000'],
    ['a property string, of a sub-key that it does not name', 0, ['config', 'net0', 'macaddr'], undefined, 'virtio='],
    ['an element', 0, ['config', 'tags'], 'prod', 'prod]'],
    ['a word in a text', 0, ['config', 'boot', 'order'], 'net0', 'net0"}'],
    ['a key that is wrong', 0, ['config'], 'tags', 'tags:'],
    ['what holds it, of a key that is missing', 0, ['config', 'scsi0', 'size'], undefined, 'scsi0:'],
    ['what is merged, where it is merged', 1, ['config', 'cores'], undefined, '<<:'],
    ['the row that has the word', 1, ['rules', 'action'], 'web', 'web'],
    ['a row by its place', 1, ['rules', 1, 'type'], undefined, 'group'],
    ['a row', 1, ['rules', 0], undefined, '{type: in'],
    ['the key of a map that is a name', 1, ['map', '/vms/1', '@ops'], 'ops', '"@ops"'],
    ['what stands below such a key', 1, ['map', '/vms/1', '@ops'], 'Role', 'Role]'],
    ['the key of no value', 1, ['nothing'], undefined, 'nothing:'],
    ['the document, of what is nowhere', 0, ['power'], undefined, 'kind: vm'],
  ]
  for (const [what, document, path, word, expected] of cases)
    it(`are those of ${what}`, () => {
      const {line, column} = locator.find(document, path, word)!
      expect(lines[line - 1]!.slice(column - 1)).to.match(
        new RegExp(`^${expected.replaceAll(/[^\w]/g, String.raw`\$&`)}`),
      )
    })

  it('are none of a document that is not there', () => {
    expect(locator.find(7, ['kind'])).to.equal(undefined)
    expect(new Locator('').find(0, [])).to.equal(undefined)
  })
})
