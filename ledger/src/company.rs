//! Those who come while one is at work are done by that one.
//!
//! Where one writes at a time, to hand on the turn is to wake a thread for every command, and that
//! takes longer than a command. So whoever comes first does all that is asked for until it is
//! through, and the others are woken at once.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::{Duration, Instant},
};

use mlicense_core::error::{ErrorKind, Refusal};

use crate::error::{Error, Result};

/// The most that are done together, so that the first of them does not work for ever.
const MEMBERS_MAX: usize = 128;

/// How long a group waits for the next, until there are as many as the one before had: they were just
/// told what came of their works, and may have more to ask for.
const WAIT_MAX: Duration = Duration::from_micros(20);

/// Works `W` that are asked for at the same time, and what came of each, `D`.
#[derive(Debug)]
pub(crate) struct Company<W, D>(Mutex<Groups<W, D>>);

#[derive(Debug)]
struct Groups<W, D> {
    /// Those that somebody is about to do, or at.
    now: Option<Group<W, D>>,
    /// How many there were in the group before.
    before: usize,
}

#[derive(Debug)]
struct Group<W, D> {
    works: Vec<Arc<W>>,
    end: Arc<End<D>>,
}

type End<D> = OnceLock<Told<D>>;

/// What came of works that were done together.
#[derive(Debug)]
enum Told<D> {
    Done(Vec<D>),
    /// A fault that none of them is to blame for.
    Fault(Refusal),
    /// Nothing: whose fault it was shows when each is done for itself.
    Nothing,
}

/// The works of a group, as they come.
#[derive(Debug)]
pub(crate) struct Works<'c, W, D> {
    company: &'c Company<W, D>,
    all: Vec<Arc<W>>,
    /// Whether nobody else can come.
    is_closed: bool,
}

impl<W, D: Clone> Company<W, D> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Groups { now: None, before: 0 }))
    }

    /// Has a work done by who is at work, or does by `together` what is asked for until then.
    ///
    /// None when it came to nothing in company, or there are too many: then it is to be done for
    /// itself.
    pub(crate) fn run(
        &self,
        work: W,
        together: impl FnOnce(&mut Works<'_, W, D>) -> Result<Vec<D>>,
    ) -> Option<Result<D>> {
        let (at, end) = self.join(work)?;
        if at > 0 {
            return match end.wait() {
                Told::Done(done) => done.get(at).cloned().map(Ok),
                Told::Fault(fault) => {
                    Some(Err(Error::Store { fault: fault.clone(), source: None }))
                }
                Told::Nothing => None,
            };
        }
        let mut works = Works { company: self, all: Vec::new(), is_closed: false };
        let result = panic::catch_unwind(AssertUnwindSafe(|| together(&mut works)));
        works.close();
        let is_alone = works.all.len() == 1;
        let (first, told) = match result {
            Ok(Ok(done)) => (done.first().cloned().map(Ok), Told::Done(done)),
            Ok(Err(fault)) if is_alone || concerns_all(&fault) => {
                let told = Told::Fault(fault.refusal().clone());
                (Some(Err(fault)), told)
            }
            Err(panic) if is_alone => panic::resume_unwind(panic),
            Ok(Err(_)) | Err(_) => (None, Told::Nothing),
        };
        // Nobody else tells.
        let _ = end.set(told);
        first
    }

    /// Takes a work into the group: where it stands in it. None where there are too many.
    fn join(&self, work: W) -> Option<(usize, Arc<End<D>>)> {
        let mut groups = self.groups();
        let new = || Group { works: Vec::new(), end: Arc::default() };
        let group = groups.now.get_or_insert_with(new);
        let at = group.works.len();
        (at < MEMBERS_MAX).then(|| {
            group.works.push(Arc::new(work));
            (at, Arc::clone(&group.end))
        })
    }
}

impl<W, D> Groups<W, D> {
    /// How many have come.
    fn all(&self) -> usize {
        self.now.as_ref().map_or(0, |group| group.works.len())
    }
}

impl<W, D> Company<W, D> {
    fn groups(&self) -> MutexGuard<'_, Groups<W, D>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether to try again, each for itself, would only hide what became of all, or tell it late.
fn concerns_all(fault: &Error) -> bool {
    matches!(fault.kind(), ErrorKind::OutcomeUnknown | ErrorKind::StoreBusy)
}

impl<W, D> Works<'_, W, D> {
    /// The work after so many; when nobody comes, nobody else will.
    pub(crate) fn after(&mut self, done: usize) -> Option<Arc<W>> {
        if done == self.all.len() && !self.is_closed {
            self.await_others();
            self.look();
        }
        self.all.get(done).cloned()
    }

    #[expect(clippy::disallowed_methods, reason = "not what time it is, but how long it takes")]
    fn await_others(&self) {
        let began = Instant::now();
        while self.are_awaited() && began.elapsed() < WAIT_MAX {
            thread::yield_now();
        }
    }

    /// Whether nobody has come, and somebody may.
    fn are_awaited(&self) -> bool {
        let groups = self.company.groups();
        let all = groups.all();
        all == self.all.len() && all < groups.before
    }

    fn close(&mut self) {
        while !self.is_closed {
            self.look();
        }
    }

