import {expect} from 'chai'
import {restoreSimulation, saveSimulation, type Saved} from '../../../plugins/simulator/src/seeds/save.js'
import {check, type Known} from '../../../src/kit/plan/checks.js'
import {permissionsIn} from '../../../src/kit/proxmox/index.js'
import type {ClusterState, KindName, Scalar} from '../../../src/kit/resources/index.js'
import {Lab as Sender} from '../../../plugins/simulator/test/support.js'
import {Lab} from '../../support/lab.js'
import {actionOf, aroundOf, bothCalls, knownOf, requestOf} from '../../support/plan/checking.js'
import {readLab} from '../../support/reading.js'

const token = 'pmpc@pve!sync'

interface Row {
  of: readonly [KindName, string | number]
  send: string
  with?: Record<string, Scalar>
  /** Privileges that suffice, on `/`; another set for 8.4. */
  needs: string
  needsIn8?: string
  only?: '8.4' | '9.2'
}

const vm = '/nodes/pve1/qemu/120'
const windows = '/nodes/pve3/qemu/110'
const ct = '/nodes/pve1/lxc/200'

/** Requests of plans, and what they need. */
const rows: readonly Row[] = [
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {cores: 3}, needs: 'VM.Config.CPU'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {memory: 2048}, needs: 'VM.Config.Memory'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {description: 'x'}, needs: 'VM.Config.Options'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {startup: 'order=2'}, needs: 'VM.Config.Options Sys.Modify'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {ciuser: 'x'}, needs: 'VM.Config.Cloudinit'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {nameserver: '192.0.2.53'}, needs: 'VM.Config.Network'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {boot: 'order=net0'}, needs: 'VM.Config.Disk'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {scsihw: 'lsi'}, needs: 'VM.Config.HWType'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {serial0: 'socket'}, needs: 'VM.Config.HWType'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {tags: 'a;b'}, needs: 'VM.Config.Options'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {delete: 'tags'}, needs: 'VM.Config.Options'},
  {
    of: ['vm', 120],
    send: `PUT ${vm}/config`,
    with: {net1: 'virtio,bridge=vmbr0,tag=7'},
    needs: 'VM.Config.Network SDN.Use',
  },
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {delete: 'net0'}, needs: 'VM.Config.Network SDN.Use'},
  {
    of: ['vm', 120],
    send: `POST ${vm}/config`,
    with: {scsi1: 'ceph:4'},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {
    of: ['vm', 120],
    send: `PUT ${vm}/config`,
    with: {ide2: 'local:iso/debian-12.9.0-amd64-netinst.iso,media=cdrom'},
    needs: 'VM.Config.CDROM Datastore.Audit',
  },
  {
    of: ['vm', 120],
    send: `PUT ${vm}/config`,
    with: {ide0: 'ceph:cloudinit'},
    needs: 'VM.Config.Cloudinit VM.Config.CDROM',
  },
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {ide3: 'cdrom,media=cdrom'}, needs: 'VM.Config.CDROM Sys.Console'},
  {
    of: ['vm', 120],
    send: `PUT ${vm}/config`,
    with: {scsi0: 'ceph:vm-120-disk-0,size=32G,discard=on'},
    needs: 'VM.Config.Disk',
  },
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {delete: 'scsi0'}, needs: 'VM.Config.Disk'},
  {
    of: ['vm', 110],
    send: `PUT ${windows}/config`,
    with: {delete: 'unused0'},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {
    of: ['vm', 110],
    send: `PUT ${windows}/config`,
    with: {vmstatestorage: 'local-zfs'},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {
    of: ['vm', 120],
    send: `POST ${vm}/config`,
    with: {scsi2: 'ceph:0,import-from=ceph:vm-101-disk-0'},
    needs: 'VM.Config.Disk Datastore.AllocateSpace VM.Clone',
  },
  {
    of: ['vm', 120],
    send: `PUT ${vm}/resize`,
    with: {disk: 'scsi0', size: '40G'},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {
    of: ['vm', 120],
    send: `POST ${vm}/move_disk`,
    with: {disk: 'scsi0', storage: 'local-zfs', delete: 1},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {rng0: 'source=/dev/hwrng'}, needs: 'VM.Config.HWType Mapping.Use'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {virtiofs0: 'dirid=shared'}, needs: 'VM.Config.Disk Mapping.Use'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {usb1: 'mapping=key'}, needs: 'VM.Config.HWType Mapping.Use'},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {hostpci0: 'mapping=gpu'}, needs: 'VM.Config.HWType Mapping.Use'},
  {of: ['vm', 120], send: `POST ${vm}/status/stop`, needs: 'VM.PowerMgmt'},
  {of: ['vm', 110], send: `POST ${windows}/status/start`, needs: 'VM.PowerMgmt'},
  {of: ['vm', 120], send: `POST ${vm}/migrate`, with: {target: 'pve2', online: 1}, needs: 'VM.Migrate'},
  {
    of: ['vm', 110],
    send: `POST ${windows}/migrate`,
    with: {target: 'pve2', targetstorage: 'ceph'},
    needs: 'VM.Migrate VM.Config.Disk Datastore.AllocateSpace',
  },
  {of: ['vm', 110], send: `POST ${windows}/template`, needs: 'VM.Allocate'},
  {of: ['vm', 110], send: `DELETE ${windows}`, needs: 'VM.Allocate'},
  {
    of: ['vm', 300],
    send: 'POST /nodes/pve1/qemu',
    with: {vmid: 300, memory: 512, cores: 1, name: 'x', net0: 'virtio,bridge=vmbr0', scsi0: 'ceph:1'},
    needs:
      'VM.Allocate VM.Config.Memory VM.Config.CPU VM.Config.Options VM.Config.Network SDN.Use Datastore.AllocateSpace',
  },
  {
    of: ['vm', 300],
    send: 'POST /nodes/pve1/qemu',
    with: {vmid: 300, start: 1},
    needs: 'VM.Allocate VM.PowerMgmt',
    needsIn8: 'VM.Allocate',
  },
  {of: ['vm', 300], send: 'POST /nodes/pve1/qemu', with: {vmid: 300, pool: 'empty'}, needs: 'VM.Allocate'},
  {
    of: ['vm', 300],
    send: 'POST /nodes/pve1/qemu/9000/clone',
    with: {newid: 300, full: 1},
    needs: 'VM.Clone VM.Allocate Datastore.AllocateSpace SDN.Use',
  },
  {
    of: ['vm', 300],
    send: 'POST /nodes/pve1/qemu',
    with: {vmid: 300, archive: 'backup:backup/vzdump-qemu-100-2026_11_01-02_00_03.vma.zst', storage: 'ceph'},
    needs: 'VM.Allocate Datastore.AllocateSpace VM.Backup SDN.Use',
  },
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {cores: 2}, needs: 'VM.Config.CPU'},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {swap: 0}, needs: 'VM.Config.Memory'},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {hostname: 'x'}, needs: 'VM.Config.Network'},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {onboot: 0}, needs: 'VM.Config.Options'},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {tags: 'x'}, needs: 'VM.Config.Options'},
  {
    of: ['container', 200],
    send: `PUT ${ct}/config`,
    with: {features: 'nesting=0'},
    needs: 'VM.Allocate VM.Config.Options',
  },
  {
    of: ['container', 200],
    send: `PUT ${ct}/config`,
    with: {mp0: 'ceph:2,mp=/srv'},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {
    of: ['container', 200],
    send: `PUT ${ct}/config`,
    with: {net0: 'name=eth0,bridge=vmbr0,tag=9'},
    needs: 'VM.Config.Network SDN.Use',
  },
  {
    of: ['container', 200],
    send: `PUT ${ct}/resize`,
    with: {disk: 'rootfs', size: '8G'},
    needs: 'VM.Config.Disk VM.Config.Options Datastore.AllocateSpace',
  },
  {
    of: ['container', 202],
    send: 'POST /nodes/pve3/lxc/202/move_volume',
    with: {volume: 'rootfs', storage: 'local-zfs', delete: 1},
    needs: 'VM.Config.Disk Datastore.AllocateSpace',
  },
  {
    of: ['container', 300],
    send: 'POST /nodes/pve1/lxc',
    with: {
      vmid: 300,
      ostemplate: 'local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst',
      rootfs: 'ceph:2',
      memory: 256,
      net0: 'name=eth0,bridge=vmbr0',
      unprivileged: 0,
    },
    needs: 'VM.Allocate VM.Config.Disk VM.Config.Memory VM.Config.Network SDN.Use Datastore.AllocateSpace Sys.Modify',
  },
  {of: ['pool', 'empty'], send: 'PUT /pools', with: {poolid: 'empty', comment: 'x'}, needs: 'Pool.Allocate'},
  {of: ['pool', 'empty'], send: 'PUT /pools', with: {poolid: 'empty', vms: 110}, needs: 'Pool.Allocate VM.Allocate'},
  {
    of: ['pool', 'empty'],
    send: 'PUT /pools',
    with: {poolid: 'empty', vms: 110},
    needs: 'Pool.Allocate Permissions.Modify',
  },
  {
    of: ['pool', 'empty'],
    send: 'PUT /pools',
    with: {poolid: 'empty', storage: 'local'},
    needs: 'Pool.Allocate Datastore.Allocate',
  },
  {of: ['pool', 'new'], send: 'POST /pools', with: {poolid: 'new'}, needs: 'Pool.Allocate'},
  {
    of: ['storage', 'new'],
    send: 'POST /storage',
    with: {storage: 'new', type: 'dir', path: '/srv/x', content: 'iso'},
    needs: 'Datastore.Allocate',
  },
  {of: ['storage', 'fast'], send: 'PUT /storage/fast', with: {disable: 1}, needs: 'Datastore.Allocate'},
  {
    of: ['replication-job', '110-0'],
    send: 'POST /cluster/replication',
    with: {id: '110-0', target: 'pve2', type: 'local'},
    needs: 'VM.Replicate',
    needsIn8: 'Datastore.Allocate',
  },
  {
    of: ['user', 'new@pve'],
    send: 'POST /access/users',
    with: {userid: 'new@pve', groups: 'shop'},
    needs: 'Realm.AllocateUser User.Modify',
  },
  {of: ['user', 'web@pve'], send: 'PUT /access/users/web@pve', with: {comment: 'x'}, needs: 'User.Modify'},
  {
    of: ['user', 'web@pve'],
    send: 'POST /access/users/web@pve/token/new',
    with: {comment: 'x'},
    needs: 'User.Modify',
  },
  {of: ['group', 'new'], send: 'POST /access/groups', with: {groupid: 'new'}, needs: 'Group.Allocate'},
  {of: ['role', 'New'], send: 'POST /access/roles', with: {roleid: 'New', privs: 'VM.Audit'}, needs: 'Sys.Modify'},
  {
    of: ['acl', 'acl'],
    send: 'PUT /access/acl',
    with: {path: '/vms/110', groups: 'shop', roles: 'PVEVMUser'},
    needs: 'Permissions.Modify',
  },
  {
    of: ['backup-job', 'nightly'],
    send: 'POST /cluster/backup',
    with: {id: 'nightly', schedule: 'daily', storage: 'backup', all: 1, bwlimit: 100},
    needs: 'Sys.Modify Datastore.Allocate',
  },
  {of: ['options', 'options'], send: 'PUT /cluster/options', with: {keyboard: 'fr'}, needs: 'Sys.Modify'},
  {
    of: ['firewall', 'guest/120'],
    send: `POST ${vm}/firewall/rules`,
    with: {type: 'in', action: 'ACCEPT'},
    needs: 'VM.Config.Network',
  },
  {of: ['firewall', 'cluster'], send: 'PUT /cluster/firewall/options', with: {enable: 1}, needs: 'Sys.Modify'},
  {of: ['sdn-zone', 'z'], send: 'POST /cluster/sdn/zones', with: {zone: 'z', type: 'simple'}, needs: 'SDN.Allocate'},
  {of: ['ha-resource', 120], send: 'POST /cluster/ha/resources', with: {sid: 'vm:120'}, needs: 'Sys.Console'},
  {
    of: ['network', 'pve1'],
    send: 'POST /nodes/pve1/network',
    with: {iface: 'vmbr9', type: 'bridge'},
    needs: 'Sys.Modify',
  },
  {
    of: ['node', 'pve1'],
    send: 'PUT /nodes/pve1/dns',
    with: {search: 'example.com', dns1: '192.0.2.1'},
    needs: 'Sys.Modify',
  },
  {
    of: ['metric-server', 'm'],
    send: 'POST /cluster/metrics/server/m',
    with: {type: 'graphite', server: '192.0.2.9', port: 2003},
    needs: 'Sys.Modify',
  },
]

