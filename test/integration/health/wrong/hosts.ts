import {packages} from '../../../../plugins/simulator/src/endpoints/nodes/package-table.js'
import {measure, configure, certificate, all, sources, subscribed, free, paid, type Wrong} from './makes.js'
import {DAY, GIB} from '../well.js'

/** Nodes, the cluster as a whole, packages. */
export const hosts: Readonly<Record<string, readonly Wrong[]>> = {
  'cluster.quorum': [
    {
      is: 'the quorum is lost',
      make: ({state}) => void (state.quorum = false),
      object: 'cluster/well',
      result: 'critical',
    },
  ],
  'node.online': [
    {
      is: 'a node is off',
      make: ({state}) => void (state.nodes.pve3!.power = 'offline'),
      object: 'node/pve3',
      result: 'critical',
    },
  ],
  'corosync.links': [{is: 'a node has one link', make: measure('pve2', {links: []}), object: 'node/pve2'}],
  'corosync.votes': [
    {is: 'a node has two votes', make: measure('pve1', {votes: 2}), object: 'node/pve1', says: /2 votes/},
  ],
  'corosync.qdevice': [
    {is: 'two nodes are alone', make: ({state}) => void delete state.nodes.pve3, object: 'cluster'},
    {
      is: 'it does not answer',
      make: ({state}) => void (state.world.qdevice = {Model: 'Net', State: 'Disconnected'}),
      object: 'qdevice',
    },
  ],
  'version.skew': [
    {is: 'a node lags behind', make: measure('pve2', {version: '9.2.4'}), object: 'node/pve2', says: /9\.2\.4/},
    {
      is: 'a node has another major release',
      make: measure('pve2', {version: '8.4.5'}),
      object: 'node/pve2',
      result: 'critical',
    },
  ],
  'release.eol': [
    {is: 'a release is over', make: measure('pve2', {version: '7.4-16'}), object: 'node/pve2', says: /2024-07-31/},
  ],
  'service.state': [
    {
      is: 'pvestatd does not run',
      make: ({state}) => void (state.nodes.pve1!.services = {pvestatd: 'dead'}),
      object: 'node/pve1',
      result: 'critical',
      says: /pvestatd is dead/,
    },
    {
      is: 'cron does not run',
      make: ({state}) => void (state.nodes.pve1!.services = {cron: 'dead'}),
      object: 'node/pve1',
    },
  ],
  'time.sync': [
    {
      is: 'chrony does not run',
      make: ({state}) => void (state.nodes.pve2!.services = {chrony: 'dead'}),
      object: 'node/pve2',
    },
  ],
  'time.drift': [
    {is: 'a clock is ahead', make: measure('pve1', {clock: 12}), object: 'node/pve1', says: /1[123] s ahead/},
    {
      is: 'a clock is far behind',
      make: measure('pve1', {clock: -90}),
      object: 'node/pve1',
      result: 'critical',
      says: /behind/,
    },
  ],
  'time.skew': [{is: 'two clocks differ', make: measure('pve1', {clock: 12}), object: 'node/pve1'}],
  'rootfs.usage': [
    {is: 'it is nearly full', make: measure('pve1', {root: 88 * GIB}), object: 'node/pve1', says: /88%/},
    {is: 'it is full', make: measure('pve1', {root: 99 * GIB}), object: 'node/pve1', result: 'critical'},
  ],
  'memory.usage': [
    {is: 'it is used', make: measure('pve1', {memory: 60 * GIB}), object: 'node/pve1', says: /93\.\d%/},
    {is: 'it is gone', make: measure('pve1', {memory: 63.5 * GIB}), object: 'node/pve1', result: 'critical'},
  ],
  'swap.usage': [
    {
      is: 'it is used',
      make: measure('pve1', {swap: {total: 8 * GIB, used: 6 * GIB}}),
      object: 'node/pve1',
      says: /75%/,
    },
  ],
  'cpu.load': [{is: 'it is high', make: measure('pve1', {load: [30, 26, 20]}), object: 'node/pve1', says: /26 on 16/}],
  'memory.overcommit': [
    {
      is: 'guests were promised more than there is',
      make: configure(100, {memory: String(70 * 1024)}),
      object: 'node/pve1',
    },
    {
      is: 'they were promised far more',
      make: configure(100, {memory: String(90 * 1024)}),
      object: 'node/pve1',
      result: 'critical',
    },
  ],
  'memory.failover': [
    {is: 'two nodes cannot carry it', make: configure(100, {memory: String(140 * 1024)}), object: 'cluster'},
  ],
  'cpu.overcommit': [
    {
      is: 'many cores run on few',
      make: ({state}) => {
        state.nodes.pve1!.cpus = 2
        // A machine gets no more than its node has; several do.
        for (const vmid of [301, 302, 303, 304]) state.guests[vmid] = {...structuredClone(state.guests[100]!), vmid}
      },
      object: 'node/pve1',
      says: /10 cores/,
    },
  ],
  'kernel.reboot': [
    {
      is: 'a newer one is installed',
      make: measure('pve1', {kernels: ['6.14.11-4-pve']}),
      object: 'node/pve1',
      says: /6\.14\.11-4-pve/,
    },
  ],
  'host.resolve': [
    {
      is: 'its name is the loopback',
      make: ({state}) => void (state.nodes.pve1!.hosts = '127.0.1.1 pve1.example.com pve1\n'),
      object: 'node/pve1',
      result: 'critical',
    },
    {
      is: 'its name is of another',
      make: ({state}) => void (state.nodes.pve1!.hosts = '192.0.2.99 pve1\n'),
      object: 'node/pve1',
      result: 'critical',
    },
  ],
  'cert.expiry': [
    {is: 'it ends soon', make: certificate(['pve1'], 20), object: 'node/pve1', says: /pveproxy-ssl\.pem ends in/},
    {is: 'it has ended', make: certificate(['pve1'], -2), object: 'node/pve1', result: 'critical', says: /ended/},
  ],
  'cert.weak': [
    {
      is: 'the key is short',
      make: ({state}) => void (state.nodes.pve1!.certificate = weak),
      object: 'node/pve1',
      says: /1024/,
    },
  ],
  'cert.names': [
    {
      is: 'it is for another name',
      make: certificate(['www.example.org'], 300),
      object: 'node/pve1',
      says: /www\.example\.org/,
    },
  ],
  'updates.pending': [
    {
      is: 'there are some',
      make: measure('pve1', {
        packages: Object.fromEntries(packages.slice(0, 31).map(({name}) => [name, {next: '99.1'}])),
      }),
      object: 'node/pve1',
      says: /packages have newer versions/,
    },
  ],
  'updates.pve': [
    {
      is: 'there are some',
      make: measure('pve1', {
        packages: Object.fromEntries(
          ['pve-manager', 'qemu-server', 'pve-container', 'corosync', 'pve-firewall'].map((name) => [
            name,
            {next: '99.1'},
          ]),
        ),
      }),
      object: 'node/pve1',
      says: /^node\/pve1: 5 /,
    },
  ],
  'packages.state': [
    {
      is: 'one is half configured',
      make: measure('pve1', {packages: {corosync: {state: 'HalfConfigured'}}}),
      object: 'node/pve1',
      says: /corosync/,
    },
  ],
  'repo.none': [
    {
      is: 'there is none',
      make: sources('https://deb.debian.org/debian', ['trixie-updates'], 'main'),
      object: 'node/pve1',
    },
  ],
  'repo.enterprise': [
    {is: 'it is not paid for', make: sources(paid, ['trixie'], 'pve-enterprise'), object: 'node/pve1'},
  ],
  'repo.test': [
    {
      is: 'it is on',
      make: all(sources(free, ['trixie'], 'pve-test')),
      object: 'node/pve1',
      says: /pve-test is enabled/,
    },
  ],
  'repo.suites': [
    {
      is: 'one is of another release',
      make: sources(free, ['bookworm'], 'pve-no-subscription'),
      object: 'node/pve1',
      says: /bookworm/,
    },
  ],
  'repo.errors': [
    {
      is: 'a file cannot be read',
      make: measure('pve1', {sourceErrors: [{path: '/etc/apt/sources.list.d/x.list', error: 'malformed entry'}]}),
      object: 'node/pve1',
      says: /malformed/,
    },
  ],
  'subscription.state': [
    {is: 'it has ended', make: subscribed({status: 'expired'}), object: 'node/pve1', says: /expired/},
    {
      is: 'it is due',
      make: (given) => subscribed({due: new Date((given.now + 10 * DAY) * 1000).toISOString().slice(0, 10)})(given),
      object: 'node/pve1',
      says: /due in \d+ days/,
    },
  ],
}

