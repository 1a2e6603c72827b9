// Rules of firewalls and security groups: bpg/terraform-provider-proxmox v0.112.0, proxmoxtf/resource/firewall/rules.go (RulesRead, baseRuleToMap).
import {unmodelled} from './guests.js'
import {allOf, flag, has, is, not, text} from './fields.js'
import type {Aside, At, Block, Doubt, Field, Test} from './row.js'

const each = 'config.rules.*'

const isGroup = is('type', 'group')

/** Read stores false where it is absent. */
const enabled: Field = flag('enabled', 'enable', {always: true, absent: false})

const fieldWhere = (field: Field, when: Test): Field => ({
  ...field,
  from: (at) => (when(at) ? (field.from as string) : undefined),
})

export const ruleBlock: Block = {
  block: 'rule',
  each,
  fields: [
    {...fieldWhere(text('security_group', 'action'), isGroup), absent: undefined},
    fieldWhere(text('type', 'type'), not(isGroup)),
    fieldWhere(text('action', 'action'), not(isGroup)),
    enabled,
    text('iface', 'iface', {default: ''}),
    ...['macro', 'source', 'dest', 'proto', 'dport', 'sport', 'log'].map((key) =>
      fieldWhere(text(key, key, {default: ''}), not(isGroup)),
    ),
    text('comment', 'comment', {default: ''}),
  ],
}

export const hasRules: Test = (at) => at.each(each).length > 0

export const ruleAsides: readonly Aside[] = [
  {of: each, where: isGroup, keys: ['type'], how: 'leftOut', why: '`security_group` says it'},
  {
    of: each,
    where: isGroup,
    keys: ['macro', 'source', 'dest', 'proto', 'dport', 'sport', 'log', 'icmp-type'],
    ...{how: 'inexpressible', why: 'the provider does not read it of a rule that stands for a security group'},
  },
  {of: each, keys: ['icmp-type'], how: 'inexpressible', why: unmodelled},
]

const ofType = (at: At): At[] => at.each(each).filter((rule) => allOf(has('icmp-type'), not(isGroup))(rule))

/** A rule whose source, port or the like is edited is made anew. */
export const icmpDoubt: Doubt = {
  when: (at) => ofType(at).length > 0,
  why: (at) =>
    `rules ${ofType(at)
      .map(({path}) => path.at(-1)!)
      .join(', ')}: the provider does not model icmp-type, and a rule that is edited is made anew without it`,
}
