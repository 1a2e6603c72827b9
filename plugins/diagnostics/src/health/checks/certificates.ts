import type {Check} from '../model.js'
import {DAY, maps, number, text} from '../values.js'
import {below, finding, warning} from './grade.js'

/** Certificates of the nodes. */
export const certificateChecks: readonly Check[] = [
  {
    id: 'cert.expiry',
    severity: 'critical',
    about: 'The certificates of the nodes are valid',
    why: 'After its end neither browsers nor pmpc nor other nodes talk to the node.',
    fix: 'pvenode acme cert order for one of ACME, else pvecm updatecerts --force.',
    reads: ['certificates'],
    limits: {
      warning: {default: 30, is: 'days until it ends'},
      critical: {default: 7, is: 'days until it ends'},
    },
    find: (facts, limits) =>
      facts.atNodes('certificates').flatMap(({node, entry}) => {
        if (number(entry.notafter) === 0) return []
        const days = (number(entry.notafter) - facts.now) / DAY
        const message = days < 0 ? 'ended' : `ends in ${Math.floor(days)} days`
        return finding(`node/${node}`, below(days, limits), `${text(entry.filename)} ${message}`)
      }),
  },
  {
    id: 'cert.weak',
    severity: 'warning',
    about: 'The keys of the certificates are long enough',
    why: 'OpenSSL of current releases refuses shorter keys, and clients with it (pve8to9 checks the same).',
    fix: 'Order or make a new certificate: pvecm updatecerts --force.',
    reads: ['certificates'],
    limits: {rsa: {default: 2048, is: 'bits of an RSA key'}},
    find: (facts, limits) =>
      facts
        .atNodes('certificates')
        .filter(
          ({entry}) => /^rsa/i.test(text(entry['public-key-type'])) && number(entry['public-key-bits']) < limits.rsa!,
        )
        .map(({node, entry}) =>
          warning(`node/${node}`, `${text(entry.filename)} has ${text(entry['public-key-bits'])} bits`),
        ),
  },
  {
    id: 'cert.names',
    severity: 'warning',
    about: 'The certificates name their nodes',
    why: 'Clients that check names refuse a certificate of another name.',
    fix: 'Order one with the name of the node among its domains (pvenode config set --acmedomain0).',
    reads: ['certificates'],
    find: (facts) =>
      facts.answers('certificates').flatMap(({place, data}) => {
        const files = maps(data)
        const shown =
          files.find(({filename}) => filename === 'pveproxy-ssl.pem') ??
          files.find(({filename}) => filename === 'pve-ssl.pem')
        const names = Array.isArray(shown?.san) ? shown.san.map((name) => text(name).toLowerCase()) : undefined
        const node = place.node!.toLowerCase()
        if (!names || names.some((name) => name === node || name.startsWith(`${node}.`) || name.startsWith('*.')))
          return []
        return [warning(`node/${place.node}`, `${text(shown?.filename)} is for ${names.join(', ') || 'no name'}`)]
      }),
  },
]
