import {expect} from 'chai'
import {isPmpcError} from '../../../src/kit/errors/index.js'
import {formatRef, type Declared, type ObjectRef, type Observed} from '../../../src/kit/resources/index.js'
import {selectablesIn, selectorOf, type Selecting} from '../../../src/kit/workspace/selectors.js'

const guest = (kind: 'vm' | 'container', id: number, rest: Partial<Observed> = {}): Observed => ({
  kind,
  id,
  config: {},
  facts: {node: 'pve1'},
  ...rest,
})

const home = {
  cluster: 'home',
  objects: [
    guest('vm', 100, {config: {name: 'web01', tags: ['prod', 'web']}, facts: {node: 'pve1', pool: 'shop'}}),
    guest('vm', 101, {config: {name: 'web02', tags: ['web']}, facts: {node: 'pve2'}}),
    guest('container', 110, {config: {hostname: 'dns'}}),
    {kind: 'firewall' as const, id: 'guest/100', config: {}, facts: {}},
    {kind: 'firewall' as const, id: 'cluster', config: {}, facts: {}},
    {kind: 'node' as const, id: 'pve1', config: {}, facts: {}},
    {kind: 'storage' as const, id: 'local', config: {}, facts: {}},
    {kind: 'pool' as const, id: 'shop', config: {}, facts: {}},
    {kind: 'acl' as const, id: 'acl', config: {}, facts: {}},
  ],
}
const lab = {cluster: 'lab', objects: [guest('vm', 100, {config: {name: 'test'}}), guest('vm', 200)]}

/** A guest that is declared only, and one that gets a tag by its manifest. */
const declarations: Declared[] = [
  {kind: 'vm', id: 300, config: {name: 'new', tags: ['prod']}, pool: 'shop'},
  {kind: 'container', id: 110, config: {tags: ['prod']}},
]
const manifests = declarations.map((declared) => ({
  ref: {cluster: 'home', kind: declared.kind, id: declared.id},
  declared,
}))

const known = selectablesIn([home, lab], manifests)
const selecting = (clusters: string[]): Selecting => ({
  known,
  clusters,
  all: ['home', 'lab'],
  command: 'pmpc plan',
  found: 'is in a cluster or a manifest',
})

function selected(words: string, clusters = ['home', 'lab']): string[] {
  const isMeant = selectorOf(words === '' ? [] : words.split(' '), selecting(clusters))
  return known
    .map(({ref}) => ref)
    .filter((ref) => isMeant?.(ref) ?? true)
    .map(formatRef)
}

function failure(words: string[]) {
  try {
    selectorOf(words, selecting(['home', 'lab']))
  } catch (error) {
    if (isPmpcError(error)) return `${error.code} ${error.message} | ${error.suggestions.join(' | ')}`
    throw error
  }
  throw new Error('it was taken')
}

describe('selectors', () => {
  const cases: [string, string[]][] = [
    ['home/vm/100', ['home/vm/100', 'home/firewall/guest/100']],
    ['vm 101', ['home/vm/101']],
    ['web02', ['home/vm/101']],
    ['200 dns', ['home/container/110', 'lab/vm/200']],
    ['web*', ['home/vm/100', 'home/vm/101', 'home/firewall/guest/100']],
    ['home/vm/10?', ['home/vm/100', 'home/vm/101', 'home/firewall/guest/100']],
    ['100-110', ['home/vm/100', 'home/vm/101', 'home/container/110', 'home/firewall/guest/100', 'lab/vm/100']],
    ['lab/100-110', ['lab/vm/100']],
    ['vms 101-300', ['home/vm/101', 'lab/vm/200', 'home/vm/300']],
    ['vms', ['home/vm/100', 'home/vm/101', 'lab/vm/100', 'lab/vm/200', 'home/vm/300']],
    ['lab/vms', ['lab/vm/100', 'lab/vm/200']],
    ['storages pools', ['home/storage/local', 'home/pool/shop']],
    ['containers tag:web', ['home/vm/100', 'home/vm/101', 'home/container/110', 'home/firewall/guest/100']],
    ['firewall', ['home/firewall/guest/100', 'home/firewall/cluster']],
    ['firewall/cluster', ['home/firewall/cluster']],
    ['acl', ['home/acl/acl']],
    // Of guests also the one that is in it by its manifest only, and the pool itself.
    ['pool:shop', ['home/vm/100', 'home/firewall/guest/100', 'home/pool/shop', 'home/vm/300']],
    ['tag:pr*', ['home/vm/100', 'home/container/110', 'home/firewall/guest/100', 'home/vm/300']],
    ['node:pve2', ['home/vm/101']],
  ]
  for (const [words, expected] of cases)
    it(`mean by ${words} what they say`, () => {
      expect(selected(words)).to.have.members(expected)
    })

  it('mean all where there is none, and only what is in the clusters that are asked for', () => {
    expect(selected('')).to.have.length(known.length)
    expect(selected('100-110', ['lab'])).to.deep.equal(['lab/vm/100'])
  })

  const wrong: [string, RegExp][] = [
    ['', /^PMPC_USAGE An empty word selects nothing/],
    ['tags:prod', /^PMPC_BAD_SELECTOR "tags:prod" .*did you mean tag:prod\? \| pmpc plan tag:prod/],
    ['tag:', /^PMPC_BAD_SELECTOR "tag:" selects nothing: nothing stands behind the colon/],
    ['110-100', /^PMPC_BAD_SELECTOR "110-100" .* before it begins \| pmpc plan 100-110$/],
    ['tag:prof', /^PMPC_NOT_FOUND "tag:prof" .*Did you mean tag:prod\? \| pmpc plan tag:prod/],
    ['400-500', /^PMPC_NOT_FOUND "400-500" selects nothing that is in a cluster or a manifest/],
    ['xyz*', /^PMPC_NOT_FOUND "xyz\*" selects nothing/],
    ['web03', /^PMPC_NOT_FOUND No web03 is in a cluster or a manifest\. Did you mean web0[12]\?/],
    ['vm/100', /^PMPC_AMBIGUOUS "vm\/100" may be home\/vm\/100 or lab\/vm\/100/],
    ['home', /^PMPC_BAD_OBJECT "home" is a cluster/],
  ]
  for (const [word, message] of wrong)
    it(`refuse ${word === '' ? 'an empty word' : word}`, () => {
      expect(failure([word])).to.match(message)
    })

  it('suggest nothing with a tag that was mistyped where one looks first: of what is to be destroyed', () => {
    const doomed = {...selecting(['home']), command: 'pmpc destroy', looks: 'pmpc describe'}
    let suggestions: readonly string[] | undefined
    try {
      selectorOf(['tag:prof'], doomed)
    } catch (error) {
      if (isPmpcError(error)) suggestions = error.suggestions
    }
    expect(suggestions).to.deep.equal(['pmpc get guests'])
  })

  it('take what is a part of an object with it, not with its kind', () => {
    const firewall: ObjectRef = {cluster: 'home', kind: 'firewall', id: 'guest/100'}
    const isMeant = (word: string) => selectorOf([word], selecting(['home']))!(firewall)
    expect(['100', 'tag:prod', 'web01'].map(isMeant)).to.deep.equal([true, true, true])
    expect(['vms', 'guests', '101'].map(isMeant)).to.deep.equal([false, false, false])
  })
})
