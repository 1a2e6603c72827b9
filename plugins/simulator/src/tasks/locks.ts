import {failure} from '../errors.js'
import type {GuestType} from '../state/model.js'

/** A lock of a file, which others wait for. */
export interface Wish {
  /** The node whose file it is; empty for a lock of the whole cluster. */
  node: string
  file: string
  /** Others may share it at the same time. */
  shared?: boolean
  /** Share of the usual time that it is waited for; the whole unless given. */
  patience?: number
}

/** Path of the lock of a guest's configuration. Facts: qemu-server, PVE/QemuConfig.pm, and pve-container, PVE/LXC/Config.pm (config_file_lock). */
export const guestFile = (type: GuestType, vmid: number | string): string =>
  type === 'qemu' ? `/var/lock/qemu-server/lock-${vmid}.conf` : `/run/lock/lxc/pve-config-${vmid}.lock`

/** Path of the lock under which a node makes volumes on a storage. Fact: pve-storage, PVE/Storage/Plugin.pm (cluster_lock_storage). */
export const storageFile = (storage: string): string => `/var/lock/pve-manager/pve-storage-${storage}`

/** The name of the lock under which a cluster makes volumes on a shared storage. */
export const sharedStorage = (storage: string): string => `storage-${storage}`

interface Lock {
  shared: number
  exclusive: boolean
  waiting: (() => boolean)[]
}

export type GiveBack = () => void

/** Locks of files: one holds it, or several share it; others wait, in the order that they came. Fact: pve-common, PVE/Tools.pm (lock_file_full). */
export class FileLocks {
  private readonly locks = new Map<string, Lock>()

  /** @param timeout milliseconds that a lock is waited for */
  constructor(private readonly timeout: () => number) {}

  private lockOf({node, file}: Wish): Lock {
    const key = `${node}|${file}`
    let lock = this.locks.get(key)
    if (!lock) this.locks.set(key, (lock = {shared: 0, exclusive: false, waiting: []}))
    return lock
  }

  private seize(lock: Lock, shared: boolean): GiveBack | undefined {
    if (lock.exclusive || (!shared && lock.shared > 0)) return undefined
    if (shared) lock.shared++
    else lock.exclusive = true
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (shared) lock.shared--
      else lock.exclusive = false
      lock.waiting = lock.waiting.filter((take) => !take())
    }
  }

  private wait(wish: Wish): Promise<GiveBack> {
    const lock = this.lockOf(wish)
    return new Promise((resolve, reject) => {
      const take = (): boolean => {
        const giveBack = this.seize(lock, wish.shared ?? false)
        if (!giveBack) return false
        clearTimeout(timer)
        resolve(giveBack)
        return true
      }
      const giveUp = (): void => {
        lock.waiting.splice(lock.waiting.indexOf(take), 1)
        reject(failure(timeoutText(wish)))
      }
      const timer = setTimeout(giveUp, this.timeout() * (wish.patience ?? 1)).unref()
      lock.waiting.push(take)
    })
  }

  /** Takes locks one after another: at once where they are free, else with a promise, which fails (ApiError 500) where one is not had in time. */
  take(wishes: Wish[]): GiveBack | Promise<GiveBack> {
    const held: GiveBack[] = []
    const giveBack = (): void => held.reverse().forEach((one) => one())
    for (const [index, wish] of wishes.entries()) {
      const one = this.seize(this.lockOf(wish), wish.shared ?? false)
      if (!one) return this.takeInTurn(wishes.slice(index), held, giveBack)
      held.push(one)
    }
    return giveBack
  }

  private async takeInTurn(wishes: Wish[], held: GiveBack[], giveBack: GiveBack): Promise<GiveBack> {
    try {
      for (const wish of wishes)
        held.push(this.seize(this.lockOf(wish), wish.shared ?? false) ?? (await this.wait(wish)))
    } catch (error) {
      giveBack()
      throw error
    }
    return giveBack
  }

  /** Forgets all locks: whoever held them is gone. */
  clear(): void {
    this.locks.clear()
  }
}

const timeoutText = ({node, file}: Wish): string =>
  node === '' ? `cfs-lock '${file}' error: got lock request timeout` : `can't lock file '${file}' - got timeout`
