import {expect} from 'chai'
import {readCorpus} from './corpus.js'
import {CORE, scores, share, table, tellFailure, tryOut, type Outcome} from './score.js'

const REACH = 0.995

/** What is told of a failure: where it is, for the half that may be looked at, and only of which kind for the other. */
function told(half: 'open' | 'held', outcomes: readonly Outcome[], picks: (kind: string) => boolean): string {
  const failures = outcomes.flatMap((outcome) =>
    outcome.failures
      .filter(({label}) => picks(label.kind))
      .map((failure) => (half === 'open' ? tellFailure(outcome, failure) : `${failure.label.kind} ${failure.why}`)),
  )
  return `\n${failures.join('\n')}\n`
}

for (const half of ['open', 'held'] as const) {
  describe(`anonymize: the ${half} half of the corpus`, () => {
    let outcomes: Outcome[] = []
    before(() => {
      outcomes = readCorpus(half).map(tryOut)
      console.log(table(half, outcomes))
    })

    it('is large enough, and says what must stay as often as what must go', () => {
      const all = scores(outcomes)
      const keeps = all.find(({kind}) => kind === 'keep')!.labels
      const sum = all.reduce((total, {labels}) => total + labels, 0)
      expect(outcomes.length).to.be.at.least(half === 'open' ? 70 : 20)
      expect(keeps).to.be.at.least(sum - keeps)
    })

    it('loses no credential, address, MAC or host name', () => {
      expect(
        share(scores(outcomes), (kind) => CORE.has(kind)),
        told(half, outcomes, (kind) => CORE.has(kind as never)),
      ).to.equal(1)
    })

    it('finds what identifies', () => {
      const identifies = (kind: string) => kind !== 'keep'
      expect(share(scores(outcomes), identifies), told(half, outcomes, identifies)).to.be.at.least(REACH)
    })

    it('keeps what helps', () => {
      const helps = (kind: string) => kind === 'keep'
      expect(share(scores(outcomes), helps), told(half, outcomes, helps)).to.be.at.least(REACH)
    })

    it('keeps lines, forms and relations, and comes back', () => {
      const broken = outcomes.flatMap(({specimen, broken: all}) =>
        all.map((each) => `${half === 'open' ? `${specimen.file}: ` : ''}${each}`),
      )
      expect(broken.join('\n')).to.equal('')
    })
  })
}
