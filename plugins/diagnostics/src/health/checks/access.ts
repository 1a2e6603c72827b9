import type {Entry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import type {Check, Finding, Limits} from '../model.js'
import {DAY, isSet, maps, number, text} from '../values.js'
import {below, finding, warning} from './grade.js'

const isActive = (user: Entry, now: number): boolean =>
  isSet(user.enable) && (number(user.expire) === 0 || number(user.expire) > now)

/** Tokens of all users, with how they are named: `user@realm!name`. */
function tokensOf(facts: Facts): {id: string; user: Entry; token: Entry}[] {
  return facts
    .list('users')
    .flatMap((user) =>
      maps(user.tokens).map((token) => ({id: `${text(user.userid)}!${text(token.tokenid)}`, user, token})),
    )
}

/** Users with a second factor that is enabled. */
function withFactor(facts: Facts): Set<string> {
  const found = facts
    .list('factors')
    .filter(({entries}) => maps(entries).some(({enable}) => enable === undefined || isSet(enable)))
  return new Set(found.map(({userid}) => text(userid)))
}

/** What ends, and when: soon, or already. */
function ending(object: string, expire: unknown, now: number, limits: Limits): Finding[] {
  if (number(expire) === 0) return []
  const days = (number(expire) - now) / DAY
  const message = days < 0 ? `it ended ${Math.floor(-days)} days ago` : `it ends in ${Math.floor(days)} days`
  return finding(object, below(days, limits), message)
}

/** Users, tokens, second factors. */
export const accessChecks: readonly Check[] = [
  {
    id: 'access.root-factor',
    severity: 'warning',
    about: 'root@pam has a second factor',
    why: 'Its password alone opens everything, and the login page is where everybody tries first.',
    fix: 'Add one: Datacenter > Permissions > Two Factor.',
    reads: ['users', 'factors'],
    whole: ['factors'],
    find: (facts) => {
      const root = facts.list('users').find(({userid}) => userid === 'root@pam')
      const isOpen = root !== undefined && isActive(root, facts.now) && !withFactor(facts).has('root@pam')
      return isOpen ? [warning('user/root@pam', 'it has no second factor')] : []
    },
  },
  {
    id: 'access.factor',
    severity: 'warning',
    about: 'Users have a second factor',
    why: 'A password that leaked is enough to be that user.',
    fix: 'Let users add one (Permissions > Two Factor), or ask for it in the realm: pveum realm modify pve --tfa type=oath.',
    reads: ['users', 'factors', 'realms'],
    whole: ['factors'],
    find: (facts) => {
      const has = withFactor(facts)
      const asking = new Set(
        facts
          .list('realms')
          .filter(({tfa, type}) => text(tfa) !== '' || text(type) === 'openid')
          .map(({realm}) => text(realm)),
      )
      return facts
        .list('users')
        .filter((user) => {
          const [id, tokens] = [text(user.userid), maps(user.tokens)]
          // Who has tokens and is of PVE's own realm is most often a program, which never logs in with a password.
          const isProgram = tokens.length > 0 && id.endsWith('@pve')
          return (
            id !== 'root@pam' &&
            isActive(user, facts.now) &&
            !isProgram &&
            !has.has(id) &&
            !asking.has(id.replace(/.*@/, ''))
          )
        })
        .map(({userid}) => warning(`user/${text(userid)}`, 'it has no second factor'))
    },
  },
  {
    id: 'access.token-expiry',
    severity: 'warning',
    about: 'No token is about to expire',
    why: 'The programs that use it stop from one second to the next.',
    fix: 'pveum user token modify USER TOKEN --expire …, or make a new one and store it (pmpc auth login).',
    reads: ['users'],
    limits: {warning: {default: 14, is: 'days until it ends'}},
    find: (facts, limits) =>
      tokensOf(facts).flatMap(({id, token}) => ending(`token/${id}`, token.expire, facts.now, limits)),
  },
  {
    id: 'access.user-expiry',
    severity: 'warning',
    about: 'No user is about to expire',
    why: 'At that second its tokens end with it.',
    fix: 'pveum user modify USER --expire …, or remove the user.',
    reads: ['users'],
    limits: {warning: {default: 14, is: 'days until it ends'}},
    find: (facts, limits) =>
      facts
        .list('users')
        .filter(({enable}) => isSet(enable))
        .flatMap(({userid, expire}) => ending(`user/${text(userid)}`, expire, facts.now, limits)),
  },
  {
    id: 'access.root-token',
    severity: 'warning',
    about: 'No token has all rights of root',
    why: 'Whoever finds it in a script owns the cluster; a token with privileges of its own can do what it is for.',
    fix: 'Make a user with a role for it (pmpc init prints the lines), or pveum user token modify root@pam TOKEN --privsep 1.',
    reads: ['users'],
    find: (facts) =>
      tokensOf(facts)
        .filter(
          ({user, token}) => text(user.userid) === 'root@pam' && token.privsep !== undefined && !isSet(token.privsep),
        )
        .map(({id}) => warning(`token/${id}`, 'it has all rights of root@pam')),
  },
  {
    id: 'access.locked',
    severity: 'warning',
    about: 'No user is locked out of its second factor',
    why: 'Somebody typed wrong codes many times: the user, or somebody who has the password.',
    fix: 'Ask the user, then pveum user tfa unlock USER.',
    reads: ['factors'],
    find: (facts) =>
      facts
        .list('factors')
        .filter((entry) => isSet(entry['totp-locked']) || number(entry['tfa-locked-until']) > facts.now)
        .map(({userid}) => warning(`user/${text(userid)}`, 'its second factor is locked')),
  },
]
