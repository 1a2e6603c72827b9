import {HOUR, configure, firewallOptions, rule, all, user, token, type Wrong} from './makes.js'
import {addTask, DAY, factor} from '../well.js'

/** Users, the firewall, tasks. */
export const access: Readonly<Record<string, readonly Wrong[]>> = {
  'access.root-factor': [
    {is: 'it has none', make: ({state}) => void delete state.users['root@pam']!.tfa, object: 'user/root@pam'},
  ],
  'access.factor': [
    {is: 'a user has none', make: user('ann@pve', {}), object: 'user/ann@pve'},
    {
      is: 'one has, another has not',
      make: (given) => all(user('ann@pve', {tfa: {entries: [factor(given.now)]}}), user('bob@pam', {}))(given),
      object: 'user/bob@pam',
    },
  ],
  'access.token-expiry': [
    {
      is: 'it ends soon',
      make: (given) => token('ops@pve', {expire: given.now + 5 * DAY + HOUR})(given),
      object: 'token/ops@pve!ci',
      says: /in 5 days/,
    },
    {
      is: 'it has ended',
      make: (given) => token('ops@pve', {expire: given.now - 5 * DAY})(given),
      object: 'token/ops@pve!ci',
      says: /ended/,
    },
  ],
  'access.user-expiry': [
    {
      is: 'it ends soon',
      make: (given) => user('ann@pve', {expire: given.now + 5 * DAY, tfa: {entries: [factor(given.now)]}})(given),
      object: 'user/ann@pve',
    },
  ],
  'access.root-token': [{is: 'there is one', make: token('root@pam', {privsep: 0}), object: 'token/root@pam!ci'}],
  'access.locked': [
    {
      is: 'one is',
      make: ({state, now}) => void (state.users['root@pam']!.tfa = {entries: [factor(now)], locked: true}),
      object: 'user/root@pam',
    },
  ],
  'firewall.off': [{is: 'it is', make: firewallOptions({enable: 0}), object: 'cluster'}],
  'firewall.node': [
    {
      is: 'one is off',
      make: ({state}) =>
        void (state.firewall['node pve2'] = {options: {enable: 0}, rules: [], aliases: {}, ipset: {}, groups: {}}),
      object: 'node/pve2',
    },
  ],
  'firewall.policy': [{is: 'all may come in', make: firewallOptions({policy_in: 'ACCEPT'}), object: 'cluster'}],
  'firewall.exposed': [
    {
      is: 'the web interface is open',
      make: rule({proto: 'tcp', dport: '8006'}, {proto: 'tcp', dport: '8006', source: '+management'}),
      object: 'rule/0',
      says: /web interface/,
    },
    {
      is: 'SSH is open by a macro',
      make: rule({macro: 'SSH', source: '10.0.0.0/8'}, {macro: 'SSH'}),
      object: 'rule/1',
      says: /SSH/,
    },
    {is: 'a range holds it', make: rule({proto: 'tcp', dport: '5800:6000'}), object: 'rule/0', says: /consoles/},
  ],
  'firewall.nics': [
    {
      is: 'one passes it by',
      make: configure(100, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0'}),
      object: 'vm/100',
      says: /net0/,
    },
  ],
  'task.failed': [
    {
      is: 'many did',
      make: ({state, now}) => {
        for (let index = 1; index < 8; index++)
          addTask(state, {
            type: 'qmstart',
            id: '101',
            at: now - index * 60,
            end: now - index * 60 + 2,
            status: 'start failed',
          })
      },
      object: 'node/pve1',
      says: /7 tasks failed since yesterday: qmstart/,
    },
  ],
  'task.long': [
    {
      is: 'one does',
      make: ({state, now}) => addTask(state, {type: 'qmigrate', id: '100', at: now - 2 * DAY}),
      object: 'node/pve1',
      says: /qmigrate of 100/,
    },
  ],
}
