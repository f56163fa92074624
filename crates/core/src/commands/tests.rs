use chrono::TimeDelta;
use rollcall_protocol::Dialect;
use rollcall_protocol::order::Pin;

use super::adding::add;
use super::*;
use crate::machines::tests::a_machine;
use crate::machines::{Machine, MachineChange, Report, machine_change, machine_report};
use crate::site::tests::{scratch, scratch_with_clock};
use crate::{Site, Sn};

async fn order(site: &Site, machine: &Machine, order: Order) -> Command {
    let sn = machine.sn.clone();
    site.write(move |tx| command_add(tx, &Actor::console(), &sn, &order)).await.unwrap()
}

async fn poll(site: &Site, machine: &Machine) -> HandedOut {
    poll_as(site, machine, Dialect::Attendance).await
}

async fn poll_as(site: &Site, machine: &Machine, dialect: Dialect) -> HandedOut {
    let id = machine.id;
    site.write(move |tx| commands_hand_out(tx, id, dialect, Leases::default())).await.unwrap()
}

async fn text(site: &Site, machine: &Machine) -> String {
    String::from_utf8(poll(site, machine).await.lines).unwrap()
}

async fn result(site: &Site, machine: &Machine, id: CommandId, code: i64) -> Vec<Command> {
    let id = id.0;
    settle(site, machine, Settled { id, code: Some(code), ok: code >= 0, ..Settled::default() }).await
}

async fn settle(site: &Site, machine: &Machine, result: Settled) -> Vec<Command> {
    let id = machine.id;
    site.write(move |tx| commands_settle(tx, id, &[result])).await.unwrap()
}

async fn state(site: &Site, machine: &Machine, id: CommandId) -> (CommandState, Option<String>) {
    let sn = machine.sn.clone();
    let command = site.read(move |conn| command_get(conn, &sn, id)).await.unwrap();
    (command.state, command.reason)
}

async fn sweep(site: &Site) -> Swept {
    site.write(commands_sweep).await.unwrap()
}

#[tokio::test]
async fn q1_a_command_goes_from_queued_to_sent_to_done() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q1").await;
    let queued = order(&site, &machine, Order::ReadInfo).await;
    assert_eq!((queued.state, queued.tries, queued.who.as_str()), (CommandState::Queued, 0, "console"));
    assert_eq!(text(&site, &machine).await, format!("C:{}:INFO\n", queued.id.0));
    assert_eq!(state(&site, &machine, queued.id).await.0, CommandState::Sent);
    let done = result(&site, &machine, queued.id, 0).await;
    assert_eq!((done[0].state, done[0].return_code), (CommandState::Done, Some(0)));
}

#[tokio::test]
async fn q1_without_a_result_it_is_handed_out_again_and_at_last_given_up() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "Q1").await;
    let queued = order(&site, &machine, Order::ReadInfo).await;
    for n in 1..=MOST_TRIES {
        let given = poll(&site, &machine).await;
        assert_eq!(given.commands.first().map(|command| command.tries), Some(n));
        // Q2: within the lease it is with the machine, and never handed out twice.
        assert_eq!(text(&site, &machine).await, "");
        clock.advance(TimeDelta::seconds(91));
    }
    assert_eq!(text(&site, &machine).await, "");
    assert_eq!(state(&site, &machine, queued.id).await, (CommandState::Failed, Some(NO_ANSWER.to_owned())));
    // The truth, coming late, replaces "no answer".
    result(&site, &machine, queued.id, 0).await;
    assert_eq!(state(&site, &machine, queued.id).await.0, CommandState::Done);
}

