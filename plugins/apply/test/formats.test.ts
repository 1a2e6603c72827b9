import {expect} from 'chai'
import type {Finding} from 'pmpc/kit/validation'
import {printFindings} from '../src/formats.js'

const finding = (change: Partial<Finding> = {}): Finding => ({
  ...{file: 'infra/home/vm/100.yaml', line: 3, column: 10, severity: 'error', code: 'bad-value', message: 'no'},
  ...change,
})
const hostile = finding({
  file: 'infra/home/vm/a,b:c%.yaml',
  severity: 'warning',
  message: 'a <b> & "c" \'d\'\n::set-output name=x::y\r\u001b[31m 100 %',
})

describe('findings for programs', () => {
  it('are a command a line for the runners of GitHub and Forgejo, out of which nothing breaks', () => {
    const lines = printFindings.github([finding(), hostile]).split('\n')
    expect(lines).to.deep.equal([
      '::error file=infra/home/vm/100.yaml,line=3,col=10,title=pmpc%3A bad-value::no',
      `::warning file=infra/home/vm/a%2Cb%3Ac%25.yaml,line=3,col=10,title=pmpc%3A bad-value::a <b> & "c" 'd'%0A::set-output name=x::y%0D\u001b[31m 100 %25`,
    ])
    expect(printFindings.github([])).to.equal('')
  })

  it('are a report of code quality for GitLab, each with a mark of its own that stays when lines are added above', () => {
    interface Issue {
      description: string
      fingerprint: string
      severity: string
      location: {path: string; lines: {begin: number}}
    }
    const report = (findings: Finding[]) => JSON.parse(printFindings.gitlab(findings)) as Issue[]
    const [first, second, third] = report([finding(), finding({line: 9}), hostile])
    expect(first).to.deep.include({description: 'no', severity: 'major'})
    expect(first!.location).to.deep.include({path: 'infra/home/vm/100.yaml', lines: {begin: 3}})
    expect(third).to.deep.include({description: hostile.message, severity: 'minor'})
    expect(new Set([first, second, third].map((one) => one!.fingerprint)).size).to.equal(3)
    expect(report([finding({line: 4}), finding({line: 10})]).map(({fingerprint}) => fingerprint)).to.deep.equal([
      first!.fingerprint,
      second!.fingerprint,
    ])
    expect(report([])).to.deep.equal([])
  })

  it('are XML of Checkstyle, a file each', () => {
    const text = printFindings.checkstyle([finding(), finding({line: 9}), hostile])
    expect(text.match(/<file /g)).to.have.length(2)
    expect(text.match(/<error /g)).to.have.length(3)
    expect(text).to.contain('<error line="3" column="10" severity="error" message="no" source="pmpc.bad-value"/>')
    expect(text).to.contain(
      String.raw`message="a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;\u000a::set-output name=x::y\u000d\u001b[31m 100 %"`,
    )
    expect(printFindings.checkstyle([])).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n</checkstyle>',
    )
  })
})
