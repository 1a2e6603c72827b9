import {Args, BaseCommand, Flags, confirm, type PromptContext} from '../kit/cli/index.js'
import {isOnPath, keepCommands, keepWords, setUpLine} from '../kit/completion/index.js'
import {PmpcError} from '../kit/errors/index.js'
import {shellWord} from '../kit/files/index.js'
import {SCHEMA_FOLDER} from '../kit/files/names.js'
import type {Acquaintance} from '../kit/proxmox/index.js'
import {
  askKinds,
  assertCommittable,
  folderOf,
  introduceCluster,
  initWorkspace,
  kindsFrom,
  knownClusters,
  placeFor,
  secretFrom,
  setUpClone,
  splitCommand,
  type ClonedWorkspace,
  type WrittenWorkspace,
} from '../kit/setup/index.js'
import {readsGuestFirewalls} from '../kit/workspace/index.js'
import path from 'node:path'

/** What `pmpc init --json` prints. */
export interface InitResult extends WrittenWorkspace {
  /** The cluster that was set up; null when only a clone was. */
  cluster: string | null
  /** Its token id or user. */
  who: string | null
  version: string | null
  nodes: string[]
  /** What is trusted from now on. */
  pinned: Acquaintance['pinned'] | null
  /** What a sync needs and the token lacks on /. */
  missing: string[]
  /** Clusters of pmpc.yaml for which this machine has no credential. */
  withoutCredential: string[]
}

export default class Init extends BaseCommand<InitResult> {
  static override readonly effect = 'records'
  static override summary = 'Make a folder a workspace for a cluster, or set a fresh clone up.'
  static override description = `Asks for what is missing: the cluster's address, whether its certificate is the right one, and an API token that may read. Shows what the token lacks, with the lines to type on a node. Writes pmpc.yaml and what belongs to it in one commit; an existing repository keeps all it has. A folder of a repository is asked about, and a folder in another workspace is refused. The secret goes to your own credential file, bound to that address and certificate, never into the repository.

In a clone of a workspace, \`pmpc init\` without flags sets up what Git does not clone: the drivers that make the state readable and mergeable.

Scripts give all flags and --yes: then nothing is asked, and anything but success is a non-zero exit code with nothing changed.`
  static override examples = [
    '<%= config.bin %> init',
    "<%= config.bin %> init infra --cluster home --endpoint https://192.0.2.10:8006 --token-id 'pmpc@pve!sync'",
    "<%= config.bin %> init --cluster home --endpoint https://192.0.2.10:8006 --token-id 'pmpc@pve!sync' --token-stdin --fingerprint AA:BB:… --yes < secret.txt",
    "<%= config.bin %> init --cluster home --endpoint 192.0.2.10 --token-id 'pmpc@pve!sync' --ca pve-root-ca.pem --yes --token-command op read op://Private/pmpc/secret",
  ]
  static override args = {
    dir: Args.string({description: 'folder of the workspace; this one unless given'}),
  }
  static override flags = {
    cluster: Flags.string({summary: 'Name of the cluster in this workspace: a to z, 0 to 9 and -.', helpValue: 'NAME'}),
    endpoint: Flags.string({summary: 'Address of a node.', helpValue: 'URL'}),
    'token-id': Flags.string({
      summary: 'API token, or user for a login with a password.',
      helpValue: 'USER@REALM!NAME',
    }),
    'token-stdin': Flags.boolean({summary: 'Read the secret from standard input, one line.'}),
    'token-env': Flags.string({summary: 'Take the secret from this variable.', helpValue: 'VARIABLE'}),
    'token-command': Flags.string({
      summary:
        'Run these words, without a shell, whenever the secret is needed. The last flag: all words after it are the command.',
      helpValue: 'WORDS…',
      multiple: true,
    }),
    fingerprint: Flags.string({
      summary: "SHA-256 of the server's certificate.",
      helpValue: 'SHA256',
      exclusive: ['ca'],
    }),
    ca: Flags.string({summary: "The cluster's own CA, /etc/pve/pve-root-ca.pem of a node.", helpValue: 'FILE'}),
    kinds: Flags.string({
      summary: 'What is kept: names of kinds, or guests, with commas between them; or all.',
      helpValue: 'KIND,…',
    }),
    yes: Flags.boolean({char: 'y', summary: 'Ask nothing, and go on where a warning would be asked about.'}),
  }

