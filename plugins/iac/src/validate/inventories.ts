import {listInside} from 'pmpc/kit/files'
import {textOf} from '../files.js'

/** The inventories that were generated, with what is meant to be found in them. */
export type Inventories = {
  /** `hosts.yml`, from the workspace and from the folder of Ansible's code. */
  file: string
  path: string
  hosts: {name: string; file: string; vars: Record<string, unknown>}[]
}[]

/** What stands in files that cannot be read as YAML is told by the check of YAML, and is not looked for here. */
export async function inventoriesOf(root: string, folder: string): Promise<Inventories> {
  const {parse} = await import('yaml')
  const mapIn = (file: string): Record<string, unknown> => {
    try {
      const map: unknown = parse(textOf(root, file), {version: '1.1', logLevel: 'silent'})
      return isMap(map) ? map : {}
    } catch {
      return {}
    }
  }
  return listInside(root, `${folder}/inventories`)
    .filter((entry) => entry.isDirectory())
    .map(({name}) => name)
    .sort()
    .flatMap((cluster) => {
      const path = `inventories/${cluster}/hosts.yml`
      const file = `${folder}/${path}`
      const names = [...hostsIn(mapIn(file))].sort()
      if (names.length === 0) return []
      const hosts = names.map((name) => {
        const vars = `${folder}/inventories/${cluster}/host_vars/${name}/pve.yml`
        return {name, file: vars, vars: mapIn(vars)}
      })
      return [{file, path, hosts}]
    })
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The names of all hosts of a group and of those below it; at the top, of all groups. */
function hostsIn(groups: Record<string, unknown>): Set<string> {
  const found = new Set<string>()
  for (const group of Object.values(groups)) {
    if (!isMap(group)) continue
    for (const name of isMap(group.hosts) ? Object.keys(group.hosts) : []) found.add(name)
    for (const name of isMap(group.children) ? hostsIn(group.children) : []) found.add(name)
  }
  return found
}
