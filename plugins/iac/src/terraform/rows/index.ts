import type {Tables} from '../emit.js'
import type {KindRows} from './row.js'
import {pool} from './pool.js'
import {vm} from './vm.js'
import {container} from './container.js'

const rows: readonly KindRows[] = [vm, container, pool]

/** What the objects of each kind become. */
export const tables: Tables = Object.fromEntries(rows.map((each) => [each.kind, each]))
