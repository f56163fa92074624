//! The best way to take punches is found, and quickly. It is looked for here by the rule of docs/day.md, trying every way
//! there is.

use super::*;

type Way = Vec<(Option<usize>, Option<usize>)>;

struct Punch {
    minute: i32,
    second: i64,
    key: Option<Key>,
}

fn punches(case: &Case) -> Vec<Punch> {
    let mut punches: Vec<Punch> = case
        .in_window()
        .filter(|fact| fact.void.is_none())
        .map(|fact| Punch { minute: minute(fact), second: fact.wall.seconds(), key: fact.key })
        .collect();
    punches.sort_by_key(|punch| punch.second);
    punches
}

fn ways(slots: usize, punches: usize) -> Vec<Vec<Option<usize>>> {
    let mut ways = vec![Vec::new()];
    for _ in 0..slots {
        ways = ways
            .into_iter()
            .flat_map(|way: Vec<Option<usize>>| {
                let next = way.iter().flatten().last().map_or(0, |last| last + 1);
                std::iter::once(None).chain((next..punches).map(Some)).map(move |taken| {
                    let mut way = way.clone();
                    way.push(taken);
                    way
                })
            })
            .collect();
    }
    ways
}

fn count(of: impl Iterator) -> i32 {
    i32::try_from(of.count()).unwrap()
}

fn is_on_leave(leave: &[Leave], minute: i32) -> bool {
    leave.iter().any(|leave| {
        let from = leave.from.filter(|from| from.0 > 0).map_or(i32::MIN, |from| from.0);
        let to = leave.to.filter(|to| to.0 != DAY).map_or(i32::MAX, |to| to.0);
        from <= minute && minute < to
    })
}

