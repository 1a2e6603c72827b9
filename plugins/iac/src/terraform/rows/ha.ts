// High availability: bpg/terraform-provider-proxmox v0.112.0, fwprovider/cluster/ha/model_*.go (ImportFromAPI).
import {lost} from './asides.js'
import {derived, flag, has, idOf, list, not, number, text, valueOf} from './fields.js'
import type {Expression} from '../hcl.js'
import type {At, Field, Hindrance, KindRows, Test} from './row.js'

/** `vm:100`, `ct:101`. */
const sid = (at: At): string => `${at.cluster.get('container', at.object.id) ? 'ct' : 'vm'}:${at.object.id}`

/** `pve1:2` is the node with its priority; one without has null. */
const nodes: Field = {
  ...{to: 'nodes', from: 'config.nodes'},
  as: (value): Expression =>
    Object.fromEntries(
      [value].flat().map((entry) => {
        const [node = '', priority] = String(entry).split(':')
        return [node, priority === undefined ? null : Number(priority)]
      }),
    ),
}

const comment = text('comment', 'config.comment')

/** The provider takes no comment with blanks around it. */
const trimmed: Hindrance = {
  when: (at) => /^\s|\s$/.test(String(at.get('config.comment') ?? '')),
  of: ['comment'],
  why: 'the provider does not take a comment with blanks around it',
}

const most = 10

const many = (key: string): Hindrance => ({
  when: (at) => Number(valueOf(at, `config.${key}`, 0)) > most,
  of: [key],
  why: `the provider takes ${most} at most`,
})

const state: Field = {
  ...{to: 'state', from: 'facts.state', default: 'started', always: true},
  as: (value) => (value === 'enabled' ? 'started' : String(value)),
}

const resource: KindRows = {
  kind: 'ha-resource',
  resources: [
    {
      type: 'proxmox_haresource',
      file: 'ha',
      importId: sid,
      fields: [
        derived('resource_id', sid),
        state,
        text('group', 'config.group'),
        flag('failback', 'config.failback'),
        number('max_relocate', 'config.max_relocate'),
        number('max_restart', 'config.max_restart'),
        comment,
      ],
      hindrances: [trimmed, many('max_relocate'), many('max_restart')],
    },
  ],
  asides: [
    {of: 'config.state', how: 'leftOut', why: 'written as it is observed (`facts.state`)'},
    lost('auto-rebalance'),
  ],
}

const nameless: Test = (at) => idOf(at).length < 2

const group: KindRows = {
  kind: 'ha-group',
  resources: [
    {
      type: 'proxmox_hagroup',
      file: 'ha',
      importId: idOf,
      fields: [
        derived('group', idOf),
        nodes,
        flag('no_failback', 'config.nofailback', {default: false}),
        flag('restricted', 'config.restricted', {default: false}),
        comment,
      ],
      hindrances: [trimmed],
    },
  ],
  unmanageable: [{when: nameless, why: 'the provider takes no name of one letter'}],
}

const rule: KindRows = {
  kind: 'ha-rule',
  resources: [
    {
      type: 'proxmox_harule',
      file: 'ha',
      importId: idOf,
      fields: [
        derived('rule', idOf),
        text('type', 'config.type'),
        {...list('resources', 'config.resources'), absent: []},
        nodes,
        flag('strict', 'config.strict', {default: false}),
        text('affinity', 'config.affinity'),
        flag('disable', 'config.disable', {default: false}),
        comment,
      ],
      hindrances: [trimmed],
    },
  ],
  unmanageable: [
    {when: nameless, why: 'the provider takes no name of one letter'},
    {when: not(has('config.resources')), why: 'the provider wants resources'},
  ],
}

export const ha: readonly KindRows[] = [resource, group, rule]
