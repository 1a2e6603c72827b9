import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {commandTable} from '../../../src/kit/completion/commands.js'
import {listFile} from '../../../src/kit/completion/kept.js'
import {keepWords} from '../../../src/kit/completion/index.js'
import {kinds, type ClusterState} from '../../../src/kit/resources/index.js'
import {checkout} from '../../support/pmpc.js'
import {whereIs} from '../../support/shells.js'
import {skipFor} from '../../support/skip.js'

const program = readFileSync(path.join(checkout, 'templates/completion/words.awk'), 'utf8')
const manifest = JSON.parse(readFileSync(path.join(checkout, 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, Parameters<typeof commandTable>[0]['commands'][number]>
}
const table = commandTable({
  commands: Object.values(manifest.commands),
  topics: [{name: 'auth', description: 'Secrets of tokens.'}],
})

const home: ClusterState = {
  cluster: 'home',
  objects: [
    {kind: 'node', id: 'pve1', config: {}, facts: {status: 'online'}},
    {kind: 'vm', id: 100, config: {name: 'web01', tags: ['prod']}, facts: {status: 'running'}},
    {kind: 'vm', id: 101, config: {name: 'db01', tags: ['prod', 'test']}, facts: {status: 'stopped'}},
    {kind: 'container', id: 200, config: {hostname: 'web02'}, facts: {status: 'running'}},
    {kind: 'storage', id: 'local', config: {}, facts: {}},
    {kind: 'pool', id: 'web', config: {}, facts: {}},
    {kind: 'pool', id: 'web/front', config: {}, facts: {}},
    // A realm that is called like a storage, and what has the number of a guest.
    {kind: 'user', id: 'ann@pve', config: {}, facts: {}},
    {kind: 'acl', id: 'acl', config: {}, facts: {}},
    {kind: 'realm', id: 'local', config: {}, facts: {}},
    {kind: 'ha-resource', id: 100, config: {}, facts: {}},
    {kind: 'firewall', id: 'cluster', config: {}, facts: {}},
    {kind: 'firewall', id: 'guest/100', config: {}, facts: {}},
  ],
}
const lab: ClusterState = {
  cluster: 'lab',
  objects: [
    {kind: 'node', id: 'lab1', config: {}, facts: {status: 'online'}},
    {kind: 'vm', id: 100, config: {name: 'sandbox'}, facts: {status: 'running'}},
  ],
}
/** Both clusters have a guest of one name. */
const withTwin = (state: ClusterState, id: number): ClusterState => ({
  ...state,
  objects: [...state.objects, {kind: 'vm', id, config: {name: 'twin'}, facts: {status: 'running'}}],
})
const open = (cluster: string, id: number, field?: string) => ({
  ref: {cluster, kind: 'vm' as const, id},
  ...(field !== undefined && {field}),
  state: 'drift' as const,
})

/** What is offered at the end of a line, and what else may stand there. */
type Case = [line: string, words: string, also?: 'files' | 'folders']

const NAMES = kinds.map(({name}) => name).join(' ')
/** That of which there is one is an object by itself. */
const KINDS = kinds
  .filter(({id}) => id !== 'single')
  .map(({name}) => `${name}/`)
  .join(' ')
const PLURALS = kinds.map(({plural}) => plural).join(' ')

const ONE: Case[] = [
  ['st', 'start state stats status stop'],
  ['state ', 'migrate show verify'],
  ['state:', ''],
  ['auth:login ', 'home'],
  ['nosuch ', ''],
  ['get ', `guests ${PLURALS} snapshots templates backups images tasks`],
  ['get vms ', '100 web01 101 db01'],
  ['get ct ', '200 web02'],
  ['get guests 1', '100 101'],
  ['get vms 100 w', 'web01'],
  ['get nodes ', 'pve1'],
  ['get pools web/', 'web/front'],
  ['get vms -o ', 'table wide json yaml name csv'],
  ['get vms --output=j', '--output=json'],
  ['get vms --output j', 'json'],
  ['get vms -o json --out', ''],
  ['get vms --tag prod --ta', '--tag'],
  ['get vms --tag ', 'prod test'],
  ['get vms --status ', 'online running stopped'],
  ['get vms --name web', 'web01 web02'],
  ['get vms --node ', 'pve1'],
  ['get vms --pool=', '--pool=web --pool=web/front'],
  ['get vms --cluster ', 'home'],
  ['get vms --sort-by mem', 'memory'],
  ['get vms --label ', ''],
  ['get -- --', ''],
  ['get --no', '--no-prompt --node'],
  ['describe ', `${KINDS} web01 db01 web02 pve1 local web web/front acl`],
  ['describe a', 'acme-plugin/ acme-account/ acl'],
  ['describe user ', 'ann@pve'],
  ['describe realm/', 'realm/local'],
  ['describe firewall ', 'cluster guest/100'],
  ['describe firewall g', 'guest/100'],
  ['describe firewall/gu', 'firewall/guest/100'],
  ['describe ha-resource/', 'ha-resource/100'],
  ['get firewalls c', 'cluster'],
  ['get firewalls --sort-by options.p', 'options.policy_in options.policy_out'],
  ['get vms --sort-by options.', ''],
  ['describe v', 'vm/'],
  ['describe vm/', 'vm/100 vm/web01 vm/101 vm/db01'],
  ['describe vms/10', 'vms/100 vms/101'],
  ['describe 1', '100 101'],
  ['describe vm 10', '100 101'],
  ['describe vm 100 ', ''],
  ['describe home/d', 'home/dir-mapping/ home/db01'],
  [
    'describe home/',
    `home/${KINDS.replaceAll(' ', ' home/')} home/web01 home/db01 home/web02 home/pve1 home/local home/web home/web/front home/acl`,
  ],
  ['describe home/storage/', 'home/storage/local'],
  ['describe pool/web/', 'pool/web/front'],
  ['log vm/100 1', '100 101'],
  ['diff HEAD~3 we', 'web01 web02 web web/front'],
  ['log lo', 'local'],
  ['accept ', 'vm/100 vm/100:config.memory vm/101'],
  ['accept vm/100:', 'vm/100:config.memory'],
  ['accept vm/101 d', 'db01'],
  ['accept home/vm/100:', 'home/vm/100:config.memory'],
  ['reject infra/', '', 'files'],
  ['auth test ', 'home'],
  ['state show ', 'home', 'files'],
  ['sync --only ', NAMES],
  ['sync --only sdn-z', 'sdn-zone'],
  ['sync --cluster home --on', '--only'],
  ['init --ca ', '', 'files'],
  ['init ', '', 'folders'],
  ['init --token-env ', ''],
  ['-C ', '', 'folders'],
  ['--w', '--workspace'],
  ['-C /somewhere get vms 10', '100 101'],
  ['status -C /somewhere --det', '--detailed-exitcode'],
  ['help ', commandWords('')],
  ['help state ', 'migrate show verify'],
  ['completion ', 'bash zsh fish'],
  ['plugins uninstall s', 'simulator sync', 'files'],
]

const TWO: Case[] = [
  ['describe ', `${KINDS} home/ lab/ web01 db01 web02 sandbox pve1 local web web/front acl lab1`],
  ['describe vm/10', 'vm/101'],
  ['describe 1', '101'],
  ['describe vm 10', '101'],
  ['describe --cluster lab vm/10', 'vm/100'],
  ['describe t', ''],
  ['describe vm/t', ''],
  ['describe home/t', 'home/twin'],
  ['get vms 10', '100 101'],
  ['accept t', '', 'files'],
  ['accept home/t', 'home/twin'],
  ['describe lab/vm/', 'lab/vm/100 lab/vm/sandbox lab/vm/302 lab/vm/twin'],
  ['describe lab/st', 'lab/storage/'],
  ['describe lab/sa', 'lab/sandbox'],
  ['describe --cluster lab ', `${KINDS} sandbox twin lab1`],
  ['log --cluster lab --cluster home l', 'local lab1'],
  ['describe --cluster=lab vm/', 'vm/100 vm/sandbox vm/302 vm/twin'],
  ['get nodes ', 'pve1 lab1'],
  ['get nodes --cluster lab --node ', 'lab1'],
  ['get vms --cluster ', 'home lab'],
  ['accept ', 'home/vm/100 home/vm/100:config.memory vm/101 vm/301 lab/vm/100 lab/vm/100:config.cores home/ lab/'],
  ['accept lab/', 'lab/vm/100 lab/vm/100:config.cores'],
  ['sync --cluster l', 'lab'],
]

function commandWords(topic: string): string {
  const ids = Object.values(manifest.commands).flatMap(({id, hidden}) => (hidden || !id.startsWith(topic) ? [] : [id]))
  return [...new Set(ids.sort().map((id) => id.split(':')[0]!))].join(' ')
}

for (const awk of ['awk', 'mawk', 'gawk', 'original-awk', 'busybox']) {
  describe(`which words may stand at the cursor, by ${awk}`, function () {
    let folder: string
    let lists: string
    before(function () {
      skipFor(this, whereIs(awk) === undefined && `there is no ${awk}`)
      folder = mkdtempSync(path.join(os.tmpdir(), 'pmpc-test-'))
      lists = path.dirname(listFile(folder, 'clusters'))
    })
    after(() => folder && rmSync(folder, {recursive: true}))

    function offered(line: string): {words: string; also: string} {
      const typed = line.split(' ')
      const args = [program, '/nonexistent', table, lists, '', '0', ...typed]
      const out = execFileSync(awk, awk === 'busybox' ? ['awk', ...args] : args, {
        encoding: 'utf8',
        env: {LC_ALL: 'C', PATH: process.env.PATH},
      })
      const rows = out.split('\n').slice(0, -1)
      return {
        words: rows
          .slice(0, -1)
          .map((row) => row.split('\t')[0]!)
          .join(' '),
        also: rows.at(-1)!,
      }
    }

    describe('with one cluster', () => {
      before(() =>
        keepWords(folder, {
          clusters: ['home'],
          states: [home],
          open: [open('home', 100, 'config.memory'), open('home', 101)],
        }),
      )
      for (const [line, words, also = 'words'] of ONE)
        it(`pmpc ${line}`, () => expect(offered(line)).to.deep.equal({words, also}))
    })

    describe('with two clusters', () => {
      before(() =>
        keepWords(folder, {
          clusters: ['home', 'lab'],
          states: [withTwin(home, 301), withTwin(lab, 302)],
          open: [
            open('home', 100, 'config.memory'),
            open('home', 101),
            open('home', 301),
            open('lab', 100, 'config.cores'),
          ],
        }),
      )
      for (const [line, words, also = 'words'] of TWO)
        it(`pmpc ${line}`, () => expect(offered(line)).to.deep.equal({words, also}))
    })
  })
}