/// The least badness of all ways, minute by minute. Without thresholds.
pub fn least(case: &Case, rule: &Rule) -> Badness {
    let on_break =
        |minute: i32| rule.breaks.iter().any(|pause| pause.start.0 <= minute && minute < pause.end.0);
    let on_leave = |minute: i32| is_on_leave(&case.leave, minute);
    let off = |minute: &i32| on_leave(*minute) || on_break(*minute);
    let to_work = |segment: &Stretch| count((segment.start.0..segment.end.0).filter(|at| !off(at)));
    let kept: Vec<usize> = (0..rule.segments.len()).filter(|at| to_work(&rule.segments[*at]) > 0).collect();
    // What is off at the edge of a segment is left out, if leave has a part in it; leave that goes on outside has.
    let trimmed = |segment: &Stretch| {
        let (start, end) = (segment.start.0, segment.end.0);
        let lead: Vec<i32> = (start..end).take_while(off).collect();
        let tail: Vec<i32> = (start..end).rev().take_while(off).collect();
        let leave_in = |run: &[i32], outside: i32| {
            !run.is_empty() && (on_leave(outside) || run.iter().any(|at| on_leave(*at)))
        };
        let from = if leave_in(&lead, start - 1) { start + count(lead.iter()) } else { start };
        let to = if leave_in(&tail, end) { end - count(tail.iter()) } else { end };
        (from, to)
    };
    let owed = |from: i32, to: i32| count((from..to).filter(|at| !on_leave(*at)));
    let mut punches = punches(case);
    if !punches.iter().any(|punch| punch.key == Some(Key::Out)) {
        punches.iter_mut().for_each(|punch| punch.key = None);
    }
    let mut least: Option<Badness> = None;
    'ways: for flat in ways(2 * kept.len(), punches.len()) {
        let taken: Vec<&Punch> = flat.iter().flatten().map(|at| &punches[*at]).collect();
        for pair in taken.windows(2) {
            let apart = pair[1].minute - pair[0].minute;
            if pair[0].second == pair[1].second || apart < rule.double_punch {
                continue 'ways;
            }
        }
        let way: Way = flat.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let mut badness = Badness::default();
        for (at, (number, (coming, going))) in kept.iter().zip(&way).enumerate() {
            let segment = &rule.segments[*number];
            let (start, end) = trimmed(segment);
            if let Some(coming) = coming.map(|at| &punches[at]) {
                let from = at.checked_sub(1).map_or(i32::MIN, |before| rule.segments[kept[before]].start.0);
                if coming.minute < from || segment.end.0 <= coming.minute {
                    continue 'ways;
                }
                let late = owed(start, coming.minute.min(end));
                badness.minutes += if late > rule.grace_in { late } else { 0 };
            }
            if let Some(going) = going.map(|at| &punches[at]) {
                let to = kept.get(at + 1).map_or(i32::MAX, |next| rule.segments[*next].end.0);
                if going.minute < segment.start.0 || to <= going.minute {
                    continue 'ways;
                }
                let early = owed(going.minute.max(start), end);
                badness.minutes += if early > rule.grace_out { early } else { 0 };
            }
            match (coming, going) {
                (None, None) => badness.unseen += to_work(segment),
                (Some(_), Some(_)) => {}
                _ => badness.missing += 1,
            }
            // What lies between two segments that follow each other.
            let Some((next_number, (next_coming, _))) = kept.get(at + 1).zip(way.get(at + 1)) else {
                continue;
            };
            if number + 1 != *next_number {
                continue;
            }
            let next = &rule.segments[*next_number];
            let to_end = |punch: &Punch| (punch.minute - segment.end.0).abs();
            let to_start = |punch: &Punch| (punch.minute - next.start.0).abs();
            let (going, coming) = (going.map(|at| &punches[at]), next_coming.map(|at| &punches[at]));
            if let Some(coming) = coming {
                let is_going = to_end(coming) < to_start(coming) && coming.key != Some(Key::In);
                let gone_before =
                    going.is_some_and(|going| 2 * going.minute > segment.start.0 + segment.end.0);
                if is_going && !gone_before {
                    continue 'ways;
                }
            }
            if let Some(going) = going {
                let is_coming = to_start(going) < to_end(going) && going.key != Some(Key::Out);
                let comes_after = coming.is_some_and(|coming| 2 * coming.minute < next.start.0 + next.end.0);
                if is_coming && !comes_after {
                    continue 'ways;
                }
            }
        }
        least = Some(least.map_or(badness, |known| known.min(badness)));
    }
    let mut least = least.unwrap();
    let required: i32 = rule.segments.iter().map(to_work).sum();
    if required > 0 && least.unseen >= required {
        least.minutes = 0;
    }
    least
}

proptest! {
    /// The quick way and the slow one agree.
    #[test]
    fn attendance_6_5_no_way_is_better_than_the_one_that_is_taken(
        mut case in some_case().boxed(),
        rule in fixed().boxed(),
    ) {
        let rule = Rule { half_day_after: None, absent_after: None, ..rule };
        case.plan = works(rule.clone());
        case.facts.truncate(6);
        prop_assert_eq!(case.judge().badness, least(&case, &rule));
    }
}

/// Somebody who plays with a machine all day must not hold up everybody else's day.
#[test]
fn attendance_6_5_thousands_of_punches_are_judged_all_the_same() {
    let rule = crate::notation::rule("09:00-11:00, 11:30-13:00, 14:00-16:00, 16:30-18:00; grace 5");
    let facts: Vec<Fact> = (0..50_000)
        .map(|number| Fact {
            id: FactId::Punch(PunchId(number)),
            wall: WallTime::from_seconds(wall(DATE, Minute(8 * 60)).seconds() + number * 43_000 / 50_000),
            utc_offset: 0,
            key: None,
            void: None,
        })
        .collect();
    let rest = idle(Planned::Rest);
    let plan = works(rule);
    let case = DayFacts {
        date: DATE,
        before: &rest,
        plan: &plan,
        after: &rest,
        facts: &facts,
        leave: &[],
        lifts: &[],
    };
    let result = judge(&case);
    assert_eq!(result.status, Status::Normal);
    assert_eq!((result.used.len(), result.unused.len()), (8, 49_992));
}
