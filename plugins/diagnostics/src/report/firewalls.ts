import type {Config, Observed, Value} from 'pmpc/kit/resources'

type Row = Record<string, unknown>

const mapOf = (value: Value | undefined): Config => (typeof value === 'object' && !Array.isArray(value) ? value : {})
const listOf = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : [])

/** Firewall files as the simulator keeps them: by `cluster`, `node NAME` or VMID; groups stand in the cluster's. */
export function firewallsOf(objects: readonly Observed[]): Record<string, Row> {
  const of = (kind: Observed['kind']): Observed[] => objects.filter((one) => one.kind === kind)
  const files = Object.fromEntries(
    of('firewall').map(({id, config}): [string, Row] => [levelOf(String(id)), fileOf(config)]),
  )
  const groups = of('security-group')
  if (groups.length === 0) return files
  const named = groups.map(({id, config}) => [String(id), {...config, rules: listOf(config.rules)}])
  return {...files, cluster: {...files.cluster, groups: Object.fromEntries(named) as Row}}
}

/** `guest/100`, `node/pve1`, `cluster`. */
function levelOf(id: string): string {
  const [kind, name] = id.split('/')
  if (name === undefined) return id
  return kind === 'node' ? `node ${name}` : name
}

function fileOf({options, rules, aliases, ipsets}: Config): Row {
  return {
    options: mapOf(options),
    rules: listOf(rules),
    aliases: entriesOf(aliases, (name, one) => ({name, ...one})),
    ipset: entriesOf(ipsets, (_, {members, ...one}) => ({
      ...one,
      entries: Object.values(entriesOf(members, (cidr, member) => ({cidr, ...member}))),
    })),
  }
}

function entriesOf(value: Value | undefined, make: (name: string, one: Config) => Row): Row {
  return Object.fromEntries(Object.entries(mapOf(value)).map(([name, one]) => [name, make(name, mapOf(one))]))
}
