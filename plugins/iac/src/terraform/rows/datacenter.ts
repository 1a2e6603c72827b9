// Options of the cluster and metric servers: bpg/terraform-provider-proxmox v0.112.0, fwprovider/cluster/options/model_options.go,
// fwprovider/cluster/metrics/model_metrics_server.go (fromAPI).
import type {Value} from 'pmpc/kit/resources'
import type {Expression} from '../hcl.js'
import {lost} from './asides.js'
import {anyOf, derived, flag, has, idOf, is, number, text} from './fields.js'
import type {At, Field, KindRows} from './row.js'

const nested = (
  to: string,
  from: string,
  keys: Readonly<Record<string, string>>,
  as: (value: Value) => Expression,
): Field => ({
  ...{to, from},
  as: (value) =>
    Object.fromEntries(
      Object.entries(keys).flatMap(([key, name]) => {
        const of = (value as Record<string, Value>)[key]
        return of === undefined ? [] : [[name, as(of)]]
      }),
    ),
})

/** Proxmox VE puts a line end behind it, and the provider takes it as it is. */
const description: Field = {
  ...{to: 'description', from: 'config.description'},
  as: (value, at) => {
    const spelled = at.spelled('config.description')
    return spelled === value ? `${String(value)}\n` : String(spelled)
  },
}

const optionFields: readonly Field[] = [
  description,
  text('keyboard', 'config.keyboard'),
  text('language', 'config.language'),
  text('console', 'config.console'),
  text('email_from', 'config.email_from'),
  text('http_proxy', 'config.http_proxy'),
  text('mac_prefix', 'config.mac_prefix'),
  number('max_workers', 'config.max_workers'),
  ...['clone', 'default', 'migration', 'move', 'restore'].map((key) =>
    number(`bandwidth_limit_${key}`, `config.bwlimit.${key}`),
  ),
  text('ha_shutdown_policy', 'config.ha.shutdown_policy'),
  text('migration_type', 'config.migration.type'),
  text('migration_cidr', 'config.migration.network'),
  text('crs_ha', 'config.crs.ha'),
  flag('crs_ha_auto_rebalance', 'config.crs.ha-auto-rebalance'),
  number('crs_ha_auto_rebalance_hold_duration', 'config.crs.ha-auto-rebalance-hold-duration'),
  number('crs_ha_auto_rebalance_margin', 'config.crs.ha-auto-rebalance-margin'),
  text('crs_ha_auto_rebalance_method', 'config.crs.ha-auto-rebalance-method'),
  number('crs_ha_auto_rebalance_threshold', 'config.crs.ha-auto-rebalance-threshold'),
  flag('crs_ha_rebalance_on_start', 'config.crs.ha-rebalance-on-start'),
  nested('next_id', 'config.next-id', {lower: 'lower', upper: 'upper'}, Number),
  nested(
    'notify',
    'config.notify',
    {
      fencing: 'ha_fencing_mode',
      'target-fencing': 'ha_fencing_target',
      'package-updates': 'package_updates',
      'target-package-updates': 'package_updates_target',
      replication: 'replication',
      'target-replication': 'replication_target',
    },
    String,
  ),
]

/** Those that the provider takes (fwprovider/validators/i18n.go). */
const languages = 'ca da de en es eu fa fr he it ja nb nn pl pt_BR ru sl sv tr zh_CN zh_TW'.split(' ')

const fromOf = ({from}: Field): string => from as string

const options: KindRows = {
  kind: 'options',
  resources: [
    {
      type: 'proxmox_cluster_options',
      file: 'cluster',
      when: anyOf(...optionFields.map((field) => has(fromOf(field)))),
      importId: () => 'cluster',
      fields: optionFields,
      hindrances: [
        {
          when: (at) => String(at.get('config.http_proxy') ?? '').includes('*****'),
          of: ['http_proxy'],
          why: 'it has a password, which is not written',
        },
        {
          when: (at) => has('config.language')(at) && !is('config.language', ...languages)(at),
          of: ['language'],
          why: 'the provider does not know this language',
        },
      ],
    },
  ],
  none: () => ({how: 'leftOut', why: 'nothing of what the provider models is set'}),
  asides: [
    lost(
      ...[
        'consent-text',
        'fencing',
        'location',
        'registered-tags',
        'replication',
        'tag-style',
        'u2f',
        'user-tag-access',
      ],
      ...['webauthn', 'migration_unsecure', 'crs', 'ha', 'migration', 'bwlimit'],
    ),
  ],
}

const minimum = 1024

/** Whether the key is there and told to nobody; the provider reads it all the same. */
const hasHeaders = (at: At): boolean => has('config.otel-headers')(at)

const metricServer: KindRows = {
  kind: 'metric-server',
  resources: [
    {
      type: 'proxmox_metrics_server',
      file: 'cluster',
      importId: idOf,
      fields: [
        derived('name', idOf),
        text('type', 'config.type'),
        text('server', 'config.server'),
        number('port', 'config.port'),
        flag('disable', 'config.disable', {default: false}),
        number('mtu', 'config.mtu'),
        number('timeout', 'config.timeout'),
        text('graphite_path', 'config.path'),
        text('graphite_proto', 'config.proto'),
        text('influx_api_path_prefix', 'config.api-path-prefix'),
        text('influx_bucket', 'config.bucket'),
        text('influx_db_proto', 'config.influxdbproto'),
        number('influx_max_body_size', 'config.max-body-size'),
        text('influx_organization', 'config.organization'),
        flag('influx_verify', 'config.verify-certificate'),
        text('opentelemetry_proto', 'config.otel-protocol'),
        text('opentelemetry_path', 'config.otel-path'),
        number('opentelemetry_timeout', 'config.otel-timeout'),
        number('opentelemetry_max_body_size', 'config.otel-max-body-size'),
        text('opentelemetry_resource_attributes', 'config.otel-resource-attributes'),
        text('opentelemetry_compression', 'config.otel-compression'),
        flag('opentelemetry_verify_ssl', 'config.otel-verify-ssl'),
      ],
      hindrances: [
        {
          when: hasHeaders,
          of: [],
          ignore: ['opentelemetry_headers'],
          why: 'they may hold a credential, and are not written',
        },
        {
          when: (at) => Number(at.get('config.otel-max-body-size') ?? minimum) < minimum,
          of: ['opentelemetry_max_body_size'],
          why: `the provider takes ${minimum} at least`,
        },
      ],
    },
  ],
  asides: [
    {
      of: ['config.token', 'config.otel-headers'],
      ...{how: 'leftOut', why: 'no secret is written; the one that is there is left alone'},
    },
  ],
}

export const datacenter: readonly KindRows[] = [options, metricServer]
