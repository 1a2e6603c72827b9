import {expect} from 'chai'
import {isTypable, objectsText, openText} from '../../../src/kit/completion/words.js'
import type {Observed} from '../../../src/kit/resources/index.js'

const object = (
  kind: Observed['kind'],
  id: string | number,
  config: Observed['config'] = {},
  status?: string,
): Observed => ({
  kind,
  id,
  config,
  facts: status === undefined ? {} : {status},
})
const open = (id: number, field?: string, cluster = 'home') => ({
  ref: {cluster, kind: 'vm' as const, id},
  ...(field !== undefined && {field}),
  state: 'drift' as const,
})

describe('the lists of the shells', () => {
  it('hold kind, id and name of each object, then tags and statuses, each once', () => {
    const objects = [
      object('node', 'pve1', {}, 'online'),
      object('vm', 100, {name: 'web01', tags: ['web', 'prod']}, 'running'),
      object('vm', 101, {tags: ['prod']}, 'running'),
      object('container', 200, {hostname: 'ct'}, 'stopped'),
      object('pool', 'a/b'),
    ]
    expect(objectsText({cluster: 'home', objects})).to.equal(
      'node\tpve1\nvm\t100\tweb01\nvm\t101\ncontainer\t200\tct\npool\ta/b\n' +
        'tag\tprod\ntag\tweb\nstatus\tonline\nstatus\trunning\nstatus\tstopped\n',
    )
  })

  it('hold what is open of their cluster: the object, and behind it its fields', () => {
    const items = [open(100, 'config.memory'), open(101), open(100, 'config.tags[web]'), open(7, 'config.cores', 'lab')]
    expect(openText('home', items)).to.equal(
      'vm/100\tdrift\nvm/100:config.memory\tdrift\nvm/100:config.tags[web]\tdrift\nvm/101\tdrift\n',
    )
    expect(openText('lab', items)).to.equal('vm/7\tdrift\nvm/7:config.cores\tdrift\n')
  })

  const UNTYPABLE: Record<string, string> = {
    'a line end': 'a\nb',
    'a tab': 'a\tb',
    'an escape sequence': '\u001b]0;title\u0007',
    'a C1 control': 'a\u009b31m',
    'a mark of direction': 'a\u202eb',
    'no width': 'a\u200bb',
    'a letter that looks like another': 'p\u0430ve',
    'a flag': '--yes',
    'a blank in front': ' a',
    'a blank behind': 'a ',
    nothing: '',
    'more than any name has': 'a'.repeat(256),
  }
  for (const [what, text] of Object.entries(UNTYPABLE))
    it(`leave out a word with ${what}, and only that`, () => {
      expect(isTypable(text)).to.equal(false)
      const objects = [object('storage', text), object('vm', 100, {name: text, tags: [text, 'prod']}, text)]
      expect(objectsText({cluster: 'home', objects})).to.equal(`vm\t100\ntag\tprod\n`)
      expect(openText('home', [open(100, `config["${text}\u0001"]`)])).to.equal('vm/100\tdrift\n')
    })

  it('hold words that a shell would take for its own', () => {
    for (const word of ['$(touch x)', '`x`', "it's", 'a b', '~root', '*', '{a,b}', '!!', 'a;b', '#', '\\'])
      expect(isTypable(word), word).to.equal(true)
  })
})
