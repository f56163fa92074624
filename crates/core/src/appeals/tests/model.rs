//! Whatever is raised, decided, taken back and undone, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::attendance::day::Mark;

const DATES: [&str; 3] = ["2026-06-30", "2026-07-01", "2026-07-02"];
const PEOPLE: [&str; 2] = ["e1", "e2"];
const KINDS: [MarkKind; 2] = [MarkKind::Late, MarkKind::MissingIn];
const MOST: u32 = 2;

#[derive(Debug, Clone)]
enum Step {
    Raise { who: usize, date: usize, kind: usize, claims: bool },
    Approve(usize),
    Reject(usize),
    Withdraw(usize),
    Undo(usize),
    ByHand { who: usize, date: usize },
    Many { from: usize, approve: bool },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_usize..2, 0_usize..3, 0_usize..2, any::<bool>())
            .prop_map(|(who, date, kind, claims)| Step::Raise { who, date, kind, claims }),
        3 => (1_usize..16).prop_map(Step::Approve),
        1 => (1_usize..16).prop_map(Step::Reject),
        1 => (1_usize..16).prop_map(Step::Withdraw),
        2 => (1_usize..12).prop_map(Step::Undo),
        1 => (0_usize..2, 0_usize..3).prop_map(|(who, date)| Step::ByHand { who, date }),
        1 => (1_usize..12, any::<bool>()).prop_map(|(from, approve)| Step::Many { from, approve }),
    ]
}

/// What the appeals are to be, kept beside them.
#[derive(Default)]
struct Model {
    appeals: Vec<(usize, usize, usize, bool, AppealState)>,
    corrections: Vec<(Option<usize>, bool)>,
}

impl Model {
    /// Whether a fact in force heals the mark.
    fn healed(&self, who: usize, date: usize, kind: usize) -> bool {
        self.appeals.iter().any(|appeal| {
            (appeal.0, appeal.1, appeal.2, appeal.4) == (who, date, kind, AppealState::Approved)
        })
    }

    fn claimed(&self, who: usize, date: usize, and_open: bool) -> u32 {
        let month = |date: usize| &DATES[date][..7];
        let counts = |state| state == AppealState::Approved || (and_open && state == AppealState::Open);
        let claims = self.appeals.iter().filter(|appeal| {
            appeal.0 == who && month(appeal.1) == month(date) && appeal.3 && counts(appeal.4)
        });
        u32::try_from(claims.count()).unwrap()
    }

    fn raise(&mut self, who: usize, date: usize, kind: usize, claims: bool) -> bool {
        let open = self
            .appeals
            .iter()
            .any(|appeal| (appeal.0, appeal.1, appeal.2, appeal.4) == (who, date, kind, AppealState::Open));
        let wants = KINDS[kind] == MarkKind::MissingIn && !claims;
        let may = !wants
            && !self.healed(who, date, kind)
            && !open
            && (!claims || self.claimed(who, date, true) < MOST);
        if may {
            self.appeals.push((who, date, kind, claims, AppealState::Open));
        }
        may
    }

    fn end(&mut self, id: usize, state: AppealState) -> bool {
        let Some(&(who, date, kind, claims, before)) = self.appeals.get(id - 1) else { return false };
        let may = before == AppealState::Open
            && (state != AppealState::Approved
                || (!self.healed(who, date, kind) && (!claims || self.claimed(who, date, false) < MOST)));
        if may {
            self.appeals[id - 1].4 = state;
            if state == AppealState::Approved {
                self.corrections.push((Some(id), true));
            }
        }
        may
    }

    fn undo(&mut self, id: usize) -> bool {
        let Some((appeal, stands)) = self.corrections.get_mut(id - 1) else { return false };
        let may = std::mem::replace(stands, false);
        if let (true, Some(appeal)) = (may, *appeal) {
            self.appeals[appeal - 1].4 = AppealState::Withdrawn;
        }
        may
    }
}