#[tokio::test]
async fn q4_a_door_never_opens_twice_nor_late() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "Q4").await;
    let unlock = Order::UnlockDoor { door: 1, seconds: 5 };
    let late = order(&site, &machine, unlock.clone()).await;
    clock.advance(TimeDelta::minutes(3));
    assert_eq!(text(&site, &machine).await, "", "nobody stands there any more");
    assert_eq!(state(&site, &machine, late.id).await.0, CommandState::Expired);
    let now = order(&site, &machine, unlock).await;
    assert_eq!(text(&site, &machine).await, format!("C:{}:AC_UNLOCK\n", now.id.0));
    for _ in 0..10 {
        clock.advance(TimeDelta::minutes(5));
        sweep(&site).await;
        assert_eq!(text(&site, &machine).await, "");
    }
    assert_eq!(state(&site, &machine, now.id).await, (CommandState::Failed, Some(NO_ANSWER.to_owned())));
}

#[tokio::test]
async fn q4_time_works_without_a_poll() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "Q4").await;
    let restart = order(&site, &machine, Order::Restart).await;
    let next = sweep(&site).await.next;
    assert_eq!(next, restart.expires_at);
    clock.advance(TimeDelta::minutes(16));
    let swept = sweep(&site).await;
    assert_eq!(swept.changed.len(), 1);
    assert_eq!(swept.changed[0].1.state, CommandState::Expired);
    assert_eq!(swept.next, None);
}

#[tokio::test]
async fn q4_a_restart_is_done_when_the_machine_begins_anew() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q4").await;
    let restart = order(&site, &machine, Order::Restart).await;
    let info = order(&site, &machine, Order::ReadInfo).await;
    assert_eq!(text(&site, &machine).await, format!("C:{}:REBOOT\n", restart.id.0), "q5: alone");
    let id = machine.id;
    let changed = site.write(move |tx| commands_restarted(tx, id)).await.unwrap();
    assert_eq!((changed[0].id, changed[0].state), (restart.id, CommandState::Done));
    assert_eq!(state(&site, &machine, info.id).await.0, CommandState::Queued);
}

#[tokio::test]
async fn q6_what_is_ordered_twice_is_done_once_but_for_a_door() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q6").await;
    let first = order(&site, &machine, Order::ReadInfo).await;
    let second = order(&site, &machine, Order::ReadInfo).await;
    assert_eq!(
        state(&site, &machine, first.id).await,
        (CommandState::Cancelled, Some("command.replaced".to_owned()))
    );
    assert_eq!(text(&site, &machine).await, format!("C:{}:INFO\n", second.id.0));
    let unlock = Order::UnlockDoor { door: 1, seconds: 5 };
    order(&site, &machine, unlock.clone()).await;
    order(&site, &machine, unlock).await;
    assert_eq!(
        poll(&site, &machine).await.commands.len(),
        2,
        "whoever asks twice for a door wants two people in"
    );
}

#[tokio::test]
async fn q8_a_result_without_a_command_changes_nothing_and_d6_the_first_counts() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q8").await;
    let other = a_machine(&site, "Q8B").await;
    let queued = order(&site, &machine, Order::ReadInfo).await;
    assert!(result(&site, &machine, queued.id, 0).await.is_empty(), "never handed out");
    poll(&site, &machine).await;
    assert!(result(&site, &machine, CommandId(999_999), 0).await.is_empty());
    assert!(result(&site, &other, queued.id, 0).await.is_empty(), "of another machine");
    assert_eq!(result(&site, &machine, queued.id, -1).await.len(), 1);
    assert!(result(&site, &machine, queued.id, 0).await.is_empty(), "d6: the first final result");
    assert_eq!(state(&site, &machine, queued.id).await.0, CommandState::Failed);
}

#[tokio::test]
async fn q3_after_a_failed_step_the_next_is_not_sent() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q3").await;
    let steps = [Order::ReadInfo, Order::ReadPeople];
    let id = machine.id;
    let last = site.write(move |tx| add(tx, id, "console", &Order::ReadTemplates, &steps)).await.unwrap();
    let given = poll(&site, &machine).await;
    assert_eq!(given.commands.len(), 1, "one step after the other");
    assert_eq!(given.commands[0].kind, "readTemplates");
    result(&site, &machine, given.commands[0].id, -1).await;
    assert_eq!(
        state(&site, &machine, last.id).await,
        (CommandState::Failed, Some("command.step_failed".to_owned()))
    );
}

