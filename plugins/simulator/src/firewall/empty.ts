import type {FirewallState} from '../state/model.js'
import {table} from '../state/tables.js'

/** A firewall file with nothing in it. */
export const emptyFirewall = (): FirewallState => ({
  options: {},
  rules: [],
  aliases: table({}),
  ipset: table({}),
  groups: table({}),
})
