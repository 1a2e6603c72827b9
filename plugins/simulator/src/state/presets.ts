import type {Section} from './model.js'

/** Realms that every cluster has. */
export const realms: Record<string, Section> = {
  pam: {type: 'pam', comment: 'Linux PAM standard authentication'},
  pve: {type: 'pve', comment: 'Proxmox VE authentication server'},
}

/** What is there without a file: sections that reading it adds. */
export const presets: Record<string, Record<string, Section>> = {
  domains: realms,
  'acme/plugins': {standalone: {type: 'standalone'}},
}