    /// Takes who has come, or closes the group.
    fn look(&mut self) {
        let mut groups = self.company.groups();
        let come = groups.now.as_ref().and_then(|group| group.works.get(self.all.len()..));
        match come {
            Some(come) if !come.is_empty() => self.all.extend(come.iter().cloned()),
            _ => {
                *groups = Groups { now: None, before: self.all.len() };
                self.is_closed = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{iter, thread};

    use super::*;

    /// What became of a number: its double, or a fault; none where it is to be done alone.
    type Told = Option<Result<u8, ErrorKind>>;

    /// The doubles of numbers; one too great is a fault, 255 a fault of all, and zero a panic.
    fn doubles(works: &mut Works<'_, u8, u8>) -> Result<Vec<u8>> {
        let mut done = Vec::new();
        while let Some(work) = works.after(done.len()) {
            assert_ne!(*work, 0, "on purpose");
            let fault = match *work {
                255 => ErrorKind::OutcomeUnknown,
                _ => ErrorKind::StoreUnavailable,
            };
            done.push(work.checked_mul(2).ok_or_else(|| Refusal::new(fault))?);
        }
        Ok(done)
    }

    fn ask(
        company: &Company<u8, u8>,
        work: u8,
        together: impl FnOnce(&mut Works<'_, u8, u8>) -> Result<Vec<u8>>,
    ) -> Told {
        Some(company.run(work, together)?.map_err(|fault| fault.kind()))
    }

    /// What becomes of numbers when the others come while the first is at work.
    fn asked_with(company: &Company<u8, u8>, first: u8, others: &[u8]) -> Vec<Told> {
        thread::scope(|scope| {
            let mut asking = Vec::new();
            let first = ask(company, first, |works| {
                assert_eq!(works.after(0).as_deref(), Some(&first));
                for other in others {
                    let nobody = |_: &mut Works<'_, u8, u8>| panic!("somebody is at work");
                    asking.push(scope.spawn(move || ask(company, *other, nobody)));
                    let come = || company.groups().all();
                    while come() <= asking.len() {
                        thread::yield_now();
                    }
                }
                doubles(works)
            });
            let others = asking.into_iter().map(|asking| asking.join().unwrap());
            iter::once(first).chain(others).collect()
        })
    }

    #[test]
    fn who_comes_while_one_is_at_work_is_done_by_that_one() {
        let company = Company::new();
        let done = [Some(Ok(2)), Some(Ok(4)), Some(Ok(6))];
        assert_eq!(asked_with(&company, 1, &[2, 3]), done);
        assert_eq!(asked_with(&company, 4, &[]), [Some(Ok(8))], "a group of its own");
    }

    #[test]
    fn a_fault_in_company_has_each_done_alone_and_one_alone_is_told_of_it() {
        let company = Company::new();
        assert_eq!(asked_with(&company, 1, &[200, 3]), [None, None, None]);
        assert_eq!(asked_with(&company, 200, &[]), [Some(Err(ErrorKind::StoreUnavailable))]);
        assert_eq!(asked_with(&company, 4, &[]), [Some(Ok(8))]);
    }

    #[test]
    fn what_became_of_all_in_a_fault_of_all_is_told_to_all() {
        let company = Company::new();
        let unknown = || Some(Err(ErrorKind::OutcomeUnknown));
        assert_eq!(asked_with(&company, 1, &[255, 3]), [unknown(), unknown(), unknown()]);
        assert_eq!(asked_with(&company, 4, &[]), [Some(Ok(8))]);
    }

    #[test]
    fn a_panic_in_company_has_each_done_alone_and_one_alone_has_it_itself() {
        let company = Company::new();
        assert_eq!(asked_with(&company, 1, &[0, 3]), [None, None, None]);
        let alone = panic::catch_unwind(AssertUnwindSafe(|| ask(&company, 0, doubles)));
        assert!(alone.is_err());
        assert_eq!(asked_with(&company, 4, &[]), [Some(Ok(8))]);
    }

    #[test]
    fn as_many_are_awaited_as_the_group_before_had() {
        let company = Company::new();
        let mut awaited = Vec::new();
        let mut with = |others: u8| {
            let told = ask(&company, 1, |works| {
                works.after(0);
                awaited.push(works.are_awaited());
                (0..others).for_each(|other| drop(company.join(other.saturating_add(1))));
                awaited.push(works.are_awaited());
                doubles(works)
            });
            assert_eq!(told, Some(Ok(2)));
        };
        [2, 1, 2, 0, 0].into_iter().for_each(&mut with);
        // Before the others come, and when they have; whoever has come is done and not awaited.
        let expected = [[false, false], [true, false], [true, false], [true, true], [false, false]];
        assert_eq!(awaited, expected.concat());
    }

    #[test]
    fn who_comes_when_there_are_too_many_is_done_alone() {
        let company = Company::new();
        let told = asked_with(&company, 1, &[1; MEMBERS_MAX - 1]);
        assert!(told.iter().all(|told| *told == Some(Ok(2))));
        let first = ask(&company, 1, |works| {
            let join = || company.join(1).map(|(at, _)| at);
            assert!((1..MEMBERS_MAX).all(|at| join() == Some(at)));
            assert_eq!(join(), None);
            doubles(works)
        });
        assert_eq!(first, Some(Ok(2)));
    }
}