/// Judges the days by the facts in force, as the worker does after each change.
fn judge_all(tx: &Tx<'_>) -> Result<(), db::Error> {
    for who in PEOPLE {
        for date in DATES {
            let healed: BTreeSet<String> = tx
                .prepare(
                    "SELECT coalesce(c.mark, a.mark) FROM corrections c LEFT JOIN appeals a ON a.id = c.appeal_id
                     WHERE c.employee_id = ?1 AND c.date = ?2 AND c.withdrawn_at IS NULL AND c.appeal_id IS NOT NULL",
                )?
                .query_map([who, date], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let marks: Vec<Mark> = KINDS
                .into_iter()
                .map(|kind| Mark { lifted: healed.contains(kind.name()), ..mark(kind) })
                .collect();
            judge(tx, who, date, "day", &marks)?;
        }
    }
    Ok(())
}

fn take(tx: &Tx<'_>, model: &mut Model, step: &Step) -> Result<(), AppealError> {
    let (actor, why) = (console(), Some("查过了"));
    let id = |id: usize| AppealId(id as i64);
    let agree = |done: Result<(), AppealError>, expected: bool| match done {
        Ok(()) => assert!(expected, "{step:?} was done"),
        Err(AppealError::Database(error)) => panic!("{error:?}"),
        Err(refused) => assert!(!expected, "{step:?} was refused: {refused}"),
    };
    match *step {
        Step::Raise { who, date, kind, claims } => {
            let claimed = claims.then(|| o_clock(9, 0));
            let new = new(PEOPLE[who], DATES[date], KINDS[kind], claimed);
            let done = tx.attempt(|tx| appeal_raise(tx, &actor, new)).map(drop);
            agree(done, model.raise(who, date, kind, claims));
        }
        Step::Approve(which) => {
            let done = tx.attempt(|tx| appeal_decide(tx, &actor, id(which), Decision::Approve, None));
            agree(done.map(drop), model.end(which, AppealState::Approved));
        }
        Step::Reject(which) => {
            let done = tx.attempt(|tx| appeal_decide(tx, &actor, id(which), Decision::Reject, why));
            agree(done.map(drop), model.end(which, AppealState::Rejected));
        }
        Step::Withdraw(which) => {
            let done = tx.attempt(|tx| appeal_withdraw(tx, &actor, id(which), None));
            agree(done.map(drop), model.end(which, AppealState::Withdrawn));
        }
        Step::Undo(which) => {
            let done = tx.attempt(|tx| correction_withdraw(tx, &actor, CorrectionId(which as i64)));
            agree(done.map(drop), model.undo(which));
        }
        Step::ByHand { who, date } => {
            let new = NewCorrection {
                employee_id: PEOPLE[who].into(),
                date: day(DATES[date]),
                what: Wanted::Punch(o_clock(12, 0)),
                reason: "x".into(),
            };
            tx.attempt(|tx| correction_add(tx, &actor, new))?;
            model.corrections.push((None, true));
        }
        Step::Many { from, approve } => {
            let (decision, state) = match approve {
                true => (Decision::Approve, AppealState::Approved),
                false => (Decision::Reject, AppealState::Rejected),
            };
            // Days are judged after all of them, so that each is of a day of its own here.
            let of = |which: &usize| model.appeals.get(which - 1).map(|appeal| (appeal.0, appeal.1));
            let second = (from + 1..from + 5).find(|second| of(second).is_some() && of(second) != of(&from));
            let wanted: Vec<usize> = std::iter::once(from).chain(second).collect();
            let ids: Vec<AppealId> = wanted.iter().map(|which| id(*which)).collect();
            let outcome = appeals_decide(tx, &actor, &ids, decision, why)?;
            let expected = wanted.iter().filter(|which| model.end(**which, state)).count();
            assert_eq!((outcome.decided.len(), outcome.rejected.len()), (expected, ids.len() - expected));
        }
    }
    judge_all(tx)?;
    Ok(())
}

/// Everything there is, as it is to be.
fn check(tx: &Tx<'_>, model: &Model) -> Result<BTreeMap<i64, Correction>, AppealError> {
    let page = Page { limit: Page::MOST, cursor: None };
    let appeals = appeal_list(tx, &AppealFilter::default(), &page, tx.now())?.items;
    let states: Vec<AppealState> = appeals.iter().rev().map(|appeal| appeal.state).collect();
    assert_eq!(states, model.appeals.iter().map(|appeal| appeal.4).collect::<Vec<_>>());
    let open: Vec<_> = appeals
        .iter()
        .filter(|appeal| appeal.state == AppealState::Open)
        .map(|appeal| (appeal.employee_id.clone(), appeal.date, appeal.mark))
        .collect();
    assert_eq!(open.iter().collect::<std::collections::HashSet<_>>().len(), open.len(), "two are open");
    for who in PEOPLE {
        for month in ["2026-06-01", "2026-07-01"] {
            let quota = quota_get(tx, who, crate::attendance::Month::of(day(month)))?;
            assert!(quota.used <= MOST, "{quota:?}");
        }
    }
    let facts = correction_list(tx, &CorrectionFilter::default(), &page)?.items;
    assert_eq!(
        facts.iter().rev().map(|fact| fact.withdrawn_at.is_none()).collect::<Vec<_>>(),
        model.corrections.iter().map(|(_, stands)| *stands).collect::<Vec<_>>()
    );
    let in_force: BTreeSet<_> =
        facts.iter().filter(|fact| fact.withdrawn_at.is_none()).filter_map(|fact| fact.appeal_id).collect();
    let approved: BTreeSet<_> = appeals
        .iter()
        .filter(|appeal| appeal.state == AppealState::Approved)
        .map(|appeal| appeal.id)
        .collect();
    assert_eq!(in_force, approved, "the facts are what was approved");
    for fact in facts.iter().filter_map(|fact| Some((fact, fact.appeal_id?))) {
        let appeal = appeals.iter().find(|appeal| appeal.id == fact.1).unwrap();
        assert_eq!((&fact.0.employee_id, fact.0.date), (&appeal.employee_id, appeal.date));
        assert_eq!(matches!(fact.0.what, What::Punch { .. }), appeal.claimed.is_some());
    }
    Ok(facts.into_iter().map(|fact| (fact.id.0, fact)).collect())
}

/// No correction is ever another, but that it may be withdrawn; and none is gone.
fn only_withdrawn(before: &BTreeMap<i64, Correction>, after: &BTreeMap<i64, Correction>) {
    for (id, fact) in before {
        let now = &after[id];
        let same = Correction { withdrawn_at: now.withdrawn_at, ..fact.clone() };
        assert_eq!(now, &same);
        assert!(fact.withdrawn_at.is_none() || fact.withdrawn_at == now.withdrawn_at);
    }
}

async fn play(steps: Vec<Step>) {
    let (site, clock, _folder) = a_site().await;
    set_quota(&site, Some(MOST)).await;
    site.write(judge_all).await.unwrap();
    let (mut model, mut before) = (Model::default(), BTreeMap::new());
    for step in steps {
        clock.advance(chrono::Duration::minutes(1));
        (model, before) = site
            .write(move |tx| {
                take(tx, &mut model, &step)?;
                let after = check(tx, &model)?;
                only_withdrawn(&before, &after);
                Ok::<_, AppealError>((model, after))
            })
            .await
            .unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn attendance_6_6_facts_are_what_was_approved_whatever_happens(steps in prop::collection::vec(step(), 1..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(steps));
    }
}
