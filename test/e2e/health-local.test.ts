import {expect} from 'chai'
import {chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import type {HealthResult} from '../../plugins/diagnostics/src/health/health.js'
import {wayChecks} from '../../plugins/diagnostics/src/health/local/ways.js'
import {localChecks} from '../../plugins/diagnostics/src/health/local/workspace.js'
import {labOfWell} from '../integration/health/well.js'
import type {Clone, Lab} from '../support/lab.js'

interface Wrong {
  is: string
  make(clone: Clone, lab: Lab): void | Promise<void>
  /** Takes back what Git and the simulator's state do not. */
  back?(clone: Clone, lab: Lab): void | Promise<void>
  object: string | RegExp
  result?: 'warning' | 'critical'
  says?: RegExp
  env?: (lab: Lab) => Record<string, string>
}

const threshold =
  (check: string, limits: string): Wrong['make'] =>
  (clone) =>
    clone.append('pmpc.yaml', `health: {thresholds: {${check}: ${limits}}}\n`)

/** A folder for PATH with a program of a name that is a script. */
function program(lab: Lab, name: string, script: string): string {
  const folder = path.join(lab.box.folder, `bin-${name}`)
  mkdirSync(folder, {recursive: true})
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(path.join(folder, name), 0o755)
  return folder
}

const endpoints = (clone: Clone, more: string): void =>
  clone.edit('pmpc.yaml', /endpoints: \[(.*)\]/, (_all, one) => `endpoints: [${one}, "${more}"]`)

const wrong: Readonly<Record<string, readonly Wrong[]>> = {
  'workspace.git': [
    {
      is: 'a merge is under way',
      make: async (clone) => {
        await clone.git('switch', '-qc', 'other')
        clone.write('notes.txt', 'theirs\n')
        await clone.git('add', 'notes.txt')
        await clone.git('commit', '-qm', 'theirs')
        await clone.git('switch', '-q', 'main')
        clone.write('notes.txt', 'ours\n')
        await clone.git('add', 'notes.txt')
        await clone.git('commit', '-qm', 'ours')
        await clone.tryGit('merge', 'other')
      },
      back: async (clone) => {
        await clone.git('merge', '--abort')
        await clone.git('branch', '-qD', 'other')
      },
      object: 'workspace',
      says: /in the middle of a merge/,
    },
    {
      is: 'HEAD is detached',
      make: async (clone) => void (await clone.git('switch', '-q', '--detach')),
      back: async (clone) => void (await clone.git('switch', '-q', 'main')),
      object: 'workspace',
      says: /detached/,
    },
  ],
  'workspace.drivers': [
    {
      is: 'they are not set up',
      make: async (clone) => void (await clone.git('config', '--remove-section', 'merge.pmpc')),
      back: async (clone) => void (await clone.must('init')),
      object: 'workspace',
    },
  ],
  'workspace.manifests': [
    {
      is: 'one is broken',
      make: (clone) => clone.write('infra/home/vm/broken.yaml', 'kind: vm\nid: [\n'),
      object: /broken\.yaml:\d+$/,
    },
  ],
  'workspace.apply': [
    {
      is: 'one was interrupted',
      make: async (clone, lab) => {
        clone.edit('infra/home/vm/101.yaml', /memory: .*/, 'memory: 1024')
        const {faults} = lab.simulator.simulation
        faults.resetCounters()
        for (const method of ['PUT', 'POST']) faults.add({kind: 'hang', method})
        const isSent = (): boolean => Object.keys(faults.count().byPath).some((call) => /^(PUT|POST) /.test(call))
        const killed = await clone.pmpc(['apply'], {
          started: (child) => {
            const look = setInterval(() => isSent() && child.kill('SIGKILL'), 20)
            child.on('exit', () => clearInterval(look))
          },
        })
        expect(killed.code).to.not.equal(0)
      },
      back: async (clone, lab) => {
        lab.simulator.simulation.faults.clear()
        rmSync(path.join(clone.root, '.pmpc/local'), {recursive: true, force: true})
      },
      object: 'workspace',
      says: /pmpc apply \(run \w+\) was interrupted/,
    },
  ],
  'workspace.room': [
    {
      is: 'there is little',
      make: threshold('workspace.room', '{warning: 1000000000, critical: 0}'),
      object: 'workspace',
    },
    {
      is: 'there is none',
      make: threshold('workspace.room', '{critical: 1000000000}'),
      object: 'workspace',
      result: 'critical',
    },
  ],
  'tools.git': [
    {
      is: 'it is old',
      make: () => undefined,
      env: (lab) => {
        const real = lab.box.env.PATH!
        const folder = program(
          lab,
          'git',
          `[ "$1" = --version ] && echo git version 2.20.1 && exit\nPATH='${real}' exec git "$@"`,
        )
        return {PATH: `${folder}${path.delimiter}${real}`}
      },
      object: 'git',
      result: 'critical',
      says: /2\.20\.1/,
    },
  ],
  'tools.code': [
    {
      is: 'there is code, and no program for it',
      make: (clone) => clone.write('iac/terraform/main.tf', ''),
      env: (lab) => {
        const folder = path.join(lab.box.folder, 'bare')
        mkdirSync(folder, {recursive: true})
        for (const [name, target] of [
          ['git', '/usr/bin/git'],
          ['node', process.execPath],
        ] as const) {
          rmSync(path.join(folder, name), {force: true})
          symlinkSync(target, path.join(folder, name))
        }
        return {PATH: folder}
      },
      object: 'iac/terraform',
      says: /terraform or tofu is not on PATH/,
    },
  ],
  'endpoint.reach': [
    {
      is: 'one of two does not answer',
      make: (clone) => endpoints(clone, 'https://127.0.0.1:1'),
      object: 'https://127.0.0.1:1',
    },
    {
      is: 'none answers',
      make: (clone) => clone.edit('pmpc.yaml', /https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1'),
      object: 'https://127.0.0.1:1',
      result: 'critical',
    },
  ],
  'endpoint.latency': [
    {
      is: 'it is slow',
      make: (_clone, lab) =>
        void lab.simulator.simulation.faults.add({kind: 'latency', path: '^/version$', delay: 700}),
      object: /^https:/,
      says: /answers in [78]\d\d ms/,
    },
    {
      is: 'it is very slow',
      make: (_clone, lab) =>
        void lab.simulator.simulation.faults.add({kind: 'latency', path: '^/version$', delay: 2200}),
      object: /^https:/,
      result: 'critical',
    },
  ],
  'state.fresh': [
    {
      is: 'the last sync is too long ago',
      make: threshold('state.fresh', '{warning: -1}'),
      object: 'state/home',
      says: /ago/,
    },
    {
      is: 'this clone has never synced',
      make: (clone) => rmSync(path.join(clone.root, '.pmpc/local'), {recursive: true, force: true}),
      object: 'state/home',
      says: /never/,
    },
  ],
  'state.stale': [
    {
      is: 'a node was off at the last sync',
      make: async (clone, lab) => {
        lab.simulator.simulation.faults.add({kind: 'node-offline', node: 'pve2'})
        await clone.pmpc(['sync'])
      },
      back: async (clone, lab) => {
        lab.simulator.simulation.faults.clear()
        await clone.must('sync')
      },
      object: /vm\/101/,
    },
  ],
}

describe('checks of this side', function () {
  this.timeout(60_000)
  let lab: Lab
  let clone: Clone
  let restore: () => Promise<void>

  before(async () => {
    ;({lab, clone, restore} = await labOfWell())
  })
  after(async () => lab.stop())

  it('have each a way to make them true', () => {
    const ids = [...localChecks, ...wayChecks].map(({id}) => id)
    expect(Object.keys(wrong).toSorted()).to.deep.equal(ids.toSorted())
  })

  const check = async (id: string, env?: Record<string, string>) =>
    (await clone.pmpc(['health', '--json', '--only', id], env && {env})).json<HealthResult>().checks[0]!

  for (const [id, rows] of Object.entries(wrong))
    for (const {is, make, back, object, result = 'warning', says, env} of rows)
      it(`${id}: ${is}`, async () => {
        const before = await check(id)
        expect(`${before.result}: ${before.message}`).to.match(/^ok: /)
        try {
          await make(clone, lab)
          const found = await check(id, env?.(lab))
          expect(`${found.result}: ${found.message}`).to.match(new RegExp(`^${result}: `))
          expect(
            found.objects.some((one) => (typeof object === 'string' ? one === object : object.test(one))),
          ).to.equal(true)
          if (says) expect(found.message).to.match(says)
        } finally {
          lab.simulator.simulation.faults.clear()
          await back?.(clone, lab)
          await restore()
          await clone.git('clean', '-qfd')
          if (!clone.has('.pmpc/local/sync')) await clone.pmpc(['sync'])
        }
      })
})
