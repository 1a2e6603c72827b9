import {failure} from '../../errors.js'
import {bootContainer, haltContainer, turnContainerOff} from '../../guests/lxc-boot.js'
import {mountsOf} from '../../guests/lxc-values.js'
import {isSet, type Call} from '../../calls/call.js'
import type {Guest} from '../../state/model.js'
import {TaskError, type Release, type TaskHandle} from '../../tasks/runner.js'

/** Something that a guest's power button does. */
export interface Action {
  /** Part of the task's type after `qm` or `vz`. */
  task: string
  taskFor?: (call: Call) => string
  /** Parameters that root@pam itself may set only; `skiplock` unless given. */
  rootOnly?: string[]
  /** Refusals before the task begins. */
  refuse?: (guest: Guest, call: Call) => void
  /** What is done as the task begins. */
  begin?: (call: Call, guest: Guest, task: TaskHandle) => Release
  work: (call: Call, guest: Guest, task: TaskHandle) => void
}

function checkTaskLock(call: Call, {lock}: Guest): void {
  if (lock !== undefined && lock !== 'mounted' && !isSet(call, 'skiplock'))
    throw new TaskError(`CT is locked (${lock})`)
}

function start(call: Call, guest: Guest, task: TaskHandle): void {
  if (Number(guest.config.template ?? 0) === 1) throw new TaskError(`you can't start a CT if it's a template`)
  checkTaskLock(call, guest)
  const quotas = mountsOf(call, guest.config).some(([, parts]) => Number(parts.quota ?? 0) === 1)
  if (quotas && Number(guest.config.unprivileged ?? 0) === 1)
    throw new TaskError('Quotas are not supported by unprivileged containers.')
  bootContainer(call, guest, task.log)
}

/** Starts a container in a task of its own. Returns the task's UPID. */
export const startContainer = (call: Call, guest: Guest): string =>
  call.sim.tasks.start({node: guest.node, type: 'vzstart', id: guest.vmid, user: call.auth}, (task) =>
    start(call, guest, task),
  )

const mustRun =
  (label: 'CT' | 'VM') =>
  (guest: Guest): void => {
    if (!guest.running) throw failure(`${label} ${guest.vmid} not running`)
  }

const mustNotRun = (guest: Guest): void => {
  if (guest.running) throw failure(`CT ${guest.vmid} already running`)
}

const dumps = '/var/lib/vz/dump'

/** What the power buttons of a container do. Fact: pve-container `API2/LXC/Status.pm`. */
export const containerActions: Record<string, Action> = {
  start: {task: 'start', refuse: mustNotRun, work: start},
  stop: {
    task: 'stop',
    refuse: mustRun('CT'),
    work: (call, guest) => {
      checkTaskLock(call, guest)
      haltContainer(call, guest)
    },
  },
  shutdown: {
    task: 'shutdown',
    refuse: mustRun('CT'),
    work: (call, guest) => {
      if (guest.lock !== undefined) throw new TaskError(`CT is locked (${guest.lock})`)
      haltContainer(call, guest)
    },
  },
  reboot: {
    task: 'reboot',
    refuse: mustRun('VM'),
    work: (call, guest, task) => {
      haltContainer(call, guest)
      bootContainer(call, guest, task.log)
    },
  },
  // The container is written to a dump, of which it goes on when it is resumed.
  suspend: {
    task: 'suspend',
    refuse: mustRun('CT'),
    work: (_call, guest) => {
      if (guest.lock !== undefined) throw new TaskError(`CT is locked (${guest.lock})`)
      turnContainerOff(guest)
      guest.paused = true
    },
  },
  resume: {
    task: 'resume',
    refuse: mustNotRun,
    work: (call, guest) => {
      if (!guest.paused)
        throw new TaskError(`command 'lxc-checkpoint -n ${guest.vmid} -r --foreground -D ${dumps}' failed: exit code 1`)
      Object.assign(guest, {running: true, paused: false, startTime: call.sim.now()})
    },
  },
}