#[tokio::test]
async fn q10_another_dialect_cancels_whatever_is_open() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q10").await;
    let out = order(&site, &machine, Order::ReadInfo).await;
    poll(&site, &machine).await;
    let waits = order(&site, &machine, Order::Restart).await;
    let id = machine.id;
    site.write(move |tx| commands_cancel_all(tx, id, DIALECT_CHANGED)).await.unwrap();
    assert_eq!(state(&site, &machine, waits.id).await.0, CommandState::Cancelled);
    // What was out cannot be taken back, and its result counts when it comes.
    assert_eq!(state(&site, &machine, out.id).await, (CommandState::Failed, Some(NO_ANSWER.to_owned())));
    result(&site, &machine, out.id, 0).await;
    assert_eq!(state(&site, &machine, out.id).await.0, CommandState::Done);
    assert_eq!(text(&site, &machine).await, "");
}

#[tokio::test]
async fn i1_a_disabled_machine_is_told_nothing() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "I1").await;
    let sn = machine.sn.clone();
    let refused = site
        .write(move |tx| {
            let off = MachineChange { enabled: Some(false), ..MachineChange::default() };
            machine_change(tx, &Actor::console(), &sn, off)?;
            command_add(tx, &Actor::console(), &sn, &Order::ReadInfo)
        })
        .await;
    assert_eq!(refused.unwrap_err().code(), "machine.disabled");
}

#[tokio::test]
async fn q5_thousands_of_commands_take_as_many_polls_as_they_must() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q5").await;
    let id = machine.id;
    let most = 500;
    site.write(move |tx| {
        for n in 1..=most {
            let pin = Pin::new(&n.to_string()).unwrap();
            let order = Order::DeletePerson { pin };
            add(tx, id, "console", &order, std::slice::from_ref(&order))?;
        }
        Ok::<_, CommandError>(())
    })
    .await
    .unwrap();
    let mut polls = 0;
    let mut seen = Vec::new();
    loop {
        let given = poll(&site, &machine).await;
        if given.commands.is_empty() {
            break;
        }
        polls += 1;
        assert!(given.commands.len() <= 50 && given.lines.len() <= 32 * 1024);
        for command in given.commands {
            seen.push(command.id);
            result(&site, &machine, command.id, 0).await;
        }
    }
    assert_eq!((polls, seen.len()), (10, most));
    assert!(seen.is_sorted());
}

#[tokio::test]
async fn what_a_machine_cannot_do_is_refused_with_a_reason() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "DOOR").await;
    let (id, sn) = (machine.id, machine.sn.clone());
    let unlock = Order::UnlockDoor { door: 1, seconds: 5 };
    let refused = site
        .write(move |tx| {
            let options = vec![("LockFunOn".to_owned(), "0".to_owned())];
            machine_report(tx, id, &Report { options, ..Report::default() })?;
            command_add(tx, &Actor::console(), &sn, &unlock)
        })
        .await;
    assert_eq!(refused.unwrap_err().code(), "command.no_door");
}

#[tokio::test]
async fn only_what_waits_is_taken_back() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "BACK").await;
    let waits = order(&site, &machine, Order::ReadInfo).await;
    let cancel = |id: CommandId| {
        let (site, sn): (Site, Sn) = (site.clone(), machine.sn.clone());
        async move { site.write(move |tx| command_cancel(tx, &Actor::console(), &sn, id)).await }
    };
    assert_eq!(cancel(waits.id).await.unwrap().state, CommandState::Cancelled);
    let out = order(&site, &machine, Order::ReadInfo).await;
    poll(&site, &machine).await;
    assert_eq!(cancel(out.id).await.unwrap_err().code(), "command.not_waiting");
    assert_eq!(cancel(CommandId(4711)).await.unwrap_err().code(), "command.unknown");
}

