import {readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {painter} from '../../src/kit/cli/color.js'
import {describeFailure, failureText} from '../../src/kit/cli/failure.js'
import {readFailure, taskFailure, type Call} from '../../src/kit/proxmox/index.js'
import {checkout} from '../support/pmpc.js'
import {isWhole, referencePath} from '../support/reference.js'

/** What PVE says, as an answer or as a task's end, and what must stand in what the user reads. */
interface Said {
  text: string
  status?: number
  errors?: Record<string, string>
  /** As the exit status of a task. */
  task?: true
  code: string
  exit?: number
  shows: string[]
}

/** A test elsewhere, by a part of its title: `file: title`. */
type Elsewhere = `${string}.test.ts: ${string}`

const client = 'test/integration/proxmox/client.test.ts'
const tasks = 'test/integration/proxmox/tasks.test.ts'
const withstand = 'test/e2e/withstand.test.ts'
const init = 'test/e2e/init.test.ts'

const later = {exit: 75}

/** The failures that PVE's sources and real hosts are known for, by name. Real conditions and faults are made by the tests that are named. */
const failures: Record<string, (Said | Elsewhere)[]> = {
  'self-signed certificate': [
    `${client}: with public CAs an unknown one is refused`,
    `${init}: on a terminal it shows the certificate`,
  ],
  'name mismatch': [`${client}: a right chain under a wrong name`],
  'certificate renewed': [
    `${client}: shows both fingerprints when the certificate was changed meanwhile`,
    `${withstand}: a renewed certificate of the same CA is no alarm`,
  ],
  'wrong secret': [`${withstand}: a wrong token`],
  'token without rights': [
    `${withstand}: a token without rights: refused at first`,
    `${withstand}: a token that lost its rights`,
  ],
  'no right on one object': [
    `${withstand}: 403 on one guest`,
    {
      text: 'Permission check failed (/vms/100, VM.Audit)',
      status: 403,
      code: 'PMPC_NOT_ALLOWED',
      exit: 77,
      shows: ['VM.Audit', '/vms/100', 'pveum acl modify'],
    },
  ],
  'quorum lost': [
    {text: 'cluster not ready - no quorum?', code: 'PMPC_NO_QUORUM', ...later, shows: ['no quorum', 'pvecm status']},
    {
      text: "unable to open file '/etc/pve/x.conf.tmp.12' - Permission denied",
      code: 'PMPC_NO_QUORUM',
      ...later,
      shows: ['no quorum'],
    },
    {text: "cfs-lock 'file-user_cfg' error: no quorum!", code: 'PMPC_NO_QUORUM', ...later, shows: ['no quorum']},
  ],
  'node offline': [
    `${withstand}: an offline node`,
    `${withstand}: a node that hangs`,
    {
      text: 'No route to host',
      status: 595,
      code: 'PMPC_NODE_UNREACHABLE',
      ...later,
      shows: ['node pve1 cannot be reached', 'pvecm status'],
    },
  ],
  'unknown node': [
    {
      text: "hostname lookup 'pve9' failed - failed to get address info for: pve9: x",
      code: 'PMPC_NOT_FOUND',
      shows: ["no node 'pve9'", 'pmpc get nodes'],
    },
  ],
  'node certificate not trusted by its peer': [
    {
      text: 'tls_process_server_certificate: certificate verify failed',
      status: 596,
      code: 'PMPC_NODE_UNREACHABLE',
      ...later,
      shows: ['pvecm updatecerts'],
    },
  ],
  'guest gone or moved': [
    {
      text: "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist",
      code: 'PMPC_NOT_FOUND',
      shows: ['no VM 100 on pve1', 'another node'],
    },
  ],
  'id taken': [
    {
      text: "unable to create VM 100 - VM 100 already exists on node 'pve'",
      code: 'PMPC_EXISTS',
      shows: ['VM 100 already exists', 'another id'],
    },
    {text: "CT 100 already exists on node 'pve'", code: 'PMPC_EXISTS', shows: ['CT 100 already exists']},
    {
      text: 'Parameter verification failed.',
      status: 400,
      errors: {vmid: 'VM 100 already exists'},
      code: 'PMPC_EXISTS',
      shows: ['VM 100 already exists', 'nextid'],
    },
  ],
  'guest locked': [
    {text: 'VM is locked (backup)', code: 'PMPC_LOCKED', ...later, shows: ['locked (backup)', 'qm unlock']},
  ],
  'lock wait': [
    {
      text: "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout",
      code: 'PMPC_LOCKED',
      ...later,
      shows: ['got timeout', 'Repeat the command'],
    },
    {
      text: "can't lock file '/var/lock/pve-manager/pve-storage-x' - got timeout",
      task: true,
      code: 'PMPC_LOCKED',
      ...later,
      shows: ['got timeout', 'pmpc task log'],
    },
  ],
  'cluster lock wait': [
    {
      text: "cfs-lock 'storage-x' error: got lock request timeout",
      code: 'PMPC_LOCKED',
      ...later,
      shows: ['storage-x', 'Repeat the command'],
    },
  ],
  'changed meanwhile': [
    {
      text: 'checksum mismatch (file change by other user?)',
      code: 'PMPC_CHANGED_MEANWHILE',
      ...later,
      shows: ['pmpc sync', 'plan again'],
    },
    {
      text: 'detected modified configuration - file changed by other user? Try again.',
      code: 'PMPC_CHANGED_MEANWHILE',
      ...later,
      shows: ['pmpc sync'],
    },
  ],
  'already running': [
    {text: 'VM 100 already running', task: true, code: 'PMPC_ALREADY', shows: ['it runs']},
    {text: 'CT 100 already running', code: 'PMPC_ALREADY', shows: ['it runs']},
  ],
  'not running': [
    {text: 'CT 100 not running', code: 'PMPC_ALREADY', shows: ['Nothing to do for a stop']},
    {text: 'VM 100 not running', code: 'PMPC_ALREADY', shows: ['start the guest']},
  ],
  'shutdown ignored': [
    {
      text: 'VM quit/powerdown failed - got timeout',
      task: true,
      code: 'PMPC_SHUTDOWN_IGNORED',
      shows: ['powerdown failed', 'pmpc stop '],
    },
  ],
  paused: [{text: 'VM is paused - cannot shutdown', code: 'PMPC_PAUSED', shows: ['paused', 'pmpc resume ']}],
  template: [
    {
      text: "you can't start a vm if it's a template",
      task: true,
      code: 'PMPC_IS_TEMPLATE',
      shows: ["it's a template", 'Clone it'],
    },
    {text: "you can't start a CT if it's a template", task: true, code: 'PMPC_IS_TEMPLATE', shows: ["it's a template"]},
  ],
  'template with snapshots': [
    {
      text: 'unable to create template, because VM contains snapshots',
      code: 'PMPC_IN_USE',
      shows: ['contains snapshots', 'Remove first'],
    },
    {text: "you can't convert a VM to template if VM is running", code: 'PMPC_IN_USE', shows: ['VM is running']},
  ],
  'delete while running': [
    {text: 'VM 100 is running - destroy failed', code: 'PMPC_IN_USE', shows: ['is running', 'Remove first']},
  ],
  protection: [
    {text: "can't remove VM 100 - protection mode enabled", code: 'PMPC_PROTECTED', shows: ['protection: 0']},
    {text: "can't remove drive 'scsi0' - protection mode enabled", code: 'PMPC_PROTECTED', shows: ['scsi0']},
  ],
  'HA-managed': [
    {
      text: 'unable to remove VM 100 - used in HA resources and purge parameter not set.',
      code: 'PMPC_HA_MANAGED',
      shows: ['HA resources', 'ha-manager status'],
    },
    {
      text: "service 'vm:100' in error state, must be disabled and fixed first",
      task: true,
      code: 'PMPC_HA_MANAGED',
      shows: ['error state', 'ha-manager status'],
    },
    `${tasks}: of high availability only record a wish`,
  ],
  'HA-managed, shut down from inside': [`${tasks}: of high availability only record a wish`],
  replicated: [
    {
      text: "There is a replication job '100-0' for guest '100' - Please remove that first.",
      code: 'PMPC_REPLICATED',
      shows: ['100-0', 'pvesr list'],
    },
    {
      text: 'cannot add non-replicatable volume to a replicated VM',
      code: 'PMPC_REPLICATED',
      shows: ['non-replicatable'],
    },
    {
      text: "Cannot live-migrate replicated VM to node 'x' - not a replication target. Use 'force' to override.",
      code: 'PMPC_REPLICATED',
      shows: ['replication target'],
    },
  ],
  'local resources': [
    {text: "can't migrate running VM without --online", code: 'PMPC_CANNOT_MIGRATE', shows: ['online']},
    {
      text: "can't migrate VM which uses local devices: hostpci0",
      task: true,
      code: 'PMPC_CANNOT_MIGRATE',
      shows: ['hostpci0', 'in the way'],
    },
    {text: "can't migrate VM - check log", task: true, code: 'PMPC_CANNOT_MIGRATE', shows: ['pmpc task log']},
  ],
  'CT live migrate': [
    {
      text: "can't migrate running container without --online or --restart",
      code: 'PMPC_CANNOT_MIGRATE',
      shows: ['by a restart'],
    },
    {
      text: 'lxc live migration is currently not implemented',
      task: true,
      code: 'PMPC_CANNOT_MIGRATE',
      shows: ['by a restart'],
    },
  ],
  'storage missing': [
    {text: "storage 'x' does not exist", code: 'PMPC_NOT_FOUND', shows: ["storage 'x'"]},
    {
      text: "storage 'x' is not available on node 'n'",
      code: 'PMPC_STORAGE_OFFLINE',
      ...later,
      shows: ["node 'n'", 'pvesm status'],
    },
    {text: "storage 'x' is disabled", code: 'PMPC_STORAGE_OFFLINE', ...later, shows: ['disabled', 'pvesm status']},
  ],
  'storage offline': [
    {
      text: "storage 'x' is not online",
      task: true,
      code: 'PMPC_STORAGE_OFFLINE',
      ...later,
      shows: ['not online', 'pvesm status --storage x'],
    },
  ],
  'content type': [
    {
      text: 'Parameter verification failed.',
      status: 400,
      errors: {storage: "storage 'x' does not support vm images\n"},
      code: 'PMPC_BAD_PARAMETER',
      shows: ['storage: ', 'vm images'],
    },
  ],
  'no space': [
    {
      text: 'lvcreate error: Volume group "pve" has insufficient free space (10 extents): 20 required.',
      task: true,
      code: 'PMPC_NO_SPACE',
      shows: ['insufficient free space', 'pvesm status'],
    },
    {text: 'out of space', task: true, code: 'PMPC_NO_SPACE', shows: ['out of space']},
  ],
  'disk in use': [
    {
      text: "unable to delete 'local:100/x.qcow2' - volume is still in use (snapshot?)",
      code: 'PMPC_IN_USE',
      shows: ['x.qcow2'],
    },
    {text: "base volume 'x' is still in use by linked clones", code: 'PMPC_IN_USE', shows: ['linked clones']},
  ],
  'snapshots block': [
    {text: 'non-migratable snapshot exists', code: 'PMPC_CANNOT_MIGRATE', shows: ['snapshot exists']},
    {text: 'snapshot feature is not available', code: 'PMPC_SNAPSHOTS', shows: ['listsnapshot']},
    {
      text: "you can't move a disk with snapshots and delete the source",
      code: 'PMPC_SNAPSHOTS',
      shows: ['listsnapshot'],
    },
  ],
  'snapshot order': [
    {
      text: "can't rollback, 'x' is not most recent snapshot on 'y'",
      task: true,
      code: 'PMPC_SNAPSHOTS',
      shows: ["'x'", 'listsnapshot'],
    },
  ],
  'resize down': [
    {text: 'shrinking disks is not supported', task: true, code: 'PMPC_CANNOT_SHRINK', shows: ['only grow']},
    {text: 'unable to shrink disk size', code: 'PMPC_CANNOT_SHRINK', shows: ['only grow']},
    {text: 'disk is already at specified size', code: 'PMPC_CANNOT_SHRINK', shows: ['pmpc sync']},
  ],
  'hotplug failed': [
    {
      text: 'Parameter verification failed.',
      status: 400,
      errors: {scsi1: 'hotplug problem - x'},
      code: 'PMPC_PENDING',
      shows: ['only after a restart', 'pending'],
    },
    {
      text: 'Parameter verification failed.',
      status: 400,
      errors: {memory: 'unable to hotplug memory: x'},
      code: 'PMPC_PENDING',
      shows: ['only after a restart'],
    },
  ],
  agent: [
    {text: 'No QEMU guest agent configured', code: 'PMPC_AGENT', shows: ['qemu-guest-agent']},
    {text: 'QEMU guest agent is not running', code: 'PMPC_AGENT', shows: ['qemu-guest-agent']},
    {text: 'VM 100 is not running', code: 'PMPC_ALREADY', shows: ['start the guest']},
  ],
  'option missing in this version': [
    'test/integration/proxmox/perform.test.ts: a key goes to the nodes that know it',
    {
      text: 'Parameter verification failed.',
      status: 400,
      errors: {'allow-ksm': 'property is not defined in schema and the schema does not allow additional properties'},
      code: 'PMPC_BAD_PARAMETER',
      shows: ['allow-ksm', 'does not know it'],
    },
  ],
  'task killed': [`${tasks}: of a worker that died have an unknown outcome`, `${tasks}: that somebody else stopped`],
  'node reboot during task': [
    `${tasks}: survive a reboot of their node`,
    `${tasks}: whose node stays away are given up`,
  ],
  'backup failed partly': [
    {text: 'job errors', task: true, code: 'PMPC_TASK_FAILED', shows: ['job errors', 'pmpc task log']},
    {
      text: "can't acquire lock '/var/run/vzdump.lock' - got timeout",
      task: true,
      code: 'PMPC_LOCKED',
      ...later,
      shows: ['vzdump.lock'],
    },
  ],
  'duplicate in user data': [
    {
      text: "create user failed: error during cfs-locked 'file-user_cfg' operation: user 'x' already exists",
      code: 'PMPC_EXISTS',
      shows: ["user 'x'"],
    },
  ],
  'pool not empty': [
    {
      text: "delete pool failed: pool 'x' is not empty (contains VM 100)",
      code: 'PMPC_IN_USE',
      shows: ['contains VM 100'],
    },
  ],
  'network apply': [
    {
      text: 'you need ifupdown2 to reload network configuration',
      code: 'PMPC_NEEDS_IFUPDOWN2',
      shows: ['apt install ifupdown2'],
    },
  ],
  'connection dropped': [
    `${client}: reads when the connection broke, the first time at once`,
    `${client}: an answer cut in half by a proxy`,
    `${withstand}: half an answer, HTML, and a dropped connection`,
  ],
  'outcome unknown': [
    `${client}: writes never`,
    {text: 'Broken pipe', status: 596, code: 'PMPC_OUTCOME_UNKNOWN', shows: ['may have been done or not', 'pmpc sync']},
  ],
}

const write: Call = {
  method: 'POST',
  path: '/nodes/pve1/qemu/100/x',
  endpoint: 'https://192.0.2.10:8006',
  cluster: 'home',
  who: 'pmpc@pve!sync',
}
const upid = 'UPID:pve1:0000008A:0007BD99:6B011908:qmstart:100:root@pam:'

function read({text, status = 500, errors, task}: Said, form: '8.4' | '9.2') {
  if (task) return taskFailure(text, upid, write)
  // Early 8 has no `message`, and 595 to 599 have no body at all.
  const body = {data: null, ...(form === '9.2' && {message: `${text}\n`}), ...(errors && {errors})}
  return readFailure(
    {
      status,
      reason: text,
      contentType: 'application/json;charset=UTF-8',
      body: status >= 595 ? '' : JSON.stringify(body),
    },
    write,
  ).error
}

describe('what the user sees of each failure', () => {
  for (const [row, cases] of Object.entries(failures)) {
    it(row, () => {
      for (const one of cases) {
        if (typeof one === 'string') {
          const [file, title] = one.split(/: (.*)/) as [string, string]
          expect(readFileSync(path.join(checkout, file), 'utf8').replaceAll("\\'", "'"), one).to.contain(title)
          continue
        }
        for (const form of ['8.4', '9.2'] as const) {
          const error = read(one, form)
          const shown = failureText(describeFailure(error, {command: 'pmpc x'}), painter(process.stderr))
          expect(error, shown).to.include({code: one.code, exitCode: one.exit ?? 1})
          for (const part of one.shows) expect(shown, `${one.text} (${form})`).to.contain(part)
          expect(shown, 'the next command').to.match(/Try: {3}\S/)
        }
      }
    })
  }

  /** The failures that the reference tells of; the sample has their names only. */
  function namesOfFailures(): string[] {
    if (!isWhole) return JSON.parse(readFileSync(referencePath('failures.json'), 'utf8')) as string[]
    const facts = readFileSync(referencePath('FACTS.md'), 'utf8')
    const section = /^## 8\. Failures\n([^]*?)^## 9/m.exec(facts)?.[1] ?? ''
    const rows = [...section.matchAll(/^\| ([^|]+?) \|/gm)].map((match) => match[1]!)
    return rows.filter((row) => !['case', '---'].includes(row))
  }

  it('and of each there is', () => {
    const named = namesOfFailures()
    expect(named).to.have.length.greaterThan(40)
    expect([...new Set(named)].sort()).to.deep.equal(Object.keys(failures).sort())
  })
})