/** What only root@pam itself may send. */
const forRoot: readonly Row[] = [
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {args: '-no-hpet'}, needs: ''},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {serial1: '/dev/ttyS0'}, needs: ''},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {usb1: 'host=1234:5678'}, needs: ''},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {hostpci0: '00:02.0'}, needs: ''},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {affinity: '0-1'}, needs: ''},
  {of: ['vm', 120], send: `PUT ${vm}/config`, with: {scsi3: '/dev/sdb'}, needs: ''},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {hookscript: 'local:snippets/x.sh'}, needs: ''},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {dev0: '/dev/null'}, needs: ''},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {features: 'nesting=1,keyctl=1'}, needs: ''},
  {of: ['container', 200], send: `PUT ${ct}/config`, with: {mp1: '/srv,mp=/srv'}, needs: ''},
  {of: ['container', 202], send: 'PUT /nodes/pve3/lxc/202/config', with: {features: 'nesting=1'}, needs: ''},
]

for (const pve of ['8.4', '9.2'] as const)
  describe(`plan: privileges on ${pve}`, function () {
    this.timeout(60_000)
    let lab: Lab
    let sender: Sender
    let pristine: Saved
    let state: ClusterState
    let calls: Known['calls']
    let all: string[]
    /** Something was done; what is refused does nothing. */
    let isTouched = true

    before(async () => {
      lab = await Lab.start({seed: 'cluster', pve})
      sender = new Sender(lab.simulator)
      pristine = saveSimulation(lab.simulator.simulation)
      ;({
        reading: {state},
      } = await readLab(lab))
      calls = await bothCalls()
      all = lab.simulator.simulation.state.roles.Administrator!
    })
    after(() => lab.stop())

    /** Sets the simulator back where something was done, with exactly these privileges for the token. */
    function grant(privileges: readonly string[]): void {
      const {simulation} = lab.simulator
      if (isTouched) restoreSimulation(simulation, pristine)
      isTouched = false
      simulation.state.roles.Tried = [...privileges]
      simulation.state.acl = [{path: '/', type: 'user', ugid: 'pmpc@pve', roleid: 'Tried', propagate: 1}]
      simulation.permissions.invalidate()
    }

    async function told({of: [kind, id], send, with: parameters}: Row): Promise<string[]> {
      const permissions = permissionsIn((await sender.send('/access/permissions', {token})).body.data)
      const acl = {kind: 'acl', id: 'acl', config: {'/': {'pmpc@pve': ['Tried']}}, facts: {}} as const
      const objects = [...state.objects.filter((one) => one.kind !== 'acl'), {...acl, config: {...acl.config}}]
      const around = aroundOf(objects as never, pve)
      const is = around.object(kind, id) ?? null
      const action = actionOf({kind, id}, is, [{request: requestOf(send, parameters)}])
      return check([action], around, knownOf(calls, {who: token, permissions}))
        .filter((one) => ['privileges', 'root-only'].includes(one.check))
        .map(({message}) => message)
    }

    async function refused({send, with: parameters = {}}: Row): Promise<string | undefined> {
      const [method, path] = send.split(' ') as [string, string]
      const form = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
      const answer = await sender.send(path, {token, method, ...(method === 'DELETE' ? {} : {form})})
      const text = `${answer.status} ${answer.reason} ${JSON.stringify(answer.body.errors ?? {})} ${await endOf(answer.body.data)}`
      isTouched ||= answer.status === 200
      return answer.status === 403 || /Permission check failed/.test(text) || /only root|missing privileges/i.test(text)
        ? text
        : undefined
    }

    /** How a task ended, where one began. */
    async function endOf(upid: unknown): Promise<string> {
      if (typeof upid !== 'string' || !upid.startsWith('UPID:')) return ''
      for (;;) {
        const task = await sender.get<{status: string; exitstatus?: string}>(
          `/nodes/${upid.split(':')[1]}/tasks/${upid}/status`,
        )
        if (task.status === 'stopped') return task.exitstatus ?? ''
      }
    }

    for (const row of rows.filter(({only}) => only === undefined || only === pve))
      it(`${row.send} ${JSON.stringify(row.with ?? {})}`, async () => {
        const needs = (pve === '8.4' ? (row.needsIn8 ?? row.needs) : row.needs).split(' ')
        grant(needs)
        expect(await told(row), 'told with all that it needs').to.deep.equal([])
        expect(await refused(row), 'refused with all that it needs').to.equal(undefined)
        for (const one of needs) {
          grant(all.filter((privilege) => privilege !== one))
          const said = await told(row)
          const answer = await refused(row)
          expect(said.length > 0, `without ${one}: PVE says ${answer}, the plan ${said.join('; ')}`).to.equal(
            answer !== undefined,
          )
        }
        grant(needs.slice(1))
        expect(await refused(row), `${needs[0]} alone lacks`).not.to.equal(undefined)
        expect(await told(row), `${needs[0]} alone lacks`).not.to.deep.equal([])
      })

    for (const row of forRoot)
      it(`is for root@pam alone: ${row.send} ${JSON.stringify(row.with)}`, async () => {
        grant(all)
        expect(await told(row)).to.have.length(1)
        expect(await refused(row)).not.to.equal(undefined)
      })
  })