#[tokio::test]
async fn the_oldest_ended_commands_are_forgotten_and_their_numbers_not_used_again() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "PRUNE").await;
    let id = machine.id;
    let (left, newest) = site
        .write(move |tx| {
            for _ in 0..30 {
                let order = Order::Restart;
                let added = add(tx, id, "console", &order, std::slice::from_ref(&order))?;
                queries::end(tx, added.id, CommandState::Done, Some(0), None, None)?;
            }
            queries::prune(tx, id, 10)?;
            let left: Vec<i64> =
                queries::before(tx, id, None, 100)?.iter().map(|command| command.id.0).collect();
            tx.execute("DELETE FROM commands", [])?;
            let order = Order::Restart;
            let newest = add(tx, id, "console", &order, std::slice::from_ref(&order))?;
            Ok::<_, CommandError>((left, newest.id.0))
        })
        .await
        .unwrap();
    assert_eq!(left.len(), 10);
    assert!(newest > left[0]);
}

#[tokio::test]
async fn o3_a_password_on_its_way_to_a_machine_is_sealed_and_gone_afterwards() {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "O3").await;
    let person = order::Person {
        pin: Pin::new("1003").unwrap(),
        name: "李四".to_owned(),
        privilege: order::Privilege::User,
        card: "987654321".to_owned(),
        password: "73515937".to_owned(),
        group: 1,
        valid: None,
        inactive: false,
    };
    let queued = order(&site, &machine, Order::PutPerson(person)).await;
    let on_disk = || {
        let mut bytes = std::fs::read(folder.path().join("rollcall.db")).unwrap();
        bytes.extend(std::fs::read(folder.path().join("rollcall.db-wal")).unwrap_or_default());
        bytes
    };
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(!holds(&on_disk(), "73515937") && !holds(&on_disk(), "987654321"));
    let sent = text(&site, &machine).await;
    assert!(sent.contains("Passwd=73515937") && sent.contains("987654321"), "{sent}");
    result(&site, &machine, queued.id, 0).await;
    let left: i64 = site
        .read(|conn| {
            Ok::<_, db::Error>(conn.query_row("SELECT count(secret) FROM commands", [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn d7_whoever_a_machine_no_longer_mentions_is_no_longer_on_it() {
    use crate::enrolments::{SeenPerson, people_seen, seen_list};
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "D7").await;
    let seen = |pin: &str| SeenPerson { pin: pin.to_owned(), ..SeenPerson::default() };
    let (id, people) = (machine.id, [seen("1"), seen("2"), seen("3")]);
    site.write(move |tx| people_seen(tx, id, &people)).await.unwrap();
    clock.advance(TimeDelta::minutes(1));
    let read = order(&site, &machine, Order::ReadPeople).await;
    poll(&site, &machine).await;
    let count = || {
        let (site, sn) = (site.clone(), machine.sn.clone());
        async move { site.read(move |conn| seen_list(conn, &sn, &Page::default())).await.unwrap().total }
    };
    // Only one of two has arrived when the machine says that it is done: nobody is given up.
    let people = [seen("1")];
    site.write(move |tx| people_seen(tx, id, &people)).await.unwrap();
    result(&site, &machine, read.id, 2).await;
    assert_eq!(count().await, 3);
    let again = order(&site, &machine, Order::ReadPeople).await;
    clock.advance(TimeDelta::minutes(1));
    poll(&site, &machine).await;
    let people = [seen("1"), seen("2")];
    site.write(move |tx| people_seen(tx, id, &people)).await.unwrap();
    result(&site, &machine, again.id, 2).await;
    assert_eq!(count().await, 2);
    // Cleared, it has nobody.
    let clear = order(&site, &machine, Order::ClearPeople).await;
    poll(&site, &machine).await;
    result(&site, &machine, clear.id, 0).await;
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn old_firmware_is_told_once_more_in_the_words_it_knows() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "OLD").await;
    let delete = order(&site, &machine, Order::DeletePerson { pin: Pin::new("7").unwrap() }).await;
    assert!(text(&site, &machine).await.ends_with(":DATA DELETE USERINFO PIN=7\n"));
    let unknown = Settled {
        id: delete.id.0,
        code: Some(-22),
        ok: false,
        reason: Some("machine.unknown_command".to_owned()),
        ..Settled::default()
    };
    settle(&site, &machine, unknown.clone()).await;
    assert_eq!(text(&site, &machine).await, format!("C:{}:DATA DEL_USER PIN=7\n", delete.id.0));
    // Once: a machine that knows neither has failed.
    settle(&site, &machine, unknown).await;
    assert_eq!(state(&site, &machine, delete.id).await.0, CommandState::Failed);
}

#[tokio::test]
async fn q5_large_templates_travel_alone_and_only_what_goes_is_opened() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q5").await;
    let template = |pin: &str, bytes: usize| {
        Order::PutTemplate(order::Template {
            pin: Pin::new(pin).unwrap(),
            kind: order::TemplateKind::Bio(9),
            no: 0,
            index: 0,
            valid: 1,
            duress: 0,
            version: None,
            format: 0,
            data: vec![7; bytes],
        })
    };
    for (pin, bytes) in [("1", 30_000), ("2", 500), ("3", 500), ("4", 30_000), ("5", 500)] {
        order(&site, &machine, template(pin, bytes)).await;
    }
    let mut lines = Vec::new();
    loop {
        let given = poll(&site, &machine).await;
        if given.commands.is_empty() {
            break;
        }
        lines.push((given.commands.len(), given.lines.len() > 30_000));
    }
    assert_eq!(lines, [(1, true), (2, false), (1, true), (1, false)]);
}

#[tokio::test]
async fn q3_what_a_later_command_has_overtaken_is_not_said_again() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "Q3").await;
    let pin = || Pin::new("7").unwrap();
    let read = order(&site, &machine, Order::ReadPerson { pin: pin() }).await;
    let delete = order(&site, &machine, Order::DeletePerson { pin: pin() }).await;
    assert_eq!(poll(&site, &machine).await.commands.len(), 2);
    // The result of the first is lost, that of the second arrives.
    result(&site, &machine, delete.id, 0).await;
    clock.advance(TimeDelta::minutes(10));
    assert_eq!(text(&site, &machine).await, "");
    assert_eq!(
        state(&site, &machine, read.id).await,
        (CommandState::Failed, Some("command.overtaken".to_owned()))
    );
    // Both lost: both again, in their order.
    let first = order(&site, &machine, Order::ReadPerson { pin: Pin::new("8").unwrap() }).await;
    let second = order(&site, &machine, Order::DeletePerson { pin: Pin::new("8").unwrap() }).await;
    poll(&site, &machine).await;
    clock.advance(TimeDelta::minutes(10));
    let again: Vec<_> = poll(&site, &machine).await.commands.iter().map(|command| command.id).collect();
    assert_eq!(again, [first.id, second.id]);
}

