import {checkMethod} from '../access/checks.js'
import {checkChoice, checkObject, type Choice, type Errors, type Params} from '../contract/schema.js'
import {ApiError} from '../errors.js'
import type {Simulation} from '../simulation.js'
import type {Endpoints, Request} from '../calls/call.js'
import {unknownNode} from '../storage/world.js'
import {mergeParams} from './params.js'
import {decodePercent} from '../calls/form.js'
import type {Route, Router} from './router.js'
import {table} from '../state/tables.js'

/** A pseudo status of the proxying node: reason phrase only, no body. */
export class ProxyError extends Error {
  constructor(
    readonly status: 595 | 596,
    message: string,
  ) {
    super(message)
  }
}

/** Calls whose parameters go by a type. */
const choices: Record<string, Choice> = {
  'POST /cluster/ha/rules': {common: ['rule'], needed: ['nodes', 'affinity']},
  'PUT /cluster/ha/rules/{rule}': {common: ['rule', 'delete', 'digest'], needed: []},
}

/** Routes requests to handlers in PVE's order: route, token allowed, permission, proxying, parameters, then code. Fact: pve-manager, PVE/HTTPServer.pm (rest_handler). */
export class Dispatcher {
  constructor(
    private readonly sim: Simulation,
    private readonly router: Router,
    private readonly endpoints: Endpoints,
  ) {}

  /** Whether the method may be called without authentication. */
  isPublic(verb: string, path: string): boolean {
    return this.router.find(verb, path)?.method.permissions?.user === 'world'
  }

  async handle({verb, path, query, body, auth, byManager, upload}: Request): Promise<unknown> {
    if (!byManager) {
      this.sim.ha.settle()
      this.sim.replication.settle()
    }
    const route = this.router.find(verb, path)
    const handler = route && this.endpoints[`${verb} ${route.path}`]
    if (!route || !handler) throw new ApiError(501, `Method '${verb} ${decodePercent(path)}' not implemented`)
    const {method, uri} = route
    if (auth?.includes('!') && method.allowtoken === false) {
      throw new ApiError(
        403,
        `Permission check failed (URI '${decodePercent(path)}' not available with API token, need proper ticket.\n)\n`,
      )
    }
    const param = mergeParams(uri, query, body, method.parameters)
    checkMethod(this.sim, auth, method, param)
    await this.reachNode(route, param)
    this.checkParameters(route, verb, param)
    const refusal = this.sim.faults.refusal(verb, path)
    if (refusal) throw refusal
    const {sim} = this
    const result = handler({
      sim,
      auth: auth ?? '',
      verb,
      path: route.path,
      param,
      ...(byManager && {byManager}),
      ...(upload && {upload}),
    })
    return result instanceof Promise ? this.inTime(result) : result
  }

  /** Gives up on a call that takes too long, as the proxy does; the work goes on all the same. Fact: pve-http-server, PVE/APIServer/AnyEvent.pm (proxy_request). */
  private async inTime<T>(result: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      const giveUp = (): void => reject(new ProxyError(596, 'Connection timed out'))
      timer = setTimeout(giveUp, this.sim.settings.proxyTimeout).unref()
    })
    try {
      return await Promise.race([result, late])
    } finally {
      clearTimeout(timer)
      result.catch(() => undefined)
    }
  }

  /** Fails as the proxying node does when the target is unknown, off or hanging. */
  private async reachNode({path, method}: Route, param: Params): Promise<void> {
    const asked = path.startsWith('/cluster/mapping/') ? param['check-node'] : undefined
    const given = method.proxyto === undefined ? asked : param[method.proxyto]
    if (given === undefined || given === 'localhost') return
    const name = String(given)
    const node = this.sim.state.nodes[name]
    if (!node) throw unknownNode(this.sim.state, name)
    if (node.power === 'offline')
      throw new ProxyError(595, this.sim.state.world.refuses ? 'Connection refused' : 'No route to host')
    if (node.power === 'online') return
    await new Promise((resolve) => setTimeout(resolve, this.sim.settings.proxyTimeout).unref())
    throw new ProxyError(596, 'Connection timed out')
  }

  private checkParameters({path, method}: Route, verb: string, param: Params): void {
    const errors: Errors = table({})
    const choice = choices[`${verb} ${path}`]
    if (choice) checkChoice(param, method.parameters, choice, errors, this.sim.context)
    else checkObject(param, method.parameters, '', errors, this.sim.context)
    if (Object.keys(errors).length > 0) throw new ApiError(400, 'Parameter verification failed.\n', errors)
  }
}
