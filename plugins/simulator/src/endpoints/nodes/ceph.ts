import {failure} from '../../errors.js'
import type {Endpoints} from '../../calls/call.js'
import {cephPools, osdTree, requireCeph} from '../shared/ceph.js'

/** Calls below /nodes/{node}/ceph that look for Ceph first, by verb. */
const paths: Record<string, string> = {
  GET: 'cfg/db cfg/raw cfg/value cmd-safety crush fs log mds mgr mon osd osd/{osdid}/lv-info osd/{osdid}/metadata pool pool/{name}/status rules status',
  POST: 'fs/{name} init mds/{name} mgr/{id} mon/{monid} osd osd/{osdid}/in osd/{osdid}/out osd/{osdid}/scrub pool restart start stop',
  PUT: 'pool/{name}',
  DELETE: 'fs/{name} mds/{name} mgr/{id} mon/{monid} osd/{osdid} pool/{name}',
}

/** Programs other than the monitor's that a call looks for first. */
const programs: Record<string, string> = {
  'POST init': '/usr/bin/ceph',
  'POST mds/{name}': '/usr/bin/ceph-mds',
  'POST mgr/{id}': '/usr/bin/ceph-mgr',
}

/** Of a Ceph that `world` has, its OSDs and pools are told. All other calls end where they look for its programs. Fact: proxmox/pve-manager:PVE/Ceph/Tools.pm. */
export const nodeCephEndpoints: Endpoints = {
  ...Object.fromEntries(
    Object.entries(paths).flatMap(([verb, list]) =>
      list.split(' ').map((path) => {
        const program = programs[`${verb} ${path}`] ?? '/usr/bin/ceph-mon'
        const refuse = (): never => {
          throw failure(`binary not installed: ${program}`)
        }
        return [`${verb} /nodes/{node}/ceph/${path}`, refuse]
      }),
    ),
  ),
  'GET /nodes/{node}/ceph/osd': (call) => osdTree(requireCeph(call)),
  'GET /nodes/{node}/ceph/pool': (call) => cephPools(requireCeph(call)),
}
