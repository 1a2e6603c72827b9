import {expect} from 'chai'
import {readConnectionError, readFailure, taskFailure, type Call} from '../../../src/kit/proxmox/index.js'
import {least, filesIn, readLines, referencePath} from '../../support/reference.js'

const read: Call = {
  method: 'GET',
  path: '/nodes/pve1/qemu/100/config',
  endpoint: 'https://192.0.2.10:8006',
  cluster: 'home',
  who: 'pmpc@pve!sync',
}
const write: Call = {...read, method: 'PUT'}

/** What 9.2 sends; older ones have no `message`. */
function answer(status: number, message: string, errors?: Record<string, string>) {
  const body = JSON.stringify({data: null, message: `${message}\n`, ...(errors === undefined ? {} : {errors})})
  return {
    status,
    reason: message.split('\n')[0] ?? '',
    contentType: 'application/json;charset=UTF-8',
    body: status === 401 ? '' : body,
  }
}

/** An exchange with the real daemon. */
interface Recorded {
  status: number
  reason: string
  contentType: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  body: unknown
}

interface Row {
  case: string
  status: number
  text: string
  errors?: Record<string, string>
  call?: Call
  code: string
  exit?: number
  says?: string
  data?: Record<string, unknown>
}

/** The failures of PVE's own and what a person is told. Texts are those of PVE's sources of 7.4 to 9.2, and of answers of real hosts. */
const rows: Row[] = [
  {
    case: 'wrong secret, 9.2',
    status: 401,
    text: 'Authentication failed!',
    code: 'PMPC_NOT_AUTHENTICATED',
    exit: 77,
    says: 'pmpc@pve!sync',
  },
  {
    case: 'wrong secret, 8.4',
    status: 401,
    text: 'invalid token value!',
    code: 'PMPC_NOT_AUTHENTICATED',
    exit: 77,
    says: 'invalid token value!',
  },
  {
    case: 'expired token',
    status: 401,
    text: "token 'sync' access expired",
    code: 'PMPC_NOT_AUTHENTICATED',
    exit: 77,
    says: 'expired',
  },
  {
    case: 'no right on one object',
    status: 403,
    text: 'Permission check failed (/vms/100, VM.Audit)',
    code: 'PMPC_NOT_ALLOWED',
    exit: 77,
    says: 'VM.Audit on /vms/100',
    data: {path: '/vms/100', privileges: ['VM.Audit']},
  },
  {
    case: 'one of several rights',
    status: 403,
    text: 'Permission check failed (/storage/local, Datastore.Audit|Datastore.AllocateSpace)',
    code: 'PMPC_NOT_ALLOWED',
    exit: 77,
    data: {privileges: ['Datastore.Audit', 'Datastore.AllocateSpace']},
  },
  {
    case: 'root only by 403',
    status: 403,
    text: 'Permission check failed (user != root@pam)',
    code: 'PMPC_NOT_ALLOWED',
    exit: 77,
    says: 'root@pam',
    data: {rootOnly: true},
  },
  {
    case: 'root only by 500',
    status: 500,
    text: "only root can set 'args' config",
    code: 'PMPC_NOT_ALLOWED',
    exit: 77,
    says: 'args',
    data: {rootOnly: true},
  },
  {
    case: 'not with a token',
    status: 403,
    text: "Permission check failed (URI '/access/password' not available with API token, need proper ticket.\n)",
    code: 'PMPC_NOT_ALLOWED',
    exit: 77,
    says: 'need proper ticket',
  },
  {
    case: 'quorum lost',
    status: 500,
    text: 'cluster not ready - no quorum?',
    code: 'PMPC_NO_QUORUM',
    exit: 75,
    says: 'quorum',
  },
  {
    case: 'quorum lost, config write',
    status: 500,
    text: "unable to open file '/etc/pve/nodes/pve1/qemu-server/100.conf.tmp.1234' - Permission denied",
    code: 'PMPC_NO_QUORUM',
    exit: 75,
  },
  {
    case: 'quorum lost, lock',
    status: 500,
    text: "cfs-lock 'file-user_cfg' error: no quorum!",
    code: 'PMPC_NO_QUORUM',
    exit: 75,
  },
  {
    case: 'node offline',
    status: 595,
    text: 'No route to host',
    code: 'PMPC_NODE_UNREACHABLE',
    exit: 75,
    says: 'node pve1',
    data: {node: 'pve1'},
  },
  {
    case: 'node hangs, read',
    status: 596,
    text: 'Connection timed out',
    code: 'PMPC_NODE_UNREACHABLE',
    exit: 75,
    data: {node: 'pve1'},
  },
  {
    case: 'a path that names no node, without an answer',
    status: 596,
    text: 'Connection timed out',
    call: {...read, path: '/cluster/sdn/zones'},
    code: 'PMPC_NODE_UNREACHABLE',
    exit: 75,
    says: "no answer from https://192.0.2.10:8006 within PVE's 30 s",
  },
  {
    case: 'a path that names no node, and a node that is off',
    status: 595,
    text: 'No route to host',
    call: {...read, path: '/cluster/sdn/zones'},
    code: 'PMPC_NODE_UNREACHABLE',
    exit: 75,
    says: 'a node cannot be reached through https://192.0.2.10:8006: ',
  },
  {
    case: 'node hangs, write',
    status: 596,
    text: 'Connection timed out',
    call: write,
    code: 'PMPC_OUTCOME_UNKNOWN',
    says: 'may have been done or not',
  },
  {
    case: 'node not trusted by its peer',
    status: 596,
    text: 'tls_process_server_certificate: certificate verify failed',
    call: write,
    code: 'PMPC_NODE_UNREACHABLE',
    exit: 75,
  },
  {
    case: 'unknown node',
    status: 500,
    text: "hostname lookup 'pve9' failed - failed to get address info for: pve9: Name or service not known",
    code: 'PMPC_NOT_FOUND',
    says: "no node 'pve9'",
    data: {what: 'node', id: 'pve9'},
  },
  {
    case: 'guest gone or moved',
    status: 500,
    text: "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist",
    code: 'PMPC_NOT_FOUND',
    says: 'no VM 100 on pve1',
    data: {what: 'guest', id: 100, node: 'pve1'},
  },
  {
    case: 'container gone',
    status: 500,
    text: "Configuration file 'nodes/pve1/lxc/101.conf' does not exist",
    code: 'PMPC_NOT_FOUND',
    says: 'no container 101',
  },
  {
    case: 'id taken',
    status: 500,
    text: "unable to create VM 100 - VM 100 already exists on node 'pve1'",
    call: write,
    code: 'PMPC_EXISTS',
  },
  {
    case: 'id taken, asked before',
    status: 400,
    text: 'Parameter verification failed.',
    errors: {vmid: 'VM 100 already exists'},
    code: 'PMPC_EXISTS',
  },
  {
    case: 'defined already',
    status: 500,
    text: "create sdn zone object failed: sdn zone object ID 'z1' already defined",
    call: write,
    code: 'PMPC_EXISTS',
  },
  {
    case: 'guest locked',
    status: 500,
    text: 'VM is locked (backup)',
    call: write,
    code: 'PMPC_LOCKED',
    exit: 75,
    data: {lock: 'backup'},
  },
  {
    case: 'container locked',
    status: 500,
    text: 'CT is locked (snapshot-delete)',
    call: write,
    code: 'PMPC_LOCKED',
    exit: 75,
    data: {lock: 'snapshot-delete'},
  },
  {
    case: 'lock wait',
    status: 500,
    text: "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout",
    call: write,
    code: 'PMPC_LOCKED',
    exit: 75,
  },
  {
    case: 'cluster lock wait',
    status: 500,
    text: "cfs-lock 'storage-nfs' error: got lock request timeout",
    call: write,
    code: 'PMPC_LOCKED',
    exit: 75,
  },
  {
    case: 'changed meanwhile, VM',
    status: 500,
    text: 'checksum mismatch (file change by other user?)',
    call: write,
    code: 'PMPC_CHANGED_MEANWHILE',
    exit: 75,
  },
  {
    case: 'changed meanwhile, others',
    status: 500,
    text: 'detected modified configuration - file changed by other user? Try again.',
    call: write,
    code: 'PMPC_CHANGED_MEANWHILE',
    exit: 75,
  },
  {
    case: 'already running',
    status: 500,
    text: 'CT 100 already running',
    call: write,
    code: 'PMPC_ALREADY',
    data: {state: 'running'},
  },
  {
    case: 'not running',
    status: 500,
    text: 'CT 100 not running',
    call: write,
    code: 'PMPC_ALREADY',
    data: {state: 'stopped'},
  },
  {
    case: 'protection',
    status: 500,
    text: "can't remove VM 100 - protection mode enabled",
    call: write,
    code: 'PMPC_PROTECTED',
  },
  {
    case: 'HA-managed',
    status: 500,
    text: 'unable to remove VM 100 - used in HA resources and purge parameter not set.',
    call: write,
    code: 'PMPC_HA_MANAGED',
  },
  {
    case: 'replicated',
    status: 500,
    text: "There is a replication job '100-0' for guest '100' - Please remove that first.",
    call: write,
    code: 'PMPC_REPLICATED',
  },
  {case: 'storage missing', status: 500, text: "storage 'x' does not exist", call: write, code: 'PMPC_NOT_FOUND'},
  {
    case: 'storage elsewhere',
    status: 500,
    text: "storage 'x' is not available on node 'pve1'",
    call: write,
    code: 'PMPC_STORAGE_OFFLINE',
    exit: 75,
    data: {storage: 'x'},
  },
  {case: 'storage offline', status: 500, text: "storage 'x' is not online", code: 'PMPC_STORAGE_OFFLINE', exit: 75},
  {
    case: 'content type',
    status: 400,
    text: 'Parameter verification failed.',
    errors: {storage: "storage 'x' does not support vm images\n"},
    call: write,
    code: 'PMPC_BAD_PARAMETER',
    says: "storage: storage 'x' does not support vm images",
    data: {fields: {storage: "storage 'x' does not support vm images"}},
  },
  {
    case: 'no space',
    status: 500,
    text: 'lvcreate error: Volume group "pve" has insufficient free space (10 extents): 20 required.',
    call: write,
    code: 'PMPC_NO_SPACE',
  },
  {
    case: 'disk in use',
    status: 500,
    text: "unable to delete 'local:100/x.qcow2' - volume is still in use (snapshot?)",
    call: write,
    code: 'PMPC_IN_USE',
  },
  {
    case: 'delete while running',
    status: 500,
    text: 'VM 100 is running - destroy failed',
    call: write,
    code: 'PMPC_IN_USE',
  },
  {
    case: 'template with snapshots',
    status: 500,
    text: 'unable to create template, because VM contains snapshots',
    call: write,
    code: 'PMPC_IN_USE',
  },
  {
    case: 'pool not empty',
    status: 500,
    text: "delete pool failed: pool 'x' is not empty (contains VM 100)",
    call: write,
    code: 'PMPC_IN_USE',
  },
  {
    case: 'hotplug failed',
    status: 400,
    text: 'Parameter verification failed.',
    errors: {scsi1: 'hotplug problem - adding drive failed'},
    call: write,
    code: 'PMPC_PENDING',
    says: 'takes effect only after a restart',
  },
  {
    case: 'hotplug of a container',
    status: 400,
    text: 'Parameter verification failed.',
    errors: {memory: 'unable to hotplug memory: no such cgroup'},
    call: write,
    code: 'PMPC_PENDING',
  },
  {case: 'agent', status: 500, text: 'No QEMU guest agent configured', code: 'PMPC_AGENT'},
  {
    case: 'unknown in this version',
    status: 400,
    text: 'Parameter verification failed.',
    errors: {'allow-ksm': 'property is not defined in schema and the schema does not allow additional properties'},
    call: write,
    code: 'PMPC_BAD_PARAMETER',
    data: {unknownHere: true},
  },
  {
    case: 'parameter refused inside a lock',
    status: 500,
    text: 'create sdn vnet object failed: 400 Parameter verification failed.\ntag: missing vlan tag\nzone: is bad',
    call: write,
    code: 'PMPC_BAD_PARAMETER',
    data: {fields: {tag: 'missing vlan tag', zone: 'is bad'}},
  },
  {
    case: 'missing task',
    status: 400,
    text: 'Parameter verification failed.',
    errors: {upid: 'no such task'},
    code: 'PMPC_NOT_FOUND',
    data: {what: 'task'},
  },
  {
    case: 'duplicate user',
    status: 500,
    text: "create user failed: error during cfs-locked 'file-user_cfg' operation: user 'x@pve' already exists",
    call: write,
    code: 'PMPC_EXISTS',
  },
  {case: 'unknown path', status: 501, text: "Method 'GET /foo' not implemented", code: 'PMPC_NOT_IMPLEMENTED'},
  {
    case: 'anything else',
    status: 500,
    text: "can't convert a running VM",
    call: write,
    code: 'PMPC_REFUSED',
    says: "can't convert a running VM",
  },
]

