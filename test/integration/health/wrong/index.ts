import {access} from './access.js'
import {guests} from './guests.js'
import {hosts} from './hosts.js'
import type {Wrong} from './makes.js'
import {storages} from './storages.js'

export type {Wrong}

/** By check, what makes it true. */
export const wrong: Readonly<Record<string, readonly Wrong[]>> = {...hosts, ...storages, ...guests, ...access}
