import type {Row} from './rows.js'

const name = String.raw`["']?([A-Za-z][\w-]*)["']?`
const cap = String.raw`[A-Z\u00c3-\u00c5][\w'\u0080-\u00ff-]+`
const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where things stand that people gave a name: storages, pools, snapshots, tags, networks, tunnels, sites, databases. What is a word is none. */
export const things: readonly Row[] = [
  row('tags', String.raw`tags: ?([\w-]+)${String.raw`(?:[;,]([\w-]+))?`.repeat(5)}(?=\s*$)`, 'm'),
  row('qm pct', String.raw`\w+ (?:snapshot|rollback|delsnapshot) \d+ ${name}`),
  row(
    'qm pct',
    String.raw`\w+ (?:move-disk|move_disk|move-volume|importdisk|importovf|disk (?:move|import)) \d+ \S{1,200} ${name}`,
  ),
  row('pvesm', String.raw`pvesm (?:alloc|list|remove|set|add \w+) ${name}`),
  row(
    'zpool',
    String.raw`zpool (?:status|import|export|scrub|create|list|destroy|upgrade|clear|online|offline|replace|add|trim|iostat|history)(?: -\w+){0,4} ${name}(?=[\s;]|$)`,
  ),
  row(
    'zfs',
    String.raw`zfs (?:list|create|destroy|get|set|snapshot|send|recv|receive|rollback|mount|rename|inherit)(?: -\w+| \w+=\S+){0,4} ${name}(?=[\/@\s]|$)`,
  ),
  row('cannot', String.raw`cannot (?:import|open|create|destroy|mount|export) ["']([A-Za-z][\w-]*)`),
  row('mapper', String.raw`mapper\/([A-Za-z]\w*(?:--\w+)*)-(?:vm|base|subvol)--`),
  row('vgcreate vgremove vgextend vgreduce vgchange vgrename', String.raw`\w+ (?:-\w+ )?${name}`),
  row('rbd', String.raw`rbd (?:ls|du|info|rm|map|-p)(?: -p)? ${name}`),
  row('pool', String.raw`pool (?:create|delete|get|set|rm|\d+) ${name}`),
  row('ipset group', String.raw`(?:IPSET|GROUP|(?<=\[)ipset|(?<=\[)group) ${name}`),
  row('ipset', String.raw`ipset (?:create|add|del|destroy|test) ${name}`),
  row('source dest', String.raw`(?<= -)\w+ (?:\+|\+?(?:dc|guest)\/)?${name}`),
  row('vlan', String.raw`vlan \d+\s{1,8}name ${name}`),
  row('name', String.raw`name=${name}(?= (?:vlan-id|interface)=)`),
  row('conn', String.raw`(?<=(?:^|\n)[ \t]{0,8})conn ${name}`),
  row('ike_sa child_sa', String.raw`\w+_SA ${name}(?=[[{])`),
  row('leftid rightid remote-id local-id', String.raw`[\w-]+[ =]@?${name}(?=\s|$)`),
  row('tunnel-group', String.raw`tunnel-group ${name}`),
  row('crypto', String.raw`crypto (?:map|dynamic-map|ipsec transform-set) ${name}`),
  row('wg-quick', String.raw`wg-quick (?:up|down|save) ${name}`),
  row('live renewal', String.raw`(?<=letsencrypt\/)\w+\/${name}(?=[\/.])`),
  row('database', String.raw`database ${name}(?= (?:does|is|has|already)\b)`),
  row('database', String.raw`(?<=Unknown )database '([A-Za-z][\w-]*)`),
  row('database', String.raw`(?<=(?:CREATE|DROP|ALTER) )DATABASE (?:IF (?:NOT )?EXISTS )?["'\x60]?([A-Za-z][\w-]*)`),
  row('use', String.raw`USE \x60?([A-Za-z][\w-]*)\x60?;`),
  row('on', String.raw`ON \x60?([A-Za-z][\w-]*)\x60?\.\*`),
  row('psql pg_dump pg_restore', String.raw`\w+ [^\n|;]{0,200}?(?:-d|--dbname)[ =]${name}`),
  row('mysqldump mariadb-dump', String.raw`[\w-]+ (?:-{1,2}[\w-]+(?:=\S{1,60})? ){0,6}([A-Za-z][\w-]*)(?= ?[>|])`),
  row(
    'vpn filiale b\u00c3\u00bcro zentrale leitung uplink tunnel standleitung',
    String.raw`[\w\u0080-\u00ff]+ (?:zu |to |nach |von |from |f\u00c3\u00bcr |for )?(${cap})`,
  ),
]

/** Likewise before a word: whose tunnel or branch it is. */
export const thingsAhead: readonly Row[] = [
  row('vpn filiale b\u00c3\u00bcro zentrale leitung uplink tunnel', String.raw`(?:^|[\s"#*])(${cap}) $`),
]

/** Who may use a database. */
export const thingUsers: readonly Row[] = [
  row('role', String.raw`role "([A-Za-z][\w.-]*)" does`),
  row('ccd', String.raw`ccd\/([A-Za-z][\w.-]*)`),
]
/** Whose pool it was. */
export const thingHosts: readonly Row[] = [row('by', String.raw`(?<=accessed )by ${name} \(hostid`)]