  async run(): Promise<InitResult> {
    const {argv, words} = splitCommand(this.argv)
    this.argv = argv
    const {args, flags} = await this.parse(Init)
    const folder =
      args.dir === undefined ? await folderOf(flags.cluster, this.folder) : path.resolve(this.folder, args.dir)
    const known = await knownClusters(folder)
    const nothingSaid =
      Object.keys(flags).every((name) => !(name in Init.flags) || name === 'yes') && words === undefined
    if (nothingSaid && Object.keys(known).length > 0) return this.clone(await setUpClone(folder, process.env))

    const prompts = {...this.prompts, ...typedAgain(this.typed, args.dir, flags, words)}
    await this.assertPlace(folder, flags.yes, prompts)
    await assertCommittable(folder)
    const secret = await secretFrom({...flags, 'token-command': words}, process.env, process.stdin)
    const {cluster, endpoint, fingerprint, ca, 'token-id': tokenId} = flags
    const kinds = flags.kinds === undefined ? undefined : kindsFrom(flags.kinds)
    const asking = {...prompts, interactive: this.interactive && !flags.yes}
    const {access, met, ...rest} = await introduceCluster({
      ...{cluster, endpoint, fingerprint, ca, tokenId, secret, known},
      env: process.env,
      prompts: asking,
      say: (text) => this.say(text),
      onSecret: this.record.registerSecret,
    })
    const isFirst = Object.keys(known).length === 0
    const settings = {
      kinds: kinds ?? (isFirst && asking.interactive ? await askKinds(asking) : undefined),
      guestFirewalls: met.guests === undefined ? undefined : readsGuestFirewalls({}, met.guests),
    }
    const written = await this.interrupts.critical(() =>
      initWorkspace({folder, access, secret: rest.secret, settings, env: process.env, run: this.runId}),
    )
    keepWords(written.folder, {clusters: [...new Set([...Object.keys(known), access.cluster])]})
    const {pinned, nodes, privileges, who} = met
    const result = {
      ...written,
      cluster: access.cluster,
      who,
      version: met.version?.text ?? null,
      nodes,
      pinned,
      missing: privileges.missing,
      withoutCredential: [],
    }
    keepCommands(this.config)
    this.tell(result, isFirst)
    return result
  }

  /** A folder of somebody's repository may be meant, and may be a mistake: its commits go into that repository. */
  private async assertPlace(folder: string, yes: boolean, prompts: PromptContext): Promise<void> {
    const {within} = await placeFor(folder)
    if (within === null || yes) return
    const message = `${folder} is a folder of the repository ${within}, and pmpc would commit into that. Go on?`
    if (await confirm(prompts, {flag: '--yes', message})) return
    throw new PmpcError('PMPC_NOT_CONFIRMED', `nothing was done: ${folder} is a folder of the repository ${within}`, {
      suggestions: [`git init ${shellWord(folder)} && pmpc init ${shellWord(folder)}   # a repository of its own`],
      data: {folder, repository: within},
    })
  }

  private clone(done: ClonedWorkspace): InitResult {
    keepCommands(this.config)
    this.say(`${done.folder}: Git now shows and merges the state readably here.`)
    for (const cluster of done.withoutCredential)
      this.warnUser(`this machine has no credential for the cluster ${cluster}`, `pmpc auth login ${cluster}`)
    const nothing = {cluster: null, who: null, version: null, nodes: [], pinned: null, missing: []}
    return {...nothing, newRepository: false, commit: null, files: [], credentials: null, ...done}
  }

  private tell(result: InitResult, first: boolean): void {
    const where = result.newRepository ? `${result.folder} is a new Git repository` : result.folder
    if (result.commit === null) this.say(`${where}: it had all of this already; nothing to commit.`)
    else this.say(`${where}: committed ${toldFiles(result.files)} (${result.commit.slice(0, 10)}).`)
    if (result.credentials !== null)
      this.say(`The secret is in ${result.credentials}, for this endpoint and certificate only.`)
    // The line runs pmpc at each start of a shell: an alias would not do.
    if (first && isOnPath('pmpc', process.env.PATH))
      this.hint(`TAB completes commands, VMIDs and names: ${setUpLine(process.env.SHELL)}`)
    this.hint(`Next: ${result.folder === process.cwd() ? '' : `cd ${result.folder} && `}pmpc sync && git diff`)
  }
}

/** Names of files for people: the schemas, one a kind, as a count. */
function toldFiles(files: readonly string[]): string {
  const [schemas, others] = [true, false].map((wanted) =>
    files.filter((file) => file.startsWith(`${SCHEMA_FOLDER}/`) === wanted),
  )
  const many = schemas!.length > 1 ? [`${schemas!.length} schemas in ${SCHEMA_FOLDER}`] : schemas!
  return [...others!, ...many].join(', ')
}

/** The command with what was typed, for an error to advise; the flag that was missing comes behind it. The words of a command may hold a secret. */
function typedAgain(
  typed: string,
  dir: string | undefined,
  flags: Record<string, unknown>,
  words: string[] | undefined,
): Pick<PromptContext, 'command' | 'rest'> {
  const own = Object.keys(Init.flags).filter((name) => name !== 'yes' && name !== 'token-command')
  const given = own.flatMap((name) => {
    const value = flags[name]
    if (value === true) return [`--${name}`]
    return typeof value === 'string' ? [`--${name}`, shellWord(value)] : []
  })
  const command = [typed, ...(dir === undefined ? [] : [shellWord(dir)]), ...given].join(' ')
  return words === undefined ? {command} : {command, rest: ' --token-command WORDS…'}
}
