import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {planFormat, planText, readPlan, type Plan} from '../../../src/kit/plan/index.js'
import {isPmpcError} from '../../../src/kit/errors/index.js'
import type {Observed} from '../../../src/kit/resources/index.js'
import {action, commit, observed, plan} from '../../support/plans.js'
import {checkout} from '../../support/pmpc.js'
import {assertSchema} from '../../support/schemas.js'

const before = {memory: 2048, net0: {virtio: 'BC:24:11:00:00:01', bridge: 'vmbr0', tag: 42}, name: 'web01', onboot: 1}
const after = {...before, memory: 4096, net0: {...before.net0, tag: 43}}

/** Memory of a running guest without hotplug, and the tag of a NIC. */
const change = () =>
  action({
    config: before,
    after,
    wishes: [
      {field: 'config.memory', is: 2048, want: 4096, effect: {consequence: 'pending-until-reboot'}},
      {field: 'config.net0.tag', is: 42, want: 43, effect: {consequence: 'cuts-network'}, commit: null},
    ],
    request: {parameters: {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=43', memory: 4096}},
  })

function failure(text: string): {code: string; message: string; suggestions: readonly string[]} {
  try {
    readPlan(text, 'my plan.json')
  } catch (error) {
    if (isPmpcError(error)) return error
    throw error
  }
  throw new Error('it was read')
}

describe('a plan as data', () => {
  it('is refused where nothing is sent for a wish: what is left would be called done', async () => {
    const {checks} = await plan([
      action({
        wishes: [{field: 'config.scsi0.size', is: '8G', want: '5g'}],
        steps: [],
      }),
    ])
    expect(checks.map(({field, check, severity}) => [field, check, severity])).to.deep.equal([
      ['config.scsi0.size', 'PMPC_PLAN_NO_REQUEST', 'error'],
    ])
    expect(checks[0]!.message).to.match(/^nothing that can be sent makes "5g" of "8G"/)
  })

  it('tells each wish with its consequence and its commit, and each request with what it makes', async () => {
    const {actions, ...rest} = await plan([change()])
    const [first] = actions
    expect(rest.format).to.equal(planFormat)
    expect(first).to.deep.equal({
      object: 'home/vm/100',
      name: 'web01',
      change: 'change',
      consequence: 'cuts-network',
      fields: [
        {field: 'config.memory', from: 2048, to: 4096, consequence: 'pending-until-reboot', commit},
        {field: 'config.net0.tag', from: 42, to: 43, consequence: 'cuts-network', commit: null},
      ],
      effects: [],
      requests: [
        {
          method: 'PUT',
          path: '/nodes/pve1/qemu/100/config',
          parameters: {memory: 4096, net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=43'},
          after: {'config.memory': 4096, 'config.net0.tag': 43},
        },
      ],
      consents: ['cuts-network'],
      pending: [],
      bound: {is: {'config.memory': 2048, 'config.net0': before.net0}, open: [], policy: []},
    })
    expect(Object.keys(first!.requests[0]!.parameters)).to.deep.equal(['memory', 'net0'])
  })

  it('is as its published schema says, whatever is in it', async () => {
    const lost = {ref: {cluster: 'home', kind: 'vm', id: 101} as const}
    const plans = [
      await plan([]),
      await plan([change()], {
        undecided: [{object: 'home/vm/7', field: null, why: 'it was not read'}],
        checks: [{object: 'home/vm/100', check: 'lock', severity: 'warning', message: 'locked', suggestions: []}],
      }),
      await plan([
        action({
          ...lost,
          config: {cores: 2},
          after: null,
          effects: [{consequence: 'destroys-data', irreversible: true}],
        }),
        action({
          ref: {cluster: 'home', kind: 'vm', id: 102},
          is: null,
          after: {cores: 2},
          wishes: [{field: 'config.cores', want: 2}],
          request: {
            method: 'POST',
            path: '/nodes/pve1/qemu',
            parameters: {vmid: 102, cipassword: {secret: 'cipassword'}},
          },
        }),
        action({
          wishes: [{field: 'config.rootfs', is: 'a', want: 'b'}],
          steps: [],
          refused: [{field: 'config.rootfs', code: 'fixed', message: 'no', suggestions: []}],
        }),
      ]),
    ]
    for (const each of plans) assertSchema('plan', each)
    const [gone, made, refused] = plans[2]!.actions
    expect([gone!.change, made!.change, refused!.change]).to.deep.equal(['remove', 'create', 'change'])
    expect([gone!.requests[0]!.after, made!.bound.is, refused!.consequence]).to.deep.equal([null, null, null])
    expect(plans[2]!.checks).to.deep.equal([
      {
        object: 'home/vm/100',
        field: 'config.rootfs',
        check: 'fixed',
        severity: 'error',
        message: 'no',
        suggestions: [],
      },
    ])
  })

  it('shows what PVE holds already and what else the requests do', async () => {
    const is = observed({...before, cores: 4}, {running: {cores: 2, balloon: 0}})
    const {actions} = await plan([
      action({
        is,
        after,
        wishes: [{field: 'config.scsi1', is: 'a', effect: {consequence: 'detaches-data', ifGuestLetsGo: true}}],
        effects: [{field: 'config.boot', consequence: 'live', note: 'PVE takes scsi1 out'}, {consequence: 'stops'}],
      }),
    ])
    expect(actions[0]!.pending).to.deep.equal([
      {field: 'config.balloon', runs: 0, configured: null},
      {field: 'config.cores', runs: 2, configured: 4},
    ])
    expect(actions[0]!.effects).to.deep.equal([
      {field: 'config.boot', consequence: 'live', note: 'PVE takes scsi1 out'},
      {consequence: 'stops'},
    ])
    expect(actions[0]!.consents).to.deep.equal(['stops', 'detaches-data'])
    expect(actions[0]!.fields[0]).to.include({ifGuestLetsGo: true, consequence: 'detaches-data'})
  })

  it('holds no secret, wherever a manifest has one', async () => {
    const secret = 'hunter2hunter2'
    const description = `The password: ${secret}`
    const made = await plan([
      action({
        config: before,
        after: {...after, description, cipassword: secret},
        wishes: [
          {field: 'config.description', want: description},
          {field: 'config.cipassword', want: 'another one'},
        ],
        request: {parameters: {description, cipassword: 'another one'}},
        refused: [{code: 'odd', message: `no ${secret}`, suggestions: [secret]}],
      }),
    ])
    expect(planText(made)).to.not.match(/hunter2|another one/)
    expect(planText(made)).to.match(/The password: \*{10}\(password-[0-9a-f]{4}\)/)
  })

  it('holds no secret that the cluster may have, as a rule allows it there', async () => {
    const [secret, old] = ['hunter2hunter2', 'correcthorse']
    const is = observed({...before, description: `password: ${secret}`}, {running: {description: `password: ${old}`}})
    const wishes = [{field: 'config.description', is: `password: ${secret}`, want: 'none'}]
    const made = await plan([action({is, after: {...before, description: 'none'}, wishes})])
    expect(made.actions[0]!.pending).to.have.length(1)
    expect(planText(made)).to.not.match(/hunter2|correcthorse/)
  })

  describe('its digest', () => {
    const digest = async (...given: Parameters<typeof plan>) => (await plan(...given)).digest

    it('stays with another commit, other checks, another version and a snapshot of last night', async () => {
      const base = await digest([change()])
      const squashed = change()
      const fields = squashed.wanted.fields.map((field) => ({...field, commit: 'b'.repeat(40)}))
      const snapshots = [{name: 'night'}]
      const after = observed({...squashed.steps[0]!.after!.config}, {snapshots})
      const same = [
        {...squashed, wanted: {...squashed.wanted, fields}},
        {...squashed, is: {...squashed.is!, snapshots}, steps: [{...squashed.steps[0]!, after}]},
        {
          ...squashed,
          is: observed({...before, onboot: 0}),
          steps: [{...squashed.steps[0]!, after: observed({...squashed.steps[0]!.after!.config, onboot: 0})}],
        },
      ]
      for (const each of same) expect(await digest([each])).to.equal(base)
      const check = {object: 'home/vm/100', check: 'lock', severity: 'warning', message: 'x', suggestions: []} as const
      expect(await digest([change()], {checks: [check], requests: 9, pmpc: '0.2.0'})).to.equal(base)
      expect(await digest([change()], {clusters: {home: {nodes: {pve1: null}}}})).to.equal(base)
    })

    it('stays in whichever order Proxmox VE tells what is pending', async () => {
      const held = (running: Observed['running']) => digest([{...change(), is: observed(before, {running})}])
      expect(await held({balloon: 0, cores: 2})).to.equal(await held({cores: 2, balloon: 0}))
    })

    it('is another one for another wish, another value that is sent again, an open item and a policy', async () => {
      const other = change()
      other.wanted = {...other.wanted, fields: [{...other.wanted.fields[0]!, want: 8192}]}
      const bridge = change()
      bridge.is = observed({...before, net0: {...before.net0, bridge: 'vmbr1'}})
      const all = [
        await digest([change()]),
        await digest([other]),
        await digest([bridge]),
        await digest([change()], {open: () => ['home/vm/100 config.cores']}),
        await digest([change()], {
          policy: {rules: [{tag: 'prod', never: ['restart']}], subjects: () => [{kind: 'vm', id: 100, tags: ['prod']}]},
        }),
        await digest([]),
      ]
      expect(new Set(all).size).to.equal(all.length)
    })
  })
})

describe('the schemas of a plan', () => {
  it('are one, for pmpc plan and pmpc plan show', () => {
    const [made, shown] = ['plan', 'plan-show'].map(
      (name) => JSON.parse(readFileSync(path.join(checkout, `docs/schema/${name}.json`), 'utf8')) as {title: string},
    )
    expect({...made, title: shown!.title}).to.deep.equal(shown)
  })
})

describe('a saved plan', () => {
  const text = async (change: (plan: Plan) => unknown = (each) => each) => {
    const made = await saved()
    return JSON.stringify(change(made) ?? made)
  }
  const saved = () => plan([change()])

  it('is read as it was written', async () => {
    const made = await saved()
    expect(readPlan(planText(made), 'plan.json')).to.deep.equal(made)
  })

  it('is refused where it is none', async () => {
    for (const other of ['', 'hello', '[]', '{}', 'null', '{"format":1}', planText(await saved()).slice(0, -20)]) {
      const {code, message, suggestions} = failure(other)
      // Not over the file that was named: it may be a manifest.
      expect([code, suggestions]).to.deep.equal(['PMPC_NOT_A_PLAN', ['pmpc plan --out plan.json   # writes one']])
      expect(message).to.match(/^my plan\.json is no plan of pmpc's: /)
    }
  })

  it('is refused where a newer pmpc wrote it', async () => {
    const newer = await text((each) => ({...each, format: planFormat + 1, pmpc: '3.0.0', actions: 'otherwise'}))
    expect(failure(newer)).to.include({
      code: 'PMPC_PLAN_FORMAT',
      message: 'my plan.json was written by pmpc 3.0.0 in format 2; this pmpc reads up to format 1',
    })
  })

  it('is refused where its actions were changed since', async () => {
    const changed: ((plan: Plan) => unknown)[] = [
      ({actions}) => void (actions[0]!.fields[0]!.to = 8192),
      ({actions}) => void (actions[0]!.requests[0]!.parameters.memory = 8192),
      ({actions}) => void (actions[0]!.consents = []),
      ({actions}) => void (actions[0]!.bound.is = {}),
      ({actions}) => void actions.pop(),
      (each) => void (each.digest = 'f'.repeat(64)),
    ]
    for (const each of changed) expect(failure(await text(each)).code).to.equal('PMPC_PLAN_DAMAGED')
  })

  it('is refused, with the place, where a part of it has another form', async () => {
    const odd: [string, unknown][] = [
      ['actions.0.fields', 3],
      ['actions.0.fields.1.to', undefined],
      ['actions.0.requests.0.method', 'GET'],
      ['actions.0.object', 'home/what/1'],
      ['checks.0', 'none'],
      ['clusters.home.nodes.pve1', 3],
      ['requests', -1],
    ]
    for (const [place, value] of odd) {
      const keys = place.split('.')
      const whole = await saved()
      const above = keys.slice(0, -1).reduce((each: object, key) => Reflect.get(each, key) as object, whole)
      Reflect.set(above, keys.at(-1)!, value)
      const {code, message} = failure(JSON.stringify(whole))
      expect([code, message]).to.deep.equal([
        'PMPC_NOT_A_PLAN',
        `my plan.json is no plan of pmpc's: ${place} is not as it should be`,
      ])
    }
  })
})