/** A certificate with a key of 1024 bits, of `openssl req -x509 -newkey rsa:1024 -nodes -days 36500 -subj /CN=pve1 -addext subjectAltName=DNS:pve1`. */
const weak = {
  certificates: `-----BEGIN CERTIFICATE-----
MIICDTCCAXagAwIBAgIUIHNLCS2tkSd8gpM90wgka8bNWD0wDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEcHZlMTAgFw0yNjExMzAwMjIzMzlaGA8yMTI2MTEwNjAy
MjMzOVowDzENMAsGA1UEAwwEcHZlMTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC
gYEAzo6Dp8KDsGr5P+ercqwbaXqJseZ4KLzSFce6e2FjqGYhmpdW60ZqGn/0H441
i5Qgh/SnBdoQU2Ek4irRiBIPKYTvvU88TaBPM1WPNOG09eujL2NURze7rWFyztMw
1hOrhgdCns4Ek/GobVj7tv0bSwiWs9I6/mtz+YlxPJ8aFj0CAwEAAaNkMGIwHQYD
VR0OBBYEFE/PNPOfoMj0NLbt3yzntJkBpIgoMB8GA1UdIwQYMBaAFE/PNPOfoMj0
NLbt3yzntJkBpIgoMA8GA1UdEwEB/wQFMAMBAf8wDwYDVR0RBAgwBoIEcHZlMTAN
BgkqhkiG9w0BAQsFAAOBgQCid8LVkIo/YMyN7rJKpvCLIrrS6hsY9rI9ydOiMjVi
AgwbvpFanppAWYURSiAxDEYTzVWhQLEpLEduig15bmyDigKZG56ajx/4l+TU6GYX
pf3Q9U8D9u6GyuvB2ktb92Zwm2EXXySPwzO6SumAbEL9TAz51BYWXjNAP5huU31b
qg==
-----END CERTIFICATE-----
`,
  key: '',
}