describe('errors of the API', () => {
  for (const row of rows) {
    it(`${row.case}: ${row.code}`, () => {
      const {error} = readFailure(answer(row.status, row.text, row.errors), row.call ?? read)
      expect(error).to.include({code: row.code, exitCode: row.exit ?? 1})
      if (row.says !== undefined) expect(error.message).to.contain(row.says)
      if (row.data !== undefined) expect(error.data).to.deep.include(row.data)
      expect(error.suggestions).not.to.have.length(0)
    })
  }

  it('are read from the reason phrase where there is no message, and from plain text', () => {
    const old = {status: 500, reason: 'VM is locked (migrate)', contentType: 'application/json', body: '{"data":null}'}
    expect(readFailure(old, write).error.code).to.equal('PMPC_LOCKED')
    const early = {
      status: 506,
      reason: 'x',
      contentType: 'text/plain',
      body: "upload 'Content-Type text/xml' not implemented",
    }
    expect(readFailure(early, write).error.message).to.contain('text/xml')
  })

  describe('an answer to a read is no value that the reader could correct', () => {
    const texts: [number, string][] = [
      [400, 'Result verification failed'],
      [400, 'Parameter verification failed.'],
      [400, 'property is not defined in schema and the schema does not allow additional properties'],
      [500, "unable to parse drive options for 'scsi0'"],
      [500, 'invalid format - format error'],
      [500, "type check ('integer') failed - got 'x'"],
      [500, "unable to parse value of 'net0'"],
      [500, "There is a replication job '100-0' for guest '100'"],
      [500, 'volume contains snapshots'],
    ]
    for (const [status, text] of texts) {
      it(`${status} ${text}`, () => {
        const {error, retry} = readFailure(answer(status, text), read)
        expect([error.code, retry]).to.deep.equal(['PMPC_REFUSED', false])
        expect(error.message).to.equal(`GET ${read.path}: ${text}`)
        expect(error.suggestions.join()).not.to.match(/[Cc]orrect|manifest/)
        expect(readFailure(answer(status, text), write).error.code).not.to.equal('PMPC_REFUSED')
      })
    }
  })

  it('only reads are worth another try, and only after what passes', () => {
    const retry = (status: number, text: string, call: Call) => readFailure(answer(status, text), call).retry
    expect(retry(596, 'Broken pipe', read)).to.equal(true)
    expect(retry(500, "can't lock file '/var/lock/x' - got timeout", read)).to.equal(true)
    expect(retry(595, 'No route to host', read)).to.equal(false)
    expect(retry(500, 'VM is locked (backup)', read)).to.equal(false)
    for (const {status, text} of rows) expect(retry(status, text, write), text).to.equal(false)
  })

  it('of tasks read the same', () => {
    const upid = 'UPID:pve1:0000008A:0007BD99:6B011908:qmstart:100:root@pam:'
    expect(taskFailure("can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout", upid, write)).to.include({
      code: 'PMPC_LOCKED',
      exitCode: 75,
    })
    expect(taskFailure('VM 100 already running', upid, write).code).to.equal('PMPC_ALREADY')
    expect(taskFailure('command failed: exit code 1', upid, write).code).to.equal('PMPC_TASK_FAILED')
  })

  it('of the connection name the remedy', () => {
    for (const [code, exit] of [
      ['ECONNREFUSED', 1],
      ['ENOTFOUND', 1],
      ['ETIMEDOUT', 75],
      ['EHOSTUNREACH', 75],
    ] as const) {
      const wrapped = new AggregateError([Object.assign(new Error('x'), {code})])
      expect(readConnectionError(wrapped, read)).to.include({code: 'PMPC_UNREACHABLE', exitCode: exit})
    }
  })

  it('recorded from the real daemon all keep their text and get a remedy', () => {
    const codes: Record<string, number> = {}
    for (const file of filesIn(referencePath('daemon'), '.jsonl')) {
      for (const recorded of readLines<Recorded>(file)) {
        if (recorded.status < 400) continue
        const line = JSON.stringify(recorded)
        const body =
          typeof recorded.body === 'string'
            ? recorded.body
            : recorded.body === null
              ? ''
              : JSON.stringify(recorded.body)
        const {error} = readFailure(
          {...recorded, contentType: recorded.contentType ?? '', body},
          {method: recorded.method, path: recorded.path},
        )
        codes[error.code] = (codes[error.code] ?? 0) + 1
        expect(error.code, line).not.to.equal('PMPC_NOT_PVE')
        expect(error.suggestions, line).not.to.have.length(0)
        if (recorded.status === 400 && JSON.stringify(recorded.body).includes('"errors"'))
          expect(error.code, line).to.be.oneOf([
            ...(recorded.method === 'GET' ? ['PMPC_REFUSED'] : ['PMPC_BAD_PARAMETER', 'PMPC_PENDING']),
            'PMPC_NOT_FOUND',
            'PMPC_EXISTS',
          ])
        if (recorded.status === 403) expect(error.code, line).to.be.oneOf(['PMPC_NOT_ALLOWED', 'PMPC_NOT_FOUND'])
        if (recorded.status === 401) expect(error.code, line).to.equal('PMPC_NOT_AUTHENTICATED')
      }
    }
    const all = Object.values(codes).reduce((sum, count) => sum + count, 0)
    expect(all).to.be.greaterThan(least(800, 100))
    expect((codes.PMPC_REFUSED ?? 0) / all, JSON.stringify(codes)).to.be.lessThan(0.12)
  })
})
