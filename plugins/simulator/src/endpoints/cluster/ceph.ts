import {failure} from '../../errors.js'
import type {Endpoints} from '../../calls/call.js'
import {cephStatus, requireCeph} from '../shared/ceph.js'

/** What hosts without Ceph say to all that is about it: the first program that is looked for. */
function absent(): never {
  throw failure('binary not installed: /usr/bin/ceph-mon')
}

export const cephEndpoints: Endpoints = {
  ...Object.fromEntries(
    [
      'GET /cluster/ceph/metadata',
      'GET /cluster/ceph/flags',
      'PUT /cluster/ceph/flags',
      'GET /cluster/ceph/flags/{flag}',
      'PUT /cluster/ceph/flags/{flag}',
    ].map((method) => [method, absent]),
  ),
  'GET /cluster/ceph/status': (call) => cephStatus(requireCeph(call)),
}
