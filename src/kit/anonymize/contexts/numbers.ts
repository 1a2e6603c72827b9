import {shaped} from './shapes.js'
import type {Context} from './values.js'

const serial = (words: string, expression: RegExp): readonly [string, Context] => [words, shaped(expression, 'serial')]

/** What makers, shops and owners number their machines by: serials, licences, contracts, labels of an inventory. */
export const numbers: readonly (readonly [words: string, context: Context])[] = [
  serial('asset', /Asset Tag *[:=] *(\S+)/i),
  serial('asset_tag asset-tag assettag', /asset[_-]?tag["']?\s{0,9}[:=]\s{0,9}["']?([A-Z0-9][\w/-]{4,})/i),
  serial('lu', /LU WWN Device Id: ([0-9a-f][0-9a-f ]+[0-9a-f])/),
  serial('serial', /serial(?: (?:number|no\.?))?(?:\s*[:=])?\s+([A-Z0-9][\w-]*\d[\w-]*)/i),
  serial('serienummer serienr seriennummer', /\w+\.?[:=]? ([A-Z0-9][A-Z0-9-]{5,})(?![\w-])/),
  serial('sn s/n', /S\/?N[:=]? ([A-Z0-9]{7,})(?![\w-])/),
  serial('service', /Service Tag:?(?: is)?(?: *=)? *([A-Z0-9]{5,10})\b/i),
  serial('express', /Express (?:Svc|Service) Code *[:=]? *(\d{9,11})\b/i),
  serial('tag', /(?<=\()tag ([A-Z0-9]{7})(?=\))/),
  serial('eui-64 eui64', /EUI-?64:? +([0-9a-f]{16,32})\b/i),
  serial('server serverid', /server ?id\W{1,9}([0-9A-F]{32})/i),
  serial('server-id', /server-id\W{1,9}([0-9A-F]{32})/i),
  serial('port_name node_name wwpn wwnn', /\w+["']?\s{0,40}[:=]\s{0,9}["']?((?:0x)?[0-9a-f]{16})\b/i),
  serial(
    'inventarnummer inventar-nr inventory asset-id patrim\u00c3\u00b4nio',
    /[\w\u0080-\u00ff-]+\.?(?: (?:number|no\.?|nr\.?))?[:=]? ([A-Z]{2,}[-/](?:[A-Z0-9]+[-/])?\d[\w-]*)/,
  ),
  serial(
    'contract licence license kundennummer vertragsnummer vertrag kundennr lizenz vault_license license_key licence_key',
    /\w+(?: (?:no|number|nr)\.?)?["']?[:#= ]{1,3}["']?((?=[\w-]*(?:\d[\w-]*\d|[A-Z]{5}))[A-Z0-9]+-[\w-]*[A-Za-z0-9])(?![\w-])/,
  ),
]
