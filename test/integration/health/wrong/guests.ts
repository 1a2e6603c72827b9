import {HOUR, measure, configure, replication, manage, all, snapshot, type Wrong} from './makes.js'
import {addTask, DAY, GIB} from '../well.js'

/** Guests, HA and replication, networks. */
export const guests: Readonly<Record<string, readonly Wrong[]>> = {
  'replication.state': [
    {
      is: 'it failed',
      make: replication({failures: 1, error: 'command failed'}),
      object: 'replication/101-0',
      says: /command failed/,
    },
    {
      is: 'it fails again and again',
      make: replication({failures: 4, error: 'no route'}),
      object: 'replication/101-0',
      result: 'critical',
    },
  ],
  'replication.lag': [
    {
      is: 'it is late',
      make: (given) => replication({lastSync: given.now - 2 * HOUR})(given),
      object: 'replication/101-0',
      says: /2 hours/,
    },
  ],
  'ha.state': [
    {
      is: 'one is in error',
      make: manage('vm:100', {state: 'error'}),
      object: 'ha/vm:100',
      result: 'critical',
      says: /error/,
    },
    {is: 'one is recovered', make: manage('vm:100', {state: 'recovery'}), object: 'ha/vm:100', result: 'critical'},
  ],
  'ha.manager': [
    {
      is: 'an agent is silent',
      make: manage('vm:100', {}, {silent: 630}),
      object: 'ha/pve2',
      result: 'critical',
      says: /10 minutes/,
    },
    {
      is: 'there is no master',
      make: all(manage('vm:100'), ({state}) => {
        delete state.ha
      }),
      object: 'ha/manager',
      result: 'critical',
    },
  ],
  'ha.disarmed': [
    {is: 'it is', make: all(manage('vm:100'), ({state}) => void (state.ha!.disarmed = 'freeze')), object: 'ha'},
  ],
  'ha.localdisk': [{is: 'a disk is local', make: manage('vm:101'), object: 'vm/101', says: /scsi0 is on thin/}],
  'ha.blocked': [
    {
      is: 'a CD image is local',
      make: all(manage('vm:100'), configure(100, {ide2: 'local:iso/debian.iso,media=cdrom'})),
      object: 'vm/100',
      says: /local:iso\/debian\.iso/,
    },
    {
      is: 'a device is of the host',
      make: all(manage('vm:100'), configure(100, {hostpci0: '0000:01:00.0'})),
      object: 'vm/100',
      says: /hostpci0/,
    },
  ],
  'guest.lock': [
    {
      is: 'nothing works on it',
      make: ({state}) => void (state.guests[101]!.lock = 'backup'),
      object: 'vm/101',
      says: /locked \(backup\)/,
    },
    {
      is: 'one of two is worked on',
      make: ({state, now}) => {
        state.guests[101]!.lock = 'migrate'
        state.guests[100]!.lock = 'snapshot'
        addTask(state, {type: 'qmsnapshot', id: '100', at: now - 10})
      },
      object: 'vm/101',
    },
  ],
  'guest.onboot-down': [{is: 'it is off', make: configure(101, {onboot: 1}), object: 'vm/101'}],
  'guest.pending': [
    {
      is: 'a change waits',
      make: ({state}) => void (state.guests[100]!.pending = {memory: '8192'}),
      object: 'vm/100',
      says: /memory/,
    },
    {
      is: 'a removal waits',
      make: ({state}) => void (state.guests[100]!.pendingDelete = {cores: 1}),
      object: 'vm/100',
      says: /cores/,
    },
  ],
  'guest.mac': [
    {
      is: 'two have one',
      make: configure(101, {net0: 'virtio=bc:24:11:00:00:01,bridge=vmbr0,firewall=1'}),
      object: ['vm/100', 'vm/101'],
    },
    {
      is: 'a container has that of a machine',
      make: configure(200, {net0: 'name=eth0,hwaddr=BC:24:11:00:00:02,bridge=vmbr0,firewall=1'}),
      object: ['container/200', 'vm/101'],
    },
  ],
  'snapshot.age': [
    {is: 'one is weeks old', make: snapshot('old', 20 * DAY), object: 'vm/100', says: /old is 20 days old/},
    {is: 'one is months old', make: snapshot('old', 90 * DAY), object: 'vm/100', result: 'critical'},
  ],
  'snapshot.count': [
    {
      is: 'there are many',
      make: all(...Array.from({length: 10}, (_, index) => snapshot(`s${index}`, DAY))),
      object: 'vm/100',
      says: /11 snapshots/,
    },
  ],
  'snapshot.broken': [
    {
      is: 'one was never finished',
      make: snapshot('half', DAY, {snapstate: 'delete'}),
      object: 'vm/100',
      says: /half is in state delete/,
    },
  ],
  'machine.old': [{is: 'it is of QEMU 5', make: configure(101, {machine: 'pc-i440fx-5.1'}), object: 'vm/101'}],
  'container.disk': [
    {
      is: 'it is nearly full',
      make: ({state}) => void (state.guests[200]!.usage = {disk: Math.floor(7.4 * GIB)}),
      object: 'container/200',
    },
    {
      is: 'it is full',
      make: ({state}) => void (state.guests[200]!.usage = {disk: Math.floor(7.9 * GIB)}),
      object: 'container/200',
      result: 'critical',
    },
  ],
  'container.memory': [
    {
      is: 'it is used up',
      make: ({state}) => void (state.guests[200]!.usage = {memory: Math.floor(0.98 * GIB)}),
      object: 'container/200',
      says: /98%/,
    },
  ],
  'net.bridge': [
    {
      is: 'there is no such bridge',
      make: configure(100, {net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr7,firewall=1'}),
      object: 'vm/100',
      result: 'critical',
      says: /vmbr7/,
    },
  ],
  'net.pending': [
    {
      is: 'a change waits',
      make: ({state}) => {
        const node = state.nodes.pve2!
        node.newInterfaces = {
          text: `${node.interfaces.text}\nauto vmbr1\niface vmbr1 inet manual\n\tbridge-ports none\n\tbridge-stp off\n\tbridge-fd 0\n`,
          time: Date.now(),
        }
      },
      object: 'node/pve2',
    },
  ],
  'net.down': [
    {is: 'a bridge is down', make: measure('pve2', {down: ['vmbr0']}), object: 'node/pve2', says: /vmbr0 is not up/},
  ],
  'net.mtu': [
    {
      is: 'it differs',
      make: ({state}) =>
        void (state.nodes.pve2!.interfaces.text = state.nodes.pve2!.interfaces.text.replace(
          'bridge-fd 0',
          'bridge-fd 0\n\tmtu 9000',
        )),
      object: 'network/vmbr0',
      says: /1500 on .*9000 on pve2/,
    },
  ],
  'sdn.pending': [
    {
      is: 'a zone waits',
      make: ({state}) => void (state.sections['sdn/zones'] = {lab: {type: 'simple', zone: 'lab'}}),
      object: 'zone/lab',
      says: /new/,
    },
  ],
  'sdn.state': [
    {
      is: 'a zone is in error',
      make: measure('pve2', {zones: {localnetwork: 'error'}}),
      object: 'zone/pve2/localnetwork',
      result: 'critical',
    },
  ],
}
