import type {Contract, Method} from '../contract/contract.js'

export interface Route {
  /** Path as the contract writes it, such as `/nodes/{node}/qemu`. */
  path: string
  method: Method
  /** Path variables, decoded. */
  uri: Record<string, string>
}

interface Branch {
  fixed: Map<string, Branch>
  variable?: {name: string; branch: Branch}
  path?: string
}

/** A variable that takes the rest of the path, slashes included. */
const greedy = new Set(['/nodes/{node}/storage/{storage}/content/{volume}'])

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Finds the method for a path. Fixed names win over variables; a variable never matches white space, as in PVE. */
export class Router {
  private root: Branch = {fixed: new Map()}

  constructor(private readonly contract: Contract) {
    for (const path of Object.keys(contract.paths)) this.add(path)
  }

  private add(path: string): void {
    let branch = this.root
    for (const part of path.split('/').filter((p) => p !== '')) {
      const name = /^\{(.+)\}$/.exec(part)?.[1]
      if (name === undefined) {
        if (!branch.fixed.has(part)) branch.fixed.set(part, {fixed: new Map()})
        branch = branch.fixed.get(part)!
      } else {
        branch.variable ??= {name, branch: {fixed: new Map()}}
        branch = branch.variable.branch
      }
    }
    branch.path = path
  }

  /** @param path percent-encoded, without `/api2/json`; trailing slashes are ignored */
  find(verb: string, path: string): Route | undefined {
    const parts = path.split('/').filter((part) => part !== '')
    const uri: Record<string, string> = {}
    let branch = this.root
    for (let index = 0; index < parts.length; index++) {
      const part = decode(parts[index]!)
      const fixed = branch.fixed.get(part)
      if (fixed) {
        branch = fixed
        continue
      }
      if (!branch.variable || /\s/.test(part)) return undefined
      uri[branch.variable.name] = part
      branch = branch.variable.branch
      if (branch.path !== undefined && greedy.has(branch.path)) {
        const name = Object.keys(uri).at(-1)!
        uri[name] = parts.slice(index).map(decode).join('/')
        break
      }
    }
    const method = branch.path === undefined ? undefined : this.contract.paths[branch.path]?.[verb]
    if (!method) return undefined
    return {path: branch.path!, method, uri: this.rename(branch.path!, uri)}
  }

  /** Two paths may name the variable at one place differently; the route's own names count. */
  private rename(path: string, uri: Record<string, string>): Record<string, string> {
    const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
    return Object.fromEntries(Object.values(uri).map((value, index) => [names[index] ?? String(index), value]))
  }
}