#[tokio::test]
async fn q4_a_door_does_not_wait_behind_what_follows_from_a_list_of_people() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q4").await;
    let list = order(&site, &machine, Order::ReadPeople).await;
    let follow: Vec<_> =
        (1..=500).map(|n| Order::ReadPerson { pin: Pin::new(&n.to_string()).unwrap() }).collect();
    site.write(move |tx| command_follow(tx, &list, &follow)).await.unwrap();
    let restart = order(&site, &machine, Order::Restart).await;
    let door = order(&site, &machine, Order::UnlockDoor { door: 1, seconds: 5 }).await;
    let given: Vec<_> = poll_as(&site, &machine, Dialect::Fk).await.commands.iter().map(|c| c.id).collect();
    assert_eq!(given, [door.id], "somebody stands there");
    poll_as(&site, &machine, Dialect::Fk).await;
    let given: Vec<_> = poll_as(&site, &machine, Dialect::Fk).await.commands.iter().map(|c| c.id).collect();
    assert_eq!(given, [restart.id], "before anything that follows by itself");
}

#[tokio::test]
async fn q1_a_question_about_a_person_does_not_wait_for_ever() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "Q1").await;
    let read = order(&site, &machine, Order::ReadPerson { pin: Pin::new("7").unwrap() }).await;
    assert!(read.expires_at.is_some());
}
