import {failure} from '../../errors.js'
import type {Call} from '../../calls/call.js'
import type {CephState} from '../../state/conditions.js'

/** The cluster of Ceph. @throws ApiError 500 where there is none: the first program that is looked for. Fact: proxmox/pve-manager:PVE/Ceph/Tools.pm */
export function requireCeph(call: Call, program = '/usr/bin/ceph-mon'): CephState {
  const {ceph} = call.sim.state.world
  if (!ceph) throw failure(`binary not installed: ${program}`)
  return ceph
}

/** What `ceph status` and `ceph health detail` tell, as PVE puts them together. Fact: PVE/Ceph/Tools.pm, ceph_cluster_status. */
export function cephStatus({health, checks = {}, osds, pools}: CephState): Record<string, unknown> {
  const [all, used] = [osds.reduce((sum, osd) => sum + osd.bytes, 0), osds.reduce((sum, osd) => sum + osd.used, 0)]
  return {
    fsid: '5b0b1c0e-7f6d-4a4e-9d0c-0a6f0e6f3d11',
    health: {
      status: health,
      checks: Object.fromEntries(
        Object.entries(checks).map(([code, {severity, message, muted = false}]) => [
          code,
          {severity, summary: {message, count: 1}, detail: [], muted},
        ]),
      ),
      mutes: [],
    },
    osdmap: {
      num_osds: osds.length,
      num_up_osds: osds.filter(({up}) => up).length,
      num_in_osds: osds.filter((osd) => osd.in).length,
    },
    pgmap: {num_pools: pools.length, bytes_total: all, bytes_used: used, bytes_avail: all - used},
  }
}

/** What every map of OSDs has, as Ceph makes it. */
const usualFlags = ['sortbitwise', 'recovery_deletes', 'purged_snapdirs', 'pglog_hardlimit']

/** The tree of hosts and OSDs. Fact: PVE/API2/Ceph/OSD.pm (index). */
export function osdTree({osds, flags = []}: CephState): Record<string, unknown> {
  const hosts = [...new Set(osds.map(({host}) => host))]
  const leaf = (osd: CephState['osds'][number]): Record<string, unknown> => ({
    id: osd.id,
    name: `osd.${osd.id}`,
    type: 'osd',
    host: osd.host,
    status: osd.up ? 'up' : 'down',
    in: osd.in ? 1 : 0,
    device_class: 'ssd',
    crush_weight: osd.bytes / 1024 ** 4,
    reweight: osd.in ? 1 : 0,
    total_space: osd.bytes,
    bytes_used: osd.used,
    percent_used: (osd.used * 100) / osd.bytes,
    osdtype: 'bluestore',
    leaf: 1,
  })
  const children = hosts.map((host, index) => ({
    id: -3 - 2 * index,
    name: host,
    type: 'host',
    leaf: 0,
    children: osds.filter((osd) => osd.host === host).map(leaf),
  }))
  const root = {id: -1, name: 'default', type: 'root', leaf: 0, children}
  return {flags: [...flags, ...usualFlags].join(','), root: {leaf: 0, children: [root]}, versions: {}}
}

/** Pools as `ceph osd dump` and `ceph df` tell them. Fact: PVE/API2/Ceph/Pool.pm (lspools). */
export function cephPools({pools}: CephState): Record<string, unknown>[] {
  return pools.map(({name, size, minSize, used, bytes, erasure}, index) => ({
    pool: index + 1,
    pool_name: name,
    type: erasure ? 'erasure' : 'replicated',
    size,
    min_size: minSize,
    pg_num: 128,
    pg_autoscale_mode: 'on',
    crush_rule: 0,
    crush_rule_name: 'replicated_rule',
    application_metadata: {rbd: {}},
    bytes_used: bytes,
    percent_used: used,
  }))
}
