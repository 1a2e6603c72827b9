import {Args, BaseCommand} from '../../kit/cli/index.js'
import {exitCodes} from '../../kit/errors/index.js'
import {accessTo, testAccess, unseenTexts, type AccessReport} from '../../kit/setup/index.js'
import {requireWorkspace, wantedKinds} from '../../kit/workspace/index.js'

export default class Test extends BaseCommand<AccessReport> {
  static override readonly effect = 'reads'
  static override summary = 'Show who pmpc is at a cluster, and what it may do there.'
  static override description =
    'Connects with the stored credential, or the one in PMPC_TOKEN_<CLUSTER>, and compares its rights with what a sync needs. What is missing comes with the lines to type on a node, and ends with 77.'
  static override examples = ['<%= config.bin %> auth test', '<%= config.bin %> auth test home --json']
  static override args = {
    cluster: Args.string({description: 'name in pmpc.yaml; the only one unless given'}),
  }

  async run(): Promise<AccessReport> {
    const {args} = await this.parse(Test)
    const {config} = await requireWorkspace(this.folder)
    const access = accessTo(config.clusters, args.cluster, this.typed)
    const report = await testAccess(
      access,
      wantedKinds(config).map(({name}) => name),
      process.env,
      this.record.registerSecret,
    )
    this.show(report)
    if (!report.complete) this.setExitCode(exitCodes.notAllowed)
    return report
  }

  private show(report: AccessReport): void {
    const {missing, partial, restricted, canNameAuthors, none} = report.privileges
    this.say(`${report.cluster}: ${report.who} at ${report.endpoint} (${report.source}; trust ${report.trust})`)
    for (const [node, version] of Object.entries(report.versions))
      this.say(`  ${node}: ${version ?? 'cannot be reached'}`)
    if (report.complete)
      this.say(
        'It may read all that a sync needs. (Paths that an ACL takes all rights from are not listed by Proxmox VE; a sync reports them.)',
      )
    if (!none) for (const line of unseenTexts(report.privileges)) this.say(line)
    if (none) this.say('It has no rights at all: every list would be empty.')
    for (const privilege of missing)
      this.say(
        `Missing on /: ${privilege}${partial[privilege] === undefined ? '' : ` (held on ${partial[privilege].join(', ')} only)`}`,
      )
    for (const path of restricted) this.say(`Taken away on ${path}: a sync does not see what is there.`)
    if (!canNameAuthors) this.say('Without Sys.Syslog on / commits cannot name who changed what. Optional.')
    if (report.commands.length > 0)
      this.say(['', 'As root, on a node:', ...report.commands.map((line) => `  ${line}`)].join('\n'))
  }
}
