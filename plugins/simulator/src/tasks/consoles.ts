import {TaskError, type TaskRequest} from './runner.js'
import type {Simulation} from '../simulation.js'

const firstPort = 5900

export interface ConsoleRequest {
  task: TaskRequest
  /** What is spoken on the port: VNC, or a terminal that first asks for user and ticket. */
  speaks: 'vnc' | 'terminal'
  /** Exit status when nobody connects in time to its port; undefined where that is no error. */
  unattended: (port: number) => string | undefined
  /** Whether the program ends with that status as soon as somebody connects. */
  broken?: () => boolean
  /** Exit status of a broken program, where it is another one. */
  failed?: string
}

/** A port that somebody may connect to once, while a task waits for it. */
export interface Console {
  readonly port: number
  readonly speaks: ConsoleRequest['speaks']
  readonly upid: string
  /** The line by which a terminal knows who may use it: user and ticket. */
  key?: string
  /** Takes the connection, or tells that it is closed at once. `close` is called when the simulator or the task is stopped. */
  connect(close: () => void): boolean
  /** Ends the task: as OK, or with an error. */
  end(problem?: string): void
}

/** Ports of displays and terminals. They are not listened on: a websocket of the API leads to them. */
export class Consoles {
  private readonly open = new Map<number, {console: Console; close?: () => void; timer: NodeJS.Timeout}>()

  constructor(private readonly sim: Simulation) {}

  /** Begins a task that serves one connection on a free port and ends by itself when none is made. */
  start({task, speaks, unattended, broken, failed}: ConsoleRequest): Console {
    const port = this.freePort()
    let end: Console['end'] = () => undefined
    const ended = new Promise<void>((resolve, reject) => {
      end = (problem) => {
        this.free(port)
        if (problem === undefined) resolve()
        else reject(new TaskError(problem))
      }
    })
    // The task may be stopped before it waits for this.
    ended.catch(() => undefined)
    const upid = this.sim.tasks.start(task, () => ended)
    const timer = setTimeout(() => end(unattended(port)), this.sim.settings.consoleTime).unref()
    const connect = (close: () => void): boolean => {
      clearTimeout(timer)
      const isBroken = broken?.() ?? false
      if (isBroken) end(failed ?? unattended(port))
      else this.open.get(port)!.close = close
      return !isBroken
    }
    const console: Console = {port, speaks, upid, connect, end}
    this.open.set(port, {console, timer})
    return console
  }

  /** What waits on a port for its connection. */
  find(port: number): Console | undefined {
    this.sweep()
    const entry = this.open.get(port)
    return entry && entry.close === undefined ? entry.console : undefined
  }

  stop(): void {
    for (const port of [...this.open.keys()]) this.free(port)
  }

  private freePort(): number {
    this.sweep()
    let port = firstPort
    while (this.open.has(port)) port++
    return port
  }

  /** Forgets ports whose tasks were stopped. */
  private sweep(): void {
    for (const [port, {console}] of this.open) if (!this.sim.tasks.isRunning(console.upid)) this.free(port)
  }

  private free(port: number): void {
    const entry = this.open.get(port)
    if (!entry) return
    this.open.delete(port)
    clearTimeout(entry.timer)
    entry.close?.()
  }
}
