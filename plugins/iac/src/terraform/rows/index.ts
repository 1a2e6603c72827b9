import type {Tables} from '../emit.js'
import type {KindRows} from './row.js'
import {vm} from './vm.js'

const rows: readonly KindRows[] = [vm]

/** What the objects of each kind become. */
export const tables: Tables = Object.fromEntries(rows.map((each) => [each.kind, each]))
