import type {Row} from './rows.js'

const host = String.raw`["']?([A-Za-z][\w-]*)["']?`
/** What may be one of several. */
const also = String.raw`(?:, ?${host})?`.repeat(3)
const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where programs that deploy, balance and watch are told of hosts, and nothing else may stand. */
export const toldHosts: readonly Row[] = [
  row('included', String.raw`included: \S{1,300} for ${host}${also}(?=\s*$)`, 'm'),
  row('host_vars', String.raw`host_vars\/${host}`),
  row('minion', String.raw`Minion ${host} did not`),
  row('assigned', String.raw`assigned \S{1,200} to ${host}(?=\s|$)`),
  row('kubelet', String.raw`kubelet, ${host}`),
  row('node', String.raw`Node ${host} status is now`),
  row(
    'kubectl',
    String.raw`kubectl (?:drain|cordon|uncordon|(?:describe|label|taint|get|delete|edit|annotate) nodes?[ /]) ?${host}`,
  ),
  row('talosctl', String.raw`talosctl [^\n|;]{0,100}?(?:-n|--nodes)[ =]${host}`),
  row('zabbix_sender', String.raw`zabbix_sender [^\n|;]{0,200}?-z ${host}`),
  row('zabbix_sender', String.raw`zabbix_sender [^\n|;]{0,200}?-s ${host}`),
  row('serveractive', String.raw`ServerActive=${host}`),
  row('host_name', String.raw`host_name[ \t]+${host}`),
  row('cmk', String.raw`cmk (?:-\w+ ){1,4}${host}(?=\s*$)`, 'm'),
  row('serveralias', String.raw`ServerAlias ${host}`),
  row('virtualhost', String.raw`VirtualHost ${host}(?=[:>])`),
]

/** Likewise before the word. */
export const toldAhead: readonly Row[] = [['success changed unreachable failed', /^([A-Za-z][\w-]*) \| $/]]

/** Likewise where much else may stand, too: what is a word is none. */
export const namedHosts: readonly Row[] = [
  row(
    'delegate_to inventory_hostname minion minion_id hypervisor computer computer_name machine machine_name vm vmname vm_name guest guest_name client_name clienthost instance nodename node_id device_name switch_name',
    String.raw`\w+["']?\s?(?:[:=]|==)\s?${host}(?=["'\s,;)}]|$)`,
  ),
  row('device source origin peer observer agent target', String.raw`\w+["']: ?["']([A-Za-z][\w-]*)["']`),
  row('computer', String.raw`[Cc]omputer>([A-Za-z][\w-]*)<`),
  row('toset', String.raw`toset\(\[${host}${also}`),
  row('ansible-playbook', String.raw`ansible-playbook [^\n|;]{0,200}?(?:-l|--limit)[ =]${host}`),
  row('ansible', String.raw`ansible ${host} -`),
  row('hosts', String.raw`hosts:\s{1,40}- ${host}(?:\s{1,40}- ${host})?(?:\s{1,40}- ${host})?(?=\s|$)`),
  row('salt', String.raw`salt ["']([A-Za-z][\w-]*)["']`),
  row('server', String.raw`server ([\w-]+) ([A-Za-z][\w-]*)(?=:\d)`),
  row('server_name', String.raw`server_name ${host}(?: ${host})?(?: ${host})?`),
  row('upstream', String.raw`upstream (?![\w-]*(?:backend|upstream|pool|servers?)\b)${host} \{`),
  row(
    'targets',
    String.raw`targets:\s{0,40}[[-] ?${host}(?::\d+)?["']?${String.raw`(?:,\s?${host}(?::\d+)?["']?)?`.repeat(3)}`,
  ),
]

/** Before what only guests have, in maps of Terraform and inventories. */
export const namedAhead: readonly Row[] = [
  ['vmid vm_id cores memory target_node node ansible_host', /^\s*["']?([A-Za-z][\w-]*)["']?\s*[=:]\s*\{\s*$/],
]

/** Names of containers, of what Kubernetes runs and of groups. */
export const namedThings: readonly Row[] = [
  row('group_vars', String.raw`group_vars\/${host}`),
  row(
    'docker podman',
    String.raw`\w+ (?:exec|logs|stop|start|restart|rm|inspect|attach|kill|top|stats)(?: -{1,2}[\w-]+(?:[= ]\d+)?){0,5} ${host}(?=\s|$)`,
  ),
  row('container network', String.raw`(?:(?<=No such )container:|Network) ${host}`),
  row(
    'deployment.apps statefulset.apps daemonset.apps replicaset.apps pod service configmap secret ingress.networking.k8s.io job.batch cronjob.batch persistentvolumeclaim deployment statefulset',
    String.raw`[\w.]+\/${host}(?= (?:created|configured|unchanged|deleted|patched|scaled|restarted|condition|evicted)|\s*$)`,
    'm',
  ),
  row('assigned', String.raw`assigned ${host}\/`),
  row('use-context current-context', String.raw`[\w-]+:? ${host}(?=\s*$)`, 'm'),
]
